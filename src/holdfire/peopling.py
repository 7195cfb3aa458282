"""People of the lists of the dead in a case: entries are read from the vault, linked in memory, told by ids.

Four rules hold, and tests/unit/test_peopling.py tries to break each:

* every entry of every list is in exactly one person, whether anything can be told of it or not;
* nothing that is kept or told was ever a name, nor was made of one;
* the order in which lists came changes no group;
* what people judged of two entries is honoured, or it is said why not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.digests import Digest, digest, digest_of
from holdfire.engine import Engine, literal
from holdfire.errors import HoldfireError, nameless
from holdfire.folder import Folder
from holdfire.fusing.parameters import Parameters, parameters
from holdfire.fusing.repeating import equal
from holdfire.holdings import Held
from holdfire.links.judged import Judged, judged_entries
from holdfire.readings import Readings, Tell, quiet
from holdfire.records.death import DEATH, NAMES
from holdfire.records.link import CERTAIN, SAME_AS, Judgement, Said, Settled, row_side
from holdfire.records.link import Linked as Kind
from holdfire.records.person import PERSON
from holdfire.records.source import Repeats
from holdfire.tables import rows, stack

if TYPE_CHECKING:
    from holdfire.fusing.grouping.clustering import Judged as Decided
    from holdfire.fusing.people.link import Linked as Found

CHUNK = 1 << 20

Numbers = npt.NDArray[np.int64]
_STANDS = ("entry_id", "report", "source", "row", "own_id")
"""Columns of DEATH that say where an entry stands, and nothing of the person."""
_DECIDED = pa.schema([(name, pa.string()) for name in ("one", "other", "by", "at")] + [("sure", pa.int64())])


@dataclass(frozen=True)
class Entries:
    """Every entry of every list of a case.

    Attributes:
        lists: The lists, in an order that does not depend on when they came or on any salt.
        deaths: DEATH rows in that order. They hold names: keep them in memory.
    """

    lists: tuple[Held, ...]
    deaths: pa.Table

    @property
    def list_of(self) -> Numbers:
        """Return for each entry the place of its list (entries,)."""
        places = pa.array([each.report.id for each in self.lists], pa.string())
        found: Numbers = pc.index_in(self.deaths["report"], value_set=places).to_numpy().astype(np.int64)
        return found


def gather(readings: Readings, held: Iterable[Held]) -> Entries:
    """Return the entries of all lists among some reports, read anew.

    Raises:
        BadInput: All problems of a list.
    """
    lists = sorted(readings.lists(held), key=_order)
    return Entries(tuple(lists), stack(DEATH, [readings.deaths(each) for each in lists]))


def _order(held: Held) -> tuple[str, str, Digest]:
    with held.open() as stream:
        # Of the plain bytes, not of the salted id: two cases of the same lists have them in one order.
        name = digest_of(iter(lambda: stream.read(CHUNK), b""))
    return held.report.source, held.report.published, name


def named(deaths: pa.Table) -> Numbers:
    """Return for each entry whether it has two letters of a name: 1, else 0 (entries,)."""
    found = np.zeros(deaths.num_rows, np.int64)
    for column in NAMES:
        letters = pc.match_substring_regex(deaths[column], r"\pL.*\pL")
        found |= pc.fill_null(letters, False).to_numpy().astype(np.int64)
    return found


def persons(
    deaths: pa.Table, groups: Numbers, sure: Numbers | None, came: Sequence[Digest], engine: Engine
) -> pa.Table:
    """Return PERSON rows.

    Args:
        deaths: DEATH rows; no name of theirs is looked at.
        groups: For each entry the smallest place of an entry of its group (entries,).
        sure: For each entry the share of draws in which its whole group is one [thousandths]; None: no draws.
        came: Ids of the lists in the order in which they came. A person keeps the id of the entry that came
            first, so that one more list renames nobody.
        engine: How to run SQL.
    """
    ids = deaths.select(["entry_id", "report", "source", "row"])
    rank = pc.index_in(ids["report"], value_set=pa.array(list(came), pa.string()))
    shares = pa.array(sure, pa.int64()) if sure is not None else pa.nulls(len(groups), pa.int64())
    told = ids.append_column("rank", rank).append_column("person", pa.array(groups))
    query = """
        SELECT 'p-' || substr(sha256(arg_min(entry_id, (rank, "row"))), 1, 16) AS person_id,
            list_sort(list(entry_id)) AS entries, list_sort(list_distinct(list(report))) AS lists,
            list_sort(list_distinct(list(source))) AS sources,
            CASE WHEN count(*) > 1 THEN min(share) END AS confidence
        FROM told GROUP BY person ORDER BY person_id
    """
    return PERSON.check(engine.sql(query, told=told.append_column("share", shares)))


@dataclass(frozen=True)
class People:
    """Who the entries of a case's lists are about, as far as it may be kept: ids and numbers.

    Attributes:
        persons: PERSON rows; every entry is in exactly one.
        links: SAME_AS rows: every pair of entries that was weighed above the floor, or that people judged.
        entries: Entries of all lists.
        alone: Entries that name no one; each is counted as a person.
        low: Least number of people of 95 of 100 posterior draws [people]; None: no draws were made.
        high: Greatest such number [people].
        crowded_entries: At least so many entries stood in a block too crowded to compare whole.
        unheeded: Pairs that people judged the same and that stay apart: their list never repeats itself.
        lost: Judgements of which an entry is not found any more.
        repeated: For each source whose lists are said never to repeat anyone, how many of its entries are
            equal to another of their list in all but the list's own id.
    """

    persons: pa.Table
    links: pa.Table
    entries: int = 0
    alone: int = 0
    low: int | None = None
    high: int | None = None
    crowded_entries: int = 0
    unheeded: int = 0
    lost: int = 0
    repeated: Mapping[str, int] = field(default_factory=dict)


NOBODY = People(PERSON.empty(), SAME_AS.empty())
"""Of a case without lists."""


@dataclass(frozen=True)
class Linked:
    """What linking gives of n entries, by their places.

    Attributes:
        groups: For each entry the smallest place of an entry of its group (n).
        pairs: Columns a, b (places, a < b), weight [millibits], confidence [thousandths]; in their order.
        by: Digest of the parameters that weighed the pairs.
        crowded: At least so many entries stood in a block too crowded to compare whole.
        sure: For each entry the share of draws in which its whole group is one [thousandths] (n); None: no
            draws were made.
        low: Least number of people of 95 of 100 draws; None likewise.
        high: Greatest such number.
    """

    groups: Numbers
    pairs: pa.Table
    by: Digest
    crowded: int = 0
    sure: Numbers | None = None
    low: int | None = None
    high: int | None = None


Linker = Callable[[pa.Table, Numbers, Sequence[Repeats], Settled, Engine], Linked]
"""Links DEATH rows, given the list of each, what each list does, what people judged, and an engine."""


def peopled(
    readings: Readings, held: Sequence[Held], tell: Tell = quiet, linker: Linker | None = None
) -> People:
    """Return who the entries of a case's lists are about.

    Args:
        readings: The reader of the case.
        held: Reports in the order in which they came.
        tell: Told of progress.
        linker: How entries are linked; None: as Holdfire does.

    Raises:
        BadInput: All problems of a list.
        HoldfireError: The entries do not fit the memory of the settings.
    """
    if not readings.lists(held):
        return replace(NOBODY, lost=len(judged_entries(readings.folder.judgements, {}).lost))
    tell("linking", 0, 0)
    entries, folder = gather(readings, held), readings.folder
    deaths = entries.deaths
    behaviour = [folder.sources[each.report.source].repeats for each in entries.lists]
    known = _judged(deaths, folder.judgements)
    settled = known.settled
    # Without a folder to spill to: names, and what is made of them, never reach a disk.
    engine = replace(readings.engine, scratch="")
    with nameless("the entries of lists cannot be linked"):
        repeated = _repeated(entries, behaviour, engine)
        linked = _fitting(linker or _as_trained(folder), deaths, entries.list_of, behaviour, settled, engine)
    came = [each.report.id for each in held]
    return People(
        persons(deaths, linked.groups, linked.sure, came, engine),
        _links(deaths["entry_id"], linked, settled, engine),
        entries=len(deaths),
        alone=int(len(deaths) - named(deaths).sum()),
        low=linked.low,
        high=linked.high,
        crowded_entries=linked.crowded,
        unheeded=_unheeded(deaths["entry_id"], linked.groups, settled),
        lost=len(known.lost),
        repeated=repeated,
    )


def _repeated(entries: Entries, behaviour: Sequence[Repeats], engine: Engine) -> Mapping[str, int]:
    """Return how many entries of each source whose lists repeat nobody are equal to another of their list."""
    apart = np.array([each is Repeats.DISTINCT for each in behaviour])
    chosen = apart[entries.list_of] & (named(entries.deaths) > 0)
    if not chosen.any():
        return {}
    said = [name for name in DEATH.arrow.names if name not in _STANDS]
    table = entries.deaths.select(said).append_column("list", pa.array(entries.list_of))
    with engine.session() as session:
        session.give("entries", table.filter(pa.array(chosen)))
        found = equal(session, "entries", "list", said, "true")
    counted: Counter[str] = Counter()
    for at, count in found.items():
        counted[entries.lists[at].report.source] += count
    return counted


def _as_trained(folder: Folder) -> Linker:
    """Return how entries are linked in a case: by its own weights, where it was trained."""
    trained = folder.trained.get(Kind.PERSON)
    return partial(link, trained=trained) if trained else link


def _fitting(
    linker: Linker,
    deaths: pa.Table,
    lists: Numbers,
    behaviour: list[Repeats],
    settled: Settled,
    engine: Engine,
) -> Linked:
    import duckdb  # slow to load, and most cases have no list

    try:
        return linker(deaths, lists, behaviour, settled, engine)
    except (MemoryError, duckdb.OutOfMemoryException):
        raise HoldfireError(
            f"{len(deaths):,} entries of lists do not fit {engine.memory} MiB of memory",
            "case.yaml, settings",
            f"`memory: {2 * engine.memory}`; names are never moved to a disk, so they must fit",
        ) from None


def _judged(deaths: pa.Table, listed: Sequence[Judgement]) -> Judged:
    """Return what people decided of pairs of entries, by the entries' ids, and what of it is lost."""
    sides = {side for each in listed if each.kind is Kind.PERSON for side in (each.one, each.other)}
    if not sides:
        return Judged(Settled({}))
    reports = pa.array(sorted({side[:64] for side in sides}), pa.string())
    near = deaths.select(["report", "row", "entry_id"]).filter(pc.is_in(deaths["report"], value_set=reports))
    ids = {row_side(row["report"], row["row"]): row["entry_id"] for row in rows(near)}
    return judged_entries(listed, ids)


