"""What a text may say of places, times and identities: what the release itself makes, and nothing else.

Everything in a text that looks like a position, a moment, an identity, a count or a kind of place is picked
out, and compared with what the exports of the releases hold. So nothing has to be known of a form but that it
is text: a log line is read as a map is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from holdfire.protecting.exports import exports
from holdfire.protecting.grid import HALF, ROUND, Box
from holdfire.protecting.release import Published

_NUMBER = r"(?<![\w.+-])[-+]?\d{1,3}(?:\.\d+)?(?![\w.]*\d)"
_PAIR = re.compile(rf"(?=({_NUMBER})\s*[,;\s]\s*({_NUMBER}))")
_DECIMAL = re.compile(r"(?<![\d.])[-+]?\d{1,3}\.\d{4,}(?!\d)")
_COMMA = re.compile(r"(?<![\d.,])(\d{1,3}),(\d{4,})(?![\d,.-])")
_HALVES = re.compile(r"(?<![A-Za-z])([NSEW])\s?(\d{1,3}\.\d+)|(\d{1,3}\.\d+)\s?°?\s?([NSEW])(?![A-Za-z])")
_KEYED = re.compile(
    r"(?<![a-z])(?:lat|lon|lng|latitude|longitude|easting|northing)\W{1,4}([-+]?\d+\.\d+)", re.I
)
_METRES = re.compile(r"(?<![\w.])\d{6}(?:\.\d+)?\s*[,; ]\s*\d{7}(?:\.\d+)?(?![\w.]*\d)")
_LOOSE = re.compile(
    r"(?<!\w)(\d{1,3})[ -](\d{1,2}(?:\.\d+)?)(?:[ -](\d{1,2}(?:\.\d+)?))?\s?['′]?\s?([NSEW])(?!\w)"
    r"|(?<!\w)(\d{2,3})(\d\d)(\d\d(?:\.\d+)?)?\s?([NSEW])(?!\w)"
)
_CLOCK = re.compile(r"(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:]*\d)")
_DAY = re.compile(
    r"(?<!\d)\d{1,2}[./]\d{1,2}[./]\d{4}(?!\d)"
    r"|(?<!\d)\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{4}(?!\d)",
    re.I,
)
_CODE = re.compile(r"(?<!\w)[A-Z][A-Z0-9]{1,11}-B?\d{3,}(?!\w)")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")
_DEGREES = re.compile(
    r"(\d{1,3})\s*[°º]\s*(\d{1,2}(?:[.,]\d+)?)\s*['′’](?:\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:[\"″”]|''))?\s*([NSEW]?)"
)
_GRID = re.compile(r"(?<!\w)\d{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s?\d{1,5}\s?\d{1,5}(?!\w)")
_PLUS = re.compile(r"(?<!\w)[23456789CFGHJMPQRVWX]{8}\+[23456789CFGHJMPQRVWX]{2,}(?!\w)")
_POINT = re.compile(
    r'"type"\s*:\s*"(?:Multi)?Point"|<(?:\w+:)?(?:Point|circle)\b|\bPOINT\s*\(|\bgeohash\b', re.I
)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d:?\d\d)?)?(?!\d)"
)
_UNIX = re.compile(r"(?<![\w.])1[5-9]\d{8}(?:\d{3})?(?![\w.]*\d)")
_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f])", re.I)
_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{32,128}(?![0-9a-f])", re.I)
_KINDS = (
    r"hospitals?|clinics?|schools?|universit(?:y|ies)|kindergartens?|bakery|bakeries|mosques?|church(?:es)?"
    r"|orphanages?|ambulances?|dialysis|maternity|health (?:centre|center|facility|post)s?"
    r"|water (?:station|plant|works)s?|convoys?|refugee camps?|warehouses?"
)
_CATEGORY = re.compile(
    rf"(?<![a-z])(?:{_KINDS})(?![a-z])|\b(?:category|facility_type|site_type|site_class)\"?\s*[:=]"
    r"|(?:مستشفى|مشفى|مدرسة|عيادة|مسجد|كنيسة|مخبز|ملجأ|مخيم|قافلة)",
    re.I,
)
_SITES = r"(?:protected[ _])?(?:sites?|places|facilit(?:y|ies)|objects)"
_COUNT = re.compile(
    rf"(?<![a-z])(?:{_SITES}|counts?|how_many|number_of_\w+|n_\w+)\"?\s*[:=]\s*\"?\d+"
    rf"|(?<![\w.-])\d+ (?:{_SITES}|{_KINDS})(?![a-z])",
    re.I,
)
_IDENTITY = re.compile(
    r"(?<![a-z])(?:sites?|place|facility|object)[ _-]?(?:id|no|nr|#)?[ _:=#\"-]{0,4}[a-z]{0,3}-?\d+\b", re.I
)
_NAMED = re.compile(r"(?:site|place|facility|object)_id|(?:\"|\b)uuid\b", re.I)
_HEADER = re.compile(r"(?:^|,)\"?(?:category|kind|type|counts?|sites?|uuid|radius)\"?(?=,|$)", re.I)

Kind = str


@dataclass(frozen=True)
class Facts:
    """What releases and their partitions say, as far as a text may repeat it.

    Attributes:
        sides: Longitudes and latitudes of sides of published zones [degrees].
        corners: Pairs of them that are a corner of one zone.
        grids: Corners as MGRS.
        moments: Starts and ends of epochs [s since 1970].
        digests: Every digest and key that releases and partitions name.
        span: Western, southern, eastern, northern end of all partitions [degrees].
        printed: Sides and corners as they are printed, by the number of decimals; filled as asked.
    """

    sides: frozenset[float]
    corners: frozenset[tuple[float, float]]
    grids: frozenset[str]
    moments: frozenset[float]
    digests: frozenset[str]
    span: tuple[float, float, float, float]
    printed: dict[int, tuple[frozenset[str], frozenset[tuple[str, str]]]] = field(default_factory=dict)

    @classmethod
    def of(cls, published: Sequence[Published], signed: Sequence[bytes] = ()) -> Facts:
        """Return what releases say; `signed` are their files, whose keys and signatures may be repeated."""
        sides: set[float] = set()
        corners: set[tuple[float, float]] = set()
        grids: set[str] = set()
        texts = [*(content.decode("utf-8", "replace") for content in signed)]
        moments = set()
        for each in published:
            for cell in each.cells:
                for lon in _turned(cell.zone):
                    for lat in (cell.zone.south / 60, cell.zone.north / 60):
                        sides |= {lon, lat}
                        corners.add((lon, lat))
            grids |= {_tight(found) for found in _GRID.findall(exports(each)["corners.csv"].decode())}
            texts += [each.release.text.decode(), each.release.digest, each.partition.text().decode()]
            texts.append(each.partition.digest)
            moments |= {end.timestamp() for end in (each.release.when.start, each.release.when.end) if end}
        boxes = [each.partition.extent for each in published]
        span = (
            min(box.west for box in boxes) / 60 - 0.1, min(box.south for box in boxes) / 60 - 0.1,
            max(box.east for box in boxes) / 60 + 0.1, max(box.north for box in boxes) / 60 + 0.1,
        )  # fmt: skip
        digests = frozenset(found.lower() for text in texts for found in _DIGEST.findall(text))
        return cls(frozenset(sides), frozenset(corners), frozenset(grids), frozenset(moments), digests, span)

    def found(self, line: str, timed: bool) -> Iterator[Kind]:
        """Yield the kind of everything in a line that no release says.

        Args:
            line: The line.
            timed: Whether its moments are held against epochs too.
        """
        line = line.translate(_DIGITS)
        yield from self._positions(_COMMA.sub(r"\1.\2", _HALVES.sub(_signed, line)))
        yield from self._angles(line)
        if timed:
            yield from self._moments(line)
        if _UUID.search(line) or _IDENTITY.search(line) or _NAMED.search(line):
            yield "identity"
        if any(each.lower() not in self.digests for each in _DIGEST.findall(line)):
            yield "identity"
        if _COUNT.search(line):
            yield "count"
        if _CATEGORY.search(line):
            yield "category"

    def _positions(self, line: str) -> Iterator[Kind]:
        if _POINT.search(line):
            yield "point"
        if _PLUS.search(line) or any(_tight(found) not in self.grids for found in _GRID.findall(line)):
            yield "position"
        for one, other in _PAIR.findall(line):
            few, many = sorted((_places(one), _places(other)))
            if few >= 1 and many >= 2 and self._stray(one, other):
                yield "position"
        for token in _DECIMAL.findall(line):
            if self._spanned(float(token)) and token.lstrip("+") not in self._printed(_places(token))[0]:
                near = min((abs(float(token) - side) for side in self.sides), default=1.0)
                yield "digits" if near < 1e-3 else "position"
        for token in _KEYED.findall(line):
            if token.lstrip("+") not in self._printed(_places(token))[0]:
                yield "position"

    def _angles(self, line: str) -> Iterator[Kind]:
        """Find degrees, minutes and seconds, with signs or run together, and grids in metres."""
        if _METRES.search(line):
            yield "position"
        spaced = [found[:4] if found[0] else found[4:] for found in _LOOSE.findall(line)]
        for found in [*_DEGREES.findall(line), *spaced]:
            value = sum(float(each.replace(",", ".") or 0) / 60**n for n, each in enumerate(found[:3]))
            if not any(abs(value - abs(side)) < 1e-6 for side in self.sides):
                yield "position"

    def _stray(self, one: str, other: str) -> bool:
        """Return whether two numbers may be a position in the partition, and are no corner of a zone."""
        west, south, east, north = self.span
        corners = self._printed(max(_places(one), _places(other)))[1]
        for lon, lat in ((one, other), (other, one)):
            a, b = float(lon), float(lat)
            if (west <= a <= east or west <= a + 360 <= east) and south <= b <= north:
                places = max(_places(one), _places(other))
                held = {(f"{a:.{places}f}", f"{b:.{places}f}"), (f"{b:.{places}f}", f"{a:.{places}f}")}
                return not held & corners
        return False

    def _printed(self, places: int) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
        """Return sides and corners as they are printed with so many decimals; with too many, none."""
        if places not in self.printed:
            fine = places <= 9
            self.printed[places] = (
                frozenset(f"{side:.{places}f}" for side in self.sides if fine),
                frozenset((f"{x:.{places}f}", f"{y:.{places}f}") for x, y in self.corners if fine),
            )
        return self.printed[places]

    def _spanned(self, value: float) -> bool:
        west, south, east, north = self.span
        return west <= value <= east or west <= value + 360 <= east or south <= value <= north

    def _moments(self, line: str) -> Iterator[Kind]:
        for day, clock, seconds, fraction, zone in _MOMENT.findall(line):
            try:
                text = f"{day}T{clock or '00:00'}:{seconds or '00'}"
                at = datetime.fromisoformat(text + ("+00:00" if zone in {"", "Z"} else zone)).astimezone(UTC)
            except (ValueError, OverflowError):
                continue
            if at.timestamp() not in self.moments or fraction.strip("0"):
                yield "time"
        if _DAY.search(line) or (_CODE.search(line) and _CLOCK.search(_MOMENT.sub("", line))):
            yield "time"
        for token in _UNIX.findall(line):
            if int(token[:10]) not in self.moments or token[10:].strip("0"):
                yield "time"

    @staticmethod
    def header(line: str) -> Iterator[Kind]:
        """Yield the kind of a column in a table's first line that no release has."""
        if _HEADER.search(line):
            yield "field"


def _turned(zone: Box) -> tuple[float, ...]:
    """Return the longitudes of a zone's sides as they are written; cut at longitude 180 where it crosses."""
    if zone.east <= HALF:
        return zone.west / 60, zone.east / 60
    return zone.west / 60, (zone.east - ROUND) / 60, 180.0, -180.0


def _signed(found: re.Match[str]) -> str:
    """Return a number with its half of the Earth as one with a sign."""
    half, number = (found[1], found[2]) if found[1] else (found[4], found[3])
    return f"-{number} " if half in "SW" else f"{number} "


def _places(token: str) -> int:
    return len(token.partition(".")[2])


def _tight(grid: str) -> str:
    return re.sub(r"\s", "", grid)
