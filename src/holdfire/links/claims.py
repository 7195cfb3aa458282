"""Pairs of claims for a reviewer: what each verdict would move, and the two claims with their words or rows.

What a verdict moves is found from the incidents as they are. Of a pair that is apart, its two incidents made
one; of a pair that is together, the second claim on its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.links.judged import Judged, Names, judged_claims
from holdfire.links.named import rows_of
from holdfire.links.pairs import JudgedPairs
from holdfire.links.review import Effect, Shown
from holdfire.records.determination import Verdict
from holdfire.records.link import Linked, Pair, Side

Row = Mapping[str, Any]


class ClaimPairs(JudgedPairs):
    """Pairs of claims that may be about one incident. None is contested: their links are not drawn."""

    kind = Linked.INCIDENT
    what, found_in = ("claim", "claims"), "an incident"

    @property
    def _links(self) -> pa.Table:
        return self.found.fused.links

    @property
    def _known(self) -> pa.ChunkedArray:
        return self.found.claims["claim_id"]

    def _judge(self) -> Judged:
        return judged_claims(self.case.folder.judgements, self.found.claims)

    def sides(self, ids: Sequence[str]) -> Mapping[str, Side]:
        """Return the name by which a judgement keeps each claim."""
        claims = self.found.claims
        wanted = claims.filter(pc.is_in(claims["claim_id"], value_set=pa.array(list(ids), pa.string())))
        whole = claims.filter(pc.is_in(claims["report"], value_set=wanted["report"].combine_chunks()))
        # Of a text all claims are needed, to tell those apart that rest on the same words; of a table none.
        kept = pc.or_(pc.is_null(whole["row"]), pc.is_in(whole["claim_id"], value_set=wanted["claim_id"]))
        named = Names.of(whole.filter(kept)).sides()
        return {each: named[each] for each in ids}

    def effects(self, pairs: Sequence[Pair]) -> Sequence[Effect]:
        """Return what each verdict would move."""
        members, fused = self.found.fused.members, self.found.fused
        mine = rows_of(members, "claim_id", (each for pair in pairs for each in pair))
        home = {row["claim_id"]: row["incident_id"] for row in mine}
        deaths = {
            row["claim_id"]: row["killed_best"]
            for row in rows_of(self.found.claims.select(["claim_id", "killed_best"]), "claim_id", home)
        }
        incidents = rows_of(fused.incidents, "incident_id", home.values())
        by_id = {row["incident_id"]: row for row in incidents}
        judged = rows_of(self.found.determinations, "incident_id", home.values())
        breach = {row["incident_id"] for row in judged if row["verdict"] == Verdict.BREACH}

        def effect(pair: Pair) -> Effect:
            one, other = (home.get(each) for each in pair)
            if one is None or other is None:
                return Effect(0)
            if one != other:
                a, b = (by_id[each]["killed_best"] or 0 for each in (one, other))
                # Two incidents made one have one toll, between theirs: what goes is the smaller at most.
                return Effect(1, min(a, b), len({one, other} & breach) // 2)
            return Effect(1, deaths.get(pair[1]) or 0, int(one in breach))

        return [effect(pair) for pair in pairs]

    def shown(self, ids: Sequence[str]) -> Mapping[str, Shown]:
        """Return what the screen shows of each claim."""
        claims = rows_of(self.found.claims, "claim_id", ids)
        quotes = self.case.readings.quotes(self.found.held, self.found.claims, list(ids))
        wanted: dict[str, list[int]] = {}
        for claim in claims:
            if claim["row"] is not None:
                wanted.setdefault(claim["report"], []).append(claim["row"])
        fields = self.case.readings.rows(self.found.held, wanted)
        return {
            claim["claim_id"]: self._shown(
                claim, quotes.get(claim["claim_id"]), fields.get((claim["report"], claim["row"]), {})
            )
            for claim in claims
        }

    def _shown(self, claim: Row, quote: tuple[str, str, str] | None, fields: Mapping[str, str]) -> Shown:
        source = self.case.folder.sources.get(claim["source"])
        name = source.name.get("en", claim["source"]) if source else claim["source"]
        report = next((r for r in self.found.reports if r.id == claim["report"]), None)
        where = f"row {claim['row']}" if claim["row"] is not None else "a text"
        published = f", published {report.published}" if report and report.published else ""
        return Shown(f"{name}, {where}{published}", {**told(claim, self.case.folder.zone), **fields}, quote)


def told(claim: Row, zone: Any) -> dict[str, str]:
    """Return what a claim says, for a person: what it is silent on is left out.

    Args:
        claim: A row of CLAIM.
        zone: Time zone in which days are counted.
    """
    given = {
        "what": claim["event_type"] + (", denied" if claim["negated"] else ""),
        "who": claim["actors_text"] or ", ".join(claim["actors"] or ()),
        "on": claim["targets_text"] or ", ".join(claim["targets"] or ()),
        "when": _when(claim, zone),
        "where": _where(claim),
        "killed": _range(claim, "killed"),
        "civilians": _range(claim, "civilians"),
        "injured": _range(claim, "injured"),
    }
    return {name: value for name, value in given.items() if value}


def _when(claim: Row, zone: Any) -> str:
    ends = [claim[name].astimezone(zone) if claim[name] else None for name in ("start", "end")]
    if not any(ends):
        return ""
    said = " to ".join(f"{each:%Y-%m-%d %H:%M}" if each else "open" for each in ends)
    return f"{said} ({claim['time_precision']})"


def _where(claim: Row) -> str:
    named = ", ".join(each for each in (claim["place"], claim["admin1"]) if each)
    if claim["lat"] is None:
        return named
    disc = f"{claim['lat']:.3f}, {claim['lon']:.3f}"
    reach = f" within {claim['radius'] / 1000:.1f} km" if claim["radius"] is not None else ""
    return f"{named} ({disc}{reach})" if named else f"{disc}{reach}"


def _range(claim: Row, what: str) -> str:
    low, high, best = (claim.get(f"{what}_{end}") for end in ("low", "high", "best"))
    if low is None and high is None and best is None:
        return ""
    if best is not None and low == high == best:
        return str(best)
    said = f"at least {low}" if high is None else f"{low if low is not None else 0} to {high}"
    return f"{best} ({said})" if best is not None else said
