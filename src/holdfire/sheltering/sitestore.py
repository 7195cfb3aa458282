"""A store of protected sites that two officers open together, that logs each reading first.

What holds, and what tries to break it: tests/unit/test_sitestore.py, tests/unit/test_sitestore_faults.py,
tests/unit/test_sitestore_one_officer.py, tests/chaos/test_sites_killed.py:

* no officer alone learns anything of a site, also of one that they added a moment ago;
* a reading is on the disk in the log, with who, why and when, before a byte of it is given;
* what `add` or `write` returned from is there after a failure or a kill at any later step;
* no position, name, category or recipient is in any file, name of a file, size, error or `repr`;
* a changed, moved, removed or added file, and a changed line of the log, is told and never read past;
* after `destroy` neither key nor records of a site are in any file, and the log says that they were.

Nothing here reads a clock; randomness is handed in, and with any other than the system's nothing is secret.
What this cannot do is in docs/decisions/0043-two-officers-open-a-site.md: two officers together can do all
that it can, and without a log.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from holdfire.digests import Digest, digest
from holdfire.errors import BadInput, CheckFailed, HoldfireError, Problem, Problems
from holdfire.ledger.lock import Lock
from holdfire.ledger.shelf import make_folder, replace_file
from holdfire.protecting.sites import Codes, Site, codes, consenting
from holdfire.sheltering import sitefiles, sitelog, siterecords
from holdfire.sheltering.officers import Officer, Public
from holdfire.sheltering.sitefiles import CHARTER, KEY, LOCK, LOG, Charter, SiteKey
from holdfire.sheltering.sitelog import Line
from holdfire.sheltering.wrapping import seal, unseal, unwrap, wrap
from holdfire.times import utc


@dataclass(frozen=True, slots=True)
class Held:
    """What the log says of one site.

    Attributes:
        key: Digest of the file of its key.
        records: Digests of its sealed records, in order.
        gone: When it was destroyed; empty: it was not.
    """

    key: Digest
    records: tuple[Digest, ...]
    gone: str = ""


class Store:
    """A store: make it with `found`, open it with `Store(folder)`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.charter = sitefiles.read_charter(folder)
        self.lines: list[Line] = []
        self._load()

    def __repr__(self) -> str:
        """Return its name."""
        return f"Store({self.fingerprint[:12]})"

    @property
    def fingerprint(self) -> Digest:
        """Return what names the store: the digest of its charter."""
        return self.charter.fingerprint

    @property
    def head(self) -> Digest:
        """Return the digest of the last line of the log, to be kept elsewhere."""
        return self.lines[-1].digest

    @property
    def held(self) -> dict[str, Held]:
        """Return what the log says of each site, by id, in the order they were added."""
        found: dict[str, Held] = {}
        for line in self.lines:
            if line.act == "add":
                found[line.site] = Held(line.key, (line.record,))
            elif line.act == "write":
                before = found[line.site]
                found[line.site] = Held(before.key, (*before.records, line.record))
            elif line.act == "destroy":
                found[line.site] = Held(found[line.site].key, found[line.site].records, line.at)
        return found

    def join(self, officer: Officer, trust: Digest, now: datetime) -> None:
        """Let an officer join: they say, over their own key, that this store is the one they were told of.

        Raises:
            BadInput: They are no officer of it, or it is another store than they were told of.
        """
        if trust != self.fingerprint:
            raise BadInput(
                "this is another store than the fingerprint names", str(self.folder),
                "compare it over the telephone with who founded it; do not go on if it differs",
            )  # fmt: skip
        with self._writing():
            self._present([officer], 1, joined=False)
            if officer.name not in self._joined():
                self._say([officer], now, "join")

    def add(
        self,
        officer: Officer,
        record: Mapping[str, Any],
        now: datetime,
        random: Callable[[int], bytes] = os.urandom,
    ) -> str:
        """Add a site and return its id; who added it cannot read it alone.

        Args:
            officer: Who adds it.
            record: What `siterecords.site` made.
            now: The time.
            random: Gives so many random bytes.

        Raises:
            BadInput: The officer is none, has not joined, or the clock runs backwards.
            HoldfireError: The disk refuses.
        """
        with self._writing():
            self._present([officer], 1)
            self._timely(now)
            site = random(8).hex()
            secret = random(32)
            public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
            sealed = seal(self._by([officer], record, now), self.fingerprint, site, public)
            wrapped = wrap(secret, self.charter.officers, self.fingerprint, site, public)
            key = SiteKey(public=public, wrapped=wrapped).text
            sitefiles.write(self.folder, site, KEY, key)
            sitefiles.write(self.folder, site, digest(sealed), sealed)
            self._say([officer], now, "add", site=site, key=digest(key), record=digest(sealed))
        return site

    def write(self, site: str, officers: Sequence[Officer], record: Mapping[str, Any], now: datetime) -> None:
        """Add a record to a site: a fix, a consent, a revocation by one officer; a decision by two.

        Raises:
            BadInput: There is no such site, it was destroyed, or an officer may not.
            HoldfireError: The disk refuses.
        """
        with self._writing():
            self._present(officers, 2 if record["kind"] == "decision" else 1)
            self._timely(now)
            key = sitefiles.read_key(self.folder, site, self._site(site).key)
            sealed = seal(self._by(officers, record, now), self.fingerprint, site, key.public)
            sitefiles.write(self.folder, site, digest(sealed), sealed)
            self._say(officers, now, "write", site=site, record=digest(sealed))

    def open_(self, site: str, officers: Sequence[Officer], why: str, ref: str, now: datetime) -> Site:
        """Return what is known of a site, to two officers who say why; the log has it first.

        Raises:
            BadInput: Everything that is wrong: the officers, the reason, the site; or a file was changed.
            HoldfireError: The log cannot be written; nothing was read.
        """
        with self._writing():
            two = self._two(officers, why, ref)
            held = {site: self._site(site)}
            return self._read(held, two, now, "open", why=why, ref=ref, site=site)[0]

    def cells(
        self, officers: Sequence[Officer], why: str, ref: str, now: datetime, starts: date, ends: date
    ) -> Codes:
        """Return the codes that are on in an epoch and how many sites are, to two officers who say why.

        Raises:
            BadInput: As for `open_`; or two partitions of one name hold sites.
            HoldfireError: The log cannot be written; nothing was read.
        """
        with self._writing():
            two = self._two(officers, why, ref)
            sites = self._read(self._live(), two, now, "cells", why=why, ref=ref)
        return codes(sites, starts, ends, self.charter.tolerance)

    def consenting(
        self,
        recipient: str,
        officers: Sequence[Officer],
        why: str,
        ref: str,
        now: datetime,
        starts: date,
        ends: date,
    ) -> tuple[Site, ...]:
        """Return the sites whose owners consent that a recipient is told for a whole time, to two officers.

        Raises:
            BadInput: As for `open_`.
            HoldfireError: The log cannot be written; nothing was read.
        """
        with self._writing():
            two = self._two(officers, why, ref)
            sites = self._read(self._live(), two, now, "consents", why=why, ref=ref)
        return consenting(sites, recipient, starts, ends)

    def destroy(self, site: str, officers: Sequence[Officer], why: str, ref: str, now: datetime) -> None:
        """Destroy a site's key and records; the log says so first, and whoever writes next finishes it.

        Raises:
            BadInput: As for `open_`.
            HoldfireError: The disk refuses; calling `tidy` goes on.
        """
        with self._writing():
            two = self._two(officers, why, ref)
            self._site(site)
            self._timely(now)
            self._say(two, now, "destroy", why=why, ref=ref, site=site)
            sitefiles.destroy(self.folder, site)

    def set_clock(self, officers: Sequence[Officer], now: datetime) -> None:
        """Write a line with an earlier time than the last, which two officers say was wrong.

        Raises:
            BadInput: The officers may not.
        """
        with self._writing():
            two = self._two(officers, "mistake", "")
            self._say(two, now, "clock", why="mistake")

    def check(self, head: Digest = "") -> list[Problem]:
        """Return what is wrong: files gone, changed, or that no line of the log names; a log that was cut.

        Args:
            head: Digest of a line that was the last once, kept elsewhere; empty: not known.
        """
        problems = Problems(self.folder.name)
        if head and head not in {line.digest for line in self.lines}:
            problems.add(
                "the log no longer has the line that this head names",
                hint="it was cut, or is of another store",
            )
        named = {self.folder / CHARTER, self.folder / LOG, self.folder / LOCK}
        for site, held in self.held.items():
            if held.gone:
                continue
            for name, expected in ((KEY, held.key), *((each, each) for each in held.records)):
                named.add(sitefiles.folder_of(self.folder, site) / name)
                try:
                    sitefiles.read_sealed(self.folder, site, name, expected)
                except BadInput as error:
                    problems.extend(error.problems)
        for path in sitefiles.listed(self.folder):
            if path not in named:
                problems.add(
                    "no line of the log names a file",
                    path.relative_to(self.folder).as_posix(),
                    "a killed run left it, or the log was cut: compare its head, then site check --tidy",
                )
        return list(problems)

    def tidy(self) -> int:
        """Remove files that no line of the log names, and return how many; finish what was to be destroyed.

        Raises:
            HoldfireError: The disk refuses.
        """
        with self._writing():
            held = self.held
            removed = 0
            for path in sitefiles.listed(self.folder):
                within = path.relative_to(self.folder).parts
                if within[0] != sitefiles.SITES and not within[-1].endswith(".new"):
                    continue
                of = held.get(within[1]) if len(within) == 3 else None
                if of is None or path.name not in (KEY, *of.records):
                    sitefiles.remove(path)
                    removed += 1
        return removed

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the writer's lock over a log that was read anew; finish destructions that were cut short."""
        with Lock(self.folder / LOCK):
            self._load()
            for site, held in self.held.items():
                if held.gone:
                    sitefiles.destroy(self.folder, site)
            yield

    def _load(self) -> None:
        if sitefiles.read_charter(self.folder) != self.charter:
            raise BadInput("the charter of the store was changed", str(self.folder), sitefiles.DAMAGED)
        self.lines = sitelog.read(self.folder / LOG, self.fingerprint, self.charter.officers)

    def _live(self) -> dict[str, Held]:
        return {site: held for site, held in self.held.items() if not held.gone}

    def _site(self, site: str) -> Held:
        held = self.held.get(site)
        if held is None:
            raise BadInput(
                "there is no site of this id", hint="holdfire protect site log names those there are"
            )
        if held.gone:
            raise BadInput(f"this site was destroyed on {held.gone}", f"site {site}")
        return held

    def _joined(self) -> set[str]:
        return {name for line in self.lines if line.act in ("found", "join") for name in line.by}

    def _wrong(self, officers: Sequence[Officer], number: int, joined: bool) -> Iterator[Problem]:
        """Yield why these officers may not do what asks for `number` of them."""
        if len({each.public.opens for each in officers}) < len(officers) or len(
            {each.name for each in officers}
        ) < len(officers):
            yield Problem(
                "one officer stands there twice", "--key", "two different officers open a site together"
            )
        if len(officers) != number:
            hint = "give --key twice, each a file of another officer" if number == 2 else "give --key once"
            there = "one officer is there" if len(officers) == 1 else f"{len(officers)} officers are there"
            yield Problem(f"{there}, and {number} are asked for", "--key", hint)
        for each in officers:
            if self.charter.officers.get(each.name) != each.public:
                yield Problem(f"{each.name} is no officer of this store, or has another key", "--key")
            elif joined and each.name not in self._joined():
                yield Problem(
                    f"{each.name} has not joined this store",
                    "--key",
                    "holdfire protect site join, once, with its fingerprint",
                )

    def _present(self, officers: Sequence[Officer], number: int, joined: bool = True) -> None:
        if found := list(self._wrong(officers, number, joined)):
            raise BadInput.of(found)

    def _two(self, officers: Sequence[Officer], why: str, ref: str) -> tuple[Officer, Officer]:
        found = list(self._wrong(officers, 2, joined=True))
        try:
            sitelog.checked_why(why, ref)
        except BadInput as error:
            found += error.problems
        if found:
            raise BadInput.of(found)
        first, second = sorted(officers, key=lambda each: each.name)
        return first, second

    def _timely(self, now: datetime) -> None:
        sitelog.drawn(self.lines, self.fingerprint, [], now, "write")

    def _by(self, officers: Sequence[Officer], record: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        return {**record, "by": sorted(each.name for each in officers), "at": utc(now)}

    def _say(self, officers: Sequence[Officer], now: datetime, act: str, **said: str) -> None:
        line = sitelog.drawn(self.lines, self.fingerprint, officers, now, act, **said)
        sitelog.append(self.folder / LOG, line)
        self.lines.append(line)

    def _read(
        self, held: Mapping[str, Held], two: tuple[Officer, Officer], now: datetime, act: str, **said: str
    ) -> list[Site]:
        """Return sites, opened once a line says so; sealed files are held against the log before that."""
        sealed = {
            site: (
                sitefiles.read_key(self.folder, site, each.key),
                [sitefiles.read_sealed(self.folder, site, name, name) for name in each.records],
            )
            for site, each in held.items()
        }
        self._say(two, now, act, **said)
        signed = {line.record: line.by for line in self.lines if line.record}
        found = []
        for site, (key, records) in sealed.items():
            secret = unwrap(key.wrapped, two, self.fingerprint, site, key.public)
            opened = (
                [] if secret is None else [unseal(each, secret, self.fingerprint, site) for each in records]
            )
            whole = [each for each in opened if each is not None]
            if not whole or len(whole) < len(records):
                raise BadInput("what is held of a site does not open", f"site {site}", sitefiles.DAMAGED)
            siterecords.borne_out(site, whole, [signed[name] for name in held[site].records])
            found.append(siterecords.told(site, whole))
        return found


def found(
    folder: Path,
    officers: Mapping[str, Public],
    tolerance: int,
    founder: Officer,
    now: datetime,
    random: Callable[[int], bytes] = os.urandom,
) -> Store:
    """Found a store in a folder, and return it; its founder has joined it.

    Args:
        folder: Beside or outside the case; with nothing in it.
        officers: Public keys of all officers by name, the founder's too.
        tolerance: Within which two fixes agree [m]; not above the margin of partitions.
        founder: Who founds it.
        now: The time.
        random: Gives so many random bytes.

    Raises:
        BadInput: Something is there, the founder is not among the officers, or the officers or the tolerance
            will not do.
        HoldfireError: The disk refuses.
    """
    charter = Charter(store=random(16).hex(), officers=dict(officers), tolerance=tolerance, at=utc(now))
    charter.refuse()
    if officers.get(founder.name) != founder.public:
        raise BadInput(
            "who founds a store is not among its officers", "--key", "give --officer for each, also for you"
        )
    if (folder / LOG).exists() or (folder.exists() and not folder.is_dir()):
        raise BadInput("something stands there already", str(folder), "name a new folder")
    make_folder(folder)
    try:
        folder.chmod(0o700)
    except OSError as error:
        raise HoldfireError(f"the folder cannot be closed to others: {error.strerror}", str(folder)) from None
    with Lock(folder / LOCK):
        replace_file(folder / CHARTER, charter.text)
        first = sitelog.drawn([], charter.fingerprint, [founder], now, "found")
        sitelog.append(folder / LOG, first)
    return Store(folder)


def refuse_problems(problems: Sequence[Problem]) -> None:
    """Raise the problems of a check.

    Raises:
        CheckFailed: There are some.
    """
    if problems:
        raise CheckFailed.of(problems)
