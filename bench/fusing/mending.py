"""What judged pairs teach of worlds that the shipped weights were not trained on: F1, calibration of links.

Of each world so many pairs are judged by its truth, as `holdfire review links` shows them: a third spread
over all weights, the rest between odds of one to four and four to one. Weights are mended as `holdfire fuse
train` does, judged pairs alone, and all reports are joined again, nothing judged kept. The control has the
labels shuffled. HOLDFIRE_SEEDS names the seeds, `1 2 3 4` without it; each world has some 8,000 reports.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.figures import Figure
from bench.fusing.train_incident import lay_out
from holdfire import worlds
from holdfire.engine import Engine, Session
from holdfire.fusing.comparing.scoring import pairs
from holdfire.fusing.comparing.terms import prepare
from holdfire.fusing.grouping.calibrating import reliability
from holdfire.fusing.grouping.clustering import Joining, Pairs, group
from holdfire.fusing.grouping.marking import mark
from holdfire.fusing.incidents.fuse import FLOOR, Limits, within
from holdfire.fusing.incidents.linking import same_as
from holdfire.fusing.parameters import Parameters, parameters
from holdfire.fusing.profile import profile
from holdfire.fusing.training.evidence import Evidence, evidence
from holdfire.fusing.training.mending import mended, moves
from holdfire.fusing.training.proving import prove
from holdfire.records.source import Repeats

PRESETS = ("front", "siege")
RECORDS = 8000
JUDGED = (100, 300)
STRATUM = 2000
"""Width of a stratum of the audit [millibits]."""


@dataclass(frozen=True)
class Joined:
    """What weights make of a world: pairwise F1 of its incidents, and calibration error of its links."""

    f1: float
    error: float


@dataclass(frozen=True)
class Opened:
    """A world whose reports are laid out in a session, and what is true of each report."""

    session: Session
    sources: np.ndarray
    behaviour: list[Repeats]
    true: np.ndarray
    part: np.ndarray
    claims: list[str]

    def kept(self, weighed: Parameters) -> pa.Table:
        """Return the pairs that may be of one event."""
        self.session.give("weighed", pairs(self.session, profile("incident"), weighed, FLOOR).pairs)
        return self.session.sql(within("weighed", Limits()))

    def joined(self, weighed: Parameters, kept: pa.Table) -> Joined:
        """Return how well reports are joined; sums of several events, and what tells of none, not marked."""
        joining = Joining(floor=FLOOR, offset=weighed.offset)
        groups = group(Pairs.of(kept), self.sources, self.behaviour, None, joining, 2).groups
        known = (self.true >= 0) & ~self.part
        links = same_as(self.session, kept, weighed, None)
        at = {claim: n for n, claim in enumerate(self.claims)}
        one, other = (np.array([at[c] for c in links[end].to_pylist()]) for end in ("one", "other"))
        plain = ~(self.part[one] | self.part[other])
        said = np.asarray(links["confidence"])[plain] / 1000
        error = reliability(said, ((self.true[one] == self.true[other]) & (self.true[one] >= 0))[plain]).error
        return Joined(mark(groups[known], self.true[known]).pairs.f1, error)


@contextmanager
def opened(preset: str, seed: int) -> Iterator[Opened]:
    """Make a world, and open it."""
    with (
        tempfile.TemporaryDirectory(prefix="holdfire-mending-") as scratch,
        Engine(2, 2048).session() as session,
    ):
        world = Path(scratch) / "world"
        worlds.make(preset, seed, RECORDS, world)
        names = lay_out(session, world)
        setting = json.loads((world / "world.json").read_text(encoding="utf-8"))["setting"]
        repeats = {each["id"]: Repeats(each["repeats"]) for each in setting["sources"]}
        truth = session.sql("SELECT incident, part FROM truth ORDER BY record")
        listed = session.sql("SELECT source, claim_id FROM features ORDER BY record")
        yield Opened(
            session,
            listed["source"].to_numpy(),
            [repeats[each] for each in names],
            np.asarray(truth["incident"]),
            np.asarray(truth["part"]),
            listed["claim_id"].to_pylist(),
        )


def chosen(kept: pa.Table, count: int, seed: int, offset: int) -> np.ndarray:
    """Return which pairs a reviewer is shown."""
    draw = np.random.default_rng(seed)
    weight = np.asarray(kept["weight"])
    stratum = np.clip(weight // STRATUM, -10, 10)
    strata = np.unique(stratum)
    each = max(1, count // 3 // len(strata))
    audit = np.concatenate([draw.permutation(np.flatnonzero(stratum == s))[:each] for s in strata])
    band = np.setdiff1d(np.flatnonzero(np.abs(weight + offset) <= 2000), audit)
    return np.concatenate([audit, draw.permutation(band)[: count - len(audit)]])


def judged(world: Opened, kept: pa.Table, rows: np.ndarray, shuffle: int | None = None) -> Evidence:
    """Return some pairs as evidence, judged by the truth; with a seed, the labels are shuffled."""
    shipped = parameters("incident")
    a, b = (np.asarray(kept[end])[rows] for end in ("a", "b"))
    same = (world.true[a] == world.true[b]) & (world.true[a] >= 0)
    if shuffle is not None:
        same = np.random.default_rng(shuffle).permutation(same)
    prepare(world.session, profile("incident"), shipped)
    table = pa.table({"a": a, "b": b, "same": same})
    return evidence(world.session, profile("incident"), shipped, table, kept, shipped.offset)


def measure(shared: Path) -> Iterator[Figure]:
    """Yield F1 and calibration before and after, and how often what was learnt is taken."""
    del shared  # worlds are made from their presets alone
    seeds = [int(each) for each in os.environ.get("HOLDFIRE_SEEDS", "1 2 3 4").split()]
    for preset in PRESETS:
        before = list[Joined]()
        after: dict[int, list[Joined]] = {count: [] for count in JUDGED}
        taken, control = dict.fromkeys(JUDGED, 0), dict.fromkeys(JUDGED, 0)
        for seed in seeds:
            with opened(preset, seed) as world:
                _try(world, seed, before, after, taken, control)
        yield from _figures(preset, seeds, before, after, taken, control)


def _try(
    world: Opened,
    seed: int,
    before: list[Joined],
    after: dict[int, list[Joined]],
    taken: dict[int, int],
    control: dict[int, int],
) -> None:
    """Mend by so many judged pairs of one world; where it is refused, the shipped weights stay."""
    own, shipped = profile("incident"), parameters("incident")
    kept = world.kept(shipped)
    before.append(world.joined(shipped, kept))
    for count in JUDGED:
        rows = chosen(kept, count, seed, shipped.offset)
        seen, mixed = judged(world, kept, rows), judged(world, kept, rows, shuffle=seed)
        control[count] += prove(own, mixed, {"shipped": (shipped, mixed)}).better
        if not prove(own, seen, {"shipped": (shipped, seen)}).better:
            after[count].append(before[-1])
            continue
        taken[count] += 1
        made = mended(own, shipped, moves(own, shipped, seen), len(world.true))
        after[count].append(world.joined(made, world.kept(made)))


def _figures(
    preset: str,
    seeds: list[int],
    before: list[Joined],
    after: dict[int, list[Joined]],
    taken: dict[int, int],
    control: dict[int, int],
) -> Iterator[Figure]:
    for what, name in (("f1", "pairwise F1"), ("error", "calibration error of links")):
        was = [getattr(each, what) for each in before]
        yield Figure(f"{preset}, shipped weights: {name}", float(np.mean(was)), count=len(seeds))
        for count in JUDGED:
            now = [getattr(each, what) for each in after[count]]
            better = sum((b > a) == (what == "f1") and a != b for a, b in zip(was, now, strict=True))
            note = f"better in {better} of {len(seeds)}; taken in {taken[count]}"
            yield Figure(
                f"{preset}, mended by {count} judged pairs: {name}", float(np.mean(now)),
                count=len(seeds), note=note,
            )  # fmt: skip
    for count in JUDGED:
        yield Figure(
            f"{preset}, control: {count} shuffled labels, taken", control[count], count=len(seeds), reach="0"
        )