def _links(ids: pa.ChunkedArray, linked: Linked, settled: Settled, engine: Engine) -> pa.Table:
    """Return SAME_AS rows of weighed pairs; what people decided goes before what a weight says."""
    sure = {Said.SAME: CERTAIN, Said.DIFFERENT: 0}
    decided = pa.Table.from_pylist(
        [
            {"one": one, "other": other, "by": each.by, "at": each.at, "sure": sure[each.said]}
            for (one, other), each in sorted(settled.decided.items())
        ],
        schema=_DECIDED,
    )
    query = f"""
        WITH named AS (
            SELECT least(l.id, r.id) AS one, greatest(l.id, r.id) AS other, p.weight, p.confidence
            FROM pairs AS p JOIN ids AS l ON l.place = p.a JOIN ids AS r ON r.place = p.b)
        SELECT one, other, coalesce(d.sure, n.confidence) AS confidence, CAST(n.weight AS BIGINT) AS weight,
            coalesce(d."by", {literal(linked.by)}) AS "by", d.at
        FROM named AS n FULL JOIN decided AS d USING (one, other) ORDER BY one, other
    """
    place = pa.table({"id": ids, "place": np.arange(len(ids))})
    return SAME_AS.check(engine.sql(query, pairs=linked.pairs, ids=place, decided=decided))


