"""Which language a text is in, as far as reading needs to know: English is read for claims."""

from __future__ import annotations

import re
from collections.abc import Mapping

from holdfire.reading.prose.lexicon import word_set

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 60_000

_ENGLISH = word_set(
    "the of and to in a is that for was on with as by at from it an be has were are said which have had "
    "this not they their but been after who he she its his her also would will more than"
)
_OTHERS = {
    "fr": word_set("le la les des et une dans est que pour qui sur avec par au du selon ont été"),
    "es": word_set("el los las una en que por con para del se fue según han como"),
    "de": word_set("der die das und ist nicht mit von dem den ein eine auf für wurde"),
    "tr": word_set("ve bir bu için ile olarak da de daha"),
}


def languages() -> Mapping[str, str]:
    """Return what is read of each language.

    >>> languages()["ar"]
    'not read for claims'
    """
    return {"en": "read for claims", "ar": "not read for claims", "*": "not read for claims"}


def language_of(text: str, said: str = "") -> str:
    """Return the language of a text: "en", "ar", another code, or "" where it cannot be told.

    Args:
        text: The text.
        said: What its note says, a BCP 47 code; believed.
    """
    if said:
        return said.split("-", maxsplit=1)[0].lower()
    found = [word.lower() for word in _WORD.findall(text[:_SAMPLE])]
    if not found:
        return ""
    arabic = sum("\u0600" <= word[0] <= "\u06ff" for word in found)
    cyrillic = sum("\u0400" <= word[0] <= "\u04ff" for word in found)
    if arabic > 0.4 * len(found):
        return "ar"
    if cyrillic > 0.4 * len(found):
        return "ru"
    english = sum(word in _ENGLISH for word in found)
    best, hits = max(
        ((code, sum(word in known for word in found)) for code, known in _OTHERS.items()),
        key=lambda pair: (pair[1], pair[0]),
    )
    if hits > english and hits > 0.1 * len(found):
        return best
    # A headline has few small words; a text of some length without them is not English.
    return (
        "en" if english >= 0.06 * len(found) or (len(found) < 12 and english + arabic + cyrillic >= 0) else ""
    )
