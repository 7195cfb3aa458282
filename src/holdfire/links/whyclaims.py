"""Why two claims are held to be of one event, or not: what they were compared by, and what each answer adds.

It is worked out anew from the claims and parameters of today, as a run does; the parts sum to the weight. A
claim that answers one (a denial) was joined by place and time alone, and has no weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from holdfire import together
from holdfire.case import Case
from holdfire.engine import literals
from holdfire.fusing.comparing.terms import prepare
from holdfire.fusing.comparing.why import Why, explain_pairs
from holdfire.fusing.incidents.features import features
from holdfire.fusing.incidents.fuse import fold_claims
from holdfire.fusing.incidents.selecting import MAKES
from holdfire.fusing.profile import profile
from holdfire.fusing.telling.words import sure
from holdfire.links.claims import ClaimPairs
from holdfire.links.why import all_told, between, decided, picture, surest, told
from holdfire.records.link import Linked, Pair


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
    compared, weighed = profile("incident"), case.folder.parameters(Linked.INCIDENT)
    with case.engine.session() as session:
        session.give("claims", claims)
        session.view("makes", f"SELECT * FROM claims WHERE {MAKES}")
        background = together.background(case.folder)
        fold_claims(session, features(session, background), background, weighed)
        records = prepare(session, compared, weighed, "features", once="once")
        ids = literals(sorted({each for pair in wanted for each in pair}))
        listed = session.sql(f"SELECT claim_id, record FROM features WHERE claim_id IN {ids}").to_pylist()
        place = {row["claim_id"]: row["record"] for row in listed}
        known = [pair for pair in wanted if all(each in place for each in pair)]
        asked = [(place[one], place[other]) for one, other in known]
        found = explain_pairs(session, compared, weighed, weighed.prior(records), asked) if asked else []
    return dict(zip(known, found, strict=True))


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
