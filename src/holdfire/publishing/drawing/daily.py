"""Three panels over one time axis: incidents, deaths, and the effort they rest on.

What is drawn, from back to front: days without any report, hatched through all panels; the windows of the
agreement; the figures; the changes that were found; last, one clear column a day that links to that day.
Drawn twice, for a page and for a telephone, and the style sheet shows the one that fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from holdfire.publishing.drawing import bands, panels
from holdfire.publishing.drawing.captions import Words, day, figure, months, say
from holdfire.publishing.drawing.days import GROUPS, Band, Bin, Day, Mark, bins, grouped, span
from holdfire.publishing.drawing.scales import Frame, day_ticks, month_ticks, stretch_ticks
from holdfire.publishing.drawing.svg import clean, hatched, label, legend, number, swatch, tag

SIZE = 12
"""Font size of the words in a chart [units]."""


DENSE = 5
"""Width below which a column is too narrow for an outline of its own [units]."""


@dataclass(frozen=True, slots=True)
class Form:
    """One of the two sizes a chart is drawn in.

    Attributes:
        name: Class of the drawing; the style sheet shows one of them.
        width: Of the drawing [units], one to a pixel at full size.
        most: Days drawn one by one; past that, weeks.
        tall: Heights of the three panels [units].
        keyed: Whether windows and changes are numbered on it and named beside it, for want of room.
    """

    name: str
    width: float
    most: int
    tall: tuple[float, float, float]
    keyed: bool


FORMS = (
    Form("wide", 880, 400, (170, 130, 56), keyed=False),
    Form("narrow", 360, 100, (150, 120, 50), keyed=True),
)


def daily(
    days: Sequence[Day],
    windows: Sequence[Band],
    marks: Sequence[Mark],
    words: Words,
    rtl: bool = False,
    name: str = "daily",
) -> str:
    """Return the chart of a period as markup to put into a page: a legend and the drawing in two sizes.

    Args:
        days: The days of the period, in any order; a date left out is a day without a report.
        windows: The agreement's windows and moments; what lies outside the period is left out.
        marks: Changes that were found, each drawn over the panel it belongs to.
        words: The words of the page (`captions.captions`).
        rtl: Whether the page runs from right to left; then so does time.
        name: Begins every id, so that two charts may share a page.

    Raises:
        ValueError: There is no day, or one date is given twice.
    """
    whole = span(days)
    frame = Frame(FORMS[0].width, 40, 8, whole[0].date, len(whole), rtl)
    inside, changes = bands.shown(windows, frame), panels.kept(marks, frame)
    drawings = [_drawing(form, whole, inside, changes, words, rtl, name) for form in FORMS]
    labels = [*(band.label for band in inside), *(mark.label for mark in changes)]
    named = [tag("li", clean(text)) for text in labels]
    keys = tag("ol", *named, class_="keys") if named else ""
    return tag("div", _legend(whole, words), *drawings, keys, class_="chart daily")


def _legend(days: Sequence[Day], words: Words) -> str:
    seen = {key for day in days for key in day.by_verdict}
    other = seen - set(GROUPS)
    shown = [group for group in GROUPS if group in seen or (group == "other" and other)]
    entries = [(swatch(group), say(words, group)) for group in shown]
    entries += [(panels.key(kind), say(words, kind)) for kind in panels.KEYS if panels.drawn(kind, days)]
    if any(day.reports == 0 for day in days):
        entries.append((swatch("silent"), say(words, "silent")))
    return legend(entries)


def _drawing(
    form: Form,
    days: Sequence[Day],
    windows: Sequence[Band],
    marks: Sequence[Mark],
    words: Words,
    rtl: bool,
    name: str,
) -> str:
    ids = f"{name}-{form.name}"
    width = 1 if len(days) <= form.most else 7
    columns = bins(days, width)
    frame = Frame(form.width, 40, 8, days[0].date, len(days), rtl)
    numbers = [str(n) for n in range(1, len(windows) + len(marks) + 1)] if form.keyed else None
    top, heads = bands.heads(windows, frame, SIZE, numbers and numbers[: len(windows)])
    texts = [mark.label for mark in marks] if numbers is None else numbers[len(windows) :]
    written = list(zip(marks, texts, strict=True))
    parts, bottom = panels.draw(columns, written, frame, form.tall, top, words, ids, SIZE)
    axis, foot = _axis(frame, bottom, words, weekly=width > 1)
    tints = bands.tints(windows, frame, top - 6, bottom)
    silence = _silence(days, frame, top, bottom, ids)
    picture = tag("g", tints, silence, heads, parts, axis, aria_hidden="true")
    links = _columns(columns, frame, top, bottom, words, weekly=width > 1)
    return tag(
        "svg",
        tag("title", clean(_title(days, words)), id=f"{ids}-title"),
        tag("desc", clean(_description(days, words)), id=f"{ids}-desc"),
        picture,
        links,
        class_=form.name if frame.inner * width / frame.days >= DENSE else f"{form.name} dense",
        viewBox=f"0 0 {number(form.width)} {number(foot)}",
        direction="rtl" if rtl else "ltr",
        # A picture hides what is in it from a screen reader, so a chart with links is a group of them.
        role="group" if any(c.href for c in columns) else "img",
        aria_labelledby=f"{ids}-title {ids}-desc",
    )


def _silence(days: Sequence[Day], frame: Frame, top: float, bottom: float, ids: str) -> str:
    runs = []
    start = None
    for i, each in enumerate((*days, None)):
        silent = each is not None and each.reports == 0
        if silent and start is None:
            start = i
        elif not silent and start is not None:
            runs.append(frame.box(start, i, top, bottom - top))
            start = None
    around = (0.0, top, frame.width, bottom)
    return hatched("silent", "".join(runs), around, f"{ids}-silent", "stretch") if runs else ""


def _axis(frame: Frame, top: float, words: Words, weekly: bool) -> tuple[str, float]:
    names = months(words)
    last = frame.first + timedelta(days=frame.days - 1)
    fine = [] if weekly else day_ticks(frame, SIZE)
    if fine:
        starts = _month_starts(frame)
        coarse = stretch_ticks(frame, starts, [f"{names[d.month - 1]} {d.year}" for d in starts], SIZE)
    else:
        years = [frame.first] + [last.replace(y, 1, 1) for y in range(frame.first.year + 1, last.year + 1)]
        fine = month_ticks(frame, names, SIZE, years=False)
        coarse = stretch_ticks(frame, years, [str(d.year) for d in years], SIZE)
    drawn = [
        tag("path", class_="axis", d=f"M{number(frame.x(0))} {number(top)}H{number(frame.x(frame.days))}")
    ]
    for tick in fine:
        drawn.append(_tick(frame, tick.days, top, 4))
        anchor = "middle" if tick.middle else "start"
        drawn.append(label(tick.text, x=frame.x(tick.days), y=top + 17, text_anchor=anchor))
    for tick in coarse:
        drawn.append(_tick(frame, tick.days, top + 22, 15))
        at = frame.turn(frame.flow(tick.days) + 4)
        drawn.append(label(tick.text, class_="coarse", x=at, y=top + 34))
    foot = top + 42
    if weekly:
        drawn.append(label(say(words, "by_week"), class_="quiet", x=frame.x(0), y=foot + 10))
        foot += 18
    return "".join(drawn), foot


def _tick(frame: Frame, days: float, top: float, height: float) -> str:
    return tag("path", class_="tick", d=f"M{number(frame.x(days))} {number(top)}v{number(height)}")


def _month_starts(frame: Frame) -> list[date]:
    dates = [frame.first + timedelta(days=n) for n in range(frame.days)]
    return [d for i, d in enumerate(dates) if i == 0 or d.day == 1]


def _columns(
    columns: Sequence[Bin], frame: Frame, top: float, bottom: float, words: Words, weekly: bool
) -> str:
    # Past this many, tabbing through columns would be a labour; the table beside the chart has the links.
    stop = None if len(columns) <= 62 else "-1"
    drawn = []
    at = 0
    for column in columns:
        shape = tag("path", class_="hit", d=frame.box(at, at + column.days, top, bottom - top))
        said = _column(column, words, weekly)
        tip = tag("title", clean(said))
        at += column.days
        if column.href:
            drawn.append(tag("a", tip, shape, href=column.href, tabindex=stop))
        else:
            drawn.append(tag("g", tip, shape))
    return tag("g", *drawn, class_="columns")


def _column(column: Bin, words: Words, weekly: bool) -> str:
    parts = [
        f"{say(words, group)} {figure(words, count)}"
        for group, count in zip(GROUPS, column.groups, strict=True)
        if count
    ]
    when = day(words, column.start)
    return say(
        words,
        "column_week" if weekly else "column",
        when=say(words, "week_of", day=when) if weekly else when,
        incidents=figure(words, sum(column.groups)),
        parts=say(words, "comma").join(parts) or say(words, "nothing"),
        killed=_killed(column, words),
        apart=_known(column.apart, words),
        reports=figure(words, column.reports),
        sources=figure(words, column.sources),
    )


def _killed(column: Bin, words: Words) -> str:
    best = _known(column.best, words)
    if column.low == column.high == column.best:
        return best
    return say(words, "range", best=best, low=_known(column.low, words), high=_known(column.high, words))


def _known(value: float | None, words: Words) -> str:
    return say(words, "unknown") if value is None else figure(words, value)


def _title(days: Sequence[Day], words: Words) -> str:
    return say(words, "daily_title", first=day(words, days[0].date), last=day(words, days[-1].date))


def _description(days: Sequence[Day], words: Words) -> str:
    counts = [sum(grouped(each)) for each in days]
    most = max(counts)
    killed = [each.killed_best for each in days if each.killed_best is not None]
    apart = [each.not_covered_best for each in days if each.not_covered_best is not None]
    return say(
        words,
        "daily_desc",
        incidents=figure(words, sum(counts)),
        days=figure(words, len(days)),
        peak=day(words, days[counts.index(most)].date),
        most=figure(words, most),
        killed=_known(sum(killed) if killed else None, words),
        apart=_known(sum(apart) if apart else None, words),
        silent=figure(words, sum(each.reports == 0 for each in days)),
    )
