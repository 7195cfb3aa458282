"""Draw docs/understand/worlds/PRESET.svg: a world's truth, and what its sources made of it.

`python scripts/worlds.py` makes a small world of each preset and draws it, the same bytes each time; a test
fails if a picture and its preset differ.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from holdfire import worlds
from holdfire.publishing.drawing.svg import box, label, number, tag
from holdfire.worlds.making import Made, World
from holdfire.worlds.truce import STATES
from holdfire.worlds.verdicts import VERDICTS

PAGES = Path(__file__).resolve().parent.parent / "docs" / "understand" / "worlds"
SEED, RECORDS = 1, 4000
WIDTH, MAP, TOP, GAP, STRIP = 760, 360, 58, 40, 120
CELLS = 36
"""Cells along a side of a map, in which acts are drawn as one mark."""

STYLE = """
svg{background:#fcfbf8;font:12px sans-serif;fill:#1c2024}.h{font-weight:600;font-size:14px}.q{fill:#565c64}
.land{fill:#fff;stroke:#a7a294}.town{fill:#d8d4c9}.breach{fill:#9a1b1e;stroke:#9a1b1e}.not_covered{fill:#a9b1bb;stroke:#a9b1bb}
.permitted_conduct{fill:#8dbcc1;stroke:#8dbcc1}.dataset{fill:#1b4f7c;stroke:#1b4f7c}.monitor{fill:#55602a;stroke:#55602a}.party{fill:#d98a2b;stroke:#d98a2b}.media{fill:#8a5a9e;stroke:#8a5a9e}
.dots{fill:none;stroke-linecap:round;stroke-opacity:.8}.never{fill:none;stroke:#9a1b1e;stroke-width:1.5}.coarse{fill:none;stroke:#565c64}.acts{fill:#d8d4c9}
.told{fill:none;stroke:#1c2024;stroke-width:1.3}.records{fill:none;stroke:#1b4f7c;stroke-dasharray:3 2}
.truce{fill:#e6eef5}.dots rect{stroke:none}.suspended,.collapsed{fill:#f3ead9}.axis{stroke:#8f8b80}
@media(prefers-color-scheme:dark){svg{background:#15181b;fill:#e8e5de}.q{fill:#a9adb2}.land{fill:#1e2226;stroke:#767b80}
.town{fill:#363b40}.breach{fill:#cf4a45;stroke:#cf4a45}.not_covered{fill:#69727d;stroke:#69727d}.permitted_conduct{fill:#3f7d85;stroke:#3f7d85}.dataset{fill:#8ec2ee;stroke:#8ec2ee}
.monitor{fill:#c3cf92;stroke:#c3cf92}.party{fill:#f0b66b;stroke:#f0b66b}.media{fill:#c79ad9;stroke:#c79ad9}.never{stroke:#f49a92}.coarse{stroke:#a9adb2}
.acts{fill:#4a4f55}.told{stroke:#e8e5de}.records{stroke:#8ec2ee}.truce{fill:#1f2e3a}.suspended,.collapsed{fill:#3a2a12}}
"""

Floats = npt.NDArray[np.float64]


def picture(name: str) -> str:
    """Return the picture of a preset's world."""
    world = worlds.world(worlds.read(name), SEED, RECORDS)
    made = list(world.blocks())
    title = world.preset.title["en"]
    head = [
        label(f"{title}: simulated, no such place exists", x=12, y=20, class_="h"),
        label("What happened", x=12, y=46),
        label("What the sources say", x=WIDTH / 2 + 12, y=46),
    ]
    left = tag("g", *_happened(world, made), transform=f"translate(12 {TOP})")
    right = tag("g", *_said(world, made), transform=f"translate({WIDTH / 2 + 12} {TOP})")
    strip = tag("g", *_days(world, made), transform=f"translate(12 {TOP + MAP + GAP + 14})")
    height = TOP + MAP + GAP + STRIP + 62
    words = f"Simulated world {name}: where acts happened, where sources place them, how many a day."
    body = [tag("title", words), tag("style", STYLE), *head, left, right, strip]
    written = tag(
        "svg", *body, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height}", role="img"
    )
    return written + "\n"


def _xy(world: World, east: Floats, north: Floats) -> tuple[Floats, Floats]:
    """Return where points [km] lie on a map [units]; one outside the land is put at its edge."""
    size, side = world.country.size * 1.02, MAP - 24
    return np.clip((east / size + 0.5) * side, 0, side), np.clip((0.5 - north / size) * side, 0, side)


def _marks(x: Floats, y: Floats, shift: float = 0.0) -> list[tuple[float, float, float]]:
    """Return circles for points that share a cell: their mean, and a radius that grows with their number."""
    cell = (MAP - 24) / CELLS
    at = np.floor(y / cell) * (CELLS + 1) + np.floor(x / cell)
    cells, counts = np.unique(at, return_inverse=True, return_counts=True)[1:]
    radius = np.minimum(0.62 * cell, 0.9 + 0.55 * np.sqrt(counts))
    middle = [np.bincount(cells, weights=line, minlength=len(counts)) / counts for line in (x, y)]
    rows = zip(middle[0].tolist(), middle[1].tolist(), radius.tolist(), strict=True)
    return [(east + shift, south + shift, size) for east, south, size in rows]


def _dots(marks: list[tuple[float, float, float]], class_: str) -> str:
    """Return marks as round ends of strokes of no length: a path for each of a few sizes."""
    parts = []
    for size in sorted({round(r * 2) for _, _, r in marks}):
        dots = "".join(f"M{x:.0f} {y:.0f}h0" for x, y, r in marks if round(r * 2) == size)
        parts.append(tag("path", d=dots, stroke_width=size))
    return tag("g", *parts, class_=f"dots {class_}")


def _rings(marks: list[tuple[float, float, float]]) -> str:
    rings = "".join(f"M{x - 3:.0f} {y:.0f}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z" for x, y, _ in marks)
    return tag("path", class_="never", d=rings or "M0 0")


def _land(world: World) -> list[str]:
    x, y = _xy(world, world.country.east, world.country.north)
    some = np.argsort(-world.country.people, kind="stable")[:150]
    towns = "".join(box(a - 1, b - 1, 2, 2) for a, b in zip(x[some].tolist(), y[some].tolist(), strict=True))
    land = tag("rect", class_="land", x=-4, y=-4, width=MAP - 16, height=MAP - 16)
    return [land, tag("path", class_="town", d=towns)]


def _happened(world: World, made: list[Made]) -> list[str]:
    """Return the map of acts by their verdict."""
    parts = _land(world)
    for shift, which in ((-1.2, "not_covered"), (0, "permitted_conduct"), (1.2, "breach")):
        code = VERDICTS.index(which)
        chosen = [each.acts.take(each.acts.real & (each.acts.verdict == code)) for each in made]
        x, y = _xy(world, *(np.concatenate([getattr(a, n) for a in chosen]) for n in ("east", "north")))
        parts.append(_dots(_marks(x, y, shift), which))
    return [
        *parts,
        *_key([("breach", "breach"), ("not_covered", "not covered"), ("permitted_conduct", "permitted")]),
    ]


def _said(world: World, made: list[Made]) -> list[str]:
    """Return the map of records by kind of source; rings are rumours, squares whole districts and more."""
    parts, seen = _land(world), []
    kinds = sorted({source.kind for source in world.preset.sources})
    for number_, kind in enumerate(kinds):
        tellings = [t.told for each in made for t in each.tellings if t.ear.note.kind == kind]
        fine = [told.take((told.fine < 2) & ~told.denied) for told in tellings]
        x, y = _xy(world, *(np.concatenate([getattr(t, n) for t in fine]) for n in ("east", "north")))
        if len(x):
            parts.append(_dots(_marks(x, y, 1.6 * number_ - 2), kind))
            seen.append((kind, kind))
    coarse, never = [], []
    for each in made:
        for told in (t.told for t in each.tellings):
            wide = told.take(told.fine >= 2)
            coarse.append(np.column_stack(_xy(world, wide.east, wide.north)))
            lie = told.act < 0
            lie[~lie] = ~each.acts.real[told.act[~lie]]
            false = told.take(lie & (told.fine < 2))
            never.append(np.column_stack(_xy(world, false.east, false.north)))
    spots = np.unique(np.round(np.concatenate(coarse) / 6) * 6, axis=0)
    squares = "".join(box(x - 6, y - 6, 12, 12) for x, y in spots.tolist())
    parts.append(tag("path", class_="coarse", d=squares or "M0 0"))
    rings = np.concatenate(never)
    parts.append(_rings(_marks(rings[:, 0], rings[:, 1])))
    return [*parts, *_key([*seen, ("never", "never was"), ("coarse", "a whole area")])]


def _key(entries: list[tuple[str, str]]) -> list[str]:
    parts, x = [], 0.0
    for class_, words in entries:
        parts.append(tag("rect", class_=class_, stroke_width=1, x=x, y=MAP - 10, width=9, height=9))
        parts.append(label(words, x=x + 13, y=MAP - 1, class_="q"))
        x += 22 + 5.6 * len(words)
    return parts


def _days(world: World, made: list[Made]) -> list[str]:
    """Return acts a day, those that anyone tells of, and records, as means of seven days."""
    days, side = world.preset.days, WIDTH - 24
    acts, told, records = (np.zeros(days) for _ in range(3))
    for each in made:
        real = each.acts.take(each.acts.real)
        acts += np.bincount(real.day, minlength=days)
        heard = np.zeros(len(each.acts), dtype=bool)
        for telling in each.tellings:
            about = telling.told.act[(telling.told.act >= 0) & ~telling.told.denied]
            heard[about] = True
            records += np.bincount(each.acts.day[about], minlength=days)
        told += np.bincount(each.acts.day[heard & each.acts.real], minlength=days)
    smooth = [np.convolve(line, np.ones(7) / 7, mode="same") for line in (acts, told, records)]
    top = max(float(line.max()) for line in smooth)
    points = [
        [
            f"{number(day * side / (days - 1))} {number(STRIP - line[day] / top * STRIP)}"
            for day in range(0, days, 2)
        ]
        for line in smooth
    ]
    parts = _phases(world, side)
    parts.append(tag("path", class_="acts", d=f"M0 {STRIP}L" + "L".join(points[0]) + f"L{side} {STRIP}z"))
    parts.append(tag("path", class_="told", d="M" + "L".join(points[1])))
    parts.append(tag("path", class_="records", d="M" + "L".join(points[2])))
    parts.append(tag("line", class_="axis", x1=0, y1=STRIP, x2=side, y2=STRIP))
    words = f"Each of {days} days: acts (area), acts told by anyone (line), records (dashes). Top: {top:.0f}."
    return [
        label(words, x=0, y=-22, class_="q"),
        *parts,
        label(_sum(world, made), x=0, y=STRIP + 18, class_="q"),
    ]


def _phases(world: World, side: int) -> list[str]:
    parts, phases, days = [], world.preset.pact.phases, world.preset.days
    for place, phase in enumerate(phases):
        until = phases[place + 1].day if place + 1 < len(phases) else days
        x = phase.day * side / days
        if phase.state in STATES[1:]:
            width = (until - phase.day) * side / days
            parts.append(tag("rect", class_=phase.state, x=x, y=0, width=width, height=STRIP))
            if width > 7 * len(phase.state):
                parts.append(label(phase.state, x=x + 4, y=-6, class_="q"))
    return parts


def _sum(world: World, made: list[Made]) -> str:
    acts = sum(int(each.acts.real.sum()) for each in made)
    records = sum(len(t.told) for each in made for t in each.tellings)
    copies = sum(int((t.told.copied != 0).sum()) for each in made for t in each.tellings)
    dead = sum(int(each.acts.killed.sum()) for each in made)
    return (
        f"{acts:,} acts, {dead:,} dead; {len(world.preset.sources)} sources, {records:,} records,"
        f" {copies / records:.0%} of them copies. Seed {SEED}."
    )


def main() -> None:
    """Draw every preset."""
    PAGES.mkdir(exist_ok=True)
    for name in worlds.presets():
        (PAGES / f"{name}.svg").write_text(picture(name), encoding="utf-8")


if __name__ == "__main__":
    main()
