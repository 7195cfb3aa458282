"""How well French and Russian are read: our own annotated sentences, field by field.

Sentences and what is expected of them are in tests/tongues. Every third one was kept unseen while the pages
were written, and is a row of its own. A field in words is right where it shares half its words with what is
expected (token F1 >= 0.5, as for attributions); a number only with its bound. "Nothing happened" is the share
of plans, conditions, denials, calls, history and figures of speech that give no event told as actual; "told"
is the share of sentences with an actual event that give one; "nothing added" is the share of fields the
sentence does not give that stayed empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from bench.figures import Figure, bootstrap
from holdfire.digests import digest
from holdfire.engine import Engine
from holdfire.reading import prose
from holdfire.reading.format import Context
from holdfire.records.actor import Names
from holdfire.records.casefile import Gazetteer
from holdfire.records.report import Report
from holdfire.tables import rows

SETS = Path(__file__).resolve().parents[2] / "tests" / "tongues"
NAMES = {"fr": "French", "ru": "Russian"}
_WORD = re.compile(r"[^\W_]+")
_PASSING = ("presupposed", "attributive", "caption")
_SILENT = {"date": "time_native", "place": "place"}

Row = Mapping[str, Any]
Marks = dict[str, bool]


def sentences(code: str) -> dict[str, Any]:
    """Return the set of a language as its file says it."""
    given: dict[str, Any] = YAML(typ="safe").load((SETS / f"{code}.yaml").read_text(encoding="utf-8"))
    return given


def read(code: str, text: str, published: str) -> list[Row]:
    """Return the claims of a text, with no names of any case."""
    context = Context(
        zone=ZoneInfo("UTC"), names=Names([]), sources={}, gazetteer=Gazetteer([]), engine=Engine(1, 256)
    )
    name = digest(text.encode())
    report = Report(id=name, source="wire", format="text", published=published, language=code)
    return list(rows(prose.read(text, report, context)))


def alike(found: str | None, expected: str) -> bool:
    """Return whether two phrases share half their words (token F1 >= 0.5)."""
    one = [word.lower() for word in _WORD.findall(found or "")]
    other = [word.lower() for word in _WORD.findall(expected)]
    shared = sum(min(one.count(word), other.count(word)) for word in set(one))
    return bool(one and other) and 2 * shared / (len(one) + len(other)) >= 0.5


def happened(row: Row) -> bool:
    """Return whether a claim is told as something that happened."""
    told = row["kind"] not in _PASSING and row["modality"] == "actual" and not row["negated"]
    return bool(
        told and row["stance"] != "denies" and not row["event_type"].startswith(("position.", "diplomacy."))
    )


def marks(text: str, expected: Mapping[str, Any], found: Sequence[Row]) -> Marks:
    """Return each expected field of a sentence with whether it was read."""
    right: list[Marks] = [_of(text, expected, row) for row in found]
    best = max(right, key=lambda each: (each.get("event", False), sum(each.values())), default={})
    out = {field: best.get(field, False) for field in _of(text, expected, None)}
    if expected.get("none"):
        out["nothing happened"] = not any(happened(row) for row in found)
    elif (
        expected.get("modality") == "actual"
        and not expected["event"].startswith(("position.", "diplomacy."))
        and expected.get("stance") != "denies"
    ):
        out["told"] = any(happened(row) and row["event_type"] in _types(expected) for row in found)
    return out


def _types(expected: Mapping[str, Any]) -> list[str]:
    return str(expected.get("event", "")).split("|")


def _of(text: str, expected: Mapping[str, Any], row: Row | None) -> Marks:
    """Return which expected fields a claim has right; of no claim, all of them as wrong."""
    out: Marks = {}
    for field, right in _CHECKS.items():
        if field in expected:
            out[field] = row is not None and right(text, row, expected[field])
    for field in ("killed", "injured", "quantity"):
        if field in expected:
            read_ = row is not None and _number(row, field, *expected[field])
            out["number"] = out.get("number", True) and read_
    return out


def _links(row: Row) -> list[Row]:
    return [link for link in row["chain"][1:] if link["text"]]


def _voices(text: str, row: Row, wanted: Sequence[str]) -> bool:
    links = _links(row)
    pairs = zip(links, wanted, strict=False)
    return len(links) == len(wanted) and all(alike(link["text"], each) for link, each in pairs)


def _cue(text: str, row: Row, wanted: str) -> bool:
    cue = next((link["cues"][0] for link in reversed(_links(row)) if link["cues"]), None)
    return cue is not None and alike(text[cue[0] : cue[1]], wanted)


_CHECKS: Mapping[str, Callable[[str, Row, Any], bool]] = {
    "voices": _voices,
    "cue": _cue,
    "stance": lambda text, row, wanted: row["stance"] == wanted,
    "event": lambda text, row, wanted: row["event_type"] in wanted.split("|"),
    "modality": lambda text, row, wanted: row["modality"] in wanted.split("|"),
    "negated": lambda text, row, wanted: row["negated"] == wanted,
    "distant": lambda text, row, wanted: any(rule.endswith("distanced") for rule in row["rules"]),
    "actor": lambda text, row, wanted: alike(row["actors_text"], wanted),
    "target": lambda text, row, wanted: alike(row["targets_text"], wanted),
    "date": lambda text, row, wanted: alike(row["time_native"], wanted),
    "place": lambda text, row, wanted: alike(row["place"], wanted),
}
"""How each field of a claim is held against what is expected."""


def _number(row: Row, field: str, value: int, bound: str) -> bool:
    """Return whether a claim holds a number with its bound; of a toll the quantity is the dead."""
    if field == "quantity" or row["event_type"] == "toll.deaths":
        held = (row["quantity"], row["quantity_bound"])
        if held == (value, bound) or field == "quantity":
            return held == (value, bound)
    low, high = row[f"{field}_low"], row[f"{field}_high"]
    return (low, high) == {
        "exact": (value, value), "lower": (value, None), "upper": (low, value), "vague": (value, None),
    }[bound]  # fmt: skip


def added(expected: Mapping[str, Any], found: Sequence[Row]) -> list[bool]:
    """Return, of each field that a sentence does not give, whether it stayed empty in all that was read."""
    silent = [
        column for field, column in _SILENT.items() if field not in expected and field in ("date", "place")
    ]
    numbers = not {"killed", "injured", "quantity"} & set(expected)
    out = [all(row[column] is None for row in found) for column in silent]
    if numbers:
        out.append(all(row["killed_low"] is None and row["injured_low"] is None for row in found))
    if "date" not in expected:
        out.append(all(row["start"] is None for row in found))
    return out


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the share of each field, with its interval over sentences; needs nothing shared."""
    for code, name in NAMES.items():
        held = sentences(code)
        read_ = [(each, read(code, each["text"], str(held["published"]))) for each in held["sentences"]]
        for kept, what in ((False, "written for"), (True, "kept unseen")):
            part = [(marks(e["text"], e, f), e, f) for e, f in read_ if (e["n"] % 3 == 0) == kept]
            yield from _figures(f"{name}, {what}", part)


def _figures(name: str, part: Sequence[tuple[Marks, Mapping[str, Any], Sequence[Row]]]) -> Iterator[Figure]:
    apart = ("nothing happened", "told")
    scored = [{k: v for k, v in each.items() if k not in apart} for each, _, _ in part]
    yield _figure(f"{name}: all fields", [list(each.values()) for each in scored], "0.85")
    for field in dict.fromkeys(field for each in scored for field in sorted(each)):
        yield _figure(f"{name}: {field}", [[each[field]] for each in scored if field in each], "")
    for field, reach in (("nothing happened", "0.95"), ("told", "")):
        yield _figure(f"{name}: {field}", [[each[field]] for each, _, _ in part if field in each], reach)
    yield _figure(f"{name}: nothing added", [added(e, f) for _, e, f in part], "")


def _figure(name: str, items: Sequence[Sequence[bool]], reach: str) -> Figure:
    def statistic(drawn: Sequence[Sequence[bool]]) -> float:
        held = [each for item in drawn for each in item]
        return sum(held) / max(1, len(held))

    low, high = bootstrap(items, statistic)
    return Figure(
        name, statistic(items), low, high, sum(len(item) for item in items), reach, f"{len(items)} sentences"
    )
