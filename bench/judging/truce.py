"""The state of a truce: are both truces of 2016 found, do chances come true, and is a trend fooled by access?

Beside us, in the same run, PELT (Killick, Fearnhead and Eckley 2012, JASA 107:1590-1598) of `ruptures` on the
logarithm of daily deaths or acts, with the noise taken from neighbouring days and the same shortest level; it
is left out where `ruptures` is not installed (`pip install ruptures`).
"""

from __future__ import annotations

import csv
import gzip
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from bench.figures import Figure
from bench.judging.eyes import SCENES, said
from bench.judging.made import Known, Series, of_worlds
from bench.judging.made import said as changes_of
from holdfire.judging.changing import NEAR, posterior
from holdfire.judging.cutting import SHORTEST, cut

FIRST, LAST = date(2016, 2, 1), date(2016, 9, 30)
TRUCES = (date(2016, 2, 27), date(2016, 4, 1), date(2016, 9, 12), date(2016, 9, 19))
PEER = find_spec("ruptures") is not None
SEEDS = range(200, 202)
"""Of worlds that nothing was chosen on."""


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the figures."""
    yield from _syria(shared)
    yield from _worlds()
    yield from _effort()


def pelt(counts: Series) -> list[int]:
    """Return where levels begin, the first left out, as PELT on the logarithm has it."""
    import ruptures

    scale = np.log1p(counts)
    noise = float(np.median(np.diff(scale) ** 2)) / 0.9099  # the middle of a squared normal of variance two
    penalty = 2 * np.log(len(scale)) * max(noise, 1e-3)
    # The linear kernel is the squared error about a mean; this one is in C.
    found = ruptures.KernelCPD(kernel="linear", min_size=SHORTEST).fit(scale).predict(pen=penalty)
    return [int(each) for each in found[:-1]]


def deaths(shared: Path) -> Series:
    """Return the deaths a day between government and insurgents that GED records."""
    path = shared / "data" / "events" / "ucdp_ged_syria" / "ged_syria_2016_2019.csv.gz"
    days = np.zeros((LAST - FIRST).days + 1)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            start, end = (date.fromisoformat(row[name][:10]) for name in ("date_start", "date_end"))
            length = (end - start).days + 1
            if row["dyad_new_id"] != "11973" or not 1 <= length <= 7:
                continue
            for n in range(length):
                day = (start + timedelta(days=n) - FIRST).days
                if 0 <= day < len(days):
                    days[day] += int(row["best"]) / length
    return days


def _syria(shared: Path) -> Iterator[Figure]:
    days = deaths(shared)
    started = time.perf_counter()
    weighed = posterior(days)
    took = 1000 * (time.perf_counter() - started)
    name = "truces of 2016 in GED"
    for who, found in (("ours", cut(days)[1:]), *([("PELT", pelt(days))] if PEER else [])):
        off = [min(abs(day - (truce - FIRST).days) for day in found) for truce in TRUCES]
        others = [d for d in found if all(abs(d - (t - FIRST).days) > NEAR for t in TRUCES)]
        note = "days off: " + ", ".join(map(str, off))
        yield Figure(f"{name}: worst days off, {who}", float(max(off)), count=4, reach="4", note=note)
        yield Figure(f"{name}: other changes, {who}", float(len(others)), reach="4")
    for truce in TRUCES:
        day = min(cut(days)[1:], key=lambda each, t=truce: abs(each - (t - FIRST).days))
        yield Figure(f"{name}: chance of the change by {truce}", weighed.near(day))
    yield Figure(f"{name}: milliseconds for 243 days", took)


def _worlds() -> Iterator[Figure]:
    moving = [known for seed in SEEDS for known in of_worlds(seed)]
    found = [each for known in moving for each in changes_of(known)]
    for low, high in ((0.0, 0.5), (0.5, 0.75), (0.75, 0.9), (0.9, 0.97), (0.97, 1.01)):
        inside = [each for each in found if low <= each.chance < high]
        if inside:
            stated = float(np.mean([each.chance for each in inside]))
            true = float(np.mean([each.true for each in inside]))
            yield Figure(f"worlds: true of changes said at {stated:.2f}", true, count=len(inside))
    spans = [each.held for each in found if each.held is not None and each.chance >= 0.5]
    yield Figure("worlds: spans of nine in ten that hold the day", float(np.mean(spans)), count=len(spans))
    calm = [known for seed in SEEDS for known in of_worlds(seed, calm=True)]
    years = sum(len(known.counts) for known in calm) / 365.25
    alarms = sum(e.chance >= 0.5 and not e.true for known in calm for e in changes_of(known))
    yield Figure("worlds without a truce: changes told of, a year", alarms / years)
    bare = sum(len(cut(known.counts)) - 1 for known in calm)
    yield Figure("worlds without a truce: cuts a year, ours before chances", bare / years)
    if PEER:
        pelted = sum(len(pelt(known.counts)) for known in calm) / years
        yield Figure("worlds without a truce: cuts a year, PELT", pelted)
    weighed = [posterior(known.counts) for known in moving]
    cuts = [cut(known.counts)[1:] for known in moving]
    ours = [[d for d in days if each.near(d) >= 0.5] for days, each in zip(cuts, weighed, strict=True)]
    peers = [("PELT", [pelt(known.counts) for known in moving])] if PEER else []
    for who, days in (("ours, told of", ours), *peers):
        yield Figure(f"worlds: changes found within {NEAR} days, {who}", _found(moving, days))
        yield Figure(f"worlds: of changes found, true, {who}", _right(moving, days))


def _found(worlds: Sequence[Known], days: Sequence[Sequence[int]]) -> float:
    hits = [
        bool(found) and min(abs(day - change) for day in found) <= NEAR
        for known, found in zip(worlds, days, strict=True)
        for change in known.changes.tolist()
    ]
    return float(np.mean(hits))


def _right(worlds: Sequence[Known], days: Sequence[Sequence[int]]) -> float:
    return float(np.mean([known.near(d) for known, found in zip(worlds, days, strict=True) for d in found]))


def _effort() -> Iterator[Figure]:
    for name, (scene, effort) in SCENES.items():
        found = said(scene, range(8))
        changes = sum(found.values()) - found["no change"]
        rest = ", ".join(f"{each} {number}" for each, number in sorted(found.items()) if each != effort.value)
        yield Figure(
            f"{name}: said to be {effort.value.replace('_', ' ')}",
            found[effort.value] / max(changes, 1),
            count=changes,
            note=rest,
        )
