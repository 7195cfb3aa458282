"""How a value of the bulletin reads on a page of one language, as markup.

The pages know where they lie: `here` leads to the root of their language, `top` to the root of the site.
Every text is escaped; only tags written here are markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeGuard, cast
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from holdfire.publishing.figures import Figure
from holdfire.publishing.pages.lexicon import PLACEHOLDER, Lexicon
from holdfire.publishing.redaction import MARK
from holdfire.publishing.values import (
    Anchor,
    Between,
    Code,
    Counted,
    Hash,
    Month,
    Name,
    Own,
    OwnRange,
    Range,
    Rate,
    Ref,
    Said,
    Several,
    Span,
    Text,
    Value,
    Verbatim,
)

BADGES = {"verdict": "verdict", "strength": "strength", "answer": "answer", "status": "status"}


LONGEST = 32
"""Longest label of an excluded group that is repeated beside its name; a longer one is given in section 2."""


def markup(written: str) -> Markup:
    """Return text whose every part has been escaped, or was written here, as markup."""
    return Markup(written)  # noqa: S704 - the one place; callers escape what they put in


class Typesetter:
    """Writes values as markup, in one language, from one place of the site.

    Args:
        lexicon: Words of the language.
        zone: Zone of its days and clock times.
        here: Path from the page to the root of its language, such as `../`.
        top: Path from the page to the root of the site.
        pages: Ids of the determinations that have a page.
    """

    def __init__(
        self, lexicon: Lexicon, zone: ZoneInfo, here: str, top: str, pages: frozenset[str] | set[str]
    ) -> None:
        self.lexicon = lexicon
        self.zone = zone
        self.here = here
        self.top = top
        self.pages = pages
        self._labels: dict[str, Markup] = {}
        self._writers = cast(
            "dict[type, Callable[[Any], Markup]]",
            {
                Figure: self.figure,
                Counted: self._counted,
                Code: self._code,
                Name: self._name,
                Text: self._text,
                Verbatim: lambda v: self.verbatim(v.text),
                Hash: lambda v: Markup('<span class="digest">%s</span>') % v.text,
                Ref: lambda v: self.determination(v.id),
                Span: lambda v: escape(lexicon.span(v.first, v.last)),
                Month: lambda v: escape(lexicon.month(v.year, v.month)),
                Between: lambda v: escape(self.between(v.start, v.end)),
                Rate: self._rate,
                Range: self._range,
                Own: self._own,
                OwnRange: self._own_range,
                Anchor: self._anchor,
                Several: self._several,
                Said: lambda v: self.say(v.key, v.values),
                datetime: lambda v: escape(lexicon.moment(v, zone)),
                date: lambda v: escape(lexicon.day(v)),
                str: lambda v: Markup("<bdi>%s</bdi>") % v,
                type(None): lambda v: Markup('<span class="previous">–</span>'),
            },
        )

    def show(self, value: Value) -> Markup:
        """Return a value as markup."""
        return self._writers[type(value)](value)

    def say(self, key: str, values: Mapping[str, Value]) -> Markup:
        """Return a fixed sentence with its values."""
        return self._filled(self.lexicon.sentence(key), values)

    def _filled(self, sentence: str, values: Mapping[str, Value]) -> Markup:
        parts: list[str] = []
        at = 0
        for found in PLACEHOLDER.finditer(sentence):
            parts.append(str(escape(sentence[at : found.start()])))
            parts.append(str(self.show(values[found[1]])))
            at = found.end()
        parts.append(str(escape(sentence[at:])))
        return markup("".join(parts))

    def label(self, key: str) -> Markup:
        """Return a short fixed text."""
        if key not in self._labels:
            self._labels[key] = escape(self.lexicon.label(key))
        return self._labels[key]

    def name_of(self, key: str) -> Markup:
        """Return the label of a fact; a setting, which has none, is shown by its own name."""
        return escape(self.lexicon.labels.get(key, key.replace("_", " ")))

    def figure(self, value: Figure) -> Markup:
        """Return a number that leads to what it rests on."""
        return self._linked(value, self.lexicon.number(value.value))

    def _linked(self, value: Figure, shown: str) -> Markup:
        return Markup('<a class="figure" href="%sfigures/%s.html#%s">%s</a>') % (
            self.here,
            value.basis,
            value.id,
            shown,
        )

    def _counted(self, value: Counted) -> Markup:
        return self._linked(value.figure, self.lexicon.counted(value.noun, value.figure.value))

    def _code(self, value: Code) -> Markup:
        if value.kind == "label":
            return self.label(value.value)
        word = self.lexicon.code(value.kind, value.value)
        if value.kind in BADGES:
            return Markup('<span class="%s %s">%s</span>') % (BADGES[value.kind], value.value, word)
        return escape(word)

    def _name(self, value: Name) -> Markup:
        words, language = self.lexicon.words(value.name, value.id)
        name = self._in(words, language if language in ("en", "ar") else "")
        if value.also:
            name += Markup(" <small>(%s)</small>") % self._in(*self.lexicon.words(value.also))
        if not value.label:
            return name
        label, _ = self.lexicon.words(value.label)
        shown = label if len(label) <= LONGEST else self.lexicon.label("excluded_mark")
        return name + Markup(' <small title="%s">(%s)</small>') % (label, shown)

    def _text(self, value: Text) -> Markup:
        return self._in(*self.lexicon.words(value.words))

    def _in(self, words: str, language: str) -> Markup:
        """Return words, with their language where it is not the page's."""
        shown = self.verbatim(words, wrap=False)
        if language in ("", self.lexicon.language):
            return Markup("<bdi>%s</bdi>") % shown
        return Markup('<bdi lang="%s">%s</bdi>') % (language, shown)

    def verbatim(self, text: str, *, wrap: bool = True) -> Markup:
        """Return redacted words, each mark as words of the page's language."""
        if "\ue000" not in text:
            shown = escape(text)
        else:
            shown = markup(MARK.sub(lambda m: self._withheld(m[1]), str(escape(text))))
        return Markup("<bdi>%s</bdi>") % shown if wrap else shown

    def _withheld(self, reason: str) -> str:
        return f'<span class="status">[{escape(self.lexicon.code("mark", reason))}]</span>'

    def determination(self, name: str) -> Markup:
        """Return a determination's id, as a link if it has a page here."""
        if name not in self.pages:
            return Markup('<span class="digest">%s</span>') % name
        return Markup('<a class="digest" href="%sdeterminations/%s.html">%s</a>') % (self.here, name, name)

    def between(self, start: datetime | None, end: datetime | None) -> str:
        """Return a time as vague as it is, in words: a day, days, a clock time, or an open end."""
        formats = self.lexicon.formats
        if start is None and end is None:
            return self.lexicon.label("not_known")
        if start is None or end is None:
            at = start or end
            assert at is not None  # noqa: S101 - one of the two is known
            return formats["since" if end is None else "till"].format(when=self._edge(at, end is not None))
        if start == end:
            return self.lexicon.moment(start, self.zone)
        if self._opens_day(start) and self._opens_day(end):
            first, last = start.astimezone(self.zone), end.astimezone(self.zone)
            return self.lexicon.span(first.date(), last.date() - timedelta(days=1))
        return formats["span"].format(
            first=self.lexicon.moment(start, self.zone), last=self.lexicon.moment(end, self.zone)
        )

    def _edge(self, at: datetime, closing: bool) -> str:
        if not self._opens_day(at):
            return self.lexicon.moment(at, self.zone)
        local = at.astimezone(self.zone)
        return self.lexicon.day(local.date() - timedelta(days=1) if closing else local.date())

    def _opens_day(self, at: datetime) -> bool:
        """Return whether an instant is the first of a local day; it may read 01:00 when clocks go forward."""
        local = at.astimezone(self.zone)
        return local.hour <= 1 and datetime.combine(local.date(), time(), self.zone).astimezone(UTC) == at

    def _rate(self, value: Rate) -> Markup:
        shown = self.lexicon.hundredths(value.hundredths)
        return self._linked(value.of, shown) if value.of else escape(shown)

    def _range(self, value: Range) -> Markup:
        low, best, high = value.low, value.best, value.high
        if value.nothing:
            return self._linked(low, self.lexicon.label("none_recorded"))
        if high is None and best is None and low.value == 0 and low.at_least:
            return self._linked(low, self.lexicon.label("not_known"))
        shown = tuple(None if each is None else each.value for each in (low, best, high))
        parts: dict[str, Value] = {"low": low, "best": best, "high": high}
        return self._filled(self.lexicon.formats[_form(*shown)], parts)

    def headline(self, value: Value) -> Markup:
        """Return a value to stand large: a range is one link, to what its lowest figure rests on."""
        if isinstance(value, Range):
            if value.nothing:
                return self._linked(value.low, self.lexicon.label("none_recorded"))
            high = None if value.high is None else value.high.value
            best = None if high is None else value.low.value
            unsaid = high is None and value.best is None and value.low.value == 0 and value.low.at_least
            words = (
                self.range_words(None, None, None)
                if unsaid
                else self.range_words(value.low.value, best, high)
            )
            return self._linked(value.low, words)
        return self.show(value)

    def beside(self, value: Value) -> Markup:
        """Return the figure of the period before, to stand small beside this period's."""
        return markup(str(self.headline(value)).replace('class="figure" ', ""))

    def head(self, value: Value) -> Markup:
        """Return the head of a column: a code without its badge, so that columns stay narrow."""
        return escape(self.lexicon.code(value.kind, value.value)) if _badged(value) else self.show(value)

    def _own(self, value: Own) -> Markup:
        shown = self.lexicon.counted(value.noun, value.value)
        return Markup('<a class="figure" href="%sdeterminations/%s.html#evidence">%s</a>') % (
            self.here,
            value.id,
            shown,
        )

    def _own_range(self, value: OwnRange) -> Markup:
        return Markup('<a class="figure" href="%sdeterminations/%s.html#harm">%s</a>') % (
            self.here,
            value.id,
            self.range_words(value.low, value.best, value.high),
        )

    def range_words(self, low: int | None, best: int | None, high: int | None) -> str:
        """Return a range in words without links; nothing said is not known."""
        if low is None and best is None and high is None:
            return self.lexicon.label("not_known")
        form = self.lexicon.formats[_form(low or 0, best, high)]
        number = self.lexicon.number
        return form.format(
            low=number(low or 0),
            best="" if best is None else number(best),
            high="" if high is None else number(high),
        )

    def _anchor(self, value: Anchor) -> Markup:
        href = value.href
        if href.startswith(("determinations/", "figures/", "areas/")):
            href = self.here + href
        elif not href.startswith("#"):
            href = self.top + href
        return Markup('<a href="%s">%s</a>') % (href, self.show(value.words))

    def _several(self, value: Several) -> Markup:
        if not value.items:
            return self.show(None)
        comma = escape(self.lexicon.formats["comma"])
        return comma.join(self.show(item) for item in value.items if item is not None)


def _badged(value: Value) -> TypeGuard[Code]:
    return isinstance(value, Code) and value.kind in BADGES


def _form(low: int | None, best: int | None, high: int | None) -> str:
    """Return which form a range takes: one number, bounds, or a lower bound alone."""
    if high is None:
        return "at_least" if best is None or best == low else "at_least_best"
    if low == high:
        return "exactly"
    return "bounds" if best is None or best in (low, high) else "bounds_best"
