"""What people wrote in a case folder, as nouns: the only place that knows which file is where.

    case.yaml  actors.yaml  places.yaml      title, sources, settings; names; a short gazetteer
    agreement/                               instruments, parties, exclusions, terms, zones
    inbox/                                   reports as received, each with its note
    hand/                                    what people decided
    weights/                                 what the records of this case weigh, where it was trained
    precaution/                              published releases of precaution areas, and their partitions
    .holdfire/  bulletins/                   what Holdfire keeps and makes: log, vault, exhibits; sites

Every problem of every file comes at once. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from holdfire import documents, times
from holdfire.agreement.document import Agreement, read_agreement
from holdfire.digests import Digest, canonical, digest
from holdfire.errors import BadInput, HoldfireError, Problem, Problems, nearest
from holdfire.fusing.parameters import Parameters, parameters, read_parameters
from holdfire.fusing.profile import profile
from holdfire.reading.gazetteer.atlas import Atlas
from holdfire.reading.gazetteer.countries import world
from holdfire.records.actor import Names
from holdfire.records.casefile import About, ActorsFile, CaseHead, Gazetteer, PlacesFile
from holdfire.records.correction import Correction, corrections
from holdfire.records.decided import GradeNote, Grades
from holdfire.records.link import Judgement, Linked, judgements
from holdfire.records.source import Source

CORRECTIONS = "claims.jsonl"
"""File of `hand/` that judgements of claims are added to."""

LINKS = "links.jsonl"
"""File of `hand/` that judgements of links are added to."""

GRADES = "grades.yaml"
"""File of `hand/` in which people overrule grades."""

WEIGHTS = "weights"
"""Folder of the parameters that were trained on this case, one file a kind of record."""

PRECAUTION = "precaution"
"""Folder of published releases of precaution areas with their partitions, in folders of their own or not."""

NOTE = ".about.yaml"
"""Ending of the note beside a report that has no front matter."""

GAZETTEER = "gazetteer.parquet"
"""What `holdfire gazetteer build` makes, where a case has one."""

LARGEST = 4_000_000
"""Most bytes of a file that people write."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Folder:
    """A case folder, read once.

    Attributes:
        path: The folder.
    """

    path: Path

    @classmethod
    def find(cls, path: Path) -> Folder:
        """Return the case that a path is in: the folder itself, or the nearest above it.

        Raises:
            HoldfireError: There is none.
        """
        start = path.resolve()
        for candidate in (start, *start.parents):
            if (candidate / "case.yaml").is_file():
                return cls(candidate)
        raise HoldfireError(
            "no case is here", str(path), "`holdfire init FOLDER` makes one; or name one with --case FOLDER"
        )

    @property
    def made(self) -> Path:
        """Return the folder of what Holdfire makes for itself."""
        return self.path / ".holdfire"

    @cached_property
    def head(self) -> CaseHead:
        """Return `case.yaml`."""
        return self._read(CaseHead, "case.yaml")

    @cached_property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the case."""
        name = self.head.timezone
        try:
            return times.zone(name)
        except HoldfireError as error:
            raise BadInput(error.problems[0].problem, "case.yaml", error.problems[0].hint) from None

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Return the sources by id."""
        return {note.id: note.source() for note in self.head.sources}

    @cached_property
    def names(self) -> Names:
        """Return the actors and their dated names."""
        return Names(self._read(ActorsFile, "actors.yaml").read(self.zone))

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Return the places of the case; a case without `places.yaml` has none."""
        found = (self.path / "places.yaml").exists()
        return Gazetteer(self._read(PlacesFile, "places.yaml").places if found else [])

    @cached_property
    def atlas(self) -> Atlas:
        """Return the built gazetteer of the case over our own list of countries."""
        file = self.path / GAZETTEER
        return Atlas(file.read_bytes(), file.name, above=world()) if file.is_file() else world()

    @property
    def atlas_digest(self) -> Digest:
        """Return the digest of the built gazetteer; empty: the case has none."""
        file = self.path / GAZETTEER
        return digest(file.read_bytes()) if file.is_file() else ""

    @cached_property
    def corrections(self) -> tuple[Correction, ...]:
        """Return what people said of claims, in order; none where no one did."""
        return corrections(self.hand(CORRECTIONS), f"hand/{CORRECTIONS}")

    @cached_property
    def judgements(self) -> tuple[Judgement, ...]:
        """Return what people said of links, in order; none where no one did."""
        return judgements(self.hand(LINKS), f"hand/{LINKS}")

    @cached_property
    def grades(self) -> tuple[GradeNote, ...]:
        """Return what people overruled of grades, in order; none where no one did."""
        text = self.hand(GRADES)
        return tuple(documents.read(Grades, text, f"hand/{GRADES}").grades) if text.strip() else ()

    @cached_property
    def trained(self) -> Mapping[str, Parameters]:
        """Return the parameters that were trained on this case, by kind of record.

        Raises:
            BadInput: All problems of all files: one is of no such kind, is broken, or was trained for another
                profile.
        """
        found, problems = {}, Problems(WEIGHTS)
        for file in sorted((self.path / WEIGHTS).glob("*")):
            if _hidden(file, self.path):
                continue
            name = file.relative_to(self.path).as_posix()
            kind = file.name.removesuffix(".json")
            if file.name not in {f"{each}.json" for each in Linked}:
                known = " and ".join(f"{each}.json" for each in Linked)
                problems.extend(
                    [Problem("no weights are kept in a file of this name", name, f"only {known}")]
                )
                continue
            try:
                found[kind] = read_parameters(self._text(file), profile(kind), name, closely=True)
            except HoldfireError as error:
                hint = f"`holdfire fuse train --kind {kind}`, or delete the file"
                problems.extend(replace(each, hint=each.hint or hint) for each in error.problems)
        problems.raise_any()
        return found

    def parameters(self, kind: Linked) -> Parameters:
        """Return what records of a kind weigh: as trained on this case, else as Holdfire is."""
        return self.trained.get(str(kind)) or parameters(str(kind))

    def agreement(self, kinds: Mapping[str, object]) -> Agreement:
        """Return the agreement, checked as a whole against the actors and kinds of term."""
        folder = self.path / "agreement"
        texts = {
            file.relative_to(folder).as_posix(): self._text(file)
            for file in sorted(folder.rglob("*"))
            if file.suffix in (".yaml", ".yml", ".geojson", ".json") and not _hidden(file, folder)
        }
        return read_agreement(texts, self.names.actors, kinds)

    def check(self, kinds: Mapping[str, object]) -> Agreement:
        """Read everything people wrote, and return the agreement.

        Raises:
            BadInput: Every problem of every file.
        """
        problems = Problems("case")
        agreement = None
        for part in ("head", "zone", "names", "gazetteer", "corrections", "judgements", "grades", "trained"):
            try:
                getattr(self, part)
            except HoldfireError as error:
                problems.extend(p for p in error.problems if p not in list(problems))
        if not len(problems):
            try:
                agreement = self.agreement(kinds)
            except HoldfireError as error:
                problems.extend(error.problems)
            problems.extend(self._cross())
        problems.raise_any()
        assert agreement is not None  # noqa: S101 - otherwise a problem was raised
        return agreement

    def _cross(self) -> Iterator[Problem]:
        """Yield what one file says that another contradicts."""
        for source in self.sources.values():
            if source.actor and source.actor not in self.names.actors:
                yield Problem(
                    f'the source "{source.id}" speaks for "{source.actor}", and no actor is called so',
                    "case.yaml",
                    nearest(source.actor, self.names.actors),
                )

        for note in self.grades:
            if note.source and note.source not in self.sources:
                yield Problem(
                    f'a grade is overruled of "{note.source}", and no source is called so',
                    f"hand/{GRADES}",
                    nearest(note.source, self.sources),
                )

    def inbox(self) -> Iterator[Path]:
        """Yield the reports in the inbox, in the order of their names.

        Raises:
            BadInput: A report is a link: what it points at may change without its name changing.
        """
        folder = self.path / "inbox"
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if file.name.endswith(NOTE) or _hidden(file, folder) or file.is_dir():
                continue
            if file.is_symlink() or not file.is_file():
                raise BadInput(
                    "a report is a link or no plain file",
                    file.relative_to(self.path).as_posix(),
                    "copy the file itself",
                )
            yield file

    def about(self, report: Path, front: str) -> About:
        """Return the note of a report: the file beside it, or its front matter.

        Args:
            report: The report's path.
            front: The YAML between its first two `---` lines; empty: it has none.

        Raises:
            BadInput: It has neither, both, or names a source the case does not describe.
        """
        shown = report.relative_to(self.path).as_posix() if report.is_relative_to(self.path) else report.name
        beside = report.with_name(report.name + NOTE)
        if beside.exists() and front:
            raise BadInput(
                "the report has front matter and a note beside it",
                shown,
                f"keep one; the note is {beside.name}",
            )
        if not beside.exists() and not front:
            raise BadInput(
                "nothing says who published this report",
                shown,
                f"write {beside.name} beside it with `source: ID`, or `holdfire add` it with --source ID",
            )
        if beside.exists():
            return self.note(self._text(beside), f"{shown}{NOTE}")
        return self.note(front, f"{shown} (front matter)")

    def note(self, text: str, where: str) -> About:
        """Return what a note says of a report.

        Raises:
            BadInput: It has a field too many or too few, or names a source the case does not describe.
        """
        if not text.strip():
            raise BadInput("nothing says who published this report", where, "--source ID")
        note = documents.read(About, text, where)
        if note.source not in self.sources:
            raise BadInput(f'no source is called "{note.source}"', where, nearest(note.source, self.sources))
        return note

    def mapping(self, name: str) -> str:
        """Return the text of a mapping file of the case.

        Raises:
            BadInput: It is not there, or its path climbs out of the folder.
        """
        if not name:
            return ""
        file = self.path / name
        if not file.resolve().is_relative_to(self.path.resolve()):
            raise BadInput(f'the mapping "{name}" is outside the case', hint="keep it in `mappings/`")
        if not file.is_file():
            raise BadInput(
                f'the mapping "{name}" is not there', hint="`holdfire mapping suggest FILE` drafts one"
            )
        return self._text(file)

    def hand(self, name: str) -> str:
        """Return the text of a file that people decided things in; empty if there is none."""
        file = self.path / "hand" / name
        return self._text(file) if file.is_file() else ""

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield everything people wrote, reports and their notes left out: name in the folder, and path."""
        files = [self.path / name for name in ("case.yaml", "actors.yaml", "places.yaml")]
        for folder in ("agreement", "hand", "mappings", WEIGHTS):
            files += sorted((self.path / folder).rglob("*"))
        for file in files:
            if file.is_file() and not _hidden(file, self.path):
                yield file.relative_to(self.path).as_posix(), file
        yield from self.precaution()

    def precaution(self) -> Iterator[tuple[str, Path]]:
        """Yield releases of precaution areas and partitions; what else was published may lie beside them."""
        for file in sorted((self.path / PRECAUTION).rglob("*.json")):
            named = file.name.startswith(("release", "partition"))
            if named and file.is_file() and not _hidden(file, self.path):
                yield file.relative_to(self.path).as_posix(), file

    @cached_property
    def written(self) -> Digest:
        """Return one digest of everything people wrote, reports left out."""
        return digest(canonical({name: digest(file.read_bytes()) for name, file in self.files()}))

    def _read(self, model: type[Model], name: str) -> Model:
        file = self.path / name
        if not file.is_file():
            raise BadInput(
                f"the file {name} is missing", self.path.name, "`holdfire init` writes one to begin from"
            )
        return documents.read(model, self._text(file), name)

    def _text(self, file: Path) -> str:
        shown = file.relative_to(self.path).as_posix() if file.is_relative_to(self.path) else file.name
        if file.stat().st_size > LARGEST:
            raise BadInput(f"the file is larger than {LARGEST} bytes", shown)
        try:
            return file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInput(f"byte {error.start} is not UTF-8", shown, "save the file as UTF-8") from None


def _hidden(file: Path, under: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(under).parts)
