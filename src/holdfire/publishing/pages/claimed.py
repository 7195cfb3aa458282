"""How one claim is shown: as a row of the evidence table, and with what it was read from.

Fragments that many claims share (a source, a report) are made once and kept.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from holdfire.publishing.evidence import Evidence
from holdfire.publishing.issue import Issue
from holdfire.publishing.pages.typeset import Typesetter, markup
from holdfire.publishing.redaction import OPEN
from holdfire.publishing.sayings import Saying

OPENING = " ([“‘«"
"""What a word follows without one more space."""

CLOSING = " .,;:!?)]”’»…،؛؟"
"""What follows a word without one more space."""


class Claimed:
    """Shows the claims of one bulletin in one language, on pages one folder below its root.

    Args:
        issue: The bulletin.
        t: Sets its values.
        shared: Fields of records laid out already, by claim id, for all languages.
    """

    def __init__(self, issue: Issue, t: Typesetter, shared: dict[str, str]) -> None:
        self.issue = issue
        self.t = t
        self.words = t.lexicon
        self._reports = {report.id: report for report in issue.material.reports}
        self._kept: dict[tuple[str, ...], str] = {}
        self._shared = shared

    def row(self, evidence: Evidence, graded: str = "") -> Markup:
        """Return one claim as a row of the evidence table.

        Args:
            evidence: The claim.
            graded: Its source's letter and its own number, such as B2; empty: it was not weighed.
        """
        said = evidence.saying
        part = escape(self.words.code("part", said.part)) if said.part else self.t.show(None)
        root = Markup('<span class="digest">%s</span>') % said.root
        return markup(
            f'<tr id="{said.id}"><th scope="row"><span class="digest">{said.id}</span></th>'
            f"{self._cell('part', part)}{self._source(said, graded)}"
            f"{self._cell('root', root)}"
            f"{self._cell('stance', escape(self.words.code('stance', said.stance)))}"
            f"{self._report(said.report)}</tr>"
        )

    def _cell(self, head: str, shown: Markup) -> str:
        """Return a cell that carries the head of its column, for where a row is read as a card."""
        return f'<td data-label="{self.t.label(head)}"><span>{shown}</span></td>'

    def _source(self, said: Saying, graded: str) -> str:
        """Return the cells of a claim's source: its name, its grade and whether it is interested."""
        key = ("source", said.source, said.voice, said.voice_text, graded)
        if key not in self._kept:
            source = self.issue.material.sources.get(said.source)
            name = self.t.show(self.issue.source(said.source))
            if said.voice and said.voice != said.source:
                name += Markup(": ") + self.t.show(self.issue.voice(said))
            given = graded or (source.reliability.value if source else "")
            grade = escape(given) if given else self.t.show(None)
            if source and source.interested:
                grade += Markup(' <span class="status">%s</span>') % self.t.label("interested")
            self._kept[key] = self._cell("source", name) + self._cell("grade", grade)
        return self._kept[key]

    def _report(self, digest: str) -> str:
        """Return the cells of a claim's report: its name and digest, and when it was added and by whom."""
        key = ("report", digest)
        if key not in self._kept:
            report = self._reports.get(digest)
            href = f"{self.t.here}index.html#report-{digest[:12]}"
            name = escape(report.name) if report else ""
            received = escape(report.received) if report and report.received else self.t.show(None)
            by = escape(f" ({report.added_by})") if report and report.added_by else ""
            named = Markup('<bdi>%s</bdi> <a class="digest" href="%s">%s…</a>') % (name, href, digest[:12])
            at = Markup("<bdi>%s%s</bdi>") % (received, by)
            self._kept[key] = self._cell("report_digest", named) + self._cell("received", at)
        return self._kept[key]

    def quoted(self, evidence: Evidence) -> Markup:
        """Return what a claim was read from: its words with those around them, or its record's fields."""
        said = evidence.saying
        cite = f"<cite>{' · '.join(self._about(evidence))}</cite>"
        if evidence.fields:
            return self._record(evidence, cite)
        if evidence.quote is None:
            words = f"<p>{escape(self.words.sentence('no_words'))}</p>"
            return markup(f'<blockquote class="quote">{words}{cite}</blockquote>')
        before, words, after = (self.t.verbatim(text, wrap=False) for text in evidence.quote)
        lead = " " if before and str(before)[-1] not in OPENING else ""
        tail = " " if after and str(after)[0] not in CLOSING else ""
        quote = f'<p dir="auto">{before}{lead}<mark>{words}</mark>{tail}{after}</p>'
        return markup(f'<blockquote class="quote" id="words-{said.id}">{quote}{cite}</blockquote>')

    def _record(self, evidence: Evidence, cite: str) -> Markup:
        said = evidence.saying
        rows = self._shared.get(said.id) or self._fields(evidence)
        report = self._reports.get(said.report)
        where = self.words.sentence("record_number").format(
            row=said.row, report=report.name if report else said.report[:12]
        )
        head = f"{self.t.label('row_of_report')}: {escape(where)}"
        return markup(
            f"<details open><summary>{head}</summary>"
            f'<dl class="facts" dir="ltr">{rows}</dl></details><p class="caption">{cite}</p>'
        )

    def _fields(self, evidence: Evidence) -> str:
        """Return a record's fields; where nothing is withheld they read the same in every language."""
        written = "".join(
            f"<dt>{escape(name)}</dt><dd>{self.t.verbatim(value)}</dd>" for name, value in evidence.fields
        )
        if not any(OPEN in value for _, value in evidence.fields):
            self._shared[evidence.saying.id] = written
        return written

    def _about(self, evidence: Evidence) -> list[str]:
        """Return what is said beneath a quote: the claim, its chain, the source's codes, its figures."""
        said, label = evidence.saying, self.t.label
        about = [f'<span class="digest">{said.id}</span>']
        if evidence.chain:
            names = [self._link(name, text) for name, text in evidence.chain]
            about.append(f"{label('chain')}: {' › '.join(names)}")
        if evidence.codes:
            about.append(f"{label('native_codes')}: {self.t.verbatim(evidence.codes)}")
        if any(v is not None for v in said.killed):
            about.append(f"{label('killed')}: {escape(self.t.range_words(*said.killed))}")
        if said.quantity is not None:
            number = self.words.sentence(f"bound_{said.bound or 'exact'}").format(
                number=self.words.number(said.quantity)
            )
            unit = self.words.code("unit", said.rule.partition(" as counted by ")[0] or "not_said")
            about.append(f"{escape(number)} ({escape(unit)})")
        return about

    def _link(self, name: str, text: str) -> str:
        """Return one link of a chain: who, as we know them, else as the report names them."""
        known = name in self.issue.material.sources or name in self.issue.material.names.actors
        return str(self.t.show(self.issue.source(name)) if known else self.t.verbatim(text))
