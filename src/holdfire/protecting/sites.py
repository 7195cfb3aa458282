"""What officers know of a protected site, and the one thing of it that may leave: the code of a cell.

Everything here is a value; files and keys are the desk's (`sheltering.sitestore`). Five rules hold, and
tests/properties/test_sites.py tries to break each:

* a position is verified by two fixes of different sources and observers that agree within a tolerance, or not
  at all; one that is not is on only by a recorded decision;
* a cell is on for a site only in epochs that the owner's consent to publication covers whole;
* moving a site within its cell changes no code; the cell is that of the earliest fix that agrees, so neither
  a second fix nor a later partition switches on another one;
* a group on the move is its block, from the epoch of its first day to that of its last, whatever its fixes
  say;
* no order, count or distance of sites comes out but how many are on, which a release needs and never states.

Nothing of this has a `repr`: an error or a debugger that prints it prints an id.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from pyproj import Geod

from holdfire.digests import Digest
from holdfire.errors import BadInput
from holdfire.protecting.cells import Settings

PUBLICATION = "publication"
"""The recipient that stands for everybody: consent to be part of a published zone."""

_EARTH = Geod(ellps="WGS84")


class Standing(StrEnum):
    """How surely the position is known."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


class LeftOut(StrEnum):
    """Why a site is in no cell of an epoch."""

    CONSENT = "no consent to publication for the whole epoch"
    UNVERIFIED = "the position is not verified, and no decision says to go on"
    WINDOW = "the window of a group on the move is another one"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fix:
    """One statement of where a site is, and the cell it lay in when it was written down.

    Attributes:
        lon: Longitude [degrees], as it was given, in decimals.
        lat: Latitude [degrees].
        source: From whom: an organisation, an instrument.
        observer: Who saw or measured.
        observed: Day of the observation (ISO 8601).
        partition: Digest of the partition that was in force.
        partition_name: Its name, which codes begin with.
        cell: Code of the cell.
        block: Code of the cell's block.
    """

    lon: str
    lat: str
    source: str
    observer: str
    observed: str
    partition: Digest
    partition_name: str
    cell: str
    block: str

    def independent(self, other: Fix) -> bool:
        """Return whether neither source nor observer is the same, and neither was copied from the other.

        Positions alike to the last digit are one: who copies a coordinate copies all of it, and two who
        measure do not agree to the centimetre.
        """
        if (float(self.lon), float(self.lat)) == (float(other.lon), float(other.lat)):
            return False
        return _folded(self.source) != _folded(other.source) and _folded(self.observer) != _folded(
            other.observer
        )

    def agrees(self, other: Fix, tolerance: int) -> bool:
        """Return whether two fixes lie within `tolerance` [m] of each other."""
        *_, apart = _EARTH.inv(float(self.lon), float(self.lat), float(other.lon), float(other.lat))
        return bool(apart <= tolerance)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Consent:
    """An owner's word that a recipient may be told, or that a cell may be published.

    Attributes:
        recipient: Whom; `PUBLICATION`: everybody, of the cell alone.
        starts: First day.
        ends: First day on which it no longer holds; empty: until revoked.
        revoked: Day from which it was revoked; empty: it was not.
        at: When it was written down, UTC; empty: not known.
    """

    recipient: str
    starts: str
    ends: str = ""
    revoked: str = ""
    at: str = ""

    def covers(self, starts: date, ends: date) -> bool:
        """Return whether it holds on every day from `starts`, up to and without `ends`."""
        over = min((day for day in (self.ends, self.revoked) if day), default="")
        return self.starts <= starts.isoformat() and (not over or over >= ends.isoformat())

    def without(self, recipient: str, day: str) -> Consent:
        """Return it as it stands after consent to a recipient was revoked from a day on."""
        if _folded(recipient) != _folded(self.recipient):
            return self
        return replace(self, revoked=min(day, self.revoked or day))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Site:
    """What is known of one site, read by two officers.

    Attributes:
        id: Random, sixteen hexadecimal digits.
        name: Of the place.
        category: Such as hospital.
        owner: Who may consent.
        note: Anything else.
        window: First day and first day after, of a group on the move; None: it stays.
        fixes: In the order in which they were written down; never empty.
        consents: In that order.
        decided: Whether a decision stands to publish its cell though its position is not verified.
    """

    id: str
    name: str
    category: str = ""
    owner: str = ""
    note: str = ""
    window: tuple[str, str] | None = None
    fixes: tuple[Fix, ...]
    consents: tuple[Consent, ...] = ()
    decided: bool = False

    def standing(self, tolerance: int) -> Standing:
        """Return how surely its position is known."""
        return Standing.UNVERIFIED if self._pair(tolerance) is None else Standing.VERIFIED

    def code(self, tolerance: int) -> tuple[Digest, str, str]:
        """Return the partition's digest and name, and the code that shelters the site.

        A later fix that agrees with it, or a later partition, leaves it as it is: where one cell meets
        another within the tolerance, switching both on would tell that the site lies at their border.
        """
        if self.window is not None:
            first = self.fixes[0]
            return first.partition, first.partition_name, first.block
        pair = [self.fixes[n] for n in self._last_pair(tolerance) or (-1,)]
        first = next(each for each in self.fixes if any(each.agrees(one, tolerance) for one in pair))
        return first.partition, first.partition_name, first.cell

    def left_out(self, starts: date, ends: date, tolerance: int) -> LeftOut | None:
        """Return why the site is in no cell in an epoch; None: it is in one."""
        if self.window is not None and not (
            self.window[0] < ends.isoformat() and starts.isoformat() < self.window[1]
        ):
            return LeftOut.WINDOW
        if not self.consents_to(PUBLICATION, starts, ends):
            return LeftOut.CONSENT
        if self.standing(tolerance) is Standing.UNVERIFIED and not self.decided:
            return LeftOut.UNVERIFIED
        return None

    def consents_to(self, recipient: str, starts: date, ends: date, since: datetime | None = None) -> bool:
        """Return whether one consent to a recipient covers every day from `starts`, without `ends`.

        Args:
            recipient: Whom.
            starts: First day.
            ends: First day that need not be covered.
            since: Only consents that were written down after this count; None: all do.
        """
        return any(
            _folded(each.recipient) == _folded(recipient)
            and each.covers(starts, ends)
            and (since is None or (each.at != "" and datetime.fromisoformat(each.at) > since))
            for each in self.consents
        )

    def _pair(self, tolerance: int) -> tuple[Fix, Fix] | None:
        """Return the two fixes that verify the position: of all pairs that do, the one completed last.

        A fix since then that does not agree with both takes verification away, until another agrees with it
        or with them, or two officers decide: one of the two is wrong, and nobody knows yet which.
        """
        found = self._last_pair(tolerance)
        if not found:
            return None
        old, new = (self.fixes[n] for n in found)
        since = self.fixes[found[1] + 1 :]
        agree = all(self._agree(each, one, tolerance) for each in since for one in (old, new))
        return (old, new) if agree else None

    def _last_pair(self, tolerance: int) -> tuple[int, ...]:
        """Return where the two stand that last came to agree; empty: no two do."""
        for n in range(len(self.fixes) - 1, 0, -1):
            for m, other in enumerate(self.fixes[:n]):
                if self.fixes[n].independent(other) and self._agree(self.fixes[n], other, tolerance):
                    return m, n
        return ()

    def _agree(self, one: Fix, other: Fix, tolerance: int) -> bool:
        if self.window is not None:
            return (one.partition, one.block) == (other.partition, other.block)
        return one.agrees(other, tolerance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What a release needs of a store, and all it gets.

    Attributes:
        codes: Of cells and blocks that are on, each once, sorted; of earlier partitions too.
        sites: How many sites are on; never published.
        partitions: Digest by name of each partition that a code is of.
        left_out: How many sites are in no cell, by reason; never published.
    """

    codes: tuple[str, ...]
    sites: int = field(repr=False)
    partitions: Mapping[str, Digest]
    left_out: Mapping[str, int] = field(repr=False)


def codes(sites: Iterable[Site], starts: date, ends: date, tolerance: int) -> Codes:
    """Return the codes that are on in an epoch.

    Args:
        sites: All of a store.
        starts: First day of the epoch.
        ends: First day after it.
        tolerance: Within which two fixes agree [m].

    Raises:
        BadInput: Two partitions of one name hold sites, so that codes could be mixed up.
    """
    on: set[str] = set()
    partitions: dict[str, Digest] = {}
    count, without = 0, Counter[str]()
    for site in sites:
        if (why := site.left_out(starts, ends, tolerance)) is not None:
            without[why.value] += 1
            continue
        partition, name, code = site.code(tolerance)
        if partitions.setdefault(name, partition) != partition:
            raise BadInput(
                f"two partitions are called {name}",
                hint="give a partition that changed another name, such as SYR2",
            )
        on.add(code)
        count += 1
    return Codes(
        codes=tuple(sorted(on)),
        sites=count,
        partitions=dict(sorted(partitions.items())),
        left_out=dict(sorted(without.items())),
    )


def epoch_of(settings: Settings, day: date) -> tuple[date, date]:
    """Return the first day of the epoch that a day lies in, and the first day after it."""
    first = date.fromisoformat(settings.epochs_from)
    number = (day - first).days // settings.epoch_days
    starts = first + timedelta(days=number * settings.epoch_days)
    return starts, starts + timedelta(days=settings.epoch_days)


def consenting(sites: Sequence[Site], recipient: str, starts: date, ends: date) -> tuple[Site, ...]:
    """Return the sites whose owners consent that a recipient is told, for every day of a time."""
    return tuple(each for each in sites if each.consents_to(recipient, starts, ends))


def _folded(text: str) -> str:
    """Return a name as it is compared: letters alone, one case."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
