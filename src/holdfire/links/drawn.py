"""Charts of a case's links, and where they are written: in `charts/`, for the people of the case alone.

A chart of people shows how two entries agree, and never what they are called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.case import Case
from holdfire.chartpage import chart_page
from holdfire.errors import BadInput
from holdfire.fusing.comparing.why import Why
from holdfire.fusing.parameters import weights as weights_of
from holdfire.fusing.profile import profile
from holdfire.fusing.telling.charts import (
    Chart,
    Edge,
    Labelled,
    Node,
    Way,
    cluster,
    threshold,
    waterfall,
    weights,
)
from holdfire.ledger.shelf import make_folder, replace_file
from holdfire.links import whypeople
from holdfire.links.claims import ClaimPairs
from holdfire.links.people import PeoplePairs
from holdfire.links.review import STRATA, STRATUM, Pairs
from holdfire.links.why import between, steps
from holdfire.links.whyclaims import whys
from holdfire.records.link import Linked, Pair, Said
from holdfire.tables import rows

NEAR = 8
"""Most records shown that are near a cluster and not in it."""

NEAREST = 50
"""Least confidence with which a record is near [thousandths]."""

FEW = 30
"""Judged pairs under which a chart says that it says little."""


def written(case: Case, name: str, charts: Sequence[Chart]) -> Path:
    """Write a page of charts, and return where.

    Args:
        case: The case.
        name: Name of the file, without ending.
        charts: What it shows.
    """
    file = case.folder.path / "charts" / f"{name}.html"
    make_folder(file.parent)
    title = case.folder.head.title
    replace_file(file, chart_page(charts, title.get("en") or next(iter(title.values()), "")))
    return file


def cluster_chart(pairs: ClaimPairs, incident: str) -> tuple[Chart, str]:
    """Return the claims of an incident, those near it, how surely each two are one; and the incident's id.

    Args:
        pairs: Pairs of claims of the case.
        incident: Its id, or the beginning of it.

    Raises:
        BadInput: No incident, or several, are called so.
    """
    members = pairs.found.fused.members
    mine = members.filter(pc.starts_with(members["incident_id"], incident))
    names = sorted(set(mine["incident_id"].to_pylist()))
    if len(names) != 1:
        what = "no incident is" if not names else f"{len(names)} incidents are"
        raise BadInput(f'{what} called "{incident}"', hint="ids are printed on each page of a bulletin")
    inside = mine["claim_id"].to_pylist()
    links = _touching(pairs.found.fused.links, inside)
    near = Counter[str]()
    for link in links:
        for each in (link["one"], link["other"]):
            if each not in inside and link["confidence"] >= NEAREST:
                near[each] = max(near[each], link["confidence"])
    beside = [name for name, _ in sorted(near.items(), key=lambda item: (-item[1], item[0]))[:NEAR]]
    shown = pairs.shown([*inside, *beside])
    nodes = [
        Node(name, f"{shown[name].title} ({name})", name in set(inside))
        for name in [*sorted(inside, key=lambda each: (shown[each].title, each)), *beside]
    ]
    edges = [Edge(x["one"], x["other"], x["confidence"], x["by"] if x["at"] else "") for x in links]
    return cluster(f"How the claims of incident {names[0]} hold together", nodes, edges), names[0]


def link_chart(pairs: ClaimPairs, pair: Pair) -> Chart:
    """Return how the evidence of two claims adds up.

    Raises:
        BadInput: One of them is no claim of an occurrence.
    """
    found = whys(pairs.case, pairs.found.claims, [pair])
    if pair not in found:
        raise BadInput(
            f"{pair[0]} and {pair[1]} have no weight",
            hint="only claims of something that happened are compared; a denial joins by place and time",
        )
    return _adding_up(pairs, pair, found[pair], between(pairs.found.fused.links, pair))


def entries_chart(pairs: PeoplePairs, pair: Pair) -> Chart:
    """Return how the evidence of two entries of lists adds up: in levels, and without a name."""
    return _adding_up(pairs, pair, whypeople.why(pairs, pair), between(pairs.found.people.links, pair))


def _adding_up(pairs: Pairs, pair: Pair, why: Why, link: Mapping[str, Any] | None) -> Chart:
    shown = pairs.shown(list(pair))
    notes = [f"{each}: {shown[each].title}." for each in pair]
    if link is not None and link["at"]:
        held = "the same" if link["confidence"] else "different"
        notes.append(
            f"{link['by']} judged on {link['at']} that they are {held}; that stands, whatever they weigh."
        )
    title = f"Why {pair[0]} and {pair[1]} may be one, or two"
    return waterfall(title, why.prior, steps(why, profile(str(pairs.kind))), notes)


def weights_chart(case: Case, kind: Linked) -> Chart:
    """Return what each level of each comparison weighs, and what any two records of the case begin with.

    Args:
        case: The case.
        kind: What kind of record.

    Raises:
        BadInput: The case has no list of the dead, and people are asked for.
    """
    found = case.found(stale=True)
    if kind is Linked.INCIDENT:
        records = found.fused.members.num_rows
    else:
        records = pc.sum(pc.list_value_length(found.people.persons["entries"])).as_py() or 0
        if not records:
            raise BadInput("this case has no lists of the dead", hint="`holdfire add LIST --mapping FILE`")
    compared, trained = profile(str(kind)), case.folder.parameters(kind)
    levels = weights_of(compared, trained)
    ways = {
        each.name.replace("_", " "): [
            Way(level.name, weight.plain, rare=weight.term is not None)
            for level, weight in zip(each.levels, levels[each.name], strict=True)
            if not level.silent
        ]
        for each in compared.comparisons
    }
    what = "claims" if kind is Linked.INCIDENT else "entries of lists"
    chart = weights(
        f"What two {what} are compared by, and what each answer weighs", trained.prior(records), ways
    )
    about = f"Trained on {trained.trained.on} ({trained.trained.how}); {trained.trained.records:,} records."
    return replace(chart, notes=(*chart.notes, about))


def _touching(links: pa.Table, ids: Iterable[str]) -> list[Mapping[str, Any]]:
    wanted = pa.array(sorted(set(ids)), pa.string())
    there = pc.or_(*(pc.is_in(links[end], value_set=wanted) for end in ("one", "other")))
    return list(rows(links.filter(there)))


def threshold_chart(pairs: Pairs, truth: Mapping[Pair, bool] | None = None) -> Chart:
    """Return precision and recall against the threshold.

    Args:
        pairs: Pairs of the case.
        truth: Of each weighed pair whether it is one, where it is known; None: what people judged.
    """
    weighed = pairs.weighed.filter(pc.is_valid(pairs.weighed["weight"]))
    columns = (weighed[name].to_pylist() for name in ("one", "other", "weight"))
    weights = {(one, other): weight for one, other, weight in zip(*columns, strict=True)}
    what = "claims" if pairs.kind is Linked.INCIDENT else "entries of lists"
    if truth is not None:
        listed = [Labelled(weights[pair], same) for pair, same in truth.items() if pair in weights]
        note = f"{len(listed):,} pairs of a made-up country, whose truth is known."
        return threshold(f"Links of {what}: how right and how complete", listed, [note])
    judged = {pair: each.said is Said.SAME for pair, each in pairs.settled.decided.items() if pair in weights}
    notes = [
        f"{len(judged):,} judged pairs, each standing for those of about its weight that nobody judged.",
        "Only pairs that were weighed are counted: what no rule brought together is in neither share.",
    ]
    if len(judged) < FEW:
        notes.insert(0, f"So few say little: judge at least {FEW}, `holdfire review links --audit` first.")
    return threshold(f"Links of {what}: how right and how complete", labelled(judged, weights), notes)


def labelled(judged: Mapping[Pair, bool], weights: Mapping[Pair, int]) -> list[Labelled]:
    """Return judged pairs, each with how many weighed pairs of its stratum of weight it stands for.

    Pairs near the middle are judged oftener than others, so that a plain share of the judged would be wrong;
    within a stratum they are looked at without regard to what they are. Cochran, W. G. (1977), Sampling
    Techniques, section 5A.9, on stratification after selection.
    """
    there = Counter(_stratum(weight) for weight in weights.values())
    seen = Counter(_stratum(weights[pair]) for pair in judged)
    return [
        Labelled(weights[pair], same, there[_stratum(weights[pair])] / seen[_stratum(weights[pair])])
        for pair, same in sorted(judged.items())
    ]


def _stratum(weight: int) -> int:
    return max(STRATA[0], min(STRATA[1], weight // STRATUM))
