"""How many died, from the lists of the dead in a case: documented, and estimated in all, over drawn linkages.

Five rules hold, and tests/unit/test_counted.py tries to break each:

* nothing that leaves here was ever a name: counts, labels of strata, and what people wrote of lists;
* lists of one source, and a list that copies another, are one list: they are one witness;
* lists that do not mean the same people are not used together, unless someone who knows attests that they do;
* entries that name no one cannot be found on two lists: they are left out, and counted;
* the same case and seed give the same numbers.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from csv import writer
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from ruamel.yaml import YAML

from holdfire import documents
from holdfire.case import Case
from holdfire.counting.across import Across, Draw, assess_across
from holdfire.counting.assessing import Attestation
from holdfire.counting.estimate import Estimator, Reason
from holdfire.counting.imputing import impute
from holdfire.counting.membership import MISSING, Grouped, Sheet, grouped, strata
from holdfire.counting.overlaps import MOST_LISTS
from holdfire.counting.scopes import of_scopes
from holdfire.countwho import Whom, days_of, over, whom
from holdfire.digests import Digest
from holdfire.errors import BadInput
from holdfire.ledger.shelf import replace_file
from holdfire.listed import copies, scopes_of
from holdfire.peopling import Entries, gather, named, partitions
from holdfire.reading.listmapping import ListScope
from holdfire.records.decided import AmongNote, Counting, CountNote

FILE = "counting.yaml"
COUNTS = "counts.yaml"
STRATUM = "stratum"
"""Column of a table of overlaps that tells strata apart."""
DRAWS = 20
"""Linkages that are drawn."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """One list as it is counted: all lists of one source, with those that copy one of them.

    Attributes:
        source: Who keeps it.
        reports: How many lists it was made of.
        entries: Their entries, those that name no one left out.
        people: People on it, the median over drawn linkages [people].
        copied: Other sources of which a list is nearly word for word one of these, and was joined to it.
        scope: Who is on it, in its keepers' words; empty: not written down.
        said: The same in parts: who, where, when; of lists that say different things, `who` has all.
    """

    source: str
    reports: int
    entries: int
    people: int
    copied: tuple[str, ...]
    scope: str
    said: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many died, as far as the lists of a case say.

    Attributes:
        witnesses: The lists.
        entries: Entries of all lists.
        unnamed: Those that name no one: in no number here.
        documented: People on any list: median, least and greatest of 95 of 100 drawn linkages [people].
        imputed: The same in strata, after labels that were missing were drawn; None: they were not.
        missing: Share of people of whom each label of the strata is missing; of the first linkage.
        outside: People of whom one is: in no stratum; median over draws.
        across: What is estimated; None: the lists may not be used together.
        refused: Why no number is stated.
        conditions: What it rests on that nobody attested.
        asked: The file `hand/counting.yaml`.
        draws: Linkages drawn.
        seed: Of all draws.
        whom: Whom it is of, and who is left out.
        in_run: People of the last run: it keeps one grouping, in which each entry that names no one is one.
    """

    witnesses: tuple[Witness, ...]
    entries: int
    unnamed: int
    documented: tuple[int, int, int]
    imputed: tuple[int, int, int] | None
    missing: Mapping[str, float]
    outside: int
    across: Across | None
    refused: tuple[Reason, ...]
    conditions: tuple[Reason, ...]
    asked: Counting
    draws: int
    seed: int
    whom: Whom
    in_run: int

    @property
    def notes(self) -> tuple[Reason, ...]:
        """Return what a reader must know of the lists: nothing is told from those of one person."""
        alone = tuple(each.source for each in self.witnesses if each.people == 1)
        return (Reason("single_record", {"lists": alone}),) if alone else ()


def counting_of(case: Case) -> Counting:
    """Return what people wrote of how the dead are counted.

    Raises:
        BadInput: All problems of the file.
    """
    text = case.folder.hand(FILE)
    return documents.read(Counting, text, f"hand/{FILE}") if text.strip() else Counting()


