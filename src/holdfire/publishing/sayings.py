"""The claims that a bulletin speaks of, one value each: those of its incidents, and those of no occurrence.

A claim of no occurrence (a pledge, a plan, a total) belongs to the day its interval starts, else to the day
its report was published, else to none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from holdfire import times
from holdfire.errors import HoldfireError
from holdfire.publishing.material import Material
from holdfire.tables import rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One claim, with the determination it bears on and the part it plays there.

    Fields are those of the CLAIM table. `voice` is the id of the source or actor that holds the stance;
    empty: one we do not know, named `voice_text` in the report. `determination` and `part` are empty for a
    claim that is in no incident. `day` is the local day it belongs to.
    """

    id: str
    report: str
    seq: int
    row: int | None
    source: str
    root: str
    chain: tuple[tuple[str, str], ...]
    voice: str
    voice_text: str
    kind: str
    stance: str
    modality: str
    negated: bool
    act: str
    actors: tuple[str, ...]
    actors_text: str
    targets: tuple[str, ...]
    directed: bool
    start: datetime | None
    end: datetime | None
    time_precision: str
    time_native: str
    place: str
    area: str
    geo_precision: str
    geo_native: str
    killed: tuple[int | None, int | None, int | None]
    civilians: tuple[int | None, int | None]
    injured: tuple[int | None, int | None]
    quantity: int | None
    bound: str
    rule: str
    cumulative: bool
    determination: str
    part: str
    day: date | None

    @property
    def of_deaths(self) -> bool:
        """Return whether it is about an attack, a detention or someone's death or injury."""
        return self.act.startswith(("attack", "detention")) or any(
            value is not None for value in (*self.killed, *self.civilians, *self.injured)
        )

    @property
    def speaker(self) -> str:
        """Return who holds the stance, to compare by: a known id, else the words, else the publisher."""
        return self.voice or self.voice_text or self.source

    @property
    def of_a_toll(self) -> bool:
        """Return whether it quotes a total of deaths, injuries or displacement, which section 6 shows."""
        return self.act.startswith("toll.")


@dataclass(frozen=True)
class Sayings:
    """The claims of one bulletin.

    Attributes:
        inside: Claims of the period's incidents, by determination id, each list sorted.
        outside: Claims of no occurrence that belong to the period, sorted.
        earlier: Claims of no occurrence that belong to the period before, sorted.
        counts: Claims that give a number in another unit, up to the end of the period, sorted.
    """

    inside: Mapping[str, tuple[Saying, ...]]
    outside: tuple[Saying, ...]
    earlier: tuple[Saying, ...]
    counts: tuple[Saying, ...]

    def all(self) -> list[Saying]:
        """Return every claim once, sorted by id."""
        found = {s.id: s for group in self.inside.values() for s in group}
        found |= {s.id: s for s in (*self.outside, *self.counts)}
        return [found[name] for name in sorted(found)]


def sayings(material: Material, determinations: Mapping[str, str]) -> Sayings:
    """Return the claims of a period.

    Args:
        material: What the bulletin is made of.
        determinations: Determination id by incident id, for the incidents of the period.
    """
    members = material.members
    chosen = members.filter(
        pc.is_in(members["incident_id"], value_set=pa.array(sorted(determinations), pa.string()))
    )
    parts = {row["claim_id"]: (determinations[row["incident_id"]], row["part"]) for row in chosen.to_pylist()}
    claims = material.claims
    ids = claims["claim_id"]
    inside: dict[str, list[Saying]] = {name: [] for name in determinations.values()}
    told = claims.filter(pc.is_in(ids, value_set=chosen["claim_id"].combine_chunks()))
    for row in rows(told):
        found = _saying(row, *parts[row["claim_id"]], _local_day(row, material, {}), _texts(row, material))
        inside[found.determination].append(found)
    if empty := sorted(name for name, group in inside.items() if not group):
        raise HoldfireError(
            f"{len(empty)} incidents have no claim in the case, such as {empty[0]}; the tables do not agree"
        )
    others = claims.filter(pc.invert(pc.is_in(ids, value_set=members["claim_id"].combine_chunks())))
    published = _published(material)
    loose = [
        _saying(row, "", "", _local_day(row, material, published), _texts(row, material))
        for row in rows(_not_after(others, material, published))
    ]
    order = sorted(loose, key=_order)
    before = material.previous
    counted = [s for s in order if s.quantity is not None and (s.day is None or s.day <= material.last)]
    counted += [s for group in inside.values() for s in group if s.quantity is not None]
    return Sayings(
        {name: tuple(sorted(group, key=_order)) for name, group in inside.items()},
        tuple(s for s in order if s.day is not None and material.first <= s.day <= material.last),
        tuple(s for s in order if s.day is not None and before[0] <= s.day <= before[1]),
        tuple(sorted(counted, key=_order)),
    )


