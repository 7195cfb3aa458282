"""Charts and maps of one language: the bulletin's plain data, handed to what draws it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Protocol

from markupsafe import Markup

from holdfire.publishing.bulletin import Draft
from holdfire.publishing.drawing import captions, charts
from holdfire.publishing.drawing import map as maps
from holdfire.publishing.drawing.charts import Band, Day, Mark
from holdfire.publishing.figures import Figure
from holdfire.publishing.pages.lexicon import Lexicon
from holdfire.publishing.pages.typeset import Typesetter, markup
from holdfire.publishing.sections.incidents import where
from holdfire.publishing.values import Drawing
from holdfire.records.spell import Stretch

LOOKS = {"quiet": "quieter", "return": "fiercer", "unseen": "after", "level": "before"}
"""How a stretch of the trend is drawn."""

BANDS = ("in_force", "suspension", "recommitment", "breakdown")
MAP = "map.html"
PRECAUTION = "precaution_area"
"""Kind of shape that a precaution area is on a map."""


def _renewed(row: dict[str, Any], rows: list[dict[str, Any]]) -> bool:
    """Return whether a recommitment stands where its instrument comes into force, so that once is enough."""
    return row["kind"] == "recommitment" and any(
        other["kind"] == "in_force" and (other["title"], other["start"]) == (row["title"], row["start"])
        for other in rows
    )


class Speaking(Protocol):
    """What a drawing asks of the language it is drawn in."""

    code: str
    root: str
    words: Lexicon

    def typesetter(self, depth: int) -> Typesetter:
        """Return what sets values on a page so many folders below the language's root."""
        ...


