"""The documents and answer keys of MUC-3/4, as the measure needs them.

A key has one template an incident: its slots are numbered, a value goes on in the lines below, alternatives
stand between slashes, "*" is not applicable and "-" not said.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

FACTS = ("type", "perpetrator organisation", "date", "number of victims")
DEV = (("raw_tst1-muc3.txt.gz", "raw_key-tst1.v7.txt.gz"), ("raw_tst2-muc4.txt.gz", "raw_key-tst2.v4.txt.gz"))


@dataclass
class Key:
    """What the key says of one document.

    Attributes:
        must: For each fact, groups of answers of which one is to be given, as often as they stand.
        may: For each fact, answers that are not wrong.
    """

    must: dict[str, list[frozenset[str]]] = field(default_factory=lambda: {fact: [] for fact in FACTS})
    may: dict[str, set[str]] = field(default_factory=lambda: {fact: set() for fact in FACTS})


def documents(shared: Path) -> Iterator[tuple[str, str]]:
    """Yield the id and text of each dev document."""
    for name, _ in DEV:
        with gzip.open(shared / "data" / "text" / "muc34" / name, "rt", encoding="latin-1") as stream:
            parts = re.split(r"^(TST\d-MUC\d-\d{4})\s*\n", stream.read(), flags=re.MULTILINE)[1:]
        yield from zip(parts[::2], parts[1::2], strict=True)


def keys(shared: Path) -> dict[str, Key]:
    """Return the key of each dev document."""
    found: dict[str, Key] = {}
    for _, name in DEV:
        with gzip.open(shared / "data" / "text" / "muc34" / name, "rt", encoding="latin-1") as stream:
            slots: dict[int, list[str]] = {}
            number = 0
            for line in [*stream, "0.  MESSAGE: ID"]:
                if line.startswith("0. "):
                    _add(found, slots)
                    slots = {}
                if opened := re.match(r"(\d+)\.\s+[A-Z ]+:[A-Z ]+?(?:\s{2,}(.*))?$", line.rstrip()):
                    number = int(opened[1])
                    slots[number] = [(opened[2] or "").strip()]
                elif line.strip() and not line.startswith(";"):
                    slots.setdefault(number, []).append(line.strip())
    return found


def _add(found: dict[str, Key], slots: dict[int, list[str]]) -> None:
    """Add one template to the key of its document."""
    if not slots.get(0, [""])[0]:
        return
    key = found.setdefault(slots[0][0].split()[0], Key())
    if slots[1][0].startswith("*"):
        return
    optional = "OPTIONAL" in slots[1][0]
    given = {
        "type": [frozenset(each.strip() for each in slots[4][0].split("/"))],
        "perpetrator organisation": [_quoted(line) for line in slots.get(10, [])],
        "date": [_days(slots[2][0])],
        "number of victims": [
            frozenset((n,)) for line in slots.get(21, []) for n in re.findall(r"^(\d+):", line)
        ],
    }
    for fact, groups in given.items():
        doubtful = fact == "perpetrator organisation" and any(
            line.startswith("?") for line in slots.get(10, [])
        )
        for group in groups:
            if not group or group <= {"-", "*"}:
                continue
            key.may[fact] |= group
            if not optional and not doubtful and (fact == "number of victims" or group not in key.must[fact]):
                key.must[fact].append(group)


def _count(line: str) -> list[str]:
    return re.findall(r"^(\d+):", line)


def _quoted(line: str) -> frozenset[str]:
    return frozenset(re.findall(r'"([^"]+)"', line))


def _days(text: str) -> frozenset[str]:
    """Return the days a date of the key allows: "(08 MAR 90) / (07 MAR 90 - 08 MAR 90)" both."""
    found: set[str] = set()
    for part in text.split("/"):
        ends = [parsed for each in re.findall(r"\d\d [A-Z]{3} \d\d", part) if (parsed := _day(each))]
        if len(ends) == 2 and (ends[1] - ends[0]).days <= 31:
            found |= {(ends[0] + timedelta(n)).isoformat() for n in range((ends[1] - ends[0]).days + 1)}
        else:
            found |= {each.isoformat() for each in ends}
    return frozenset(found)


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def _day(text: str) -> date | None:
    day, month, year = text.split()
    try:
        return date(1900 + int(year), _MONTHS.index(month) + 1, int(day))
    except ValueError:
        return None
