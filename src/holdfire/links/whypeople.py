"""Why two entries of lists of the dead are held to be of one person, or of two: in levels and bits.

It is worked out anew from the lists in the vault, as a run does, and in memory. No name, nor anything made of
one, is in what is told: a level says how two names stand to each other and not what they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.errors import nameless
from holdfire.fusing.comparing.terms import prepare
from holdfire.fusing.comparing.why import Why, explain_pairs
from holdfire.fusing.people.features import features
from holdfire.fusing.profile import profile
from holdfire.fusing.telling.words import sure
from holdfire.links.people import PeoplePairs
from holdfire.links.why import all_told, between, decided, picture
from holdfire.peopling import gather
from holdfire.records.link import Linked, Pair
from holdfire.records.source import Repeats

EVEN = 500
"""From where on two are held to be one rather than two [thousandths]."""


def why(pairs: PeoplePairs, pair: Pair) -> Why:
    """Return what each comparison of two entries adds.

    Args:
        pairs: Pairs of entries of the case.
        pair: Ids of two entries.
    """
    case = pairs.case
    entries = gather(case.readings, pairs.found.held)
    behaviour = [case.folder.sources[each.report.source].repeats for each in entries.lists]
    distinct = np.array([each is Repeats.DISTINCT for each in behaviour] or [True])
    at = [int(pc.index(entries.deaths["entry_id"], each).as_py()) for each in pair]
    compared, weighed = profile("person"), case.folder.parameters(Linked.PERSON)
    # Without a folder to spill to: what is made of names never reaches a disk.
    with (
        nameless("the two entries cannot be compared"),
        replace(case.engine, scratch="").session() as session,
    ):
        session.give("features", features(entries.deaths, entries.list_of, distinct[entries.list_of]))
        records = prepare(session, compared, weighed, "features")
        return explain_pairs(session, compared, weighed, weighed.prior(records), [(min(at), max(at))])[0]


def entries_told(pairs: PeoplePairs, pair: Pair) -> dict[str, str]:
    """Return whether two entries are held to be of one person, how surely, who decided, and why."""
    people = pairs.found.people
    home = {entry: row for entry in pair for row in _homes(people.persons, entry)}
    one, other = (home.get(each, "none") for each in pair)
    held = f"one, person {one}" if one == other != "none" else f"two: {one}, and {other}"
    facts = {"held to be": held}
    link = between(people.links, pair)
    if link is None:
        facts["sure"] = "they were not compared, or may not be one, or are far from likely to be"
    else:
        facts |= {"sure": _surely(link), "decided": decided(link)}
        if not link["at"] and (one == other) != (link["confidence"] >= EVEN):
            facts["in doubt"] = f"most draws say otherwise; `holdfire review links --people {' '.join(pair)}`"
    found, compared = why(pairs, pair), profile("person")
    facts |= all_told(found, compared, "entries")
    if found.parts[0].level == compared.comparisons[0].levels[-1].name:
        facts["told apart"] = (
            "two given names are two persons, whatever else agrees, unless a person judges so"
        )
    facts["picture"] = picture(pairs.case, f"link-{pair[0]}-{pair[1]}", "link", *pair)
    return facts


def _surely(link: Mapping[str, Any]) -> str:
    """Return how sure a link is; a person judges two entries, and draws weigh all of a group."""
    said = f"{sure(link['confidence'])} that they are one"
    return said if link["at"] else f"{said}, by draws of how all entries may be grouped"


def _homes(persons: pa.Table, entry: str) -> list[str]:
    listed = persons["entries"].combine_chunks()
    at = pc.filter(pc.list_parent_indices(listed), pc.equal(pc.list_flatten(listed), entry))
    return [str(name) for name in persons["person_id"].take(at).to_pylist()]