def _order(saying: Saying) -> tuple[Any, ...]:
    return (saying.day or date.max, saying.report, saying.seq, saying.id)


def _published(material: Material) -> dict[str, date]:
    """Return the local day each report was published, where it is known to the day."""
    found = {}
    for report in material.reports:
        if report.published:
            interval, precision = times.parse(report.published, material.zone)
            if interval.start and precision in (times.Precision.MINUTE, times.Precision.DAY):
                found[report.id] = interval.start.astimezone(material.zone).date()
    return found


def _not_after(others: pa.Table, material: Material, published: Mapping[str, date]) -> pa.Table:
    """Return the claims that can belong to the period or the one before, or give an earlier number.

    Done over columns, so that a case of a million claims of other kinds costs little.
    """
    if not others.num_rows:
        return others
    span = times.days(material.previous[0], material.last, material.zone)
    late = [digest for digest, day in published.items() if day > material.last]
    starts = others["start"]
    before_end = pc.fill_null(pc.less(starts, pa.scalar(span.end, starts.type)), True)
    after_start = pc.fill_null(pc.greater_equal(starts, pa.scalar(span.start, starts.type)), True)
    counted = pc.is_valid(others["quantity"])
    undated = pc.and_(pc.is_null(starts), pc.is_in(others["report"], value_set=pa.array(late, pa.string())))
    keep = pc.and_(pc.and_(before_end, pc.or_(after_start, counted)), pc.invert(undated))
    return others.filter(keep)


def _local_day(row: Mapping[str, Any], material: Material, published: Mapping[str, date]) -> date | None:
    if row["start"] is not None:
        return row["start"].astimezone(material.zone).date()  # type: ignore[no-any-return]
    return published.get(row["report"])


def _texts(row: Mapping[str, Any], material: Material) -> Sequence[str]:
    """Return who says a claim as the extracts have it; none: as the table has it."""
    found = material.extracts.claims.get(row["claim_id"]) if material.extracts else None
    return found.chain if found else ()


def _saying(
    row: Mapping[str, Any], determination: str, part: str, day: date | None, texts: Sequence[str] = ()
) -> Saying:
    chain = tuple((link["source"] or "", link["text"] or "") for link in row["chain"] or ())
    if texts:
        chain = tuple((name, text) for (name, _), text in zip(chain, texts, strict=True))
    voice = row["voice"] or (chain[-1][0] if chain else row["source"])
    return Saying(
        id=row["claim_id"],
        report=row["report"],
        seq=row["seq"],
        row=row["row"],
        source=row["source"],
        root=row["root"],
        chain=chain,
        voice=voice,
        voice_text=chain[-1][1] if chain else "",
        kind=row["kind"],
        stance=row["stance"],
        modality=row["modality"],
        negated=row["negated"],
        act=row["event_type"] or "",
        actors=tuple(row["actors"] or ()),
        actors_text=row["actors_text"] or "",
        targets=tuple(row["targets"] or ()),
        directed=row["directed"],
        start=row["start"],
        end=row["end"],
        time_precision=row["time_precision"],
        time_native=row["time_native"] or "",
        place=row["place"] or "",
        area=row["admin1"] or "",
        geo_precision=row["geo_precision"],
        geo_native=row["geo_native"] or "",
        killed=(row["killed_low"], row["killed_best"], row["killed_high"]),
        civilians=(row["civilians_low"], row["civilians_high"]),
        injured=(row["injured_low"], row["injured_high"]),
        quantity=row["quantity"],
        bound=row["quantity_bound"] or "",
        rule=row["counting_rule"] or "",
        cumulative=row["cumulative"],
        determination=determination,
        part=part,
        day=day,
    )


def ids(found: Iterable[Saying]) -> list[str]:
    """Return the ids of claims."""
    return [saying.id for saying in found]


def local_days(found: Iterable[Saying]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the distinct days of claims, as ordinals, sorted."""
    return np.unique(np.array([s.day.toordinal() for s in found if s.day], np.int64))
