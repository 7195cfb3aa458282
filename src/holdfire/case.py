"""The corridor: a case folder, and the order in which the rooms are called.

    reports ─ vault ─ read ─► claims ─ fuse ─► incidents ─ judge ─► determinations ─ record ─► log
    log, first N entries ─ publish ─► bulletin

`Case.run` is these two lines. Rooms take tables and give tables; this module opens the files, reads the
clock, holds the ledger and the vault, and writes what came out in one step, so a run that is killed leaves
the case as it was or as it should be. A second run with nothing new does no work.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from holdfire import intake, keeping, plugins, signing, together
from holdfire.agreement.document import Agreement
from holdfire.archiving import Unpacking, is_archive
from holdfire.clock import clock
from holdfire.digests import Digest, canonical, digest
from holdfire.engine import Engine
from holdfire.errors import HoldfireError, Problem
from holdfire.exhibits import Exhibits, named
from holdfire.folder import Folder
from holdfire.fusing.lineage import lineage, rest
from holdfire.holdings import RESTORE, Held, hold, reports
from holdfire.inscribing import inscribe
from holdfire.issuing import Desk, Found, extracts, issue
from holdfire.judging.determining import Inquiry, judge
from holdfire.keeping import Kept, Summary
from holdfire.ledger import coded
from holdfire.ledger.log import Ledger
from holdfire.ledger.shelf import Staged, make_folder, tidy
from holdfire.ledger.vault import Vault
from holdfire.ledger.vaultkeys import from_environment
from holdfire.method import method
from holdfire.peopling import peopled
from holdfire.periods import Days, period_name, periods, span
from holdfire.precaution.atcells import AtCells, at_cells
from holdfire.precaution.held import areas_of
from holdfire.publishing.extracts import Extracts
from holdfire.readings import Readings, Tell, quiet
from holdfire.recording import State, current, last, state
from holdfire.records.claim import CLAIM
from holdfire.records.report import Report
from holdfire.redacting import destroyer
from holdfire.tables import stack
from holdfire.times import utc
from holdfire.versions.withdrawing import Withdrawal, withdraw


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
        random: Where keys and salts come from.
        spark: Master of the Spark cluster that weighs pairs of claims; empty: they are weighed here.
    """

    folder: Folder
    now: Callable[[], datetime] = clock
    by: str = field(default_factory=lambda: os.environ.get("HOLDFIRE_BY", "unnamed"))
    random: Callable[[int], bytes] = os.urandom
    spark: str = ""

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
        return Engine(settings.threads, settings.memory, str(scratch), self.spark)

    @cached_property
    def agreement(self) -> Agreement:
        """Return the agreement, everything people wrote having been checked."""
        return self.folder.check(plugins.kinds())

    @cached_property
    def readings(self) -> Readings:
        """Return the reader of this case."""
        return Readings(self.folder, plugins.formats(), self.engine)

    @cached_property
    def exhibits(self) -> Exhibits:
        """Return the public files that the log names."""
        return Exhibits(self.folder.made / "exhibits")

    @cached_property
    def _shut(self) -> Vault:
        """Return the vault, open for reading as long as the case is."""
        return self.vault()

    def ledger(self, write: bool = False) -> Ledger:
        """Open the ledger."""
        return Ledger.open(self.folder.made / "ledger.sqlite", write)

    def vault(self, write: bool = False) -> Vault:
        """Open the vault.

        Raises:
            BadInput: `HOLDFIRE_VAULT_KEY` names no key of this vault.
        """
        key = from_environment(os.environ)
        return Vault.open(self.folder.made / "vault", write=write, random=self.random, key=key)

    @property
    def bulletins(self) -> Path:
        """Return the folder of the bulletins."""
        return self.folder.path / "bulletins"

    @property
    def kept(self) -> Path:
        """Return the folder of what the last run found."""
        return self.folder.made / "found"

    def run(self, period: str = "", *, daily: bool = False, tell: Tell = quiet, again: bool = False) -> Ran:
        """Read what is new, fuse, judge, record, and publish the bulletin of a period.

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
            span(period)
        if not again and (stands := self._standing(period, daily)):
            return stands
        agreement = self.agreement
        self.folder.made.mkdir(exist_ok=True)
        with self.ledger(write=True) as ledger, self.vault(write=True) as vault, self.engine.kept():
            tidy(self.bulletins)
            tidy(self.folder.made)
            vault.tidy()
            self._finish(ledger, vault)
            areas = areas_of(self.folder, ledger)
            looked = intake.look(self.folder, self.readings.formats, self.readings.limit, vault)
            held = intake.enter(looked, self.folder, ledger, vault, utc(self.now()), self.by)
            known = tuple(reports(ledger, vault).values())
            key = self.key(known, ledger)
            if not again and (stands := self._unchanged(key, period, daily, ledger)):
                return stands
            found, summary = self._find(agreement, held, known, ledger, key, tell)
            tell("recording", 0, 0)
            near = at_cells(found.fused.incidents, found.fused.members, found.claims, areas)
            self._record(agreement, found, near, summary, ledger, vault, key)
            desk, then = Desk(self.folder, agreement, self.engine, areas), state(ledger, self.engine)
            made, wanted = [], self._periods(period, daily, summary)
            for number, days in enumerate(wanted):
                tell("publishing", number, len(wanted))
                now = replace(then, size=ledger.size, head=ledger.head)
                made.append(self._publish(desk, found, near, now, days, ledger, key))
            tell("publishing", len(wanted), len(wanted))
            return Ran(tuple(made), fresh=True, summary=summary)

    def _finish(self, ledger: Ledger, vault: Vault) -> None:
        """Destroy what a redaction that was cut short has left."""
        signing.finish(ledger, lambda commitment: commitment in vault, destroyer(self.folder, ledger, vault))

    def _standing(self, period: str, daily: bool) -> Ran | None:
        """Return what stands if no file was touched since the last run, without reading any of them."""
        if not (self.folder.made / "ledger.sqlite").exists() or not intake.untouched(self.folder):
            return None
        with self.ledger() as ledger:
            return self._unchanged(
                self.key(reports(ledger, self._shut).values(), ledger), period, daily, ledger
            )

    def _unchanged(self, key: Digest, period: str, daily: bool, ledger: Ledger) -> Ran | None:
        """Return the bulletins asked for if they were made under this key and are there as issued."""
        known = keeping.summary(self.kept, key)
        if known is None:
            return None
        paths = [self.bulletins / period_name(*days) for days in self._periods(period, daily, known)]
        whole = all(keeping.stands(ledger, self.bulletins, path.name, key) for path in paths)
        return Ran(tuple(paths), fresh=False, summary=known) if whole else None

    def _find(
        self,
        agreement: Agreement,
        held: Sequence[Held],
        known: tuple[Report, ...],
        ledger: Ledger,
        key: Digest,
        tell: Tell,
    ) -> tuple[Found, Summary]:
        """Return claims, incidents and determinations: the first line of the corridor."""
        claims = self._claims(held, known, ledger, tell)
        kept = keeping.load(self.kept, key)
        if kept is None:
            tell("fusing", 0, 0)
            fused = together.fused(self.folder, claims, self.engine)
            tell("judging", 0, 0)
            inquiry = Inquiry(
                agreement,
                self.folder.names,
                self.folder.sources,
                plugins.kinds(),
                self.folder.gazetteer.governorates(),
                self.folder.grades,
            )
            determinations = judge(fused.incidents, fused.members, claims, inquiry, self.engine)
            people = peopled(self.readings, held, tell)
            used = {kind: digest(each.text().encode()) for kind, each in self.folder.trained.items()}
            zone = self.folder.zone
            summary = keeping.summarise(known, claims, fused, determinations, zone, people, used)
            kept = Kept(summary, fused, determinations, people)
            keeping.store(self.kept, key, kept)
        return Found(tuple(held), known, claims, *kept.found), kept.summary

    def _claims(self, held: Sequence[Held], known: Iterable[Report], ledger: Ledger, tell: Tell) -> pa.Table:
        """Return the claims of all reports; those of destroyed ones as the log has them."""
        readable = [each for each in held if each.report.format in self.readings.formats]
        claims = self.readings.claims(readable, tell)
        texts = self.readings.shingled(readable)
        claims = rest(claims, lineage(texts, self.engine), texts, self.engine)
        gone = [report.id for report in known if report.redacted]
        if not gone:
            return claims
        logged = coded.claims(current(ledger, "claim", self.engine), self.engine)
        return stack(CLAIM, [claims, logged.filter(pc.is_in(logged["report"], value_set=pa.array(gone)))])

    def _record(
        self,
        agreement: Agreement,
        found: Found,
        near: AtCells,
        summary: Summary,
        ledger: Ledger,
        vault: Vault,
        key: Digest,
    ) -> None:
        """Bring the log to what was found, unless the last run found the same."""
        before = last(ledger, "run")
        if before is not None and before.value["key"] == key:
            return
        at = utc(self.now())
        files = self.exhibits.keep(self.folder)
        case = last(ledger, "case")
        if case is None or dict(case.value["files"]) != files:
            ledger.append(
                [{"kind": "case", "files": sorted(map(list, files.items())), "at": at, "by": self.by}]
            )
        run = {"kind": "run", "at": at, "method": method(), "key": key, "counts": summary.counts}
        inscribe(ledger, found, near, self.folder, agreement, vault.pseudonym, self.engine, run)

    def _publish(
        self, desk: Desk, found: Found, near: AtCells, then: State, days: Days, ledger: Ledger, key: Digest
    ) -> Path:
        """Write a bulletin in one step, and enter it in the log."""
        words = self.exhibits.put(extracts(desk, found, near, self.readings, *days).content())
        made = issue(desk, then, Extracts.read(self.exhibits.read(words)), *days, ledger)
        target = self.bulletins / made.name
        make_folder(target.parent)
        with Staged(target) as staged:
            for path, content in made.files():
                staged.write(path, content)
        entry = {
            "kind": "bulletin",
            "period": made.name,
            "number": made.material.number,
            "version": made.material.version,
            "manifest": digest((target / "manifest.txt").read_bytes()),
            "at": utc(self.now()),
            "run": key,
            "size": then.size,
            "method": method(),
            "case": then.case_entry,
            "extracts": words,
        }
        ledger.append([entry])
        return target

    def found(self, *, stale: bool = False) -> Found:
        """Return what the last run made, for reading only.

        Args:
            stale: Also if something has changed since, such as by a judgement of what it made.

        Raises:
            HoldfireError: There was no run, or something has changed since.
        """
        with self.ledger() as ledger:
            known = tuple(reports(ledger, self._shut).values())
            kept = keeping.load(self.kept, None if stale else self.key(known, ledger))
            if kept is None or not (stale or intake.settled(self.folder)):
                raise HoldfireError(
                    "the case has changed since the last run, or was never run", hint="`holdfire run`"
                )
            held = [hold(report, self._shut) for report in known if not report.redacted]
            claims = self._claims(held, known, ledger, quiet)
            return Found(tuple(held), known, claims, *kept.found)

    def key(self, known: Iterable[Report], ledger: Ledger) -> Digest:
        """Return a digest of everything that incidents, determinations and pages depend on."""
        depends = {
            "method": method(),
            "parts": plugins.listed(),
            "reports": [asdict(report) for report in known],
            "written": self.folder.written,
            "gazetteer": self.folder.atlas_digest,
            "reviews": [entry.leaf for entry in ledger.entries("review")],
        }
        # What the log released has to be in the folder before anything stands: `areas_of` looks.
        if areas := [entry.leaf for entry in ledger.entries("zones")]:
            depends["areas"] = areas
        return digest(canonical(depends))

    def _periods(self, period: str, daily: bool, summary: Summary) -> list[Days]:
        day = date.fromisoformat(summary.last_day) if summary.last_day else self.now().date()
        return periods(period, day, daily=daily)

    def add(self, files: Sequence[Path], about: Mapping[str, str]) -> list[Report]:
        """Take files into the inbox and the vault byte for byte, and enter them in the log.

        An archive of the web goes into the vault alone, and its pages become reports of it.

        Args:
            files: Reports.
            about: Fields of a note (`About`); written beside a report that has no front matter.

        Raises:
            BadInput: A name is taken by other bytes, no one says who published a file, or no format
                reads it; nothing was added.
        """
        _ = self.agreement
        self.folder.made.mkdir(exist_ok=True)
        with self.ledger(write=True) as ledger, self.vault(write=True) as vault:
            packed = [file for file in files if file.is_file() and is_archive(file)]
            loose = [file for file in files if file not in packed]
            intake.take(loose, about, self.folder, self.readings.formats, self.readings.limit)
            now, formats = utc(self.now()), self.readings.formats
            unpacking = Unpacking(self.folder, ledger, vault, formats, now, self.by)
            taken = [unpacking.take(file, about) for file in packed]
            looked = intake.look(self.folder, self.readings.formats, self.readings.limit, vault)
            held = intake.enter(looked, self.folder, ledger, vault, utc(self.now()), self.by)
        names = {f"inbox/{file.name}" for file in loose}
        ids = {name for each in taken for name in (each.archive, *each.pages)}
        return [each.report for each in held if each.file in names or each.report.id in ids]

    def retract(self, name: str, reason: str, *, source: bool = False) -> list[Withdrawal]:
        """Take a report, or all reports of a source, out of the case; the ledger keeps that they were in.

        Raises:
            BadInput: No report, or several, are named so; no report is of the source; or no reason is given.
        """
        with self.ledger(write=True) as ledger:
            return withdraw(ledger, self.engine, name, reason, utc(self.now()), self.by, source=source)

    def fsck(self) -> tuple[int, list[Problem]]:
        """Read every entry, report and exhibit again; return how many, and what no longer matches."""
        with self.ledger() as ledger, self.vault() as vault:
            problems = [*ledger.check(), *vault.check()]
            known, size, wanted = reports(ledger), ledger.size, named(ledger)
            problems += intake.changed(self.folder, known, vault)
            lost = [r for r in known.values() if not r.redacted and r.id not in vault]
            left = signing.unfinished(ledger, lambda commitment: commitment in vault)
        problems += [Problem(f"the bytes of report {r.id[:8]} are gone", r.name, RESTORE) for r in lost]
        problems += [Problem(f"report {c[:8]} is redacted and not gone", hint="`holdfire run`") for c in left]
        problems += self.exhibits.check(wanted)
        return size + len(known) + len(wanted), problems

    def newest(self) -> Path:
        """Return the folder of the bulletin that the last run made.

        Raises:
            HoldfireError: There is none.
        """
        with self.ledger() as ledger:
            issued = [self.bulletins / str(e.value["period"]) for e in ledger.entries("bulletin")]
        there = [path for path in issued if (path / "index.html").is_file()]
        if not there:
            raise HoldfireError("there is no bulletin yet", hint="`holdfire run`")
        return there[-1]

    def held(self) -> list[Held]:
        """Return the reports that were read and whose bytes are in the vault, in order of entry.

        Raises:
            HoldfireError: There was no run.
        """
        with self.ledger() as ledger:
            known = [each for each in reports(ledger, self._shut).values() if not each.redacted]
        return [hold(each, self._shut) for each in known if each.format in self.readings.formats]

    def claims(self, tell: Tell = quiet) -> Iterator[tuple[Held, pa.Table]]:
        """Yield each report of the inbox with tables of its claims, without writing anything.

        What a run has taken in has the ids of the record; what none has seen yet is named by its bytes.
        """
        vault = self._shut if (self.folder.made / "vault").exists() else None
        for each in intake.look(self.folder, self.readings.formats, self.readings.limit, vault):
            tell("reading", 0, 0)
            held = intake.described(each)
            yield from ((held, table) for table in self.readings.read(held))
