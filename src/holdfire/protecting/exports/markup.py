"""KML (OGC 12-007r2) for aviation and military readers, and CAP 1.2 (OASIS 2010) for alerting systems.

Sides of zones lie on whole minutes. In CAP a polygon is closed, has no hole, and its points are latitude
first; times carry an offset and never `Z`; `sent` is when the epoch begins, since a finer time could say when
something changed. tests/unit/test_zone_exports.py holds each against the rules of its schema.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from holdfire.protecting.areas.kml import FOOT, HEAD, geometry
from holdfire.protecting.cells import Cell
from holdfire.protecting.exports.features import AR, facts
from holdfire.protecting.release import Published

_STYLE = (
    '<Style id="on"><LineStyle><color>ff14508c</color><width>2</width></LineStyle>'
    "<PolyStyle><color>4014508c</color></PolyStyle></Style>"
)

LIMITS = {
    "en": "A few sensitive places are sheltered so, not whole lists. It does not protect against insiders,"
    " imagery, or someone willing to hit a whole area. Outside these areas nothing is cleared: duties under"
    " humanitarian law are unchanged.",
    "ar": "تُحمى بهذه الطريقة أماكن حساسة قليلة، لا قوائم كاملة. وهي لا تحمي من مطّلع من الداخل،"
    " ولا من الصور الجوية، ولا ممن هو مستعد لضرب منطقة بأكملها. ولا إذن خارج هذه المناطق:"
    " تبقى الواجبات بموجب القانون الإنساني كما هي.",
}
"""What is said of every release, so that nobody takes it for more."""


def kml(published: Published) -> bytes:
    """Return the areas that are on as KML, each with its time span."""
    said = published.release
    title = f"{said.name}, release {said.number}"
    marks = "".join(_mark(published, cell) for cell in published.cells)
    return (
        f"{HEAD}<name>{escape(title)}</name><description>{escape(LIMITS['en'])}</description>{_STYLE}\n{marks}{FOOT}"
    ).encode()


def _mark(published: Published, cell: Cell) -> str:
    said = published.release
    data = "".join(
        f'<Data name="{name}"><value>{escape(str(value))}</value></Data>'
        for name, value in facts(published, cell).items()
    )
    return (
        f'<Placemark id="{cell.code}"><name>{cell.code}</name>'
        f"<description>{escape(said.wording)}</description>"
        f"<TimeSpan><begin>{said.starts}</begin><end>{said.ends}</end></TimeSpan><styleUrl>#on</styleUrl>"
        f"<ExtendedData>{data}</ExtendedData>{geometry(cell.zone.shape())}</Placemark>\n"
    )


def cap(published: Published) -> bytes:
    """Return the release as a CAP 1.2 alert in English and Arabic."""
    said = published.release
    sender, sent = f"holdfire.{said.keyset[:16]}", _moment(said.starts)
    head = {
        "identifier": f"{said.name}.{said.number}.{said.digest[:16]}",
        "sender": sender,
        "sent": sent,
        "status": "Actual",
        "msgType": "Alert",
        "scope": "Public",
    }
    areas = "".join(_area(cell) for cell in published.cells)
    infos = "".join(_info(published, language, areas) for language in ("en", "ar"))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"{_elements(head)}\n{infos}</alert>\n"
    ).encode()


def _info(published: Published, language: str, areas: str) -> str:
    said = published.release
    words = {
        "en": ("Precaution areas", said.wording),
        "ar": ("مناطق احتراز", AR),
    }[language]
    first = {
        "language": language,
        "category": "Other",
        "event": words[0],
        "urgency": "Unknown",
        "severity": "Unknown",
        "certainty": "Unknown",
        "effective": _moment(said.starts),
        "onset": _moment(said.starts),
        "expires": _moment(said.ends),
        "headline": words[1],
        "description": LIMITS[language],
    }
    more = "".join(
        f"<parameter><valueName>{name}</valueName><value>{value}</value></parameter>"
        for name, value in (("partition", said.partition), ("release", said.digest))
    )
    return f"<info>{_elements(first)}{more}\n{areas}</info>\n"


def _elements(said: dict[str, str]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in said.items())


def _area(cell: Cell) -> str:
    shape = cell.zone.shape()
    parts = [shape] if shape.geom_type == "Polygon" else list(shape.geoms)
    polygons = "".join(
        f"<polygon>{' '.join(f'{y:.7f},{x:.7f}' for x, y in part.exterior.coords)}</polygon>"
        for part in parts
    )
    return f"<area><areaDesc>{cell.code}</areaDesc>{polygons}</area>\n"


def _moment(text: str) -> str:
    """Return an instant as CAP wants it: seconds, and an offset in place of Z."""
    return text.replace("Z", ":00-00:00")
