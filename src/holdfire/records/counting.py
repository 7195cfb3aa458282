"""Numbers that know their counting rule, and refuse to be added to numbers under another.

An explosion, a shelling incident, a complaint, a ruling and an arrest are different units. One mission
counts each explosion and each burst; another counts a bombardment of many rounds once, and a new one only
after an hour's gap. Their numbers are never added and never compared; a number passes from one rule to
another only by a stated conversion, made from the observations themselves, and carries the conversion's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from holdfire.errors import BadInput

BY = " by "
"""Joins the rule of a number to the conversion that gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """At least `low` and at most `high` units under one counting rule.

    Attributes:
        rule: The unit, as `counting_rule` of a claim has it.
        low: At least.
        high: At most; None: no one said how many at most.

    Examples:
        >>> a_day = Ruled(rule="each observation", low=5, high=5)
        >>> (a_day + a_day).low
        10
    """

    rule: str
    low: int
    high: int | None

    def __post_init__(self) -> None:
        """Refuse a number without a rule, and one whose ends are crossed.

        Raises:
            BadInput: It is such a number.
        """
        if not self.rule.strip():
            raise BadInput(f"the number {self.low} follows no counting rule", hint="say what is counted")
        if self.low < 0 or (self.high is not None and self.high < self.low):
            raise BadInput(f"a count of at least {self.low} and at most {self.high} is none")

    def __add__(self, other: Ruled) -> Ruled:
        """Return the sum of two numbers under one rule.

        Raises:
            BadInput: They follow different rules.
        """
        if not isinstance(other, Ruled):
            return NotImplemented
        if other.rule != self.rule:
            raise BadInput(
                f'a number counted as "{self.rule}" is not added to one counted as "{other.rule}"',
                hint="print them side by side, or convert one from its observations by a stated rule",
            )
        bounded = self.high is not None and other.high is not None
        high = (self.high or 0) + (other.high or 0) if bounded else None
        return Ruled(rule=self.rule, low=self.low + other.low, high=high)


def total(numbers: Iterable[Ruled]) -> Ruled:
    """Return the sum of numbers under one rule.

    Raises:
        BadInput: There is none, or they follow different rules; all of the rules are named.
    """
    listed = list(numbers)
    rules = sorted({each.rule for each in listed})
    if not listed:
        raise BadInput("no number is given, and a sum of none has no counting rule")
    if len(rules) > 1:
        named = ", ".join(f'"{rule}"' for rule in rules)
        raise BadInput(
            f"{len(listed)} numbers follow {len(rules)} counting rules, and are not added: {named}",
            hint="print them side by side, or convert from their observations by a stated rule",
        )
    whole = listed[0]
    for each in listed[1:]:
        whole = whole + each
    return whole


def by_kind(rule: str, stated: int, kinds: Mapping[str, int]) -> Ruled:
    """Return a total of observations that a source gives with its parts by kind, all under one rule.

    Raises:
        BadInput: The parts do not add up to it.
    """
    added = sum(kinds.values())
    if added != stated:
        parts = " + ".join(f"{number} {kind}" for kind, number in kinds.items())
        raise BadInput(f"the parts come to {added}, and the total is {stated}: {parts}")
    return Ruled(rule=rule, low=stated, high=stated)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What one source counts under one rule over some days.

    Attributes:
        source: Source id.
        number: The sum, of observations given for the first time.
        claims: Claims that give it.
        restated: Further claims that restate one of these, and are not in it.
    """

    source: str
    number: Ruled
    claims: int
    restated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """A stated rule by which observations become incidents of another unit.

    Attributes:
        id: Its id, which every number it gives carries.
        unit: The unit it gives.
        of: The counting rules it may be applied to.
        gap: A new incident begins when so long has passed since the last observation of one place.
    """

    id: str
    unit: str
    of: frozenset[str]
    gap: timedelta

    @property
    def rule(self) -> str:
        """Return the counting rule of a number it gives."""
        return f"{self.unit}{BY}{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A number under the rule of a conversion, and the observations it could not place in time.

    Attributes:
        source: Whose observations they are; empty: everyone's, as one record.
        number: Incidents of the new unit, under the conversion's rule. Its high end has none where some
            observation could not be placed.
        of: Claims that it was made from.
        unplaced: Claims whose time is wider than the gap, or of which no time or no place is known.
    """

    source: str = ""
    number: Ruled
    of: int
    unplaced: int


INCIDENT = "incident"
"""One account of what several claims describe: the rule of every number of incidents, ours or a source's.

It has no part in any other: an incident may be of many explosions, and a shelling incident is another unit.
"""

EACH_OBSERVATION = "each observation"
"""Each explosion, projectile, muzzle flash, flare, burst and shot counts one."""

SHELLING = Conversion(
    id="hour-gap",
    unit="shelling incident",
    of=frozenset({EACH_OBSERVATION}),
    gap=timedelta(hours=1),
)
"""A shelling incident may be of many rounds, and a new one begins only after an hour's gap."""

CONVERSIONS = {each.id: each for each in (SHELLING,)}
"""The conversions that a case may state, by id."""

OWN_TOTAL = "the report's own total"
"""The conversion that a report itself makes when it gives a total and, beside it, what reads as its parts."""


def as_parts(total_of: Ruled, parts: Iterable[Ruled]) -> tuple[Ruled, list[Ruled]]:
    """Return a report's total, and numbers beside it, under one rule: that of the report's own total.

    A report that says "242 breaches: 219 by combat, and 32 arrests" counts arrests as breaches. Whether
    its arithmetic holds is a question under its own rule alone, and what is found under that rule is refused
    by every other: it can be added to no number that is printed.

    Examples:
        >>> whole, parts = as_parts(
        ...     Ruled(rule="violation", low=242, high=242),
        ...     [Ruled(rule="violation", low=219, high=219), Ruled(rule="arrest", low=32, high=32)],
        ... )
        >>> total(parts).low - whole.low, whole.rule
        (9, "violation by the report's own total")
    """
    rule = f"{total_of.rule}{BY}{OWN_TOTAL}"
    return replace(total_of, rule=rule), [replace(each, rule=rule) for each in parts]
