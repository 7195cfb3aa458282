"""The check as someone runs it on their own machine: files in, an answer out, nothing kept.

What is asked about stays where it is asked: no network, no log of questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdfire import plugins, times
from holdfire.agreement.zones import Zone
from holdfire.digests import Digest
from holdfire.errors import BadInput, HoldfireError
from holdfire.folder import Folder
from holdfire.precaution import released
from holdfire.protecting import check
from holdfire.protecting.areas import files
from holdfire.protecting.check import CLEARANCE, Touch
from holdfire.protecting.release import Release
from holdfire.times import Interval

UNTRUSTED = "(compare it with the one you know, or give it: --trust)"
"""Said where nobody gave the fingerprint of the record."""


@dataclass(frozen=True)
class AreaAnswer:
    """What was found of one area.

    Attributes:
        name: Of the area.
        touches: Codes of precaution areas that it touches.
        zones: Zones of an agreement that it touches.
    """

    name: str
    touches: tuple[str, ...]
    zones: tuple[Touch, ...]


@dataclass(frozen=True)
class Answered:
    """What was found of all, and what it rests on.

    Attributes:
        areas: In the order of the file.
        releases: That were asked.
        fingerprints: Of the records they are of.
    """

    areas: tuple[AreaAnswer, ...]
    releases: tuple[Release, ...]
    fingerprints: tuple[Digest, ...]

    @property
    def value(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "areas": [
                {
                    "area": each.name,
                    "touches": list(each.touches),
                    "zones": [{"zone": t.zone, "name": t.name, "in_force": t.in_force} for t in each.zones],
                    **({} if each.touches or each.zones else {"says": CLEARANCE}),
                }
                for each in self.areas
            ],
            "releases": [
                {"name": r.name, "number": r.number, "starts": r.starts, "ends": r.ends, "digest": r.digest}
                for r in self.releases
            ],
            "fingerprints": list(self.fingerprints),
        }


def answer(
    area: Path,
    start: str,
    end: str,
    *,
    releases: Sequence[Path],
    case: Path | None = None,
    trust: str = "",
    partition: Path | None = None,
    exact: bool = False,
) -> Answered:
    """Return which published areas the areas of a file touch at some moment of a time.

    Args:
        area: The file.
        start: Of the time, ISO 8601.
        end: Of it.
        releases: Files or folders of releases.
        case: A folder whose agreement's zones are asked too; None: none, or where no release is given, here.
        trust: Fingerprint of the record that the releases must be of; empty: whatever they say.
        partition: File of the partition; None: beside each release.
        exact: Whether coordinates with few decimals are meant as they stand.

    Raises:
        BadInput: A file is not what it should be; or nothing published speaks of the time or the place.
        CheckFailed: A release is of another record, or too few signed it.
    """
    asked = files.read(released.bytes_of(area), area.name, exact)
    shapes = [each.shape for each in asked]
    zones: list[Zone] = []
    local = times.zone("UTC")
    if case is not None or not releases:
        folder = Folder.find(case or Path())
        zones, local = list(folder.check(plugins.kinds()).zones), folder.zone
    when = _when(start, end, local)
    opened = [released.read(path, trusted(trust), partition) for path in releases]
    if len({found.fingerprint for found, _ in opened}) > 1:
        raise BadInput("the releases are of more than one record", hint="ask of each record on its own")
    touched = (
        check.touching([each for _, each in opened], shapes, when, [each.name for each in asked])
        if opened
        else [()] * len(asked)
    )
    return Answered(
        tuple(
            AreaAnswer(each.name, codes, tuple(check.check(zones, each.shape, when, local)))
            for each, codes in zip(asked, touched, strict=True)
        ),
        tuple(found.release for found, _ in opened),
        tuple(sorted({found.fingerprint for found, _ in opened})),
    )


def _when(start: str, end: str, local: Any) -> Interval:
    first, last = times.instant(start, local), times.instant(end, local)
    if last <= first:
        raise BadInput("the time asked about does not end after it begins", "--from, --to")
    return Interval(first, last)


def trusted(said: str) -> Digest:
    """Return the fingerprint that a person gave: its digits, or `@` and a file that begins with them.

    Raises:
        BadInput: It is no fingerprint.
    """
    if not said:
        return ""
    digits = said
    if said.startswith("@"):
        try:
            digits = Path(said[1:]).read_text(encoding="utf-8", errors="replace").split()[0]
        except (OSError, IndexError):
            raise HoldfireError("the fingerprint's file cannot be read", said[1:]) from None
    digits = digits.lower()
    if len(digits) != 64 or set(digits) - set("0123456789abcdef"):
        raise BadInput("a fingerprint has 64 hexadecimal digits", "--trust", "holdfire keys show prints it")
    return digits
