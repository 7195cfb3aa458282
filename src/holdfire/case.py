"""The corridor: a case folder, and the order in which the rooms are called.

    reports ─ read ─► claims ─ fuse ─► incidents ─ judge ─► determinations ─ publish ─► bulletin

`Case.run` is that line. Rooms take tables and give tables; this module opens the files, reads the clock,
holds the ledger, and writes what came out in one step, so a run that is killed leaves the case as it was
or as it should be. A second run with nothing new does no work.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from holdfire import intake, keeping, plugins, times
from holdfire.agreement.document import Agreement
from holdfire.agreement.zones import read_areas
from holdfire.digests import Digest, canonical, digest
from holdfire.engine import Engine
from holdfire.errors import BadInput, HoldfireError, Problem
from holdfire.folder import Folder
from holdfire.fusing.fuse import Fused, fuse
from holdfire.issuing import Desk, Found, Issue, issue, period_name
from holdfire.judging.determining import Inquiry, judge
from holdfire.keeping import Kept, Summary
from holdfire.ledger.log import Ledger
from holdfire.ledger.shelf import Staged, make_folder, tidy
from holdfire.method import method
from holdfire.protecting.check import Touch, check
from holdfire.readings import Readings, Tell
from holdfire.records.report import Report
from holdfire.records.source import Repeats
from holdfire.times import Interval, utc


def clock() -> datetime:
    """Return now, or the instant that SOURCE_DATE_EPOCH names (reproducible-builds.org)."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(fixed), UTC) if fixed else datetime.now(UTC)


def quiet(stage: str, done: int, total: int) -> None:
    """Tell no one of progress."""


@dataclass(frozen=True)
class Ran:
    """What one run did.

    Attributes:
        bulletins: Folders of the bulletins, in order of their periods.
        fresh: Whether any work was done; False: nothing was new.
        summary: What the case came to.
    """

    bulletins: tuple[Path, ...]
    fresh: bool
    summary: Summary


