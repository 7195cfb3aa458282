"""The precaution areas that a case holds: releases and their partitions, in its folder `precaution/`.

They are the releases of the case's own log, or of anybody else whose record it follows; each was checked when
it came in. What lies in `precaution/` is public, and is an exhibit like everything that people wrote.

A case whose own log released areas that its folder lacks is refused: else incidents inside them would go out
as finely as they are known. tests/unit/test_precaution.py takes a file away and looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from holdfire.digests import Digest
from holdfire.errors import HoldfireError, Problems
from holdfire.folder import PRECAUTION, Folder
from holdfire.ledger.log import Ledger
from holdfire.ledger.shelf import make_folder, replace_file
from holdfire.precaution import released
from holdfire.protecting import partition as partitions
from holdfire.protecting import release as releases
from holdfire.protecting.cells import Cell, Partition
from holdfire.protecting.release import Published, Release


class Areas:
    """Every release that a case holds, beside its partition, in order of epoch.

    Args:
        published: The releases, in any order.
    """

    def __init__(self, published: Iterable[Published] = ()) -> None:
        self.published = tuple(sorted(published, key=lambda p: (p.release.starts, p.release.digest)))

    @cached_property
    def partitions(self) -> dict[Digest, Partition]:
        """Return the partitions by digest."""
        return {each.partition.digest: each.partition for each in self.published}

    def cell(self, code: str, partition: Digest) -> Cell | None:
        """Return a cell by its code and its partition's digest; None: the case does not hold it."""
        found = self.partitions.get(partition)
        return found.by_code.get(code) if found else None


def held(folder: Folder) -> Areas:
    """Return the areas in a case folder.

    Raises:
        BadInput: Everything that is wrong with its files: one is neither a release nor a partition, a
            release is not signed as its record asks, or its partition is not there.
    """
    problems = Problems(PRECAUTION)
    found: list[Release] = []
    known: dict[Digest, Partition] = {}
    for name, path in folder.precaution():
        content = released.bytes_of(path)
        try:
            if path.name.startswith("partition"):
                each = partitions.read(content, name)
                known[each.digest] = each
            else:
                found.append(released.parse(content, name).release)
        except HoldfireError as error:
            problems.extend(error.problems)
    for release in found:
        if release.partition not in known:
            problems.add(
                f"release {release.number} of {release.name} is not beside its partition",
                f"{PRECAUTION}/",
                "holdfire protect add RELEASE brings both in",
            )
    problems.raise_any()
    by_digest = {release.digest: release for release in found}
    return Areas(Published(release, known[release.partition]) for release in by_digest.values())


def areas_of(folder: Folder, ledger: Ledger) -> Areas:
    """Return the areas in a case folder, which are all that its log released.

    Raises:
        BadInput: As of `held`; or the folder lacks releases of the log that have areas.
    """
    areas = held(folder)
    known = {each.release.digest for each in areas.published}
    problems = Problems(f"{PRECAUTION}/")
    for entry in ledger.entries("zones"):
        release = releases.read(entry.value)
        if release.cells and release.digest not in known:
            problems.add(
                f"release {release.number} of {release.name} is in the log and not in the folder, so nobody"
                " can tell what lies in its areas",
                hint="holdfire protect publish brings it in; or, where it was published: holdfire protect add"
                " RELEASE",
            )
    problems.raise_any()
    return areas


def bring(folder: Folder, release: bytes, partition: Partition) -> Sequence[Path]:
    """Put a release and its partition into a case, and return their paths; what is there already stays.

    Raises:
        BadInput: The release is no release, is not signed, or is of another partition.
    """
    published = Published(released.parse(release, "release").release, partition)
    said, into = published.release, folder.path / PRECAUTION
    make_folder(into)
    files = {
        f"partition-{said.name}-{partition.digest[:12]}.json": partition.text(),
        f"release-{said.name}-{said.number:04}-{said.digest[:12]}.json": release,
    }
    for name, content in files.items():  # a release is never there without its partition
        replace_file(into / name, content)
    return [into / name for name in files]
