"""Made-up countries at war, and what sources make of them: the truth is known, so answers can be marked.

    >>> from holdfire import worlds
    >>> worlds.read("hard").sources[0].id
    'atlas'

Everything here is simulated, and says so in every file. Nothing is calibrated on a living person, no place
is a real one, and nothing in a world is evidence of anything in ours.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from holdfire import documents
from holdfire.errors import BadInput, nearest
from holdfire.worlds.casefolder import beside
from holdfire.worlds.making import Made, World, world
from holdfire.worlds.preset import Preset
from holdfire.worlds.writing import Tell, write

__all__ = ["Made", "Preset", "World", "beside", "claims", "make", "presets", "read", "world"]


def presets() -> tuple[str, ...]:
    """Return the names of the presets that come with Holdfire."""
    found = files("holdfire.worlds").joinpath("presets").iterdir()
    return tuple(sorted(each.name.removesuffix(".yaml") for each in found if each.name.endswith(".yaml")))


def read(preset: str | Path) -> Preset:
    """Return a preset of ours by its name, or one of your own by its file.

    Raises:
        HoldfireError: No preset is called so, or all problems of the file.
    """
    if str(preset) in presets():
        file = files("holdfire.worlds").joinpath(f"presets/{preset}.yaml")
        return documents.read(Preset, file.read_text(encoding="utf-8"), f"presets/{preset}.yaml")
    path = Path(preset)
    if path.suffix not in (".yaml", ".yml"):
        raise BadInput(f'no preset is called "{preset}"', hint=nearest(str(preset), presets()))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the file cannot be read: {error}", str(path)) from None
    return documents.read(Preset, text, path.name)


def make(
    preset: str | Path | Preset,
    seed: int,
    records: int,
    folder: Path,
    tell: Tell | None = None,
    threads: int = 2,
) -> dict[str, Any]:
    """Make a world in a folder, and return what its `world.json` says.

    Args:
        preset: Name of one of ours, a file, or the preset itself.
        seed: What every random choice follows from.
        records: About how many records its sources write in all.
        folder: Where; it must not exist, or be empty.
        tell: Told of progress.
        threads: Blocks that are made at once; the bytes are the same for any number.

    Raises:
        HoldfireError: The preset has problems, or the folder is not empty.
    """
    chosen = preset if isinstance(preset, Preset) else read(preset)
    return write(world(chosen, seed, records), folder, tell, threads)


def claims(folder: Path) -> str:
    """Return the pattern of a world's records for `read_parquet`, in the order of source and part.

    Raises:
        BadInput: The folder holds no world.
    """
    if not (folder / "world.json").is_file():
        raise BadInput("there is no world here", str(folder), "holdfire simulate PRESET FOLDER")
    return str(folder / "records" / "*" / "part-*.parquet")