@dataclass(frozen=True)
class Case:
    """A case folder, open.

    Attributes:
        folder: What people wrote.
        now: The clock.
        by: Who acts, as the ledger shall name them.
    """

    folder: Folder
    now: Callable[[], datetime] = clock
    by: str = field(default_factory=lambda: os.environ.get("HOLDFIRE_BY", "unnamed"))

    @classmethod
    def open(cls, path: str | Path = ".") -> Case:
        """Return the case that a path is in.

        Raises:
            HoldfireError: There is none.
        """
        return cls(Folder.find(Path(path)))

    @cached_property
    def engine(self) -> Engine:
        """Return how SQL is run for this case."""
        settings = self.folder.head.settings
        scratch = self.folder.made / "scratch"
        return Engine(settings.threads, settings.memory, str(scratch))

    @cached_property
    def agreement(self) -> Agreement:
        """Return the agreement, everything people wrote having been checked."""
        return self.folder.check(plugins.kinds())

    @cached_property
    def readings(self) -> Readings:
        """Return the reader of this case."""
        return Readings(self.folder, plugins.formats(), self.engine)

    @property
    def ledger_file(self) -> Path:
        """Return where the ledger lies."""
        return self.folder.made / "ledger.sqlite"

    def run(self, period: str = "", *, daily: bool = False, tell: Tell = quiet, again: bool = False) -> Ran:
        """Read what is new, fuse, judge, and publish the bulletin of a period.

        Args:
            period: Local days `A/B`, both included; empty: the last day on which anything is recorded.
            daily: Make one bulletin for each day of the period.
            tell: Told of progress.
            again: Do the work even if nothing is new.

        Raises:
            BadInput: A file cannot be read; nothing was changed.
            Busy: Another run is writing to this case.
        """
        if period:
            self._span(period)
        if not again and (stands := self._standing(period, daily)):
            return stands
        agreement = self.agreement
        self.folder.made.mkdir(exist_ok=True)
        with Ledger.open(self.ledger_file, write=True) as ledger:
            tidy(self.folder.path / "bulletins")
            tidy(self.folder.made)
            looked = intake.look(self.folder, self.readings.formats, self.readings.limit)
            held = intake.enter(looked, self.folder, ledger, utc(self.now()), self.by)
            key = self._key([each.report for each in held])
            if not again and (stands := self._unchanged(key, period, daily, ledger)):
                return stands
            found, summary = self._find(agreement, held, ledger, key, tell)
            desk, made = Desk(self.folder, agreement, self.readings), []
            periods = self._periods(period, daily, summary)
            for number, (first, last) in enumerate(periods):
                tell("publishing", number, len(periods))
                made.append(self._publish(issue(desk, found, first, last, ledger, self.now()), ledger, key))
            tell("publishing", len(periods), len(periods))
            return Ran(tuple(made), fresh=True, summary=summary)

    def _standing(self, period: str, daily: bool) -> Ran | None:
        """Return what stands if no file was touched since the last run, without reading any of them."""
        if not self.ledger_file.exists() or not intake.untouched(self.folder):
            return None
        with Ledger.open(self.ledger_file) as ledger:
            return self._unchanged(self._key(intake.reports(ledger).values()), period, daily, ledger)

    def _unchanged(self, key: Digest, period: str, daily: bool, ledger: Ledger) -> Ran | None:
        """Return the bulletins asked for if they were made under this key and are there as issued."""
        known = keeping.summary(self._kept, key)
        if known is None:
            return None
        paths = [self._bulletins / period_name(*days) for days in self._periods(period, daily, known)]
        whole = all(keeping.stands(ledger, self._bulletins, path.name, key) for path in paths)
        return Ran(tuple(paths), fresh=False, summary=known) if whole else None

    @property
    def _kept(self) -> Path:
        return self.folder.made / "found"

    @property
    def _bulletins(self) -> Path:
        return self.folder.path / "bulletins"

    def _find(
        self, agreement: Agreement, held: Sequence[intake.Held], ledger: Ledger, key: Digest, tell: Tell
    ) -> tuple[Found, Summary]:
        """Return claims, incidents and determinations: the line of the corridor."""
        claims = self.readings.claims(held, tell)
        kept = keeping.load(self._kept, key)
        if kept is None:
            tell("fusing", 0, 0)
            settings = self.folder.head.settings
            distinct = {s.id for s in self.folder.sources.values() if s.repeats is Repeats.DISTINCT}
            fused = fuse(claims, distinct, settings.join_km * 1000, settings.join_days, self.engine)
            tell("judging", 0, 0)
            inquiry = Inquiry(
                agreement,
                self.folder.names,
                self.folder.sources,
                plugins.kinds(),
                self.folder.gazetteer.governorates(),
            )
            determinations = judge(fused.incidents, fused.members, claims, inquiry, self.engine)
            kept = Kept(self._summary(held, claims, fused, determinations), fused, determinations)
            keeping.store(self._kept, key, kept)
        found = Found(tuple(held), claims, kept.fused, kept.determinations, (ledger.size, ledger.head))
        return found, kept.summary

    def _summary(
        self, held: Sequence[intake.Held], claims: pa.Table, fused: Fused, determinations: pa.Table
    ) -> Summary:
        verdicts = determinations["verdict"].value_counts().to_pylist()
        latest = pc.max(fused.incidents["start"]).as_py()
        published = max((h.report.published for h in held), default="")[:10]
        day = latest.astimezone(self.folder.zone).date().isoformat() if latest else published
        return Summary(
            reports=len(held),
            claims=claims.num_rows,
            incidents=fused.incidents.num_rows,
            verdicts={v["values"]: v["counts"] for v in sorted(verdicts, key=lambda v: str(v["values"]))},
            crowded=fused.crowded,
            unanswered=fused.unanswered,
            last_day=day if len(day) == len("2016-02-27") else "",
        )

    def found(self) -> Found:
        """Return what the last run made, for reading only.

        Raises:
            HoldfireError: There was no run, or something has changed since.
        """
        with Ledger.open(self.ledger_file) as ledger:
            looked = intake.look(self.folder, self.readings.formats, self.readings.limit)
            known = intake.reports(ledger)
            paths = {each.digest: each for each in looked}
            held = [intake.hold(report, paths[name]) for name, report in known.items() if name in paths]
            whole = len(held) == len(known) == len(paths)
            kept = keeping.load(self._kept, self._key(known.values())) if whole else None
            if kept is None:
                raise HoldfireError(
                    "the case has changed since the last run, or was never run", hint="`holdfire run`"
                )
            claims = self.readings.claims(held, quiet)
            return Found(tuple(held), claims, kept.fused, kept.determinations, (ledger.size, ledger.head))

    def _key(self, reports: Iterable[Report]) -> Digest:
        """Return a digest of everything that incidents, determinations and pages depend on."""
        notes = [
            [r.digest, r.name, r.source, r.published, r.format, r.licence, r.cite, r.language, r.received]
            for r in reports
        ]
        depends = {
            "method": method(),
            "parts": plugins.listed(),
            "reports": notes,
            "written": self.folder.written,
        }
        return digest(canonical(depends))

    def _periods(self, period: str, daily: bool, summary: Summary) -> list[tuple[date, date]]:
        if period:
            first, last = self._span(period)
        else:
            day = date.fromisoformat(summary.last_day) if summary.last_day else self.now().date()
            first = last = day
        if not daily:
            return [(first, last)]
        return [(first + timedelta(days=n),) * 2 for n in range((last - first).days + 1)]

    def _span(self, period: str) -> tuple[date, date]:
        parts = period.split("/") if "/" in period else [period, period]
        try:
            first, last = (date.fromisoformat(part.strip()) for part in parts)
        except ValueError:
            raise BadInput(f'"{period}" is not a period', hint="--period 2016-03-01/2016-03-07") from None
        if last < first:
            raise BadInput(
                f"the period ends ({last}) before it starts ({first})", hint="write the earlier day first"
            )
        return first, last

    def _publish(self, made: Issue, ledger: Ledger, key: Digest) -> Path:
        """Write a bulletin in one step, and enter it in the ledger."""
        target = self._bulletins / made.name
        make_folder(target.parent)
        with Staged(target) as staged:
            for path, content in made.files():
                staged.write(path, content)
        ledger.append([made.entry(utc(self.now()), digest((target / "manifest.txt").read_bytes()), key)])
        return target

    def add(self, files: Sequence[Path], about: Mapping[str, str]) -> list[Report]:
        """Take files into the inbox byte for byte, and enter them in the ledger.

        Args:
            files: Reports.
            about: Fields of a note (`About`); written beside a report that has no front matter.

        Raises:
            BadInput: A name is taken by other bytes, no one says who published a file, or no format
                reads it; nothing was added.
        """
        _ = self.agreement
        self.folder.made.mkdir(exist_ok=True)
        with Ledger.open(self.ledger_file, write=True) as ledger:
            intake.take(files, about, self.folder, self.readings.formats, self.readings.limit)
            looked = intake.look(self.folder, self.readings.formats, self.readings.limit)
            held = intake.enter(looked, self.folder, ledger, utc(self.now()), self.by)
        names = {f"inbox/{file.name}" for file in files}
        return [each.report for each in held if each.report.name in names]

    def retract(self, name: str, reason: str) -> Report:
        """Take a report out of the case; the ledger keeps that it was in.

        Raises:
            BadInput: No report, or several, are named so; or no reason is given.
        """
        if not reason.strip():
            raise BadInput("a retraction needs a reason", hint='--reason "its source withdrew it"')
        with Ledger.open(self.ledger_file, write=True) as ledger:
            known = intake.reports(ledger)
            found = [report for digest, report in known.items() if digest.startswith(name)]
            if len(found) != 1 or len(name) < 4:
                raise BadInput(
                    f'{len(found)} reports are named "{name}"', hint="give at least four digits of one digest"
                )
            ledger.append(
                [
                    {
                        "kind": "retraction",
                        "of": found[0].digest,
                        "reason": reason,
                        "by": self.by,
                        "at": utc(self.now()),
                    }
                ]
            )
        return found[0]

    def fsck(self) -> tuple[int, list[Problem]]:
        """Read every entry and report again; return how many were read, and what no longer matches."""
        with Ledger.open(self.ledger_file) as ledger:
            problems = [Problem(str(p), "ledger") for p in ledger.check()]
            known = intake.reports(ledger)
            size = ledger.size
        problems += intake.broken(self.folder, known)
        return size + len(known), problems

    def touched(self, area: str, file: str, start: str, end: str) -> list[Touch]:
        """Return the published zones that the areas of a GeoJSON text touch at some moment of a time.

        Raises:
            BadInput: The text is no GeoJSON of polygons, or a time is none.
        """
        polygons = read_areas(area, file)
        when = Interval(times.instant(start, self.folder.zone), times.instant(end, self.folder.zone))
        found = {t.zone: t for p in polygons for t in check(self.agreement.zones, p, when, self.folder.zone)}
        return [found[name] for name in sorted(found)]

    def newest(self) -> Path:
        """Return the folder of the bulletin that the last run made.

        Raises:
            HoldfireError: There is none.
        """
        with Ledger.open(self.ledger_file) as ledger:
            issued = [self._bulletins / str(e.value["period"]) for e in ledger.entries("bulletin")]
        there = [path for path in issued if (path / "index.html").is_file()]
        if not there:
            raise HoldfireError("there is no bulletin yet", hint="`holdfire run`")
        return there[-1]

    def claims(self, tell: Tell = quiet) -> Iterator[pa.Table]:
        """Yield the claims of each report of the inbox, without writing anything."""
        looked = intake.look(self.folder, self.readings.formats, self.readings.limit)
        for each in looked:
            tell("reading", 0, 0)
            report = intake.described(each, self.folder)
            yield from self.readings.read(intake.hold(report, each))
