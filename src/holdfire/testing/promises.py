"""What formats, kinds of term, estimators and rules of the reader must hold to, ours and anyone's.

    from holdfire.testing import check_estimator, check_format, check_kind, check_rules

Each raises AssertionError with a sentence that says which promise is broken. The checks run on what the
author gives them: real files for a format, an agreement for a kind, tables for an estimator, sentences for a
rule.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from holdfire import documents, plugins
from holdfire.agreement.document import Agreement
from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.errors import BadInput
from holdfire.judging.determining import Inquiry, judge
from holdfire.judging.kinds import Kind
from holdfire.reading import prose
from holdfire.reading.format import Content, Context, Format
from holdfire.reading.unpacking import content
from holdfire.records.actor import Names
from holdfire.records.casefile import Gazetteer
from holdfire.records.claim import CLAIM, Modality, Stance
from holdfire.records.claim import Kind as ClaimKind
from holdfire.records.incident import INCIDENT, MEMBER
from holdfire.records.report import Report
from holdfire.records.source import Source
from holdfire.tables import rows, stack
from holdfire.times import Precision

if TYPE_CHECKING:
    from holdfire.counting.estimate import Estimate, Estimator
    from holdfire.counting.overlaps import Overlaps


def plain_context(zone: str = "UTC", **given: object) -> Context:
    """Return a context with no names, sources or places, but those given."""
    fields: dict[str, object] = {
        "zone": ZoneInfo(zone),
        "names": Names([]),
        "sources": {},
        "gazetteer": Gazetteer(),
        "engine": Engine(threads=1, memory=512),
    }
    return Context(**{**fields, **given})  # type: ignore[arg-type]


def check_format(form: Format, name: str, sample: bytes, context: Context | None = None) -> pa.Table:
    """Hold a format to its promises on one file, and return its claims.

    * it recognises the file, and does not recognise random bytes;
    * its claims have the schema, known values, ids of their own, and a place in the report;
    * the same bytes give the same claims;
    * a file cut short, or of other bytes, is refused or read, and never crashes.

    Raises:
        AssertionError: A promise is broken.
    """
    known = replace(context or plain_context(), file=name)
    held = _content(name, sample)
    assert form.recognises(name, sample[:65536]), f"{form.name} does not recognise {name}"
    assert not form.recognises("x.bin", bytes(range(256)) * 8), f"{form.name} recognises random bytes"
    report = Report(id=digest(sample), source="sample", format=form.name)
    claims = stack(CLAIM, [CLAIM.check(t) for t in form.claims(report, held, known)])
    again = stack(CLAIM, list(form.claims(report, _content(name, sample), known)))
    assert claims.equals(again), "the same bytes gave other claims"
    ids = claims["claim_id"].to_pylist()
    assert len(ids) == len(set(ids)), "two claims have one id"
    assert pc.all(pc.equal(claims["report"], report.id)).as_py() is not False, "a claim names another report"
    for column, values in (("kind", ClaimKind), ("stance", Stance), ("modality", Modality)):
        strange = set(claims[column].to_pylist()) - {v.value for v in values}
        assert not strange, f"{column} has values that are not known: {strange}"
    strange = set(claims["time_precision"].to_pylist()) - {p.value for p in Precision}
    assert not strange, f"time_precision has values that are not known: {strange}"
    for claim in rows(claims):
        assert claim["row"] is not None or claim["spans"], (
            f"claim {claim['claim_id']} says nowhere it was read"
        )
    for broken in (sample[: len(sample) // 2], b"\x00\xff" * 64, b""):
        try:
            list(form.claims(report, _content(name, broken), known))
        except BadInput:
            continue
    return claims


def _content(name: str, sample: bytes) -> Content:
    return content(name, lambda: io.BytesIO(sample), len(sample), 1 << 30)


def check_kind(kind: str, function: Kind, agreement: Agreement, names: Names) -> None:
    """Hold a kind of term to its promises on an agreement that uses it.

    * every question has an answer and a clause;
    * an incident of which nothing is said but who acted is never a breach;
    * the questions of one row are those of many.

    Raises:
        AssertionError: A promise is broken, or no term of the agreement is of this kind.
    """
    # Alone, so that no permission of another term can hide what this one makes of silence.
    alone = replace(agreement, terms=tuple(t for t in agreement.terms if t.kind == kind))
    inquiry = Inquiry(alone, names, {"sample": _neutral()}, {**plugins.kinds(), kind: function})
    asked = [(term, questions) for term, questions in inquiry.questions() if term.kind == kind]
    assert asked, f"no term of {agreement.head.id} is of kind {kind}"
    for term, questions in asked:
        assert questions, f"term {term.id} asks nothing"
        for question in questions.values():
            assert question.cite, f"{term.id} cites no clause for {question.asked}"
    author = sorted(names.actors)[0]
    verdicts = set(judge(*_silent(1, author), inquiry, Engine(1, 512))["verdict"].to_pylist())
    assert "breach" not in verdicts, f"{kind} makes a breach of silence"
    many = set(judge(*_silent(50, author), inquiry, Engine(2, 512))["verdict"].to_pylist())
    assert many == verdicts, f"{kind} judges one incident and fifty alike ones differently"


def _neutral() -> Source:
    from holdfire.records.source import Affiliation, Reliability

    return Source(id="sample", name={}, affiliation=Affiliation.NEUTRAL, reliability=Reliability.A)


def _silent(count: int, author: str) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Return incidents of which no claim says when, where or on whom, with their members and claims."""
    ids = [f"{n:016x}" for n in range(count)]
    incidents = INCIDENT.table(
        {
            "incident_id": f"i-{n}", "event_type": "attack.unspecified", "directed": True, "actors": [author],
            "time_precision": "unknown", "geo_precision": "unknown", "claims": 1, "reports": 1, "roots": 1,
        }
        for n in ids
    )  # fmt: skip
    members = MEMBER.table({"incident_id": f"i-{n}", "claim_id": f"c-{n}", "part": "supports"} for n in ids)
    claims = CLAIM.table(
        {
            "claim_id": f"c-{n}", "report": "0" * 64, "seq": 1, "source": "sample", "root": n, "chain": [],
            "voice": "sample", "kind": "reported", "stance": "asserts", "modality": "actual",
            "negated": False, "event_type": "attack.unspecified", "directed": True, "actors": [author],
            "time_precision": "unknown", "geo_precision": "unknown", "cumulative": False, "spans": [],
            "row": 1, "rules": [],
        }
        for n in ids
    )  # fmt: skip
    return incidents, members, claims


