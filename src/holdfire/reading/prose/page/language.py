"""Which language a text is in and how sure that is, paragraph by paragraph where it is mixed.

Script decides first, letters that only one of its languages has next, small words last. A language that has
no reader is still named, so that nobody takes silence for a text that says nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from holdfire.reading.prose.page.zones import Page
from holdfire.reading.prose.tongues.words import TONGUES
from holdfire.reading.prose.words.lexicon import word_set

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 60_000
_SHORT = 8
"""Words below which a paragraph is taken to be in the language of its text, unless its script says no."""
_SURE = 0.8
"""Certainty from which a paragraph is read in a language other than that of its text."""

_SMALL = {
    "en": word_set(
        "the of and to in a is that for was on with as by at from it an be has were are said which have had "
        "this not they their but been after who he she its his her also would will more than"
    ),
    "fr": word_set(
        "le la les des et une dans est que pour qui sur avec par au du selon ont été aux ce cette ses leur "
        "il elle ils a de en un se plus pas mais"
    ),
    "es": word_set(
        "el los las una en que por con para del se fue según han como y de la su al más pero un es"
    ),
    "de": word_set(
        "der die das und ist nicht mit von dem den ein eine auf für wurde zu im sich des als auch"
    ),
    "tr": word_set("ve bir bu için ile olarak da de daha olan olduğunu sonra kadar gibi çok"),
    "it": word_set("il lo gli di che per con una nel della sono stato ha e un dei alla più anche le si"),
    "pt": word_set("o os as um uma em que por com para do da foi segundo não mais dos se ao e de"),
    "nl": word_set("de het een van en in is dat op te met voor zijn niet aan door werd"),
}
_LETTERS = {
    "fa": "پچژگکی", "ur": "ٹڈڑےںھ", "uk": "іїєґ", "be": "ў", "sr": "ђћџљњ", "bg": "", "ru": "ыэъё",
}  # fmt: skip
"""Letters of the Arabic and Cyrillic scripts that tell one language from the chief one of its script."""


@dataclass(frozen=True, slots=True)
class Detected:
    """The language of a text.

    Attributes:
        code: BCP 47; empty: it cannot be told.
        certainty: 0 to 1; 1 where someone said it.
    """

    code: str
    certainty: float


READ = "read for claims"
NOT_READ = "not read for claims: names, numbers, dates and places only"


def languages() -> Mapping[str, str]:
    """Return what is read of each language; `*` stands for every other.

    >>> languages()["en"], languages()["*"].partition(":")[0]
    ('read for claims', 'not read for claims')
    """
    return {"en": READ, **dict.fromkeys(TONGUES, READ), "*": NOT_READ}


def language_of(text: str, said: str = "") -> str:
    """Return the language of a text, a BCP 47 code, or "" where it cannot be told.

    Args:
        text: The text.
        said: What its note says; believed.
    """
    return detect(text, said).code


def detect(text: str, said: str = "") -> Detected:
    """Return the language of a text and how sure that is.

    >>> detect("قال المتحدث إن الهدنة صامدة").code
    'ar'

    Args:
        text: The text.
        said: What its note says; believed.
    """
    if said:
        return Detected(said.split("-", maxsplit=1)[0].lower(), 1.0)
    found = [word.lower() for word in _WORD.findall(text[:_SAMPLE])]
    if not found:
        return Detected("", 0.0)
    plain = "".join(found).isascii()  # most paragraphs of English: no other script to count
    for script, low, high in () if plain else (("ar", "\u0600", "\u06ff"), ("ru", "\u0400", "\u04ff")):
        share = sum(low <= word[0] <= high for word in found) / len(found)
        if share > 0.4:
            return _of_script(script, "".join(found), share)
    return _of_small_words(found)


def _of_script(script: str, letters: str, share: float) -> Detected:
    """Return the language of a text in a script that several languages use."""
    marks = {code: sum(letters.count(c) for c in held) for code, held in _LETTERS.items()}
    rivals = ("fa", "ur") if script == "ar" else ("uk", "be", "sr")
    best = max(rivals, key=lambda code: (marks[code], code))
    if marks[best] > 0.01 * len(letters) and (script == "ar" or marks[best] > marks["ru"]):
        return Detected(best, share)
    return Detected(script, share)


def _of_small_words(found: list[str]) -> Detected:
    times = Counter(found)
    hits = sorted(
        ((sum(times[w] for w in times.keys() & known), code) for code, known in _SMALL.items()), reverse=True
    )
    (most, best), (second, _) = hits[0], hits[1]
    english = next(n for n, code in hits if code == "en")
    if best != "en" and most > english and most > 0.1 * len(found):
        return Detected(best, _certainty(most, second, len(found)))
    if english >= 0.06 * len(found):
        return Detected("en", _certainty(english, second if best == "en" else most, len(found)))
    # A headline has few small words; a text of some length without them is not English.
    return Detected("en" if len(found) < 12 else "", 0.3 if len(found) < 12 else 0.0)


def _certainty(most: int, second: int, count: int) -> float:
    """Return how sure small words make of a language: how far it leads, less for few words."""
    return round((most - second / 2) / max(1, most) * min(1.0, count / _SHORT), 3)


def by_language(page: Page, said: str = "") -> list[tuple[str, Page]]:
    """Return the parts of a page by language, the language of the whole first.

    A paragraph is taken out of the language of the whole only where its own is sure.
    """
    text = page.shadow.text
    whole = language_of(text, said)
    held: dict[str, list[int]] = {whole: []}
    for number, part in enumerate(page.paragraphs):
        counted = len(_WORD.findall(text, part.start, part.end)) >= _SHORT
        own = detect(text[part.start : part.end]) if counted else Detected("", 0.0)
        other = own.code != whole and own.code and own.certainty >= _SURE
        held.setdefault(own.code if other else whole, []).append(number)
    return [
        (
            code,
            page if len(held) == 1 else replace(page, paragraphs=tuple(page.paragraphs[n] for n in numbers)),
        )
        for code, numbers in held.items()
    ]
