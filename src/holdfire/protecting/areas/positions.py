"""One position as people write it, with how finely; and back.

Read are decimal degrees (36.2012, N36.2012, 36.2012N), degrees and minutes (36°12.07'N, 36 12.07 N),
degrees, minutes and seconds (36°12'04"N, 361204N as in aviation, ICAO Annex 15), and MGRS (NGA.STND.0037;
the library `mgrs` is NGA's own GEOTRANS). The letter says which of the two it is; without one the order does.
tests/properties/test_areas.py writes and reads back positions all over the Earth.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from holdfire.errors import BadInput

Style = str
STYLES = ("decimal", "dm", "dms", "mgrs")
"""Decimal degrees; degrees and minutes; degrees, minutes and seconds; MGRS to a metre."""

_STEP = 200.0
"""A position written in steps wider than this is too coarse for a corner [m]."""

_DEGREE = 111_320.0
"""Length of a degree of latitude [m], roughly."""


class Written(NamedTuple):
    """One coordinate.

    Attributes:
        degrees: North and east are positive.
        axis: "lat" or "lon" where a letter says which; empty: none does.
        step: How far its last digit is from the next [m].
    """

    degrees: float
    axis: str
    step: float


class Position(NamedTuple):
    """Longitude and latitude [degrees], and how finely they were written.

    Attributes:
        lon: From -180 to 180, if it is right.
        lat: From -90 to 90, if it is right.
        step: The coarser one's step [m]; of decimal degrees, whose last zeros may be left out, the finer's.
        plain: Whether decimal degrees were written.
    """

    lon: float
    lat: float
    step: float
    plain: bool = True


_LETTER = {"N": ("lat", 1), "S": ("lat", -1), "E": ("lon", 1), "W": ("lon", -1)}
_BOTH = {"lat": "latitudes", "lon": "longitudes"}
_NUMBER = re.compile(r"([+-]?)(\d{1,3})(\.\d+)?")
_PARTS = re.compile(
    r"([+-]?)(\d{1,3})\s*[°d\s]\s*(\d{1,2})(\.\d+)?\s*(?:['′’m]|\s|$)\s*(?:(\d{1,2})(\.\d+)?\s*(?:[\"″”s]|''|$))?\s*"
)
_PACKED = re.compile(r"(\d{4,7})(\.\d+)?")
_MGRS = re.compile(r"(?:\d{1,2}[C-HJ-NP-X]|[ABYZ])[A-HJ-NP-Z][A-HJ-NP-V](\d*)", re.IGNORECASE)


def coordinate(text: str) -> Written:
    """Return the coordinate that a text says.

    >>> coordinate("36°12.5'N")[:2], coordinate("0370530E")[:2]
    ((36.208333333333336, 'lat'), (37.09166666666667, 'lon'))

    Raises:
        BadInput: It is none: minutes or seconds of 60 or more, a sign and a letter at odds, or other words.
    """
    said = " ".join(text.strip().upper().replace("º", "°").split())
    letters = re.findall("[NSEW]", said)
    body = re.sub("[NSEW]", " ", said).strip() if len(letters) == 1 else said
    if len(letters) > 1 or (letters and not (said[0] in "NSEW" or said[-1] in "NSEW")):
        raise _none(text)
    axis, sign = _LETTER[letters[0]] if letters else ("", 1)
    if letters and body[:1] in ("-", "+"):
        raise BadInput(f'"{text[:30]}" has a sign and a letter', hint="N36.2012, or 36.2012")
    found = _plain(body) or _packed(body, axis) or _parted(body)
    if found is None:
        raise _none(text)
    degrees, step, minute, second = found
    if minute >= 60 or second >= 60:
        raise BadInput(f'"{text[:30]}" has 60 minutes or seconds, or more', hint="from 0 to 59")
    return Written(sign * degrees, axis, step)


def _none(text: str) -> BadInput:
    return BadInput(
        f'"{text[:30]}" is no coordinate', hint="36.2012, 36°12.07'N, 36°12'04\"N, 361204N, or MGRS"
    )


Found = tuple[float, float, float, float]


def _plain(body: str) -> Found | None:
    found = _NUMBER.fullmatch(body.removesuffix("°").strip())
    if not found:
        return None
    decimals = len(found[3] or ".") - 1
    return float(found[0]), _DEGREE / 10**decimals, 0, 0


def _packed(body: str, axis: str) -> Found | None:
    """Read degrees, minutes and perhaps seconds without spaces; latitude has two digits of degrees."""
    found = _PACKED.fullmatch(body)
    if not found or not axis:
        return None
    first = 2 if axis == "lat" else 3
    digits, more = found[1], found[2] or ""
    if len(digits) not in (first + 2, first + 4):
        return None
    seconds = digits[first + 2 :]
    return _summed(
        digits[:first], digits[first : first + 2], "" if seconds else more, seconds, more if seconds else ""
    )


def _parted(body: str) -> Found | None:
    found = _PARTS.fullmatch(body + " ") or _PARTS.fullmatch(body)
    if not found or (found[4] and found[5]):
        return None
    degrees, step, minute, second = _summed(
        found[2], found[3], found[4] or "", found[5] or "", found[6] or ""
    )
    return (-degrees if found[1] == "-" else degrees), step, minute, second


def _summed(degree: str, minute: str, minute_more: str, second: str, second_more: str) -> Found:
    minutes, seconds = float(minute + minute_more), float((second or "0") + second_more)
    if second:
        step = _DEGREE / 3600 / 10 ** max(0, len(second_more) - 1)
    else:
        step = _DEGREE / 60 / 10 ** max(0, len(minute_more) - 1)
    return int(degree) + minutes / 60 + seconds / 3600, step, minutes, seconds


def position(first: str, second: str) -> Position:
    """Return the position of two texts: latitude, then longitude, unless letters say otherwise.

    Raises:
        BadInput: One is no coordinate, or both are of one kind.
    """
    one, other = coordinate(first), coordinate(second)
    if one.axis and one.axis == other.axis:
        raise BadInput(f'"{first[:20]}" and "{second[:20]}" are both {_BOTH[one.axis]}')
    if one.axis == "lon" or other.axis == "lat":
        one, other = other, one
    plain = all(_NUMBER.fullmatch(each.strip().strip("NSEWnsew").strip()) for each in (first, second))
    step = (min if plain else max)(one.step, other.step)
    return Position(other.degrees, one.degrees, step, plain)


def grid_reference(text: str) -> Position:
    """Return the middle of the square that an MGRS reference names.

    Raises:
        BadInput: It is none.
    """
    from mgrs.core import MGRSError

    packed = re.sub(r"\s+", "", text)
    found = _MGRS.fullmatch(packed)
    digits = len(found[1]) if found else 1
    try:
        if digits % 2 or digits > 10:
            raise ValueError
        step = 10.0 ** (5 - digits // 2)
        half = digits // 2
        inner = found[1] if found else ""
        whole = packed[: len(packed) - digits]
        if half < 5:  # the corner is south-west of the middle: half a square further north and east
            inner = inner[:half] + "5" + "0" * (4 - half) + inner[half:] + "5" + "0" * (4 - half)
        lat, lon = _library().toLatLon(whole + inner)
    except (ValueError, MGRSError):
        raise BadInput(
            f'"{text[:30]}" is no MGRS reference',
            hint="such as 37SCA2918107804: zone, square, easting, northing",
        ) from None
    return Position(float(lon), float(lat), step, False)


def coarse(where: Position) -> bool:
    """Return whether a position was written too coarsely to be a corner.

    Of decimal degrees one cannot say: programs leave out last zeros. `rings` asks it of all corners at once.
    """
    return where.step > _STEP


@cache
def _library() -> Any:
    import mgrs

    return mgrs.MGRS()


def written(lon: float, lat: float, style: Style) -> tuple[str, ...]:
    """Return a position in a style: latitude and longitude, or one MGRS reference.

    Decimal degrees and seconds are to about 0.1 m and 0.3 m, minutes to about 0.2 m, MGRS to a metre.

    >>> written(37.0917, 36.2084, "dm")
    ("36°12.5040'N", "037°05.5020'E")
    """
    if style == "mgrs":
        return (str(_library().toMGRS(lat, lon, MGRSPrecision=5)),)
    return tuple(_one(value, axis, style) for axis, value in (("lat", lat), ("lon", lon)))


def _one(value: float, axis: str, style: Style) -> str:
    if style == "decimal":
        return f"{value:.6f}"
    letter = ("N" if value >= 0 else "S") if axis == "lat" else ("E" if value >= 0 else "W")
    wide = 2 if axis == "lat" else 3
    units = round(abs(value) * 60 * 10_000) if style == "dm" else round(abs(value) * 3600 * 100)
    if style == "dm":
        degrees, rest = divmod(units, 600_000)
        return f"{degrees:0{wide}d}°{rest // 10_000:02d}.{rest % 10_000:04d}'{letter}"
    degrees, rest = divmod(units, 360_000)
    minutes, rest = divmod(rest, 6_000)
    return f"{degrees:0{wide}d}°{minutes:02d}'{rest // 100:02d}.{rest % 100:02d}\"{letter}"
