"""Fetch from the npm registry what the pages need, and write it into the package.

What is fetched is pinned in `src/holdfire/publishing/assets/vendor.json`: the version, the registry's own
integrity value, and the SHA-256 of each file that is kept. Node is needed here only, never to run Holdfire.

    python scripts/vendor.py             fetch the pinned versions and write the files again
    python scripts/vendor.py --check     say whether the files are those pinned; no network
    python scripts/vendor.py --take maplibre-gl@6.18.0    pin another version, then fetch

maplibre-gl ships as ES modules, which a browser does not load from a page opened from disk. It is bundled
into one classic script that carries its worker as text (docs/decisions/0004-what-a-map-shows.md).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).parent.parent / "src" / "holdfire" / "publishing" / "assets"
PINS = ASSETS / "vendor.json"

ENTRY = """\
import * as maplibregl from "{main}";
import worker from "./worker.txt";
maplibregl.setWorkerUrl(URL.createObjectURL(new Blob([worker], {{ type: "text/javascript" }})));
globalThis.maplibregl = maplibregl;
"""


def main(arguments: list[str] | None = None) -> int:
    """Fetch, or check; 1 if a check says no."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare the files with their pins; no network")
    parser.add_argument("--take", metavar="NAME@VERSION", action="append", default=[])
    options = parser.parse_args(arguments)
    pins = json.loads(PINS.read_text("utf-8"))
    if options.check:
        wrong = differing(pins)
        sys.stderr.writelines(f"error: {name} is not the file that is pinned\n" for name in wrong)
        return 1 if wrong else 0
    for take in options.take:
        repin(pins, take)
    fetch(pins)
    PINS.write_text(json.dumps(pins, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 0


def differing(pins: dict[str, Any]) -> list[str]:
    """Return the kept files whose bytes are not those pinned, or that are not there."""
    return [
        kept["to"]
        for package in pins["packages"]
        for kept in package["files"]
        if not (ASSETS / kept["to"]).is_file() or sha256((ASSETS / kept["to"]).read_bytes()) != kept["sha256"]
    ]


def repin(pins: dict[str, Any], take: str) -> None:
    """Pin another version of a package; its integrity is written when it is fetched."""
    name, _, version = take.rpartition("@")
    for package in (*pins["packages"], *pins["tools"]):
        if package["name"] == name:
            package.update(version=version, integrity=None)
            return
    sys.exit(f"error: no package is called {name}")


def fetch(pins: dict[str, Any]) -> None:
    """Fetch every package, hold it against its pin, and write the files that are kept."""
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        places = {p["name"]: unpack(p, room) for p in (*pins["packages"], *pins["tools"])}
        for package in pins["packages"]:
            for kept in package["files"]:
                source = places[package["name"]]
                content = (
                    bundle(source, places["esbuild-wasm"], room)
                    if kept["from"] == "(bundle)"
                    else (source / kept["from"]).read_bytes()
                )
                target = ASSETS / kept["to"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                kept["sha256"] = sha256(content)


def unpack(package: dict[str, Any], room: Path) -> Path:
    """Return the folder of a package, fetched and held against its pinned integrity."""
    wanted = f"{package['name']}@{package['version']}"
    told = run(["npm", "pack", "--json", "--pack-destination", str(room), wanted], room)
    [found] = json.loads(told)
    if package["integrity"] not in (None, found["integrity"]):
        sys.exit(f"error: {wanted} is not what was pinned\n  at   {found['integrity']}")
    package["integrity"] = found["integrity"]
    place = room / package["name"].replace("/", "-")
    with tarfile.open(room / found["filename"]) as archive:
        archive.extractall(place, filter="data")
    return place / "package"


def bundle(maplibre: Path, esbuild: Path, room: Path) -> bytes:
    """Return maplibre-gl as one classic script that carries its worker."""
    tool = ["node", str(esbuild / "bin" / "esbuild")]
    shared = ["--bundle", "--minify", "--charset=utf8", "--legal-comments=inline", "--log-level=error"]
    worker = maplibre / "dist" / "maplibre-gl-worker.mjs"
    run([*tool, str(worker), *shared, "--format=esm", f"--outfile={room / 'worker.txt'}"], room)
    entry = room / "entry.js"
    entry.write_text(ENTRY.format(main=(maplibre / "dist" / "maplibre-gl.mjs").as_posix()), "utf-8")
    made = room / "maplibre-gl.js"
    run(
        [
            *(*tool, str(entry), *shared, "--format=iife", "--loader:.txt=text"),
            *("--define:import.meta.url=undefined", f"--outfile={made}"),
        ],
        room,
    )
    return made.read_bytes()


def run(command: list[str], place: Path) -> str:
    """Return what a command prints; stop with its complaint if it fails."""
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(f"error: {' '.join(command[:3])} failed\n{done.stderr.strip()[-2000:]}")
    return done.stdout


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