def check_estimator(estimator: Estimator, overlaps: Overlaps, seed: int = 1) -> Estimate:
    """Hold an estimator to its promises on one table, and return its estimate.

    * the same table and seed give the same estimate, draw for draw;
    * the order of lists and rows changes nothing that matters: no more than a quarter of the interval;
    * the interval is in order, holds its middle, and is nowhere below the documented; so is every draw;
    * the interval is that of the draws, where there are any;
    * a table of fewer lists than it takes is refused.

    Args:
        estimator: Any.
        overlaps: A table on which it has a number.
        seed: Of whatever it draws.

    Raises:
        AssertionError: A promise is broken.
    """
    found, again = (estimator.estimate(overlaps, seed) for _ in range(2))
    assert _told(found) == _told(again), "the same table and seed gave another estimate"
    assert 1 <= estimator.least_lists <= estimator.most_lists, "it takes no number of lists"
    assert found.method == estimator.name, f"its estimate is of {found.method}, and it is {estimator.name}"
    held = overlaps.documented
    assert found.documented == held, f"it counts {found.documented} documented people of {held}"
    ends = (found.low, found.middle, found.high)
    assert held <= found.low <= found.middle <= found.high < float("inf"), f"the interval is {ends} of {held}"
    assert 0 < found.level < 1, f"the level is {found.level}"
    if found.draws is not None and found.draws.size:
        assert found.draws.ndim == 2, "draws are chains by draws"
        assert found.draws.min() >= held, "a draw is below the documented"
        inside = ((found.draws >= found.low) & (found.draws <= found.high)).mean()
        assert abs(inside - found.level) < 0.05, f"the interval holds {inside:.0%} of the draws"
    turned = overlaps.keep(reversed(range(len(overlaps.lists))))
    other = estimator.estimate(turned, seed)
    moved = abs(other.middle - found.middle)
    assert moved <= 1 + (found.high - found.low) / 4, f"another order of lists moves it by {moved:,.0f}"
    _check_refusal(estimator, overlaps)
    return found


