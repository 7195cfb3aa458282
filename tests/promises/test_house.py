"""The house is the one the documents describe."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import holdfire
from holdfire.version import VERSION

HEAVY = (
    "duckdb", "pyarrow", "numpy", "numba", "scipy", "shapely", "pyproj", "pydantic", "jinja2", "openpyxl",
    "holdfire.case",
)  # fmt: skip


def test_the_version_is_one(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION == holdfire.__version__


def test_the_front_door_is_what_it_says() -> None:
    for name in holdfire.__all__:
        assert getattr(holdfire, name)


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, holdfire.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not [name for name in HEAVY if name in loaded]


def test_the_counting_room_loads_what_is_asked_of_it() -> None:
    code = (
        "import sys, holdfire.counting as room; before = set(sys.modules); "
        "assert not {'numba', 'scipy', 'numpy'} & before; "
        "assert all(getattr(room, name) for name in room.__all__); assert 'scipy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_rooms_open_no_files_and_read_no_clock(root: Path) -> None:
    """Only the desk and the ledger touch the disk or the time; package data comes as resources."""
    rooms = ("reading", "fusing", "judging", "counting", "protecting", "publishing")
    words = (".now(", "time.time(", "datetime.today", "os.environ", "Path(", "random.", "socket")
    assert not [
        f"{file.name}: {word}"
        for room in rooms
        for file in sorted((root / "src" / "holdfire" / room).rglob("*.py"))
        for word in words
        if word in file.read_text(encoding="utf-8")
    ]


def test_modules_are_short_and_open_with_what_they_promise(root: Path) -> None:
    files = sorted((root / "src").rglob("*.py"))
    assert len(files) > 50
    assert not [f"{f.name}" for f in files if len(f.read_text(encoding="utf-8").splitlines()) > 450]
    assert not [
        f.name for f in files if not f.read_text(encoding="utf-8").lstrip().startswith(('"""', 'r"""'))
    ]


def test_the_lock_names_every_dependency(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    names = [w.split("=")[0].split(">")[0].split("<")[0].strip().replace(".", "-").lower() for w in wanted]
    assert not [name for name in names if f"\n{name}==" not in f"\n{lock}"]
    assert "--hash=sha256:" in lock
    assert "http" not in lock, "the lock names no host"
