"""Why two records are held to be one, or two, in words: what each thing they were compared by adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.case import Case
from holdfire.fusing.comparing.why import Why
from holdfire.fusing.profile import Profile
from holdfire.fusing.telling.charts import Step
from holdfire.fusing.telling.words import chance, odds, sure, times
from holdfire.records.link import Pair
from holdfire.tables import rows

TOLD = 5
"""Most comparisons that a line of words tells of: those that weigh most."""


def steps(why: Why, compared: Profile) -> list[Step]:
    """Return what each comparison of a pair says, as a chart draws it."""
    silent = {
        (each.name, level.name) for each in compared.comparisons for level in each.levels if level.silent
    }
    return [
        Step(
            part.comparison.replace("_", " "), part.level, part.weight, part.rare,
            silent=(part.comparison, part.level) in silent,
        )
        for part in why.parts
    ]  # fmt: skip


def told(why: Why) -> str:
    """Return in words what a pair was joined on, or kept apart by: what weighs most first."""
    heavy = sorted(why.parts, key=lambda part: -abs(part.weight + part.rare))
    listed = [
        f"{part.comparison.replace('_', ' ')}: {part.level} ({times(part.weight + part.rare)})"
        for part in heavy
        if abs(part.weight + part.rare) >= 70
    ]
    return "; ".join(listed[:TOLD])


def all_told(why: Why, compared: Profile, records: str = "claims") -> dict[str, str]:
    """Return each comparison of a pair in words and bits, what any two of them begin with, and the sum."""
    facts = {f"any two {records}": f"odds {odds(why.prior)} ({why.prior / 1000:+z.1f} bits)"}
    for step in steps(why, compared):
        weight = step.weight + step.rare
        rare = "" if not step.rare else ", what they share being " + ("rare" if step.rare > 0 else "common")
        adds = "says nothing" if step.silent else f"{times(weight)} ({weight / 1000:+z.1f} bits){rare}"
        facts[step.name] = f"{step.level}: {adds}"
    facts["all together"] = (
        f"odds {odds(why.weight)}: {sure(chance(why.weight))} ({why.weight / 1000:+z.1f} bits)"
    )
    return facts


def surest(links: pa.Table, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return of each claim of an incident its surest link into it; of one that has none, nothing.

    Args:
        links: SAME_AS rows.
        ids: Claims of the incident.
    """
    wanted = pa.array(sorted(set(ids)), pa.string())
    inside = links.filter(pc.and_(*(pc.is_in(links[end], value_set=wanted) for end in ("one", "other"))))
    found: dict[str, Mapping[str, Any]] = {}
    for link in sorted(
        rows(inside), key=lambda x: (-x["confidence"], -(x["weight"] or 0), x["one"], x["other"])
    ):
        for end in ("one", "other"):
            found.setdefault(link[end], link)
    return found


def between(links: pa.Table, pair: Pair) -> Mapping[str, Any] | None:
    """Return the link of a pair; None: it was not weighed above the floor, and nobody judged it."""
    there = pc.and_(pc.equal(links["one"], min(pair)), pc.equal(links["other"], max(pair)))
    return next(rows(links.filter(there)), None)


def decided(link: Mapping[str, Any]) -> str:
    """Return who decided a link, and when."""
    return f"{link['by']}, {link['at']}" if link["at"] else f"weighed by parameters {link['by'][:16]}"


def picture(case: Case, name: str, *command: str) -> str:
    """Return where a chart is, or how to draw it."""
    file = case.folder.path / "charts" / f"{name}.html"
    return str(file) if file.is_file() else f"holdfire chart {' '.join(command)}"