def link(
    deaths: pa.Table,
    lists: Numbers,
    behaviour: Sequence[Repeats],
    settled: Settled,
    engine: Engine,
    trained: Parameters | None = None,
) -> Linked:
    """Link entries as Holdfire is trained to, or as a case is: how is in fusing.people.link.

    How surely two are one is the share of draws in which they are. The number of people comes without a
    span: the draws know nothing of pairs that were missed, and theirs did not hold the number of people of
    made-up lists.
    """
    # slow to load, and most cases have no list
    from holdfire.fusing.people.doubt import surely

    trained = trained or parameters("person")
    found, judged = _found(deaths, lists, behaviour, settled, engine, trained)
    sure = surely(found, lists.tolist(), behaviour, judged, engine.threads)
    # Only people are certain, either way.
    confidence = np.clip(sure.pairs, 1, CERTAIN - 1)
    return Linked(
        groups=found.groups,
        pairs=found.pairs.append_column("confidence", pa.array(confidence)),
        by=digest(trained.text().encode()),
        crowded=max(found.scored.crowded.values(), default=0),
        sure=np.clip(sure.whole, 1, CERTAIN - 1),
    )


def _found(
    deaths: pa.Table,
    lists: Numbers,
    behaviour: Sequence[Repeats],
    settled: Settled,
    engine: Engine,
    trained: Parameters,
) -> tuple[Found, Decided]:
    """Return what linking found, and what people decided of its entries."""
    from holdfire.fusing.grouping.clustering import Judged as Decided
    from holdfire.fusing.people import link as people

    at = _places(deaths["entry_id"], settled)
    judged = Decided(*(_rows_of(settled.pairs(said), at) for said in (Said.SAME, Said.DIFFERENT)))
    found = people.link(deaths, lists.tolist(), behaviour, engine, trained=trained, judged=judged)
    return found, judged