def of_case(
    case: Case,
    seed: int = 1,
    draws: int = DRAWS,
    chosen: Sequence[Estimator] | None = None,
    done: Callable[[], None] | None = None,
    among: AmongNote | None = None,
) -> Counted:
    """Return how many died, as far as the lists of a case say.

    Args:
        case: The case, which was run.
        seed: Of all draws.
        draws: Linkages to draw.
        chosen: Estimators to ask; None: ours.
        done: Called as each chain is done.
        among: Who of the people on the lists is counted; None: as `hand/counting.yaml` says.

    Raises:
        BadInput: The case has no list of the dead, or none that names anyone, or nobody is to be counted.
        HoldfireError: There was no run.
    """
    ran = case.found(stale=True)
    held = ran.held
    if draws < 1:
        raise BadInput(f"{draws} linkages are to be drawn; at least 1 is")
    if not case.readings.lists(held):
        raise BadInput("this case has no lists of the dead", hint="`holdfire add LIST --mapping FILE`")
    asked = counting_of(case)
    asked = asked if among is None else asked.model_copy(update={"among": among})
    days_of(asked.among, case.folder.zone)  # what is asked wrongly is said before any work is done
    entries = gather(case.readings, held)
    there = named(entries.deaths) > 0
    if not there.any():
        raise BadInput("no entry of these lists names anyone, so none can be found on two of them")
    sources, list_of, made_of = _witnesses(entries)
    if len(sources) > MOST_LISTS:
        raise BadInput(
            f"lists of {len(sources)} sources are more than {MOST_LISTS}",
            hint="join sources that one office keeps: lists of one source are one list",
        )
    groups = partitions(case.readings, entries, draws)[:, there]
    deaths = entries.deaths.filter(pa.array(there))
    sheet = sheet_of(deaths, sources, list_of[there])
    everyone = [grouped(sheet, each) for each in groups]
    people, of_whom = whom(deaths, sheet, groups, everyone, asked.among, case.folder.zone)
    scopes = _scopes(case, entries, sources)
    attested = Attestation(
        closed=asked.closed is not None, alike=asked.alike is not None, by="hand/counting.yaml"
    )
    if asked.imputations:
        _check_labels(sheet, asked)
    barred = () if attested.alike else of_scopes({name: _line(said) for name, said in scopes.items()})
    across, outside = (None, 0) if barred else _across(sheet, people, asked, seed, attested, chosen, done)
    return Counted(
        witnesses=tuple(
            _witness(j, sheet, people, made_of[name], scopes[name]) for j, name in enumerate(sources)
        ),
        entries=len(there),
        unnamed=int((~there).sum()),
        documented=over([each.people for each in people]),
        imputed=over([*across.documented.values()]) if across and asked.imputations else None,
        missing={name: float((people[0].labels[name] == MISSING).mean()) for name in asked.strata},
        outside=outside,
        across=across,
        refused=barred or (across.refused if across else ()),
        conditions=(*across.conditions, *of_whom.conditions) if across else (),
        asked=asked,
        draws=draws,
        seed=seed,
        whom=of_whom,
        in_run=ran.people.persons.num_rows,
    )


def sheet_of(deaths: pa.Table, lists: Sequence[str], list_of: Numbers) -> Sheet:
    """Return entries in numbers: no name is looked at.

    Args:
        deaths: DEATH rows.
        lists: Names of the lists.
        list_of: Which list each stands in (entries,).
    """
    first, last = (pc.strftime(deaths[name], "%Y-%m") for name in ("died_first", "died_last"))
    columns = {
        "admin1": deaths["admin1"],
        "sex": deaths["sex"],
        # A death that may lie in either of two months is in no month.
        "month": pc.if_else(pc.equal(first, last), first, pa.scalar(None, pa.string())),
    }
    labels, values = {}, {}
    for name, column in columns.items():
        known = sorted(set(pc.drop_null(column).to_pylist()))
        at = pc.fill_null(pc.index_in(column, value_set=pa.array(known, pa.string())), MISSING)
        labels[name], values[name] = at.to_numpy().astype(np.int64), tuple(known)
    return Sheet(tuple(lists), list_of, labels, values)


def _check_labels(sheet: Sheet, asked: Counting) -> None:
    """Refuse to draw a label that no entry of the lists gives: there is nothing to draw it from.

    Raises:
        BadInput: There is such a label.
    """
    if empty := [name for name in asked.strata if not sheet.values[name]]:
        raise BadInput(
            f"no list gives {' or '.join(empty)}, so it cannot be drawn",
            f"hand/{FILE}",
            "leave it out of `strata`, or map it",
        )


def _witnesses(entries: Entries) -> tuple[list[str], Numbers, dict[str, list[str]]]:
    """Return the witnesses' names, which of them each entry is of, and the source of each list of theirs."""
    copied = copies(entries)
    source = {each.report.id: each.report.source for each in entries.lists}

    def witness(report: Digest) -> str:
        while report in copied:
            report = copied[report]
        return source[report]

    found = [witness(each.report.id) for each in entries.lists]
    names = sorted(set(found))
    place = np.array([names.index(each) for each in found], np.int64)
    made_of: dict[str, list[str]] = {name: [] for name in names}
    for name, each in zip(found, entries.lists, strict=True):
        made_of[name].append(each.report.source)
    return names, place[entries.list_of], made_of


