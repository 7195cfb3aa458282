"""Place claims that arrive in a case that was fused, as fusing all of them again would, and write nothing.

Three things hold, and tests/properties/test_placing.py tries to break each:

* incidents and members, changed as `Placed` says, are those of a full run, byte for byte, ties included;
* claims that arrive one by one, in any order, end where they end if they arrive at once;
* the work follows from what the claims touch: their blocks, and the components they hang together with.

Where a full run is due (`Placed.due`), nothing else is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from holdfire.engine import Session, literals
from holdfire.fusing.grouping.clustering import Joining, Judged, Pairs, group
from holdfire.fusing.incidents.alone import PART
from holdfire.fusing.incidents.answering import answering, answers
from holdfire.fusing.incidents.arriving import ROOM, Arrived, arrive
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.fuse import FLOOR, Limits
from holdfire.fusing.incidents.merging import incident_id, merge
from holdfire.fusing.incidents.selecting import ANSWERS, MAKES
from holdfire.fusing.incidents.standing import WORDS
from holdfire.fusing.parameters import Parameters, parameters
from holdfire.fusing.profile import profile
from holdfire.fusing.telling.words import chance
from holdfire.records.claim import CLAIM
from holdfire.records.incident import INCIDENT, MEMBER
from holdfire.records.source import Repeats
from holdfire.tables import rows

Numbers = npt.NDArray[np.int64]
_COLUMNS = ", ".join(f'"{name}"' for name in CLAIM.names if name not in WORDS)


@dataclass(frozen=True, slots=True)
class Home:
    """Where one claim comes to stand.

    Attributes:
        claim: Its id.
        incident: The incident it makes, joins or answers; None: it makes none and fits none.
        part: What it does there (records.incident.Part); empty: nothing.
        beside: Other claims that make that incident, in order.
        sure: How likely it is of one event with the one of those that it is likest to (belonging.py)
            [thousandths]; None: it stands alone or answers.
        nearest: Best claim of another incident that it might be of one event with, and how likely that is
            [thousandths]; None: none comes near.
    """

    claim: str
    incident: str | None = None
    part: str = ""
    beside: tuple[str, ...] = ()
    sure: int | None = None
    nearest: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """What arriving claims change.

    Attributes:
        homes: Where each of them comes to stand, in the order given.
        incidents: INCIDENT rows of groups whose claims are other than before.
        members: MEMBER rows that are new or other than before.
        left: Claims that answered an incident and now fit none.
        gone: Incidents that are no more, and where their claims are now.
        due: Why all claims must be fused again; empty: they need not, and the rest holds.
    """

    homes: tuple[Home, ...] = ()
    incidents: pa.Table = field(default_factory=INCIDENT.empty)
    members: pa.Table = field(default_factory=MEMBER.empty)
    left: tuple[str, ...] = ()
    gone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    due: str = ""


@dataclass(frozen=True, slots=True)
class _Regrouped:
    """Groups that are other than before: claims of each, and the incidents that stood in their place."""

    groups: list[list[int]]
    before: dict[int, str]


def place(
    session: Session,
    claims: pa.Table,
    background: Background,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    weights: Parameters | None = None,
    threads: int = 1,
) -> Placed:
    """Return where claims come to stand among those of a standing, and what else changes.

    Args:
        session: With a standing in the catalog `standing`, which is only read.
        claims: CLAIM rows that the case does not hold.
        background: What is known beforehand; as when the standing was made.
        limits: How far apart two claims of one incident may lie; likewise.
        weights: What agreement and disagreement weigh; likewise.
        threads: How many may cluster at once.

    Raises:
        BadInput: A claim stands in the case already.
    """
    chosen, weighed = profile("incident"), weights or parameters("incident")
    session.give("claims", claims)
    session.view("makes", f"SELECT * FROM claims WHERE {MAKES}")
    arrived = arrive(session, background, chosen, weighed, limits)
    if arrived.due:
        return Placed(due=arrived.due)
    joining = Joining(floor=FLOOR, offset=weighed.offset)
    regrouped = _regroup(session, arrived, background, joining, threads)
    if regrouped is None:
        return Placed(due="more claims hang together than are looked at together")
    told = _told(session, regrouped)
    incidents = INCIDENT.sorted(INCIDENT.table(merge(listed, background.sides) for listed in told))
    made = {row["claim_id"]: incident_id(r["claim_id"] for r in listed) for listed in told for row in listed}
    answered, left = _answered(session, incidents, sorted(set(regrouped.before.values())))
    joined = [
        {"incident_id": made[row["claim_id"]], "claim_id": row["claim_id"], "part": row["part"]}
        for row in rows(session.sql(f"SELECT record, claim_id, {PART} FROM told"))
        if regrouped.before.get(row["record"]) != made[row["claim_id"]]
    ]
    members = joined + answered
    return Placed(
        homes=tuple(_homes(session, claims, made, {row["claim_id"]: row for row in members}, joining)),
        incidents=incidents,
        members=MEMBER.sorted(MEMBER.table(members)),
        left=left,
        gone=_gone(regrouped, told, made),
    )


def _regroup(
    session: Session, arrived: Arrived, background: Background, joining: Joining, threads: int
) -> _Regrouped | None:
    """Cluster the components that a touched pair is or was of again; None: they are too large."""
    session.make(
        "hanging",
        """SELECT DISTINCT component FROM standing.homes WHERE record IN (
            SELECT record FROM touched UNION SELECT a FROM paired UNION SELECT b FROM paired)""",
    )
    members = session.sql(
        """
        SELECT h.record, "group", incident_id, source FROM (
            SELECT * FROM standing.homes WHERE component IN (SELECT component FROM hanging)) AS h
        JOIN standing.compared USING (record)
        UNION ALL SELECT record, -1, NULL, source FROM fresh ORDER BY record"""
    )
    pairs = session.sql(
        """SELECT a, b, weight FROM standing.kept WHERE component IN (SELECT component FROM hanging)
            AND a NOT IN (SELECT record FROM touched) AND b NOT IN (SELECT record FROM touched)
        UNION ALL SELECT a, b, weight FROM paired"""
    )
    ruled = session.sql("SELECT a, b, same FROM standing.ruled SEMI JOIN hanging USING (component)")
    record = members["record"].to_numpy()
    order, local = _in_order(session, record)
    places = {name: local[np.searchsorted(record, pairs[name].to_numpy())] for name in ("a", "b")}
    both = np.stack([local[np.searchsorted(record, ruled[name].to_numpy())] for name in ("a", "b")], axis=1)
    same = ruled["same"].to_numpy(zero_copy_only=False).astype(bool)
    found = group(
        Pairs(places["a"], places["b"], pairs["weight"].to_numpy()),
        members["source"].to_numpy()[order],
        [background.repeats.get(each, Repeats.REPEATS) for each in arrived.sources],
        Judged(both[same], both[~same]),
        joining,
        threads,
    )
    if found.cut:
        return None
    homes: dict[int, list[int]] = defaultdict(list)
    for place_, head in enumerate(found.groups.tolist()):
        homes[head].append(int(order[place_]))
    return _changed(session, homes.values(), record, members)


def _in_order(session: Session, record: Numbers) -> tuple[Numbers, Numbers]:
    """Return records by their place in a full run, and the place of each, both as places in `record`."""
    at = record.astype(np.int64) * ROOM + ROOM - 1
    fresh = session.sql("SELECT record, turn FROM fresh ORDER BY record")
    at[np.searchsorted(record, fresh["record"].to_numpy())] = fresh["turn"].to_numpy()
    order = np.argsort(at, kind="stable")
    local = np.empty_like(order)
    local[order] = np.arange(len(order))
    return order, local


def _changed(session: Session, homes: Iterable[list[int]], record: Numbers, members: pa.Table) -> _Regrouped:
    """Return the groups whose claims are other than before."""
    before, incident = members["group"].to_numpy(), members["incident_id"].to_pylist()
    heads, counts = np.unique(before, return_counts=True)
    sizes = dict(zip(heads.tolist(), counts.tolist(), strict=True))
    changed = []
    for each in homes:
        stood = {int(before[k]) for k in each}
        if len(stood) > 1 or -1 in stood or sizes[min(stood)] != len(each):
            changed.append(each)
    groups = [[int(record[k]) for k in each] for each in changed]
    homes_before = {int(record[k]): str(incident[k]) for each in changed for k in each if incident[k]}
    return _unfolded(session, _Regrouped(groups, homes_before))


def _unfolded(session: Session, regrouped: _Regrouped) -> _Regrouped:
    """Return groups with the claims that are folded into theirs: they stand wherever their heads do."""
    heads = pa.array(sorted({each for group_ in regrouped.groups for each in group_}), pa.int64())
    session.give("stood_for", pa.table({"head": heads}))
    found = session.sql(
        "SELECT head, record FROM standing.folded SEMI JOIN stood_for USING (head) ORDER BY record"
    )
    equal: dict[int, list[int]] = defaultdict(list)
    for row in found.to_pylist():
        equal[row["head"]].append(row["record"])
    groups = [[each for head in group_ for each in (head, *equal[head])] for group_ in regrouped.groups]
    before = {each: old for head, old in regrouped.before.items() for each in (head, *equal[head])}
    return _Regrouped(groups, before)


def _told(session: Session, regrouped: _Regrouped) -> list[list[dict[str, Any]]]:
    """Return the claims of each changed group, and make the table `told` of them."""
    wanted = pa.array([record for group_ in regrouped.groups for record in group_], pa.int64())
    session.give("wanted", pa.table({"record": wanted}))
    session.make(
        "told",
        f"""SELECT record, {_COLUMNS} FROM standing.claims WHERE record IN (SELECT record FROM wanted)
        UNION ALL SELECT f.record, {_COLUMNS} FROM makes JOIN (SELECT record, claim_id FROM fresh) AS f
            USING (claim_id)""",
    )
    by_record = {row["record"]: row for row in rows(session.sql("SELECT * FROM told"))}
    return [[by_record[record] for record in group_] for group_ in regrouped.groups]


def _answered(
    session: Session, incidents: pa.Table, before: Sequence[str]
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Return MEMBER rows of answers that arrive or moved, and the answers that fit nothing any more."""
    session.give("altered", incidents)
    stood = literals(before)
    session.view(
        "incidents",
        f"""SELECT * FROM standing.incidents WHERE coalesce(incident_id NOT IN {stood}, true)
        UNION ALL BY NAME SELECT * FROM altered""",
    )
    fitting = answering(session, "standing.answering", "altered")["claim_id"].to_pylist()
    session.make(
        "asking",
        f"""SELECT {_COLUMNS}, incident_id FROM standing.answering
            WHERE claim_id IN {literals(fitting)} OR incident_id IN {stood}
        UNION ALL SELECT {_COLUMNS}, NULL FROM claims WHERE {ANSWERS}""",
    )
    earlier = {
        row["claim_id"]: row["incident_id"]
        for row in rows(session.sql("SELECT claim_id, incident_id FROM asking"))
    }
    if not earlier:
        return [], ()
    now = answers(session, "asking").to_pylist()
    moved = [row for row in now if row["incident_id"] != earlier[row["claim_id"]]]
    return [row for row in moved if row["incident_id"]], tuple(
        r["claim_id"] for r in moved if not r["incident_id"]
    )


