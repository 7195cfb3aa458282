"""Entries of lists of the dead become groups that are one person each.

Beyond what fusing.clustering promises, three things hold, which tests/properties/test_people.py attacks:

* no group holds two different common given names, for siblings killed together share all else; save where one
  is written family name first, so that its first word is the other's family name and the next its given;
* two entries are not compared where one gives no given name, unless birth or age agree;
* the same entries, parameters and judgements give the same groups, in any order of pairs, on any threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.engine import Engine, Session
from holdfire.fusing.comparing.scoring import Scored, levels_of, pairs, side_by_side
from holdfire.fusing.grouping.clustering import Joining, Judged, Pairs, group
from holdfire.fusing.parameters import Parameters, parameters
from holdfire.fusing.people.features import features
from holdfire.fusing.profile import Profile, profile
from holdfire.records.source import Repeats

Numbers = npt.NDArray[np.int64]

FLOOR = -6000
"""Least weight of a pair that is kept [millibits]: one in 65 that two entries are one person."""

AGREE_IN_AGE = """(birth_l = birth_r OR (age_high_l - age_low_l <= 1 AND age_high_r - age_low_r <= 1
    AND abs(age_low_l - age_low_r) <= 1))"""
"""SQL for that birth or age speak for one person, where one entry gives no given name."""


@dataclass(frozen=True)
class Linked:
    """What linking gives.

    Attributes:
        groups: For each entry the first entry of its group (n).
        pairs: a, b and weight of the pairs that were kept, those left out that may not be one.
        apart: Pairs that are two persons for their given names (k, 2).
        scored: What was compared, found and crowded.
    """

    groups: Numbers
    pairs: pa.Table
    apart: Numbers
    scored: Scored


def link(
    entries: pa.Table,
    source: Sequence[int],
    behaviour: Sequence[Repeats],
    engine: Engine,
    *,
    trained: Parameters | None = None,
    judged: Judged | None = None,
) -> Linked:
    """Return the persons that list entries are about.

    Args:
        entries: Columns of records.death.DEATH, in a fixed order (n rows).
        source: Which list each stands in, a place in `behaviour` (n).
        behaviour: Whether each list repeats itself.
        engine: How to run SQL.
        trained: What levels weigh; None: as shipped.
        judged: What people decided of pairs of entries.

    Raises:
        BadInput: A judgement cannot be honoured, or names an entry that does not exist.
    """
    trained = trained or parameters("person")
    lists = np.asarray(source, np.int64)
    distinct = np.array([each is Repeats.DISTINCT for each in behaviour] or [True])
    table = features(entries, lists, distinct[lists])
    with engine.session() as session:
        session.give("features", table)
        scored = pairs(session, profile("person"), trained, FLOOR)
        kept, apart = told_apart(session, profile("person"), scored)
    settings = Joining(floor=FLOOR, offset=trained.offset)
    groups, apart = _grouped(kept, apart, table, lists, behaviour, judged or Judged.none(), settings, engine)
    return Linked(groups, kept, apart, replace(scored, pairs=kept))


def told_apart(session: Session, compared: Profile, scored: Scored) -> tuple[pa.Table, Numbers]:
    """Return the pairs that may be one person, and those that are two for their given names."""
    session.give("kept", scored.pairs)
    another = len(compared.comparisons[0].levels) - 1
    session.make(
        "told",
        f"""SELECT a, b, level_of_given = {another} AS named_apart,
            level_of_given = 0 AND NOT coalesce({AGREE_IN_AGE}, FALSE) AS unnamed FROM
            (SELECT *, {levels_of(compared)} FROM ({side_by_side("kept", compared)}))""",
    )
    kept = session.sql(
        """SELECT a, b, weight FROM kept JOIN told USING (a, b) WHERE NOT (named_apart OR unnamed)
        ORDER BY a, b"""
    )
    apart = session.sql("SELECT a, b FROM told WHERE named_apart ORDER BY a, b")
    return kept, np.column_stack([apart[name].to_numpy() for name in ("a", "b")]).astype(np.int64)


def _grouped(
    kept: pa.Table,
    apart: Numbers,
    table: pa.Table,
    lists: Numbers,
    behaviour: Sequence[Repeats],
    judged: Judged,
    settings: Joining,
    engine: Engine,
) -> tuple[Numbers, Numbers]:
    """Return groups none of which holds two common given names, and the pairs that were kept apart for it.

    Two that never met may come together by a third; each time they do, they are told apart and all are
    grouped anew. Every turn adds a pair, so it ends; what people judged the same is never told apart.
    """
    same = {(int(min(pair)), int(max(pair))) for pair in judged.same}
    apart = _without(apart, same)
    while True:
        ruled = Judged(judged.same, np.concatenate([judged.different, apart]).astype(np.int64))
        groups = group(Pairs.of(kept), lists, behaviour, ruled, settings, engine.threads).groups
        more = _without(_two_names(groups, table), same | {tuple(p) for p in apart.tolist()})
        if not len(more):
            return groups, apart
        apart = np.concatenate([apart, more])


def _without(rows: Numbers, left_out: set[tuple[int, int]]) -> Numbers:
    """Return rows (a, b) that are not among some."""
    kept = [row for row in rows.tolist() if tuple(row) not in left_out]
    return np.array(kept, np.int64).reshape(-1, 2)


def _two_names(groups: Numbers, table: pa.Table) -> Numbers:
    """Return the pairs (a, b) of entries of one group that bear two common given names."""
    given = table["given"].combine_chunks()
    common = pc.fill_null(pc.invert(pc.starts_with(given, ".")), False).to_numpy(zero_copy_only=False)
    sizes = np.bincount(groups, minlength=len(groups)) if len(groups) else groups
    shared = np.flatnonzero(common & (sizes[groups] > 1)) if len(groups) else np.empty(0, np.int64)
    names = table.select([*_NAMED]).take(pa.array(shared)).to_pylist()
    members: dict[int, list[int]] = {}
    for at, entry in enumerate(shared.tolist()):
        members.setdefault(int(groups[entry]), []).append(at)
    found = [
        (shared[one], shared[other])
        for listed in members.values()
        for k, one in enumerate(listed)
        for other in listed[k + 1 :]
        if names[one]["given"] != names[other]["given"]
        and not (_turned(names[one], names[other]) or _turned(names[other], names[one]))
    ]
    return np.array(found, np.int64).reshape(-1, 2)


_NAMED = ("given", "given_bones", "father_bones", "family_bones")


def _turned(one: Mapping[str, str | None], other: Mapping[str, str | None]) -> bool:
    """Return whether the second name is the first written family name first."""
    return (
        one["family_bones"] is not None
        and other["given_bones"] == one["family_bones"]
        and (other["father_bones"] or other["family_bones"]) == one["given_bones"]
    )