def _scopes(case: Case, entries: Entries, names: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return who is on the lists of each witness, where and when; those that say different things say all."""
    said: dict[str, list[ListScope]] = {name: [] for name in names}
    known = scopes_of(case, entries)
    for each in entries.lists:
        scope = known.get(each.report.id)
        if each.report.source in said and scope and str(scope) not in map(str, said[each.report.source]):
            said[each.report.source].append(scope)
    return {
        name: {part: getattr(scopes[0], part) for part in ("who", "where", "when")}
        if len(scopes) == 1
        else {"who": " / ".join(sorted(map(str, scopes)))}
        for name, scopes in said.items()
    }


def _line(said: Mapping[str, str]) -> str:
    return "; ".join(part for part in said.values() if part)


def _across(
    sheet: Sheet,
    people: Sequence[Grouped],
    asked: Counting,
    seed: int,
    attested: Attestation,
    chosen: Sequence[Estimator] | None,
    done: Callable[[], None] | None,
) -> tuple[Across, int]:
    by, made = tuple(asked.strata), {}
    for number, each in enumerate(people):
        labels = [each.labels]
        if asked.imputations and by:
            labels = [*impute(each, sheet, by, asked.imputations, 1000 * seed + number).draws]
        for imputation, drawn in enumerate(labels):
            told = replace(each, labels={**each.labels, **drawn})
            made[Draw(imputation, number)] = strata(sheet, told, by)
    tables = {draw: each.tables for draw, each in made.items()}
    outside = int(np.median([each.outside for each in made.values()]))
    return assess_across(tables, seed, attested, chosen, done), outside


def _witness(
    at: int, sheet: Sheet, people: Sequence[Grouped], made_of: Sequence[str], said: Mapping[str, str]
) -> Witness:
    bit = np.uint64(1 << at)
    return Witness(
        source=sheet.lists[at],
        reports=len(made_of),
        entries=int((sheet.list_of == at).sum()),
        people=int(np.median([int((each.patterns & bit > 0).sum()) for each in people])),
        copied=tuple(sorted(set(made_of) - {sheet.lists[at]})),
        scope=_line(said),
        said=said,
    )


def signed(case: Case, found: Counted, by: str) -> str:
    """Write what was found into `hand/counts.yaml`, as a person signs it, and return that text.

    What was signed before is replaced; the log has it as long as it stood at a run.

    Args:
        case: The case.
        found: What counting came to.
        by: Who signs it.
    """
    note = CountNote.model_validate({**noted(found), "by": by, "made": case.now().date().isoformat()})
    held = note.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    text = io.StringIO()
    YAML().dump({"counts": [{"by": by, "made": note.made, **held}]}, text)
    file = case.folder.path / "hand" / COUNTS
    file.parent.mkdir(exist_ok=True)
    replace_file(file, text.getvalue().encode())
    return text.getvalue()


def overlaps(found: Counted) -> str:
    """Return who is on which lists as a table for `holdfire toll`: CSV, patterns and numbers, no one's name.

    It is that of the drawn linkage under which the number documented is the middle one.

    Args:
        found: What counting came to.

    Raises:
        BadInput: The lists may not be used together, or nobody is on any.
    """
    if found.across is None:
        raise BadInput(
            "these lists may not be used together, so there is no table of who is on several",
            hint="`holdfire count` says why",
        )
    tables = found.across.tables[found.across.middle]
    lists = [each.source for each in found.witnesses]
    text = io.StringIO()
    out = writer(text, lineterminator="\n")
    out.writerow([*([STRATUM] if found.asked.strata else []), *lists, "n"])
    for name, table in sorted(tables.items()):
        on = {each: table.on[:, at].astype(int).tolist() for at, each in enumerate(table.lists)}
        none = [0] * len(table.counts)
        rows = zip(*(on.get(each, none) for each in lists), table.counts.tolist(), strict=True)
        out.writerows([*([name] if found.asked.strata else []), *row] for row in rows)
    return text.getvalue()


def noted(found: Counted) -> dict[str, Any]:
    """Return what was found as plain values, as `hand/counts.yaml` holds it."""
    stated = found.across.stated if found.across else None
    kept = [
        {"source": each.source, "lists": each.reports, "people": each.people, **each.said}
        for each in found.witnesses
    ]
    notes = {what: getattr(found.asked, what) for what in ("closed", "alike")}
    plain: dict[str, Any] = {
        "lists": kept,
        "among": found.whom.among.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "left_out": [
            {"asked": name, "why": why, "people": n} for (name, why), n in found.whom.left_out.items()
        ],
        "documented": dict(zip(("middle", "low", "high"), found.documented, strict=True)),
        "imputations": found.asked.imputations,
        "missing": {name: round(share, 4) for name, share in found.missing.items()},
        "unnamed": found.unnamed,
        "outside": found.outside + (found.across.outside if found.across else 0),
        "refused": [_plain(each) for each in found.refused],
        "conditions": [_plain(each) for each in found.conditions],
        "attested": [
            {"what": what, "by": note.by, "at": note.at, "reason": note.reason}
            for what, note in notes.items()
            if note
        ],
        "draws": found.draws,
        "seed": found.seed,
    }
    if found.imputed:
        plain["imputed"] = dict(zip(("middle", "low", "high"), found.imputed, strict=True))
    if stated is None:
        return plain
    ends = list(stated.by_model.values())
    return {
        **plain,
        "estimated": {name: round(getattr(stated, name)) for name in ("low", "middle", "high")},
        "level": round(100 * stated.level),
        "ranged": found.across is not None and found.across.ranged,
        "models": {"low": round(min(e[1] for e in ends)), "high": round(max(e[2] for e in ends))},
    }


def _plain(reason: Reason) -> dict[str, Any]:
    facts = {name: list(value) if isinstance(value, tuple) else value for name, value in reason.facts.items()}
    return {"code": reason.code, "facts": facts}