class Drawings:
    """Draws what the bulletin's blocks name."""

    def __init__(self, draft: Draft, language: Speaking) -> None:
        self.draft = draft
        self.language = language
        self.rtl = language.words.direction == "rtl"
        self.captions = captions.captions(language.code)

    def draw(self, block: Drawing, t: Typesetter) -> Markup:
        """Return a drawing as markup, with its caption."""
        drawn = self._daily(block.data) if block.name == "daily" else self._map()
        if not drawn:
            return Markup("")
        said = self.language.words.sentence(f"chart_{block.key}")
        more = ""
        if block.name == "map":
            more = Markup(' <a class="screen-only" href="%s%s">%s</a>') % (t.here, MAP, t.label("map_page"))
        figure = Markup('<figure id="%s">%s<figcaption>%s%s</figcaption></figure>')
        return figure % (block.name, markup(drawn), said, more)

    def _daily(self, data: dict[str, Any]) -> str:
        days = []
        for row in data["days"]:
            kept = {name: row[name] for name in row if name not in ("day", "figure")}
            figure: Figure | None = row["figure"]
            href = f"figures/{figure.basis}.html#{figure.id}" if figure else None
            days.append(Day(date=row["day"], href=href, **kept))
        bands = [
            Band(
                kind=row["kind"],
                start=row["start"],
                end=row["end"],
                label=self._label(row),
            )
            for row in data["windows"]
            if row["kind"] in BANDS and not _renewed(row, data["windows"])
        ]
        marks = [self._mark(s) for s in data["segments"] if s.kind != "level"]
        words = {**self.captions, **self.language.words.chart}
        return charts.daily(days, bands, marks, words, self.rtl)

    def _label(self, row: dict[str, Any]) -> str:
        """Return the words over a band: the instrument's title, or what happened to it."""
        if row["kind"] == "in_force":
            return self.language.words.words(row["title"].words)[0]
        return self.language.words.code("window_kind", row["kind"])

    def _mark(self, segment: Stretch) -> Mark:
        words = self.language.words
        of = "killed" if segment.basis == "deaths" else "incidents"
        level = segment.deaths_per_day if of == "killed" else segment.incidents_per_day
        label = words.sentence("chart_segment").format(
            kind=words.code("segment", segment.kind),
            when=words.span(segment.start, segment.end),
            rate=words.hundredths(round(level * 100)),
        )
        return Mark(
            start=segment.start,
            end=segment.end,
            level=level,
            kind=LOOKS[segment.kind],
            label=label,
            of=of,
        )

    @cached_property
    def _ground(self) -> maps.Outline | None:
        zones = self.draft.issue.material.agreement.zones
        territory = [zone.polygon for zone in zones if zone.kind == "territory"]
        if territory:
            return maps.outline(territory=territory[0])
        countries = maps.countries_of(
            (d.lon, d.lat) for d in self._dots if d.lon is not None and d.lat is not None
        )
        return maps.outline(countries) if countries else None

    @cached_property
    def _dots(self) -> list[maps.Dot]:
        found = []
        issue, words = self.draft.issue, self.language.words
        t = self.language.typesetter(0)
        for row in self._data["dots"]:
            entry = issue.by_id[row["id"]]
            place = t.verbatim(issue.evidence.places[entry.id], wrap=False).striptags()
            act = words.code("act", entry.act)
            when = t.between(entry.start, entry.end)
            if entry.incident_id in issue.material.sheltered:
                place = t.show(where(issue, entry)).striptags()
            named = place or t.show(issue.area(entry.area)).striptags()
            killed = t.range_words(entry.killed_low, entry.killed_best, entry.killed_high)
            said = words.listed([f"{named}: {act}", when, f"{words.label('killed')}: {killed}"])
            found.append(
                maps.Dot(
                    id=entry.id,
                    lat=float(row["lat"]) if row["lat"] is not None else None,
                    lon=float(row["lon"]) if row["lon"] is not None else None,
                    radius=float(row["radius"]) if row["radius"] is not None else None,
                    verdict=entry.verdict,
                    label=said,
                    where=named,
                    when=when,
                    href=f"determinations/{entry.id}.html",
                )
            )
        return found

    @cached_property
    def _data(self) -> dict[str, Any]:
        blocks = (b for s in self.draft.bulletin.sections for b in s.blocks)
        empty: dict[str, Any] = {"dots": []}
        return next((b.data for b in blocks if isinstance(b, Drawing) and b.name == "map"), empty)

    @cached_property
    def _shapes(self) -> list[maps.Shape]:
        """Return the zones but the territory itself, the ground of the map, and the precaution areas on."""
        return [
            maps.Shape(
                kind=zone.kind.value,
                label=self.language.words.words(zone.name)[0],
                area=maps.polygons(zone.polygon),
                href="#zones",
            )
            for zone in self.draft.issue.material.agreement.zones
            if zone.kind != "territory"
        ] + [
            maps.Shape(
                kind=PRECAUTION,
                label=f"{self.language.words.code('zone_kind', PRECAUTION)} {cell.code}",
                area=maps.polygons(cell.zone),
                href="#precaution",
            )
            for cell in self.draft.issue.material.cells
            if cell.on
        ]

    def _map(self) -> str:
        if self._ground is None:
            return ""
        drawn = (self._ground, self._dots, self._shapes, self.captions, self.rtl)
        return maps.svg(*drawn, towns=self._towns, more=MAP)

    @property
    def _towns(self) -> list[maps.Town]:
        words = self.language.words
        listed = self.draft.issue.material.landmarks
        return [maps.Town(label=words.words(name)[0], lat=lat, lon=lon) for name, lat, lon in listed]

    def map_page(self) -> Iterator[tuple[str, bytes]]:
        """Yield the page of the interactive map, if there is ground to draw it on."""
        if self._ground is None or not self._data["dots"]:
            return
        top = self.language.typesetter(0).top
        title, _ = self.language.words.words(self.draft.bulletin.title)
        days = self.language.words.span(self.draft.bulletin.first, self.draft.bulletin.last)
        written = maps.page(
            self._ground,
            self._dots,
            self._shapes,
            self.captions,
            self.rtl,
            title=f"{title}: {days}",
            towns=self._towns,
            back="index.html#map",
            assets=f"{top}assets/",
        )
        yield self.language.root + MAP, written.encode()
