"""UCDP GED against Airwars, Syria: do we join what GED's own coders cited as one event?

All rows of both go through their formats and the shipped case's names into `fuse`, as in a run. The gold is
the links that UCDP's coders left where they cited an incident of Airwars, resolved to today's codes; grades
A, B and E are scored. It has faults of its own: numbers that Airwars changed were resolved by date, name and
distance, and what a coder did not cite is not there, so a link that is "wrong" may be right. Columns that
hold the citations are never read here. `--links FILE` scores other links of the same form.
"""

from __future__ import annotations

import csv
import gzip
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from bench.figures import Figure, bootstrap, share
from holdfire.case import Case
from holdfire.engine import Engine
from holdfire.fusing.incidents.background import Background
from holdfire.fusing.incidents.fuse import Fused, fuse
from holdfire.fusing.incidents.moving import learn
from holdfire.fusing.parameters import Parameters, parameters
from holdfire.records.claim import CLAIM
from holdfire.tables import stack
from holdfire.together import background

ROOT = Path(__file__).resolve().parents[2]
GED, AIRWARS = "ucdp", "airwars"
GRADES = ("A", "B", "E")
BINS = 10
"""Bins of equal width in which probabilities are held against what is true."""

links_file: Path | None = None
"""Links to score; None: those of the shared folder."""

Pair = tuple[str, str]
"""A claim of GED and one of Airwars."""

Rows = dict[str, dict[int, str]]
"""For each source, the claim of each row of its file, from 1."""


@dataclass(frozen=True)
class Joined:
    """What the records became.

    Attributes:
        claims: CLAIM rows.
        rows: For each source, the claim of each row of its file, from 1.
        fused: What fusing gave.
        seconds: What fusing took: processor time and by the clock.
    """

    claims: pa.Table
    rows: Rows
    fused: Fused
    seconds: tuple[float, float]

    def weights(self) -> list[tuple[str, str, int, int]]:
        """Return GED claim, Airwars claim, weight and confidence of each pair kept, best first."""
        ged = set(self.rows[GED].values())
        table = self.fused.links.to_pydict()
        listed = zip(table["one"], table["other"], table["weight"], table["confidence"], strict=True)
        turned = [(a, b, w, c) if a in ged else (b, a, w, c) for a, b, w, c in listed]
        return sorted(turned, key=lambda each: (-(each[2] or 0), each[0], each[1]))

    def homes(self) -> dict[str, str]:
        """Return the incident of each claim."""
        members = self.fused.members.to_pydict()
        return dict(zip(members["claim_id"], members["incident_id"], strict=True))


def files(shared: Path) -> dict[str, Path]:
    """Return the file of each source."""
    events = shared / "data" / "events"
    return {
        GED: events / "ucdp_ged_syria" / "ged_syria_2016_2019.csv.gz",
        AIRWARS: events / "airwars_syria" / "airwars_syria_incidents.csv.gz",
    }


def read(shared: Path) -> tuple[pa.Table, Background]:
    """Return the claims of both sets, read as a case would read them, and what the case knows beforehand."""
    with tempfile.TemporaryDirectory(prefix="holdfire-bench-") as scratch:
        folder = Path(scratch) / "case"
        ignored = shutil.ignore_patterns(".holdfire", "bulletins", "inbox")
        shutil.copytree(ROOT / "examples" / "syria-2016", folder, ignore=ignored)
        (folder / "inbox").mkdir()
        for source, file in files(shared).items():
            shutil.copyfile(file, folder / "inbox" / file.name)
            note = f"source: {source}\npublished: 2026-08-15\nlicence: for measuring only\n"
            (folder / "inbox" / f"{file.name}.about.yaml").write_text(note)
        case = Case.open(folder)
        claims = stack(CLAIM, [CLAIM.check(table) for _, table in case.claims()])
        return claims, background(case.folder)


def join(claims: pa.Table, known: Background, engine: Engine, weights: Parameters | None = None) -> Joined:
    """Fuse both sets, and say how long that took."""
    started = time.process_time(), time.perf_counter()
    found = fuse(claims, known, engine, weights=weights)
    seconds = time.process_time() - started[0], time.perf_counter() - started[1]
    return Joined(claims, rows_of(claims), found, seconds)


def rows_of(claims: pa.Table) -> Rows:
    """Return for each source the claim of each row of its file, from 1."""
    rows: Rows = {GED: {}, AIRWARS: {}}
    for each in claims.select(["source", "row", "claim_id"]).to_pylist():
        rows[each["source"]][each["row"]] = each["claim_id"]
    return rows