def _gone(
    regrouped: _Regrouped, told: list[list[dict[str, Any]]], made: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return the incidents that are no more, and those that their claims are in now."""
    standing, now = set(made.values()), defaultdict(set)
    for row in (row for listed in told for row in listed):
        if (old := regrouped.before.get(row["record"])) and old not in standing:
            now[old].add(made[row["claim_id"]])
    return {old: tuple(sorted(homes)) for old, homes in sorted(now.items())}


def _homes(
    session: Session,
    claims: pa.Table,
    made: Mapping[str, str],
    members: Mapping[str, Mapping[str, Any]],
    joining: Joining,
) -> Iterable[Home]:
    """Yield where each arriving claim comes to stand."""
    beside: dict[str, list[str]] = defaultdict(list)
    for claim, incident in sorted(made.items()):
        beside[incident].append(claim)
    weighed = session.sql(
        """
        WITH ends AS (
            SELECT a AS one, b AS other, weight FROM paired UNION ALL SELECT b, a, weight FROM paired)
        SELECT f.claim_id AS claim, coalesce(s.claim_id, g.claim_id) AS other, weight FROM ends AS e
            JOIN fresh AS f ON f.record = e.one LEFT JOIN fresh AS g ON g.record = e.other
            LEFT JOIN (SELECT record, claim_id FROM standing.claims
                WHERE record IN (SELECT other FROM ends)) AS s ON s.record = e.other
        ORDER BY claim, weight DESC, other"""
    )
    links: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows(weighed):
        links[row["claim"]][row["other"]] = row["weight"]
    for claim in claims["claim_id"].to_pylist():
        member = members.get(claim)
        if member is None:
            yield Home(claim)
            continue
        home = member["incident_id"]
        if claim not in made:
            yield Home(claim, home, member["part"])
            continue
        others = tuple(each for each in beside[home] if each != claim)
        weights = [links[claim][each] for each in others if each in links[claim]]
        sure = chance(max(weights) + joining.offset) if weights else None
        away = next(
            ((o, chance(w + joining.offset)) for o, w in links[claim].items() if o not in others), None
        )
        yield Home(claim, home, member["part"], others, sure, away)
