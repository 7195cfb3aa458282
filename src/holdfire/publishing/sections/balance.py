"""Nothing is dropped between a file and the bulletin: the counts of each report add up, or none is issued.

    records in = claims = claims in incidents + claims of other kinds

Prose has no records; there the claims alone must add up. tests/unit/test_bulletin_balance.py tries counts
of every kind.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow.compute as pc

from holdfire.errors import HoldfireError, Problem
from holdfire.publishing.issue import Issue
from holdfire.publishing.material import Counts, Material
from holdfire.publishing.values import Anchor, Block, Heading, Line, Table, Value, label


def check(counts: Sequence[Counts], material: Material) -> None:
    """Refuse counts that do not add up, or that the tables of the case do not bear out.

    Raises:
        HoldfireError: Every report whose counts do not add up.
    """
    found: list[Problem] = []
    names = {report.id: report.name for report in material.reports}
    for each in counts:
        where = names.get(each.report, each.report[:12])
        if each.rows is not None and each.rows != each.claims:
            found.append(Problem(f"{each.rows} records in, but {each.claims} claims", where))
        if each.claims != each.in_incidents + each.other:
            parts = f"{each.in_incidents} in incidents and {each.other} of other kinds"
            found.append(Problem(f"{each.claims} claims, but {parts}", where))
    for what, given, held in (
        ("claims", sum(each.claims for each in counts), material.claims.num_rows),
        ("claims in incidents", sum(each.in_incidents for each in counts), material.members.num_rows),
    ):
        if given != held:
            found.append(Problem(f"the reports count {given} {what}, the case holds {held}", "all reports"))
    placed = pc.count_distinct(material.members["claim_id"]).as_py() if material.members.num_rows else 0
    if placed != material.members.num_rows:
        found.append(Problem("a claim is in two incidents", "all reports"))
    if found:
        raise HoldfireError.of(found)


def balance(issue: Issue) -> list[Block]:
    """Return the counts of each report and of all, as a table and a sentence."""
    counts = sorted(issue.material.counts, key=lambda c: c.report)
    check(counts, issue.material)
    names = {report.id: report.name for report in issue.material.reports}
    every = [f"report:{c.report}" for c in counts]
    prose = [c for c in counts if c.rows is None]
    total = Counts(
        report="",
        rows=sum(c.claims if c.rows is None else c.rows for c in counts),
        claims=sum(c.claims for c in counts),
        in_incidents=sum(c.in_incidents for c in counts),
        other=sum(c.other for c in counts),
    )
    rows: list[tuple[Value, ...]] = [
        _row(issue, c, Anchor(f"#report-{c.report[:12]}", names.get(c.report, c.report[:12])), [])
        for c in counts
    ]
    rows.append(_row(issue, total, label("all_reports"), every))
    heads = ("report", "records_in", "claims", "in_incidents", "of_other_kinds")
    figures = _row(issue, total, None, every)
    names_of = ("rows", "claims", "inside", "other")
    values: dict[str, Value] = dict(zip(names_of, figures[1:], strict=True))
    blocks: list[Block] = [
        Heading(label("balance"), "balance"),
        Line("balance", values),
        Table("balance", tuple(label(h) for h in heads), tuple(rows), total=True),
    ]
    if prose:
        blocks.append(Line("balance_prose", tone="note"))
    return blocks


def _row(issue: Issue, counts: Counts, head: Value, every: Sequence[str]) -> tuple[Value, ...]:
    basis = list(every) or ([f"report:{counts.report}"] if counts.report else [])
    key = f"balance.{counts.report or 'all'}"
    records: Value = label("prose")
    if counts.rows is not None:
        records = issue.figures.of(f"{key}.rows", counts.rows, basis, measure="rows")
    return (
        head,
        records,
        issue.figures.of(f"{key}.claims", counts.claims, basis, measure="claims"),
        issue.figures.of(f"{key}.inside", counts.in_incidents, basis, measure="claims"),
        issue.figures.of(f"{key}.other", counts.other, basis, measure="claims"),
    )