def gold(shared: Path, rows: Rows) -> set[Pair]:
    """Return the pairs that are linked, each once."""
    events = {each["id"]: n for n, each in _rows(files(shared)[GED])}
    incidents: dict[str, list[int]] = {}
    for n, each in _rows(files(shared)[AIRWARS]):
        incidents.setdefault(each["code"], []).append(n)
    file = links_file or shared / "data" / "linkage" / "ged_airwars_links_dev.csv.gz"
    found = set()
    for _, link in _rows(file):
        named = incidents.get(link["airwars_code"], [])
        if (
            link["grade"] in GRADES and link["ged_id"] in events and len(named) == 1
        ):  # two codes are used twice
            found.add((rows[GED][events[link["ged_id"]]], rows[AIRWARS][named[0]]))
    return found


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table with their numbers, from 1."""
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8") as stream:
        yield from enumerate(csv.DictReader(stream), 1)


def by_event(pairs: Iterable[Pair], side: int) -> dict[str, set[str]]:
    """Return for each record of one side those of the other it is paired with."""
    found: dict[str, set[str]] = {}
    for pair in sorted(pairs):
        found.setdefault(pair[side], set()).add(pair[1 - side])
    return found


def measure(shared: Path) -> Iterator[Figure]:
    """Yield how well the two sets are joined, by the weights that all cases have and by some of their own."""
    claims, known = read(shared)
    engine = Engine(threads=2, memory=2048)
    linked = gold(shared, rows_of(claims))
    yield from _joined(shared, linked, join(claims, known, engine), "")
    started = time.process_time()
    own, stands = learn(claims, known, engine, parameters("incident"))
    if own is None or stands is None or not stands.better:
        yield Figure("`fuse train`, no pair judged: taken", 0, count=claims.num_rows)
        return
    took = f"{time.process_time() - started:.0f} s of processor time"
    yield Figure("pairs beyond chance, where chance makes one in ten", stands.before, count=claims.num_rows)
    yield Figure("`fuse train`, no pair judged: pairs beyond chance, where chance makes one in ten",
                 stands.after, count=claims.num_rows, note=took)  # fmt: skip
    yield from _joined(shared, linked, join(claims, known, engine, own), "`fuse train`, no pair judged: ")


def _joined(shared: Path, linked: set[Pair], joined: Joined, by: str) -> Iterator[Figure]:
    weights, made = joined.weights(), links_made(joined)
    cpu, wall = joined.seconds
    found = [
        Figure("GED and Airwars: fuse [s]", wall, count=joined.claims.num_rows, reach="4 s for 30 thousand",
               note=f"{cpu:.1f} s of processor time"),
        *_first(linked, weights), *_together(linked, made), _calibration(linked, weights),
        _window(shared, joined, made),
    ]  # fmt: skip
    yield from (replace(each, measure=f"{by}{each.measure}") for each in found)


def _first(linked: set[Pair], weights: Sequence[tuple[str, str, int, int]]) -> Iterator[Figure]:
    chosen: list[dict[str, str]] = [{}, {}]
    for one, other, _, _ in weights:
        chosen[0].setdefault(one, other)
        chosen[1].setdefault(other, one)
    for side, name in ((0, "GED event"), (1, "Airwars incident")):
        right = [chosen[side].get(one) in others for one, others in by_event(linked, side).items()]
        yield share(f"first choice of a linked {name} is one of its links", right, "0.85")
    either = [chosen[0].get(a) == b or chosen[1].get(b) == a for a, b in sorted(linked)]
    yield share("a linked pair is the first choice of either", either, "0.85")


def _together(linked: set[Pair], made: set[Pair]) -> Iterator[Figure]:
    yield share("a linked pair is in one incident", [pair in made for pair in sorted(linked)], "0.80")
    yield Figure("  at most, if each record were in one pair", _most(linked) / len(linked), count=len(linked))
    for side, name in ((0, "GED event"), (1, "Airwars incident")):
        known = {pair[side] for pair in linked}
        right = [pair in linked for pair in sorted(made) if pair[side] in known]
        yield share(f"of links made for a linked {name}, right", right, "0.85")


def links_made(joined: Joined) -> set[Pair]:
    """Return the pairs of a GED event and an Airwars incident that are in one incident of ours."""
    inside: dict[str, tuple[list[str], list[str]]] = {}
    homes = joined.homes()
    for side, source in enumerate((GED, AIRWARS)):
        for claim in joined.rows[source].values():
            if claim in homes:
                inside.setdefault(homes[claim], ([], []))[side].append(claim)
    return {(a, b) for ged, airwars in inside.values() for a in ged for b in airwars}


def _most(linked: set[Pair]) -> int:
    """Return how many links can hold at once if each record is in one: a greatest matching of the graph."""
    others = by_event(linked, 0)
    taken: dict[str, str] = {}

    def place(one: str, tried: set[str]) -> bool:
        for other in sorted(others[one] - tried):
            tried.add(other)
            if other not in taken or place(taken[other], tried):
                taken[other] = one
                return True
        return False

    return sum(place(one, set()) for one in sorted(others))


def _calibration(linked: set[Pair], weights: Sequence[tuple[str, str, int, int]]) -> Figure:
    """Return the expected calibration error over pairs of which a GED event is linked."""
    known = {one for one, _ in linked}
    told = [(sure / 1000, (one, other) in linked) for one, other, _, sure in weights if one in known]

    def error(items: Sequence[tuple[float, bool]]) -> float:
        bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
        for sure, right in items:
            bins[min(BINS - 1, int(sure * BINS))].append((sure, right))
        return sum(abs(sum(s - r for s, r in each)) for each in bins) / len(items)

    low, high = bootstrap(told, error)
    return Figure("expected calibration error of pairs of a linked GED event", error(told), low, high,
                  len(told), "0.03", "a pair that no coder cited counts as false")  # fmt: skip


def _window(shared: Path, joined: Joined, made: set[Pair]) -> Figure:
    within = []
    for number, row in _rows(files(shared)[AIRWARS]):
        day = row["date"]
        if row["lat"] and day and date(2016, 2, 1) <= date.fromisoformat(day) <= date(2016, 9, 30):
            within.append(joined.rows[AIRWARS][number])
    tied = {other for _, other in made}
    return share("Airwars incidents of February to September 2016 in one incident with a GED event",
                 [each in tied for each in within], note="no one has labelled them")  # fmt: skip
