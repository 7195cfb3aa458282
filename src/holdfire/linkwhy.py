"""Why two claims are held to be of one event, or not: what they were compared by, and what each answer adds.

It is worked out anew from the claims and parameters of today, as a run does; the parts sum to the weight. A
claim that answers one (a denial) was joined by place and time alone, and has no weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from holdfire import together
from holdfire.case import Case
from holdfire.engine import literals
from holdfire.fusing.comparing.terms import prepare
from holdfire.fusing.comparing.why import Why, explain_pairs
from holdfire.fusing.incidents.features import features
from holdfire.fusing.incidents.selecting import MAKES
from holdfire.fusing.parameters import parameters
from holdfire.fusing.profile import Profile, profile
from holdfire.fusing.telling.charts import Step
from holdfire.fusing.telling.words import chance, odds, sure, times
from holdfire.linkshown import ClaimPairs
from holdfire.records.link import Pair
from holdfire.tables import rows

TOLD = 5
"""Most comparisons that a line of words tells of: those that weigh most."""


def whys(case: Case, claims: pa.Table, pairs: Iterable[Pair]) -> dict[Pair, Why]:
    """Return why each of some pairs weighs what it weighs; a pair of which a claim has no weight is left out.

    Args:
        case: The case.
        claims: CLAIM rows, all of them: how rare a value is depends on the others.
        pairs: Pairs of claims.
    """
    wanted = sorted(set(pairs))
    if not wanted:
        return {}
    compared, weighed = profile("incident"), parameters("incident")
    with case.engine.session() as session:
        session.give("claims", claims)
        session.view("makes", f"SELECT * FROM claims WHERE {MAKES}")
        features(session, together.background(case.folder))
        records = prepare(session, compared, weighed, "features")
        ids = literals(sorted({each for pair in wanted for each in pair}))
        listed = session.sql(f"SELECT claim_id, record FROM features WHERE claim_id IN {ids}").to_pylist()
        place = {row["claim_id"]: row["record"] for row in listed}
        known = [pair for pair in wanted if all(each in place for each in pair)]
        asked = [(place[one], place[other]) for one, other in known]
        found = explain_pairs(session, compared, weighed, weighed.prior(records), asked) if asked else []
    return dict(zip(known, found, strict=True))


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
    facts = {f"any two {records}": f"odds {odds(why.prior)} ({why.prior / 1000:+.1f} bits)"}
    for step in steps(why, compared):
        weight = step.weight + step.rare
        rare = "" if not step.rare else ", what they share being " + ("rare" if step.rare > 0 else "common")
        adds = "says nothing" if step.silent else f"{times(weight)} ({weight / 1000:+.1f} bits){rare}"
        facts[step.name] = f"{step.level}: {adds}"
    facts["all together"] = (
        f"odds {odds(why.weight)}: {sure(chance(why.weight))} ({why.weight / 1000:+.1f} bits)"
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


def joined(case: Case, claims: pa.Table, links: pa.Table, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return of each claim of an incident how surely it is in it, on what it was joined, and who decided.

    Args:
        case: The case.
        claims: CLAIM rows, all of them.
        links: SAME_AS rows.
        ids: Claims of the incident.
    """
    if len(ids) < 2:
        return {}
    best = surest(links, ids)
    why = whys(case, claims, [(link["one"], link["other"]) for link in best.values()])
    found = {}
    for claim, link in best.items():
        other = link["other"] if link["one"] == claim else link["one"]
        facts = {
            "joined": f"{sure(link['confidence'])} that it is of one event with {other}, its surest link here"
        }
        if weighed := why.get((link["one"], link["other"])):
            facts["  on"] = told(weighed)
        found[claim] = {**facts, "  decided": decided(link)}
    return found


def pair_told(pairs: ClaimPairs, pair: Pair) -> dict[str, str]:
    """Return whether two claims are held to be of one event, how surely, who decided, and why."""
    fused = pairs.found.fused
    homes = fused.members.filter(pc.is_in(fused.members["claim_id"], value_set=pa.array(list(pair))))
    home = dict(zip(homes["claim_id"].to_pylist(), homes["incident_id"].to_pylist(), strict=True))
    one, other = (home.get(each, "none") for each in pair)
    facts = {
        "held to be": f"one, in incident {one}"
        if one == other != "none"
        else f"two: in {one}, and in {other}"
    }
    link = between(fused.links, pair)
    if link is None:
        facts["sure"] = "they were not compared, or far from likely to be one"
    else:
        facts |= {"sure": f"{sure(link['confidence'])} that they are one", "decided": decided(link)}
    found = whys(pairs.case, pairs.found.claims, [pair])
    if pair in found:
        facts |= all_told(found[pair], profile("incident"))
        facts["picture"] = picture(pairs.case, f"link-{pair[0]}-{pair[1]}", "link", *pair)
    return facts


def picture(case: Case, name: str, *command: str) -> str:
    """Return where a chart is, or how to draw it."""
    file = case.folder.path / "charts" / f"{name}.html"
    return str(file) if file.is_file() else f"holdfire chart {' '.join(command)}"