def _told(estimate: Estimate) -> tuple[Any, ...]:
    drawn = None if estimate.draws is None else estimate.draws.tobytes()
    return estimate.middle, estimate.low, estimate.high, estimate.models, estimate.refused, drawn


def _check_refusal(estimator: Estimator, overlaps: Overlaps) -> None:
    if estimator.least_lists < 2:
        return
    few = overlaps.keep(range(estimator.least_lists - 1))
    try:
        estimator.estimate(few, 1)
    except BadInput:
        return
    raise AssertionError(f"it takes {len(few.lists)} lists and says that it needs {estimator.least_lists}")


EXPECTED = (
    "type", "stance", "modality", "negated", "kind", "actors", "targets", "time", "place", "voice", "trigger",
)  # fmt: skip
"""What a test of a rule may expect of a claim; `none: true` expects no claim of that type."""


def check_rules(path: str | Path, context: Context | None = None) -> int:
    """Hold the reader to the sentences of a file, and return how many there are.

    The file has a list `rules` of `{text, published, expect: {type, ...}}`: a text must give a claim of that
    type with every field named, or, with `none: true`, none of it. Time, place, voice, actors and targets
    are given in the words of the text.

    Raises:
        AssertionError: A sentence is read otherwise; all of them are named.
        BadInput: The file is no such list.
    """
    file = Path(path)
    listed = documents.load(file.read_text(encoding="utf-8"), file.name).get("rules")
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise BadInput("tests of rules are a list", file.name, "rules: [{text: ..., expect: {type: ...}}]")
    wrong = [
        text for n, each in enumerate(listed, 1) for text in _misread(n, each, context or plain_context())
    ]
    assert not wrong, "\n".join(wrong)
    return len(listed)


def _misread(number: int, given: Mapping[str, Any], context: Context) -> Iterator[str]:
    text, expected = str(given["text"]), dict(given["expect"])
    if unknown := sorted(set(expected) - {*EXPECTED, "none"}):
        yield f"sentence {number} expects what no claim has: {', '.join(unknown)}"
        return
    report = Report(
        id=digest(text.encode()), source="sample", format="text", published=str(given.get("published", ""))
    )
    found = [_fields(row) for row in rows(prose.read(text, report, context))]
    alike = [row for row in found if row["type"] == expected["type"]]
    if expected.pop("none", False):
        if alike:
            yield f"sentence {number} gives a claim of {expected['type']}, and should give none"
    elif not any(expected.items() <= row.items() for row in alike):
        shown = [{k: row[k] for k in expected} for row in found]
        yield f"sentence {number} should give {expected}, and gives {shown}"


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim by the names that a test of a rule has for its fields."""
    return {
        **{name: row[name] for name in ("stance", "modality", "negated", "kind", "place")},
        "type": row["event_type"],
        "actors": row["actors_text"],
        "targets": row["targets_text"],
        "time": row["time_native"],
        "voice": row["chain"][-1]["text"] if len(row["chain"]) > 1 else None,
        "trigger": row["reading"]["trigger_text"],
    }
