"""Open the files a gazetteer is made of, and ask one what a name means."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from holdfire.errors import BadInput, HoldfireError, Problems
from holdfire.folder import Folder
from holdfire.reading.gazetteer import geonames
from holdfire.reading.gazetteer.atlas import Atlas, Spot
from holdfire.reading.gazetteer.building import gazetteer
from holdfire.reading.gazetteer.choosing import Setting
from holdfire.reading.gazetteer.countries import world
from holdfire.reading.gazetteer.learning import Pair
from holdfire.reading.gazetteer.learning import learn as taught
from holdfire.reading.gazetteer.rows import Given
from holdfire.reading.gazetteer.sources import places_of
from holdfire.reading.gazetteer.spelling import key
from holdfire.reading.gazetteer.strings import farthest, locate

LARGEST = 4 << 30
"""Most bytes a source may unpack to."""


@dataclass(frozen=True)
class Built:
    """A gazetteer made.

    Attributes:
        content: Its bytes.
        counts: Places taken from each file, by its name.
        places: How many there are after merging.
        names: How many names they have.
    """

    content: bytes
    counts: dict[str, int]
    places: int
    names: int


def build(files: Sequence[Path], learned: Path | None = None) -> Built:
    """Return a gazetteer of files of places, the most trusted first.

    Raises:
        BadInput: Every file that is of no kind we know.
    """
    problems = Problems("gazetteer")
    sources: list[list[Given]] = []
    alternates: list[tuple[str, str, str]] = []
    counts: dict[str, int] = {}
    for file in files:
        try:
            name, content = _content(file)
            text = content[:4096].decode("utf-8", "replace")
            if name.endswith(".txt") and geonames.is_alternates(text):
                found = list(geonames.alternate_names(content.decode("utf-8")))
                alternates += found
                counts[file.name] = len(found)
                continue
            sources.append(places_of(content, name))
            counts[file.name] = len(sources[-1])
        except HoldfireError as error:
            problems.extend(error.problems)
    problems.raise_any()
    said = _learned(learned) if learned else None
    made = gazetteer(sources, alternates, said)
    atlas = Atlas(made)
    names = sum(len(row) for row in atlas.table.column("names").to_pylist())
    return Built(made, counts, len(atlas), names)


def _content(file: Path) -> tuple[str, bytes]:
    """Return the name and the bytes of a file; of a zip, of its largest member."""
    if file.suffix != ".zip":
        return file.name, file.read_bytes()
    with zipfile.ZipFile(file) as packed:
        member = max(packed.infolist(), key=lambda each: each.file_size)
        if member.file_size > LARGEST:
            raise BadInput(f"its largest member would unpack to {member.file_size:,} bytes", file.name)
        return member.filename, packed.read(member)


def _learned(file: Path) -> dict[str, Any]:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        return {"likes": dict(said["likes"]), "words": dict(said["words"])}
    except (ValueError, KeyError, TypeError):
        raise BadInput(
            "this is no file of spellings", file.name, "`holdfire gazetteer learn PAIRS.csv` writes one"
        ) from None


def atlas_of(folder: Folder | None) -> Atlas:
    """Return the built gazetteer of a case over our own list of countries; without a case, our own list."""
    return folder.atlas if folder else world()


def look(name: str, file: Path | None, case: Path, country: str = "", within: str = "") -> dict[str, Any]:
    """Return what a name means: `meant`, or null, and `candidates`, nearest spelling first."""
    if file is not None:
        atlas = Atlas(file.read_bytes(), file.name, above=world())
    else:
        try:
            atlas = atlas_of(Folder.find(case))
        except HoldfireError:
            atlas = world()
    units = frozenset({key(within)}) if within else frozenset()
    setting = Setting({country.upper(): 1.0} if country else {}, units, home=country.upper(), within=units)
    meant = locate(name, atlas, setting)
    held = {spot.id: (0.0, spot) for spot in atlas.called(key(name))}
    for off, spot in atlas.like(name, farthest(name)):
        held.setdefault(spot.id, (off, spot))
    shown = _shown(meant.spot) if meant else None
    if meant and shown:
        shown |= {
            "lat": meant.lat,
            "lon": meant.lon,
            "radius": meant.radius,
            "precision": str(meant.precision),
        }
    return {"name": name, "meant": shown, "candidates": [_shown(s, off) for off, s in held.values()]}


def _shown(spot: Spot, off: float = 0.0) -> dict[str, Any]:
    return {**asdict(spot), "off": round(off, 2)}


def learn(file: Path) -> dict[str, Any]:
    """Return what pairs of spellings teach.

    Raises:
        BadInput: The file has fewer than two columns.
    """
    content = file.read_bytes()
    text = (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if any(row)]
    if any(len(row) < 2 for row in rows) or not rows:
        raise BadInput("a row has fewer than two cells", file.name, "one spelling, a comma, another spelling")
    return taught(Pair(row[0], row[1]) for row in rows if row[0].strip() and row[1].strip())
