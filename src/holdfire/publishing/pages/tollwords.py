"""What is said of overlapping lists in each language: each reason in plain words, and what would help.

Every reason that counting gives has words in every language, with the same placeholders;
tests/unit/test_tollwords.py holds the files to it. Digits are Western in both, as in the bulletin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import isfinite
from typing import Any

from holdfire import documents
from holdfire.errors import HoldfireError
from holdfire.publishing.pages.lexicon import DIRECTION, LANGUAGES

COMMA = {"en": ", ", "ar": "، "}
AND = {"en": " and ", "ar": " و"}
SHARES = ("share", "chance", "weight")
FINE = ("rhat", "xi", "linkages", "models")


@dataclass(frozen=True, slots=True)
class Said:
    """A reason in words.

    Attributes:
        says: What was found.
        means: What it is to a reader who is not a statistician.
        helps: What would change it.
    """

    says: str
    means: str
    helps: str


class TollWords:
    """The words of one language."""

    def __init__(self, language: str, content: Mapping[str, Any]) -> None:
        self.language = language
        self.direction = DIRECTION[language]
        self._content = content

    def label(self, key: str) -> str:
        """Return a short text, such as the head of a column."""
        return self._get("labels", key)

    def sentence(self, key: str, **facts: Any) -> str:
        """Return a sentence with its placeholders filled."""
        return self._get("sentences", key).format(**{name: self.fact(name, v) for name, v in facts.items()})

    def of(self, kind: str, key: str) -> str:
        """Return the name of an estimator, a check or a fate; one of others reads as it is written."""
        return str(self._content[kind].get(key) or key.replace("_", " "))

    def reason(self, code: str, facts: Mapping[str, Any]) -> Said:
        """Return a reason in words; one that others' estimators give reads as its code.

        Args:
            code: Its code.
            facts: Its numbers and names of lists.
        """
        texts = self._content["reasons"].get(code)
        if texts is None:
            shown = self.listed([f"{name} {self.fact(name, value)}" for name, value in facts.items()])
            return Said(code.replace("_", " ") + (f": {shown}" if shown else ""), "", "")
        limit = "share" if "share" in facts else "number"
        filled = {
            n: self.fact(limit if n == "limit" and limit == "share" else n, v) for n, v in facts.items()
        }
        return Said(**{part: text.format(**filled) for part, text in texts.items()})

    def fact(self, name: str, value: Any) -> str:
        """Return a value as it reads, by what it is called: a share in per cent, people as whole numbers."""
        if isinstance(value, tuple | list):
            return self.listed(
                self.of("estimators", each) if name == "models" else str(each) for each in value
            )
        if isinstance(value, str):
            shown = self.of("shorts", value) if name == "why" else value
            return {"bic": "BIC", "aicc": "AICc"}.get(shown, shown)
        if isinstance(value, float) and name in SHARES:
            return share(value)
        if isinstance(value, float) and (name in FINE or (name == "limit" and not value.is_integer())):
            return f"{value:.3g}"
        return number(value)

    def listed(self, items: Any) -> str:
        """Return texts in a row, with the comma of the language."""
        return COMMA[self.language].join(items)

    def joined(self, items: list[str]) -> str:
        """Return clauses in a row, the last with "and"."""
        return AND[self.language].join([self.listed(items[:-1]), items[-1]] if len(items) > 1 else items)

    def _get(self, kind: str, key: str) -> str:
        try:
            return str(self._content[kind][key])
        except KeyError:
            raise HoldfireError(f'"{key}" has no words in "{self.language}" ({kind})') from None


def number(value: float) -> str:
    """Return a number of people, whole.

    >>> number(10457.6), number(float("inf")), number(float("nan"))
    ('10,458', '∞', '–')
    """
    if not isfinite(value):
        return "∞" if value == float("inf") else "–"
    return f"{round(value):,}"


def share(value: float) -> str:
    """Return a share in per cent, with as many digits as it needs.

    >>> share(0.678), share(0.0031), share(0.0), share(0.00001)
    ('68 %', '0.31 %', '0 %', '< 0.01 %')
    """
    percent = 100 * value
    if 0 < percent < 0.01:
        return "< 0.01 %"
    return f"{percent:.0f} %" if percent >= 10 or percent == 0 else f"{percent:.2g} %"


@cache
def tollwords(language: str) -> TollWords:
    """Return the words of a language.

    Raises:
        HoldfireError: There are none.
    """
    if language not in LANGUAGES:
        raise HoldfireError(f'no words are written in "{language}"', hint=f"known: {', '.join(LANGUAGES)}")
    name = f"{language}.yaml"
    text = (resources.files("holdfire.publishing") / "words" / "toll" / name).read_text("utf-8")
    return TollWords(language, documents.ours(text, f"toll/{name}"))