def partition(
    deaths: pa.Table,
    lists: Numbers,
    behaviour: Sequence[Repeats],
    settled: Settled,
    engine: Engine,
    trained: Parameters | None = None,
    draws: int = 20,
) -> Numbers:
    """Return drawn partitions of entries: for each draw and entry the smallest of its group (draws, n).

    A link whose pair was never found is in no draw, so draws are too sure of people whom several lists write
    very differently.
    """
    from holdfire.fusing.people.doubt import groupings

    found, judged = _found(deaths, lists, behaviour, settled, engine, trained or parameters("person"))
    drawn = groupings(found, lists.tolist(), behaviour, judged, engine.threads, draws=draws)
    groups = np.tile(np.arange(len(deaths), dtype=np.int64), (draws, 1))
    if len(drawn.records):
        groups[:, drawn.records] = drawn.groups
    return groups


def partitions(readings: Readings, entries: Entries, draws: int = 20) -> Numbers:
    """Return drawn partitions of all entries of a case; each entry that names no one is alone (draws, n).

    Raises:
        HoldfireError: The entries do not fit the memory of the settings.
    """
    folder = readings.folder
    behaviour = [folder.sources[each.report.source].repeats for each in entries.lists]
    settled = _judged(entries.deaths, folder.judgements).settled
    engine = replace(readings.engine, scratch="")
    trained = folder.trained.get(Kind.PERSON)
    with nameless("the entries of lists cannot be linked"):
        return partition(entries.deaths, entries.list_of, behaviour, settled, engine, trained, draws)


def _places(ids: pa.ChunkedArray, settled: Settled) -> dict[str, int]:
    """Return the place of each entry that people judged."""
    wanted = sorted({entry for pair in settled.decided for entry in pair})
    found = pc.index_in(pa.array(wanted, pa.string()), value_set=ids.combine_chunks()).to_pylist()
    return {entry: at for entry, at in zip(wanted, found, strict=True) if at is not None}


def _rows_of(listed: Iterable[tuple[str, str]], at: Mapping[str, int]) -> Numbers:
    known = [(at[one], at[other]) for one, other in listed if one in at and other in at]
    return np.array(known, np.int64).reshape(-1, 2)


def _unheeded(ids: pa.ChunkedArray, groups: Numbers, settled: Settled) -> int:
    """Return how many pairs that people judged the same stay apart, as a list never repeats itself."""
    same = _rows_of(settled.pairs(Said.SAME), _places(ids, settled))
    return int((groups[same[:, 0]] != groups[same[:, 1]]).sum())
