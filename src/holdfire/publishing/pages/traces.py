"""The trace pages: for each basis, the figures made from it and everything they rest on.

Figures that rest on the same things share a page. Past `FULL` things a page gives their links alone and a
file of plain text gives their figures, so that a reader can add them up again; past `LINKED` the file alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property

from markupsafe import Markup, escape

from holdfire.publishing.entries import EPOCH, UNDATED
from holdfire.publishing.figures import Basis
from holdfire.publishing.pages.determinations import Determinations
from holdfire.publishing.pages.language import Language
from holdfire.publishing.pages.typeset import markup
from holdfire.records.incident import HARM

FULL = 1_000
"""Most things a trace page shows with their figures."""

LINKED = 20_000
"""Most things a trace page lists at all."""

ANCHORS = {
    "source": "index.html#source-{}",
    "report": "index.html#report-{}",
    "instrument": "index.html#status",
    "duty": "index.html#obligations",
    "correction": "index.html#corrections",
    "zone": "index.html#zones",
    "area": "index.html#precaution",
    "toll": "index.html#toll-{}",
    "count": "index.html#count-{}",
    "ruling": "index.html#rulings",
}
"""Where the bulletin itself describes a thing that is neither determination nor claim."""


class Traces:
    """Writes the trace pages of one language."""

    def __init__(self, language: Language, determinations: Determinations) -> None:
        self.language = language
        self.draft = language.draft
        self.issue = language.draft.issue
        self.words = language.words
        self.t = language.typesetter(1)
        self.determinations = determinations
        self._figures: dict[str, list[str]] = {}
        for name, figure in self.draft.bulletin.figures.items():
            self._figures.setdefault(figure.basis, []).append(name)
        self._rows: dict[str, str] = {}

    def pages(self) -> Iterator[tuple[str, bytes]]:
        """Yield a page for each basis, in order of its id."""
        for basis in self.draft.bulletin.bases.values():
            path = f"figures/{basis.id}.html"
            frame = self.language.frame(path, self.words.label("figure_trace"), [self.language.home(1)])
            counted = self.words.counted("item", len(basis.items))
            yield self.language.render(
                "trace.html",
                path,
                **frame,
                lead=self.words.sentence("trace_lead").format(items=counted),
                figures=[self._figure(name) for name in self._figures[basis.id]],
                items=self._items(basis),
            )

    def _figure(self, name: str) -> dict[str, str]:
        figure = self.draft.bulletin.figures[name]
        key = self.draft.bulletin.keys[name]
        how = self.words.sentence(f"measure_{figure.measure}")
        if figure.at_least:
            how = f"{how}; {self.words.sentence('at_least_note')}"
        section = SECTIONS.get(key.split(".")[0], "front")
        return {
            "id": name,
            "value": self.words.number(figure.value),
            "how": how,
            "section": self.words.label(f"section_{section}"),
            "key": self.issue.shown_key(key),
        }

    def _items(self, basis: Basis) -> Markup:
        if not basis.items:
            return Markup("<p>%s</p>") % self.words.counted("item", 0)
        judged = [i for i in basis.items if i.startswith("d-")]
        claimed = [i for i in basis.items if i.startswith("c-")]
        others = [i for i in basis.items if ":" in i]
        parts = [self._judged(judged, basis), self._claimed(claimed), self._others(others)]
        outside = any(i not in self.issue.by_id for i in judged)
        if outside:
            parts.append(Markup('<p class="note">%s</p>') % self.words.sentence("trace_elsewhere"))
        return Markup("\n").join(part for part in parts if part)

    def _judged(self, names: Sequence[str], basis: Basis) -> Markup:
        if not names:
            return Markup("")
        ordered = sorted(names, key=lambda name: (self._day(name) or date.max, name))
        if len(names) <= FULL:
            return self._table(ordered)
        file = f"{self.t.top}figures/{basis.id}.txt"
        note = Markup('<p class="note">%s <a href="%s">%s.txt</a></p>')
        told = note % (self.words.sentence("trace_file"), file, basis.id)
        return told if len(names) > LINKED else told + self._links(ordered)

    def _table(self, names: Sequence[str]) -> Markup:
        heads = ("determination", "day", "area", "verdict", *HARM)
        head = "".join(f'<th scope="col">{self.t.label(h)}</th>' for h in heads)
        body = "\n".join(self._row(name) for name in names)
        label = self.t.label("items")
        return markup(
            f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table class="data">'
            f"<caption>{label}</caption><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
        )

    def _row(self, name: str) -> str:
        if name not in self._rows:
            row = self._at[name]
            table = self.issue.table
            day = self._day(name)
            verdict = table.verdicts[row]
            values = [table.value(h, row) for h in HARM]
            shown = ["–" if v is None else self.words.number(v) for v in values]
            numbers = "".join(f'<td class="number">{v}</td>' for v in shown)
            area = self.t.show(self.issue.area(table.areas[row] or ""))
            badge = f'<span class="verdict {verdict}">{escape(self.words.code("verdict", verdict))}</span>'
            self._rows[name] = (
                f'<tr><th scope="row">{self.t.determination(name)}</th>'
                f"<td>{escape(self.words.short_day(day)) if day else '–'}</td><td>{area}</td>"
                f"<td>{badge}</td>{numbers}</tr>"
            )
        return self._rows[name]

    def _links(self, names: Sequence[str]) -> Markup:
        """Return determinations as bare links, by day."""
        found: list[str] = []
        day: date | None = None
        for name in names:
            if self._day(name) != day or not found:
                day = self._day(name)
                if found:
                    found.append("</p>")
                shown = self.words.day(day) if day else self.words.label("not_known")
                found.append(f'<p class="caption">{escape(shown)}: ')
            found.append(str(self.t.determination(name)) + " ")
        return markup("".join(found) + "</p>")

    def _claimed(self, names: Sequence[str]) -> Markup:
        """Return claims: those of no incident with their words, the others as links to where they stand."""
        known = self.issue.evidence.claims
        written: list[str] = []
        for name in names:
            evidence = known.get(name)
            if evidence is None:
                written.append(f'<li><span class="digest">{name}</span></li>')
                continue
            said = evidence.saying
            if said.determination:
                href = f"{self.t.here}determinations/{said.determination}.html#{name}"
                voice = self.t.show(self.issue.voice(said)) if len(names) <= FULL else ""
                written.append(f'<li><a class="digest" href="{href}">{name}</a> {voice}</li>')
                continue
            words = self.determinations.claimed.quoted(evidence) if len(names) <= FULL else ""
            voice = self.t.show(self.issue.voice(said))
            stance = escape(self.words.code("stance", said.stance))
            report = f"{self.t.here}index.html#report-{said.report[:12]}"
            written.append(
                f'<li id="{name}">{voice}: {stance} <a class="digest" href="{report}">{said.report[:12]}…</a>'
                f"{words}</li>"
            )
        return markup(f"<ul>{''.join(written)}</ul>") if written else Markup("")

    def _others(self, names: Sequence[str]) -> Markup:
        written = []
        for item in names:
            kind, _, name = item.partition(":")
            anchor = ANCHORS[kind].format(name[:12] if kind == "report" else name)
            called = escape(self._called(kind, name))
            written.append(f'<li><a href="{self.t.here}{escape(anchor)}">{called}</a></li>')
        return markup(f"<ul>{''.join(written)}</ul>") if written else Markup("")

    def _called(self, kind: str, name: str) -> str:
        material = self.issue.material
        if kind == "source" and name in material.sources:
            return self.words.words(material.sources[name].name)[0]
        if kind == "report":
            return next((r.name for r in material.reports if r.id == name), name[:12])
        if kind == "instrument":
            return self.words.words(material.agreement.instrument(name).title)[0]
        return name

    @cached_property
    def _at(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.issue.table.ids)}

    def _day(self, name: str) -> date | None:
        number = int(self.issue.table.day[self._at[name]])
        return None if number == UNDATED else EPOCH + timedelta(days=number)


def listed(language: Language) -> Iterator[tuple[str, bytes]]:
    """Yield, once for all languages, a file for each basis too large for a page: its rows, tab separated."""
    issue = language.draft.issue
    at = {name: row for row, name in enumerate(issue.table.ids)}
    for basis in language.draft.bulletin.bases.values():
        judged = [name for name in basis.items if name.startswith("d-")]
        if len(judged) <= FULL:
            continue
        lines = ["\t".join(("determination", "day", "area", "verdict", *HARM))]
        for name in judged:
            row = at[name]
            number = int(issue.table.day[row])
            day = "" if number == UNDATED else (EPOCH + timedelta(days=number)).isoformat()
            values = [issue.table.value(column, row) for column in HARM]
            cells = [name, day, issue.table.areas[row] or "", issue.table.verdicts[row]]
            lines.append("\t".join([*cells, *("" if v is None else str(v) for v in values)]))
        yield f"figures/{basis.id}.txt", ("\n".join(lines) + "\n").encode()


SECTIONS = {
    "front": "front",
    "summary": "summary",
    "incidents": "incidents",
    "areas": "incidents",
    "not_covered": "not_covered",
    "allegations": "allegations",
    "replies": "allegations",
    "quoted": "allegations",
    "harm": "harm",
    "toll": "harm",
    "lists": "harm",
    "zones": "zones",
    "withheld": "zones",
    "obligations": "obligations",
    "effort": "effort",
    "balance": "effort",
    "trend": "trend",
}
"""The section a figure's key belongs to, by its first word."""
