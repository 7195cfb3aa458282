"""Records of sites, read from what officers write down, and sites made of records.

What officers write is lines of `field: value`, in a file or at a prompt. Whatever is wrong is said at once,
by field and line and never by value: an error may be pasted into a message. tests/unit/test_siterecords.py
looks through every error for what was entered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from holdfire.errors import BadInput, HoldfireError, Problems
from holdfire.protecting.cells import Partition
from holdfire.protecting.sites import Consent, Fix, Site

POSITION = ("longitude", "latitude", "source", "observer", "observed")
SITE = ("name", "category", "owner", "note", "from", "until", *POSITION)
CONSENT = ("recipient", "from", "until")
REVOKE = ("recipient", "from")

DECIMALS = 4
"""Fewest decimals of a degree: the fourth is 11 m."""

_NUMBER = re.compile(r"-?[0-9]{1,3}\.[0-9]{1,10}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def fields(text: str, known: Sequence[str], needed: Sequence[str], where: str = "file") -> dict[str, str]:
    """Return the fields of what an officer wrote; no error holds a value.

    Raises:
        BadInput: Every line that is no `field: value`, every field that is not known, stands twice or is
            missing.
    """
    problems = Problems(where)
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if not colon or name not in known:
            problems.add(
                "this is no field", f"line {number}", f"one `field: value` a line; fields: {', '.join(known)}"
            )
        elif name in found:
            problems.add(f"{name} stands twice", f"line {number}")
        elif value.strip():
            found[name] = value.strip()
    for name in needed:
        if name not in found:
            problems.add(f"{name} is left out")
    problems.raise_any()
    return found


def site(said: Mapping[str, str], partition: Partition, tolerance: int, today: date) -> dict[str, Any]:
    """Return the record of a new site.

    Raises:
        BadInput: Everything that is wrong with its position, its days or its window.
    """
    problems = Problems("site")
    fix = _fix(said, partition, tolerance, today, problems)
    window = _window(said, partition, today, problems)
    problems.raise_any()
    return {
        "kind": "site",
        "name": said["name"],
        "category": said.get("category", ""),
        "owner": said.get("owner", ""),
        "note": said.get("note", ""),
        "window": window,
        "fix": fix,
    }


def fix(said: Mapping[str, str], partition: Partition, tolerance: int, today: date) -> dict[str, Any]:
    """Return the record of one more fix of a site.

    Raises:
        BadInput: Everything that is wrong with it.
    """
    problems = Problems("fix")
    found = _fix(said, partition, tolerance, today, problems)
    problems.raise_any()
    return {"kind": "fix", "fix": found}


def consent(said: Mapping[str, str]) -> dict[str, Any]:
    """Return the record of an owner's consent.

    Raises:
        BadInput: A day is none, or it ends before it starts.
    """
    problems = Problems("consent")
    starts, ends = _day(said, "from", problems), _day(said, "until", problems)
    if starts and ends and ends <= starts:
        problems.add("it ends before it starts", hint="until is the first day on which it no longer holds")
    problems.raise_any()
    return {"kind": "consent", "recipient": said["recipient"], "starts": starts, "ends": ends}


def revocation(said: Mapping[str, str]) -> dict[str, Any]:
    """Return the record that an owner revokes consent from a day on.

    Raises:
        BadInput: The day is none.
    """
    problems = Problems("revocation")
    starts = _day(said, "from", problems)
    problems.raise_any()
    return {"kind": "revoke", "recipient": said["recipient"], "from": starts}


def decision(publish: bool) -> dict[str, Any]:
    """Return the record of a decision on a position that is not verified: to publish its cell, or not to."""
    return {"kind": "decision", "publish": publish}


def borne_out(site: str, records: Sequence[Mapping[str, Any]], signed: Sequence[Sequence[str]]) -> None:
    """Refuse records that the log does not bear out: said to be by others than signed, or a decision by one.

    Args:
        site: Id of the site.
        records: Unsealed, in order.
        signed: Names of those who signed the line of each.

    Raises:
        BadInput: There is one; nothing of it is told.
    """
    for record, names in zip(records, signed, strict=True):
        if tuple(record.get("by", ())) != tuple(names):
            problem = "a record says that it is by others, not by those who signed for it"
        elif record.get("kind") == "decision" and len(names) != 2:
            problem = "a decision is not by two officers"
        else:
            continue
        raise BadInput(problem, f"site {site}", "leave the store as it is, for whoever finds out why")


def told(site: str, records: Sequence[Mapping[str, Any]]) -> Site:
    """Return the site that its records make, in their order.

    Raises:
        HoldfireError: They are in no form that this version knows; nothing of them is told.
    """
    try:
        return _told(site, records)
    except (KeyError, TypeError, ValueError, IndexError):
        raise HoldfireError(
            "a record of a site has a form that is not known", f"site {site}", "a newer Holdfire?"
        ) from None


def _told(site: str, records: Sequence[Mapping[str, Any]]) -> Site:
    first, *others = records
    if first["kind"] != "site":
        raise ValueError("a site begins with what it is")
    found = Site(
        id=site,
        name=first["name"],
        category=first["category"],
        owner=first["owner"],
        note=first["note"],
        window=None if first["window"] is None else (first["window"][0], first["window"][1]),
        fixes=(Fix(**first["fix"]),),
    )
    for each in others:
        match each["kind"]:
            case "fix":
                # what two officers decided was about the fixes there were
                found = replace(found, fixes=(*found.fixes, Fix(**each["fix"])), decided=False)
            case "consent":
                days = {name: each[name] for name in ("recipient", "starts", "ends")}
                new = Consent(**days, at=each.get("at", ""))
                found = replace(found, consents=(*found.consents, new))
            case "revoke":
                found = replace(
                    found,
                    consents=tuple(one.without(each["recipient"], each["from"]) for one in found.consents),
                )
            case "decision":
                found = replace(found, decided=bool(each["publish"]))
            case _:
                raise ValueError("a kind that is not known")
    return found


def _fix(
    said: Mapping[str, str], partition: Partition, tolerance: int, today: date, problems: Problems
) -> dict[str, Any]:
    """Return a fix with the cell it lies in; what is wrong is noted."""
    if tolerance > partition.settings.margin:
        problems.add(
            f"fixes agree within {tolerance:,} m, and zones have a margin of {partition.settings.margin:,} m",
            hint="two fixes that agree may lie in two cells: found a store of a smaller tolerance",
        )
    lon, lat = _degrees(said, "longitude", problems), _degrees(said, "latitude", problems)
    observed = _day(said, "observed", problems)
    if observed > today.isoformat():
        problems.add("observed lies in the future")
    cell = None
    if lon and lat:
        x, y = float(lon), float(lat)
        if not x and not y:
            problems.add("0, 0 stands for a position not known")
        else:
            cell = _cell(x, y, partition, problems)
    if cell is None:
        return {}
    return asdict(
        Fix(
            lon=lon, lat=lat, source=said["source"], observer=said["observer"], observed=observed,
            partition=partition.digest, partition_name=partition.name, cell=cell[0], block=cell[1],
        )
    )  # fmt: skip


def _cell(x: float, y: float, partition: Partition, problems: Problems) -> tuple[str, str] | None:
    try:
        found = partition.cell_of(x, y)
    except BadInput:
        try:
            partition.cell_of(y, x)
        except BadInput:
            problems.add(
                f"the position lies outside partition {partition.name}",
                hint="choose a partition that holds it",
            )
        else:
            problems.add(
                f"the position lies outside partition {partition.name}",
                hint="longitude and latitude are swapped: the other way round it lies inside",
            )
        return None
    return found.code, found.block


def _degrees(said: Mapping[str, str], name: str, problems: Problems) -> str:
    """Return a coordinate in plain decimals; empty: it is noted what is wrong, never what was given."""
    text = "".join(_digit(each) for each in said[name].strip())
    if not _NUMBER.fullmatch(text):
        problems.add(
            f"{name} is no decimal number of degrees",
            hint="such as -7.1234, WGS 84; minus for west and south",
        )
        return ""
    if len(text.partition(".")[2]) < DECIMALS:
        problems.add(
            f"{name} has fewer than {DECIMALS} decimals",
            hint="a third decimal is 110 m: ask for a better fix",
        )
        return ""
    if abs(float(text)) > (180 if name == "longitude" else 90):
        problems.add(f"{name} is out of range", hint="are longitude and latitude swapped?")
        return ""
    return text


def _digit(letter: str) -> str:
    if letter in "\u066b,":  # the Arabic decimal separator, and a comma
        return "."
    return str(unicodedata.decimal(letter, letter)).replace("\u2212", "-")


def _day(said: Mapping[str, str], name: str, problems: Problems) -> str:
    text = "".join(_digit(each) for each in said.get(name, "").strip())
    try:
        return date.fromisoformat(text).isoformat() if _DAY.fullmatch(text) or text else ""
    except ValueError:
        problems.add(f"{name} is no day", hint="such as 2031-05-02")
        return ""


def _window(
    said: Mapping[str, str], partition: Partition, today: date, problems: Problems
) -> list[str] | None:
    """Return the window of a group on the move; None: the site stays."""
    starts, ends = _day(said, "from", problems), _day(said, "until", problems)
    if not (said.get("from") or said.get("until")):
        return None
    if not (starts and ends):
        problems.add("a group on the move has a first day and a first day after", hint="from and until")
        return None
    length, least = (
        (date.fromisoformat(ends) - date.fromisoformat(starts)).days,
        partition.settings.epoch_days,
    )
    if length < least:
        problems.add(
            f"the window is shorter than {least} days",
            hint="it is declared beforehand, for an epoch or longer",
        )
    if starts < today.isoformat():
        problems.add("the window has begun", hint="it is declared before its first day")
    return [starts, ends]
