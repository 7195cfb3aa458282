"""How a determination is shown: who did it, the questions with their answers, the verdict, the harm.

Thousands of determinations share few sets of answers, so each fragment is made once and kept.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from holdfire.publishing.entries import QUESTIONS, Entry
from holdfire.publishing.issue import Issue
from holdfire.publishing.pages.typeset import Typesetter, markup


def answer_of(value: bool | None) -> str:
    """Return the word for a table's nullable boolean."""
    return "unclear" if value is None else "yes" if value else "no"


class Judged:
    """Shows the findings of one bulletin in one language, on pages one folder below its root."""

    def __init__(self, issue: Issue, t: Typesetter) -> None:
        self.issue = issue
        self.t = t
        self.words = t.lexicon
        self._kept: dict[tuple[Any, ...], Any] = {}

    def facts(self, *rows: tuple[str, Any]) -> Markup:
        """Return names and values as the inside of a list; a value that is not said is a dash."""
        written = "".join(
            f"<dt>{self.t.label(name)}</dt><dd>{value if value else self.t.show(None)}</dd>"
            for name, value in rows
        )
        return markup(written)

    def badge(self, kind: str, value: str) -> Markup:
        """Return a value of a closed list as a badge."""
        return Markup('<span class="%s %s">%s</span>') % (kind, value, self.words.code(kind, value))

    def strength(self, word: str, probability: int | None) -> Markup:
        """Return a strength as a badge, with the probability behind it [thousandths] where there is one."""
        shown = self.badge("strength", word)
        if probability is None:
            return shown
        told = self.words.sentence("in_a_thousand").format(n=self.words.number(probability))
        return shown + Markup(' <span class="status">%s</span>') % told

    def attribution(self, entry: Entry) -> Markup:
        """Return who did it: the candidates, how strongly, and whether others are named."""
        strong = entry.attribution_strength, entry.attribution_probability
        key = ("attribution", entry.attribution, *strong, entry.contested, entry.directed)
        if key not in self._kept:
            names = [self.t.show(self.issue.actor(a, entry.start)) for a in entry.attribution]
            comma = escape(self.words.formats["comma"])
            facts = self.facts(
                ("candidates", comma.join(names)),
                ("strength", self.strength(*strong)),
            )
            said = "attribution_contested" if entry.contested else "attribution_uncontested"
            if not entry.attribution:
                said = "attribution_none"
            elif not entry.directed:
                said = "attribution_undirected"
            shown = Markup('<p class="said">%s</p><dl class="facts">%s</dl>')
            self._kept[key] = shown % (self.words.sentence(said), facts)
        kept: Markup = self._kept[key]
        return kept

    def questions(self, entry: Entry) -> Markup:
        """Return the coverage questions with their answers and clauses."""
        key = ("questions", entry.questions, entry.clauses, entry.term)
        if key not in self._kept:
            self._kept[key] = self._asked(entry)
        kept: Markup = self._kept[key]
        return kept

    def _asked(self, entry: Entry) -> Markup:
        clauses = (*entry.clauses, *[""] * len(QUESTIONS))
        rows = "".join(
            f'<tr><th scope="row">{escape(self.words.sentence(f"question_{name}"))}</th>'
            f"<td>{self.badge('answer', answer_of(answer))}</td>"
            f"<td>{self.t.show(clause or None)}</td></tr>"
            for name, answer, clause in zip(QUESTIONS, entry.questions, clauses, strict=False)
        )
        label = self.t.label
        heads = "".join(f'<th scope="col">{label(h)}</th>' for h in ("question", "answer", "clause"))
        term = self._term(entry)
        return markup(
            f'<div class="scroll" tabindex="0" role="region" aria-label="{label("questions")}">'
            f'<table class="data"><caption>{term}</caption><thead><tr>{heads}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )

    def _term(self, entry: Entry) -> Markup:
        terms = {t.id: t for t in self.issue.material.agreement.terms}
        if entry.term not in terms:
            return escape(self.words.sentence("no_term"))
        words, _ = self.words.words(terms[entry.term].text)
        return Markup("%s: %s (<bdi>%s</bdi>)") % (self.t.label("term"), words, terms[entry.term].cite)

    def verdict(self, entry: Entry) -> Markup:
        """Return the verdict, its rule and clauses, and the one fact that would change it."""
        key = ("verdict", entry.verdict, entry.rule, entry.coverage, entry.change, entry.clauses)
        if key not in self._kept:
            clauses = list(dict.fromkeys(c for c in entry.clauses if c))
            self._kept[key] = self.facts(
                ("verdict", self.badge("verdict", entry.verdict)),
                ("rule", Markup("<bdi>%s</bdi>: %s") % (entry.rule, self.words.code("rule", entry.rule))),
                ("coverage", escape(self.words.code("coverage", entry.coverage))),
                ("clauses", Markup("<br>").join(Markup("<bdi>%s</bdi>") % c for c in clauses)),
                ("change", escape(self.words.code("change", entry.change))),
            )
        kept: Markup = self._kept[key]
        return kept

    def harm(self, entry: Entry) -> Markup:
        """Return deaths and injuries, and how they follow from the claims."""
        key = ("harm", *entry.harm)
        if key not in self._kept:
            shown = self.t.range_words
            facts = self.facts(
                ("killed_all", escape(shown(entry.killed_low, entry.killed_best, entry.killed_high))),
                ("civilians_all", escape(shown(entry.civilians_low, None, entry.civilians_high))),
                ("injured_all", escape(shown(entry.injured_low, None, entry.injured_high))),
            )
            silent = all(value is None for value in entry.harm)
            said = self.words.sentence("harm_as_silent" if silent else "harm_basis")
            self._kept[key] = Markup('<dl class="facts">%s</dl><p class="caption">%s</p>') % (facts, said)
        kept: Markup = self._kept[key]
        return kept
