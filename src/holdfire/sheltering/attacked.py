"""Releases attacked from files, before they go out: what `holdfire protect attack` does.

Releases are drafts, signed files or whole folders; a folder is searched for leaks in everything that it
holds. Sites are not handed in, so there is none to be found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from holdfire.digests import Digest
from holdfire.errors import BadInput, HoldfireError, Problems
from holdfire.ledger import drafts
from holdfire.precaution import released
from holdfire.protecting.candidates import Candidates
from holdfire.protecting.cells import Partition
from holdfire.protecting.release import KIND, Published, Release
from holdfire.protecting.release import read as read_release
from holdfire.sheltering import publishedfolder
from holdfire.sheltering.layers import Columns, rows_of
from holdfire.sheltering.partitioning import places_of
from holdfire.testing.attackers import leaks
from holdfire.testing.attackers.attacking import Attack, Finding
from holdfire.testing.attackers.leaks import Leak


@dataclass(frozen=True)
class Attacked:
    """What attackers found, and what the files give away.

    Attributes:
        releases: How many releases were attacked.
        findings: Of each attacker.
        leaks: In files of the folders and in those named beside.
    """

    releases: int
    findings: tuple[Finding, ...]
    leaks: tuple[Leak, ...]

    @property
    def passed(self) -> bool:
        """Return whether some limit is passed, or something leaks."""
        return bool(self.leaks) or any(each.above for each in self.findings)

    @property
    def value(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "releases": self.releases,
            "passed": self.passed,
            "attackers": [each.value for each in self.findings],
            "leaks": [{"file": e.file, "line": e.line, "kind": e.kind, "says": str(e)} for e in self.leaks],
        }


def attack(
    paths: Sequence[Path],
    *,
    partitions: Sequence[Path],
    candidates: Sequence[Path],
    sites: int | None = None,
    register: Path | None = None,
    limit: float | None = None,
    beside: Sequence[Path] = (),
) -> Attacked:
    """Return what attackers get out of releases.

    Args:
        paths: Drafts, files or published folders of releases, in any order.
        partitions: Files of their partitions; those in the folders need not be named.
        candidates: The public layers that the partitions were made of.
        sites: How many sites are sheltered, where that is known outside; None: attackers guess.
        register: A layer of places that have a facility, for someone who knows that the site is one.
        limit: Largest belief under load; None: as releases are refused by.
        beside: More files that are to go out, such as a log, to be searched for leaks.

    Raises:
        BadInput: A file is not what it should be, or layers and partitions do not fit.
        CheckFailed: Too few signed a release that claims to be signed.
    """
    known = {each.digest: each for each in _partitions(paths, partitions)}
    opened = [_opened(path, known) for path in paths]
    published = list({each.release.digest: each for each, _ in opened}.values())
    used = {each.partition.digest: each.partition for each in published}
    found = Attack(
        releases=published,
        candidates=_candidates(used, candidates),
        sites=sites,
        register=None if register is None else _register(register),
        limit=None if limit is None else Fraction(str(limit)),
    )
    return Attacked(len(published), tuple(found.findings()), tuple(_leaks(paths, opened, published, beside)))


def _partitions(paths: Sequence[Path], named: Sequence[Path]) -> Iterator[Partition]:
    yield from (released.read_partition(path) for path in named)
    for path in paths:
        own = path / released.PARTITION
        if path.is_dir() and own.is_file():
            yield released.read_partition(own)


def _opened(path: Path, known: Mapping[Digest, Partition]) -> tuple[Published, dict[str, bytes]]:
    """Return a release beside its partition, and the page that it makes, if it is signed."""
    file = path / released.RELEASE if path.is_dir() else path
    content = released.bytes_of(file)
    signed = None
    try:
        release = read_release(drafts.read(file), str(file))
    except HoldfireError:
        if b'"keysets"' not in content:
            raise
        signed = released.parse(content, str(file))
        release = signed.release
    partition = _of(release, known, file)
    published = Published(release, partition)
    if signed is None or not path.is_dir():
        return published, {}
    page = publishedfolder.PAGE
    return published, {page: publishedfolder.made(content, signed, published)[page]}


def _of(release: Release, known: Mapping[Digest, Partition], file: Path) -> Partition:
    if release.partition not in known:
        raise BadInput(
            f"the {KIND} are of partition {release.name}, which is not given", str(file),
            "give its file: --partition FILE",
        )  # fmt: skip
    return known[release.partition]


def _candidates(used: Mapping[Digest, Partition], files: Sequence[Path]) -> dict[Digest, Candidates]:
    """Return the candidates of each partition, from the layers that it names."""
    found, problems = {}, Problems("candidates")
    for key, partition in used.items():
        named = {layer.file for layer in partition.layers}
        try:
            found[key] = places_of(partition, [file for file in files if file.name in named])
        except HoldfireError as error:
            problems.extend(error.problems)
    unused = {file.name for file in files} - {la.file for part in used.values() for la in part.layers}
    for name in sorted(unused):
        problems.add("no partition of these releases names this layer", name)
    problems.raise_any()
    return found


def _register(path: Path) -> np.ndarray[Any, np.dtype[np.float64]]:
    rows = rows_of(path, Columns())
    return np.column_stack([rows.lon, rows.lat])


def _leaks(
    paths: Sequence[Path],
    opened: Sequence[tuple[Published, dict[str, bytes]]],
    published: Sequence[Published],
    beside: Sequence[Path],
) -> Iterator[Leak]:
    for path, (each, made) in zip(paths, opened, strict=True):
        files = {path.name: path}
        if path.is_dir():
            held = sorted(file for file in path.rglob("*") if file.is_file())
            files = {file.relative_to(path).as_posix(): file for file in held}
        named = {f"{path.name}/{name}" if path.is_dir() else name: file for name, file in files.items()}
        written = {name: file.stat().st_mtime for name, file in named.items()} if path.is_dir() else {}
        contents = {name: released.bytes_of(file) for name, file in named.items()}
        yield from leaks.find(contents, [each], made=made, written=written)
    if beside:
        yield from leaks.find({file.name: released.bytes_of(file) for file in beside}, published)
