"""Sections 11 and 12: corrections with the old verdicts; annexes and how to verify."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holdfire.publishing.issue import Issue
from holdfire.publishing.material import Correction
from holdfire.publishing.values import (
    Anchor,
    Between,
    Block,
    Code,
    Counted,
    Facts,
    Hash,
    Heading,
    Line,
    Ref,
    Said,
    Section,
    Several,
    Table,
    Value,
    label,
)

RULES = 9
"""How many counting rules are printed: the sentences `counting_1` and on."""


def corrections(issue: Issue) -> Section:
    """Return section 11."""
    found = sorted(issue.material.corrections, key=lambda c: (c.id, c.was))
    if not found:
        return Section(11, "corrections", (Line("no_correction"),))
    shown = [c for c in found if not c.same]
    blocks: list[Block] = [Line("corrections_lead", tone="note")]
    if shown:
        heads = ("determination", "what", "old_verdict", "new_verdict", "what_changed", "why")
        rows = tuple(_correction(issue, c) for c in shown)
        blocks.append(Table("corrections", tuple(label(h) for h in heads), rows))
    if same := [f"correction:{c.id}" for c in found if c.same]:
        number = Counted(issue.figures.count("corrections.same", same), "incident")
        blocks.append(Line("corrections_same", {"incidents": number}))
    return Section(11, "corrections", tuple(blocks))


def _correction(issue: Issue, c: Correction) -> tuple[Value, ...]:
    changed: list[Value] = [Said("formerly", {"id": c.was})] if c.was else []
    for name, pair in c.changed.items():
        old, new = (_field(issue, name, value) for value in pair)
        changed.append(Said("field_from_to", {"field": label(f"field_{name}"), "old": old, "new": new}))
    return (
        Ref(c.id) if c.id in issue.by_id else c.id,
        Several((Code("act", c.act), issue.area(c.area), Between(c.start, c.end))) if c.act else None,
        Code("verdict", c.old) if c.old else label("not_issued"),
        Code("verdict", c.new) if c.new else label("no_longer"),
        Several(tuple(changed)),
        Several(tuple(Code("why", why) for why in c.why)),
    )


def _field(issue: Issue, name: str, value: Any) -> Value:
    """Return a field of a determination as a correction shows it."""
    if value is None:
        if name == "killed_most":
            return label("no_bound")
        return Code("answer", "unclear") if name == "occurrence" else label("not_said")
    if name == "attribution":
        return Several(tuple(issue.actor(actor) for actor in value)) if value else label("not_said")
    if isinstance(value, bool):
        return Code("answer", "yes" if value else "no")
    kind = "strength" if name.endswith("_strength") else "coverage"
    return str(value) if isinstance(value, int) else Code(kind, str(value))


def annexes(issue: Issue, files: Mapping[str, str]) -> Section:
    """Return section 12; `files` gives the digest of each annex file by path."""
    blocks: list[Block] = [
        Heading(label("annex_files"), "files"),
        Table(
            "files",
            (label("file"), label("holds"), label("sha256")),
            tuple(
                (Anchor(path, path.split("/")[-1]), Code("file", path.split("/")[-1]), Hash(digest))
                for path, digest in sorted(files.items())
            ),
        ),
        Heading(label("counting_rules"), "counting-rules"),
        *(Line(f"counting_{n}") for n in range(1, RULES + 1)),
        _settings(issue),
        Heading(label("sources_graded"), "sources"),
        Line("grades_note", tone="note"),
        _sources(issue),
        Heading(label("reports"), "reports"),
        _reports(issue),
        Heading(label("how_to_verify"), "verify"),
        *(Line(f"verify_{n}") for n in (1, 2, 3)),
        Line("verify_5"),
        Line("verify_4", {"head": Hash(issue.material.ledger.head), "size": str(issue.material.ledger.size)}),
    ]
    return Section(12, "annexes", tuple(blocks))


def _settings(issue: Issue) -> Facts:
    listed = sorted(issue.material.settings.items())
    rows: tuple[tuple[str, Value], ...] = tuple((name, str(value)) for name, value in listed)
    return Facts(rows, label("settings"), "settings")


def _sources(issue: Issue) -> Table:
    rows: list[tuple[Value, ...]] = []
    for name, source in sorted(issue.material.sources.items()):
        rows.append(
            (
                issue.source(name),
                Code("affiliation", source.affiliation.value),
                issue.actor(source.actor) if source.actor else None,
                source.reliability.value,
                label("interested") if source.interested else label("not_interested"),
                source.basis or None,
            )
        )
    heads = ("source", "affiliation", "speaks_for", "grade", "interest", "basis")
    anchors = tuple(f"source-{name}" for name in sorted(issue.material.sources))
    return Table("sources", tuple(label(h) for h in heads), tuple(rows), anchors=anchors)


def _reports(issue: Issue) -> Table:
    listed = sorted(issue.material.reports, key=lambda r: (r.name, r.id))
    rows: list[tuple[Value, ...]] = [
        (
            r.name,
            issue.source(r.source),
            r.published or None,
            r.received or None,
            r.added_by or None,
            r.licence or label("licence_not_said"),
            r.cite or None,
            Hash(r.id),
        )
        for r in listed
    ]
    given = ("published", "received", "added_by", "licence")
    heads = ("report", "published_by", *given, "read_in", "commitment")
    anchors = tuple(f"report-{r.id[:12]}" for r in listed)
    return Table("reports", tuple(label(h) for h in heads), tuple(rows), anchors=anchors)
