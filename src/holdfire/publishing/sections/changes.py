"""Where fighting stands in each area, and the changes that led there, in plain sentences.

One sentence an area, by a stated rule, the same in each language: what the recorded level is beside an
earlier one, between which days the change began, how surely it is a change of level, and whether the sources
saw as much as before. A change that effort explains is never said to be one of fighting.
"""

from __future__ import annotations

from holdfire.publishing.issue import Issue
from holdfire.publishing.values import (
    Block,
    Code,
    Heading,
    Line,
    Rate,
    Said,
    Several,
    Table,
    Value,
    label,
)
from holdfire.records.change import TOLD, Change, Course, Effort, Percent

AREAS = 3
"""Areas that are named as making a change."""


def state_lines(issue: Issue) -> list[Block]:
    """Return a sentence for all areas together, one for each area whose state is sure, and the rest."""
    courses = issue.material.courses
    sure = [each for each in courses if not each.area or (each.since and each.since.chance >= TOLD)]
    lines: list[Block] = [_state(issue, course) for course in sure]
    rest = tuple(issue.area(each.area) for each in courses if each not in sure)
    return [*lines, Line("state_unsure", {"areas": Several(rest)})] if rest else lines


def changes(issue: Issue) -> list[Block]:
    """Return where fighting stands, and the table of changes that are told of."""
    courses = issue.material.courses
    if not courses:
        return []
    blocks: list[Block] = [Heading(label("state_of_fighting"), "state-of-fighting"), *state_lines(issue)]
    whole = courses[0]
    told = [change for change in whole.changes if change.told]
    for change in told:
        if change.seeing.effort is Effort.EXPLAINS:
            values = {
                "began": _began(change),
                "dark": str(max(change.seeing.dark, change.seeing.dark_before)),
            }
            blocks.append(Line("change_explained", values, "note"))
    if told:
        heads = (
            "change_between",
            "chance",
            f"{whole.basis}_before",
            f"{whole.basis}_after",
            "effort",
            "seen",
        )
        rows = tuple(_row(issue, change) for change in told)
        blocks.append(Table("changes", tuple(label(h) for h in (*heads, "areas_driving")), rows))
        blocks.append(Line("changes_note", tone="note"))
    return blocks


def _state(issue: Issue, course: Course) -> Line:
    where = Said("in_area", {"area": issue.area(course.area)}) if course.area else label("in_all_areas")
    values: dict[str, Value] = {"where": where}
    if course.since is None:
        return Line("state_steady", values)
    values |= {
        "began": _began(course.since),
        "chance": str(course.since.chance),
        "effort": Code("effort_said", course.since.seeing.effort.value),
    }
    if course.beside is not None:
        values["fell"] = course.beside.day
    return Line(f"state_{course.state}", values)


def _began(change: Change) -> Value:
    if change.earliest == change.latest:
        return Said("began_on", {"day": change.earliest})
    first, last = change.earliest, change.latest
    same = (first.year, first.month) == (last.year, last.month)
    return Said("began_between", {"first": str(first.day) if same else first, "last": last})


def _row(issue: Issue, change: Change) -> tuple[Value, ...]:
    seen = change.seeing.seen
    areas = sorted((each for each in change.areas if each[1] > 0), key=lambda each: -each[1])[:AREAS]
    return (
        _began(change),
        Said("in_hundred", {"n": str(change.chance)}),
        Rate(round(change.before.per_day * 100)),
        Rate(round(change.after.per_day * 100)),
        Several(
            (Code("effort_of", change.seeing.effort.value), Code("effort_basis", change.seeing.basis.value))
        ),
        _percent(seen) if seen else None,
        Several(tuple(Said("part_of", {"area": issue.area(area), "n": str(part)}) for area, part in areas)),
    )


def _percent(value: Percent) -> Value:
    """Return a ratio with its interval; one of a hundredfold or more is told as no number."""
    if value.high >= 10_000:
        return Said("percent_at_least", {"low": str(value.low)})
    return Said("percent", {n: str(getattr(value, n)) for n in ("middle", "low", "high")})
