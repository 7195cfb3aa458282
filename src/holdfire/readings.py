"""Claims of every report, each read once: a reading is kept under what it depends on.

A reading depends on the bytes, the format and its version, the note, and the names, places and sources
of the case; its file carries a digest of all of these. Nothing else can change it, so one new report
does not read the others again, and a changed name reads them all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from holdfire.digests import Digest, canonical, digest
from holdfire.engine import Engine
from holdfire.errors import BadInput, HoldfireError, Problems
from holdfire.folder import Folder
from holdfire.holdings import Held
from holdfire.readers import WORTH, Reading, Text, context_of, readers
from holdfire.reading.correcting import Corrected, correct
from holdfire.reading.format import Content, Context, Format, Listing, Worded
from holdfire.reading.formats.text import decoded, quote
from holdfire.reading.prose.page.shown import Shown
from holdfire.records.claim import CLAIM
from holdfire.records.correction import standing
from holdfire.records.death import DEATH
from holdfire.records.shingle import SHINGLED
from holdfire.tables import rows, stack

Tell = Callable[[str, int, int], None]
"""Told of progress: what is being done, how much is done, of how much (0: not known)."""


def quiet(stage: str, done: int, total: int) -> None:
    """Tell no one of progress."""


Quoted = tuple[str, str, str]
"""What stands before some words, the words, and what stands after."""


@dataclass(frozen=True)
class Readings:
    """Reads reports of a case into claims, and keeps what was read.

    Attributes:
        folder: The case.
        formats: Formats by name.
        engine: How to run SQL.
    """

    folder: Folder
    formats: Mapping[str, Format]
    engine: Engine

    @property
    def shelf(self) -> Path:
        """Return the folder that readings are kept in."""
        return self.folder.made / "claims"

    @property
    def limit(self) -> int:
        """Return the most bytes a report may unpack to."""
        return self.folder.head.settings.largest_report << 20

    def claims(self, held: Sequence[Held], tell: Tell) -> pa.Table:
        """Return the CLAIM rows of all reports, in the order given, with what people said of them put in.

        Raises:
            BadInput: All problems of all reports that cannot be read.
        """
        return self.corrected(self.as_read(held, tell), held).claims

    def as_read(self, held: Sequence[Held], tell: Tell) -> pa.Table:
        """Return the CLAIM rows of all reports, in the order given, as the reader left them.

        Raises:
            BadInput: All problems of all reports that cannot be read.
        """
        self.shelf.mkdir(parents=True, exist_ok=True)
        depends = self._depends()
        wanted = {each.report.id: self._file(each, depends) for each in held}
        missing = [each for each in held if not wanted[each.report.id].exists()]
        self._fill([(each, wanted[each.report.id]) for each in missing], tell)
        kept = {file.name for path in wanted.values() for file in (path, _beside(path))}
        for file in self.shelf.iterdir():
            if file.name not in kept:
                file.unlink()
        return stack(CLAIM, [pq.read_table(wanted[each.report.id], schema=CLAIM.arrow) for each in held])

    def corrected(self, claims: pa.Table, held: Sequence[Held]) -> Corrected:
        """Return claims with what people said of them put in, and what fits no claim any more."""
        sources = {each.report.id: each.report.source for each in held}
        judged = standing(self.folder.corrections)
        return correct(claims, judged, sources, self.folder.zone, self.folder.gazetteer)

    def shingled(self, held: Sequence[Held]) -> pa.Table:
        """Return what the texts among some reports can be compared by; `claims` has read them before."""
        depends = self._depends()
        files = [_beside(self._file(each, depends)) for each in held if self._worded(each)]
        return stack(SHINGLED, [pq.read_table(file, schema=SHINGLED.arrow) for file in files])

    def shown(self, held: Held) -> Shown | None:
        """Return the text of a report as it is read, with its way back; None: it is no text."""
        form = self.formats[held.report.format]
        if not isinstance(form, Worded):
            return None
        return form.shown(held.report, self._content(held), self._context(held, lambda _: None))

    def lists(self, held: Iterable[Held]) -> list[Held]:
        """Return those reports that are lists of the dead."""
        forms = ((each, self.formats.get(each.report.format)) for each in held)
        return [each for each, form in forms if isinstance(form, Listing) and form.lists(self._content(each))]

    def deaths(self, held: Held) -> pa.Table:
        """Return the DEATH rows of a list. They hold names: they are read anew each time and never kept.

        Raises:
            BadInput: All problems of the list.
        """
        form = self.formats[held.report.format]
        if not isinstance(form, Listing):
            raise BadInput("the report is no list of the dead", held.report.name)
        context = self._context(held, lambda _: None)
        return stack(DEATH, list(form.deaths(held.report, self._content(held), context)))

    def _worded(self, held: Held) -> bool:
        return isinstance(self.formats[held.report.format], Worded)

    def _fill(self, missing: Sequence[tuple[Held, Path]], tell: Tell) -> None:
        """Read what is missing and keep it: texts by several readers where they are many."""
        problems = Problems("inbox")
        total, done = sum(each.size for each, _ in missing), 0
        texts = [pair for pair in missing if self._worded(pair[0])]
        many = len(texts) >= WORTH and self.engine.threads > 1
        for (each, file), reading in zip(texts, self._several(texts), strict=True) if many else ():
            if isinstance(reading, HoldfireError):
                problems.extend(reading.problems)
            else:
                pq.write_table(reading.shingled, _beside(file))
                self._keep(file, [reading.claims])  # last: where claims are kept, all of the reading is
            done += each.size
            tell("reading", done, total)
        for each, file in missing:
            if many and self._worded(each):
                continue
            try:
                self._read(each, file, lambda n, d=done: tell("reading", d + n, total))  # type: ignore[misc]
            except HoldfireError as error:
                problems.extend(error.problems)
            done += each.size
            tell("reading", done, total)
        problems.raise_any()

    def _several(self, texts: Sequence[tuple[Held, Path]]) -> Iterator[Reading | HoldfireError]:
        with readers(self.folder.path, self.limit, self.engine.threads) as read:
            yield from read(self._text(each) for each, _ in texts)

    def _text(self, held: Held) -> Text:
        with held.open() as stream:
            return Text(held.report, held.file, stream.read())

    def read(self, held: Held, progress: Callable[[int], None] = lambda _: None) -> Iterable[pa.Table]:
        """Yield the claims of one report, unkept."""
        form = self.formats[held.report.format]
        yield from form.claims(held.report, self._content(held), self._context(held, progress))

    def _read(self, held: Held, file: Path, progress: Callable[[int], None]) -> None:
        taken = [0]

        def count(size: int) -> None:
            taken[0] += size
            progress(taken[0])

        form = self.formats[held.report.format]
        if isinstance(form, Worded):
            made = form.shingled(held.report, self._content(held), self._context(held, lambda _: None))
            pq.write_table(made, _beside(file))
        self._keep(file, self.read(held, count))  # last: where claims are kept, all of the reading is

    def _keep(self, file: Path, tables: Iterable[pa.Table]) -> None:
        """Keep a reading, all of it or nothing."""
        part = file.with_suffix(f".part-{os.getpid()}")
        try:
            with pq.ParquetWriter(part, CLAIM.arrow, compression="zstd") as writer:
                for table in tables:
                    writer.write_table(CLAIM.check(table))
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)

    def _context(self, held: Held, progress: Callable[[int], None]) -> Context:
        known = context_of(self.folder, self.engine, held.report.mapping, held.file)
        return replace(known, progress=progress)

    def _depends(self) -> Digest:
        files = ["gazetteer.parquet", "actors.yaml", "places.yaml"]
        texts = {
            f: digest((self.folder.path / f).read_bytes()) for f in files if (self.folder.path / f).is_file()
        }
        sources = [note.model_dump(mode="json") for note in self.folder.head.sources]
        settings = self.folder.head.settings
        return digest(
            canonical(
                {
                    "texts": texts,
                    "sources": sources,
                    "zone": self.folder.head.timezone,
                    "voices": [settings.carry_voices, settings.precise_voices],
                }
            )
        )

    def _file(self, held: Held, depends: Digest) -> Path:
        report, form = held.report, self.formats[held.report.format]
        key = canonical(
            {
                "depends": depends,
                "format": [form.name, form.version],
                "note": [report.source, report.published, report.language],
                "mapping": self.folder.mapping(held.report.mapping),
            }
        )
        return self.shelf / f"{report.id[:24]}-{digest(key)[:16]}.parquet"

    def rows(
        self, held: Iterable[Held], wanted: Mapping[Digest, Sequence[int]]
    ) -> dict[tuple[Digest, int], dict[str, str]]:
        """Return the fields of records, by report and record number; each report is read once."""
        found = {}
        for each in held:
            if seqs := sorted(set(wanted.get(each.report.id, ()))):
                form = self.formats[each.report.format]
                for seq, fields in form.excerpts(self._content(each), seqs).items():
                    found[each.report.id, seq] = fields
        return found

    def quotes(self, held: Iterable[Held], claims: pa.Table, ids: Sequence[str]) -> dict[str, Quoted]:
        """Return the words of prose claims with what stands before and after; each report is read once."""
        wanted = claims.filter(pc.is_in(claims["claim_id"], value_set=pa.array(list(ids), pa.string())))
        by_report: dict[Digest, list[tuple[str, list[list[int]]]]] = {}
        for row in rows(wanted.select(["claim_id", "report", "spans", "row"])):
            if row["row"] is None and row["spans"]:
                by_report.setdefault(row["report"], []).append((row["claim_id"], row["spans"]))
        found = {}
        for each in held:
            if listed := by_report.get(each.report.id):
                text = decoded(self._content(each))
                for claim_id, spans in listed:
                    found[claim_id] = quote(text, [(span[0], span[1]) for span in spans])
        return found

    def _content(self, held: Held) -> Content:
        return replace(held.content(self.limit), mapping=self.folder.mapping(held.report.mapping))


def _beside(file: Path) -> Path:
    """Return where a text is kept in the form it is compared by."""
    return file.with_suffix(".shingles")
