"""One page for each determination: everything it rests on, in the order of WORDS, parts we lack said so.

Thousands of these are drawn at once, so fragments that many share (a set of answers, a source) are made
once and kept; the page itself is one template.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from markupsafe import Markup, escape

from holdfire.publishing.entries import QUESTIONS, Entry
from holdfire.publishing.material import Reply, Version
from holdfire.publishing.pages.claimed import Claimed
from holdfire.publishing.pages.forms import Form
from holdfire.publishing.pages.judged import Judged, answer_of
from holdfire.publishing.pages.language import Language, environment
from holdfire.publishing.pages.typeset import markup
from holdfire.publishing.partings import ours, own, partings
from holdfire.publishing.sayings import Saying
from holdfire.publishing.sections.incidents import told_by, where
from holdfire.publishing.sections.positions import answers, question, rulings_of
from holdfire.publishing.values import Between, Code, Said, Several, Text, Value, label

GAPS = (
    "heading",
    "badges",
    "head",
    "alleged",
    "occurred",
    "occurrence",
    "weight",
    "evidence",
    "words",
    "positions",
    "attribution",
    "questions",
    "verdict",
    "harm",
    "open",
    "redactions",
    "changes",
    "hash",
)
"""What differs from one determination page to the next."""


class Determinations:
    """Writes the determination pages of one language.

    Args:
        language: The language.
        shared: Kept for the other languages: what reads the same in all (`claimed.Claimed`).
    """

    def __init__(self, language: Language, shared: dict[str, str]) -> None:
        self.language = language
        self.draft = language.draft
        self.issue = language.draft.issue
        self.words = language.words
        self.t = language.typesetter(1)
        self._kept: dict[tuple[Any, ...], Any] = {}
        self.claimed = Claimed(self.issue, self.t, shared)
        self.judged = Judged(self.issue, self.t)
        self._replies: dict[str, list[Reply]] = {}
        for reply in self.issue.material.replies:
            self._replies.setdefault(reply.incident_id, []).append(reply)
        self._ruled = rulings_of(self.issue)

    def pages(self) -> Iterator[tuple[str, bytes]]:
        """Yield every page, in order of the period."""
        form = self._form()
        for entry in self.issue.listed:
            path = f"{self.language.root}determinations/{entry.id}.html"
            yield path, form.filled(self._parts(entry)).encode()

    def _form(self) -> Form:
        frame = self.language.frame("determinations/\ue100name\ue101.html", "", [self.language.home(1)])
        fixed = {**frame, "title": markup("\ue100heading\ue101") + frame["title"]}
        fixed["others"] = [(code, markup(href), words) for code, href, words in frame["others"]]
        return Form(environment().get_template("determination.html"), fixed, GAPS)

    def _parts(self, entry: Entry) -> dict[str, str]:
        said = self.issue.sayings.inside[entry.id]
        found = [self.issue.evidence.claims[s.id] for s in said]
        grades = dict(each.rsplit(":", 1) for each in entry.grades)
        place = self.t.show(where(self.issue, entry)).striptags()
        if self.words.direction == "rtl":
            place = (
                f"\u2068{place}\u2069"  # in Latin letters it would draw the day after it to its other side
            )
        when = self.t.between(entry.start, entry.end)
        return {
            "name": entry.id,
            "heading": escape(self.words.listed([self.words.code("act", entry.act), place, when])),
            "badges": self._badges(entry),
            "head": self._head(entry),
            "alleged": _lines(self._alleged(entry)),
            "occurred": self._plain(_occurred(entry.occurrence)),
            "occurrence": self._occurrence(entry),
            "weight": self._weight(entry),
            "evidence": "\n".join(self.claimed.row(e, grades.get(e.saying.id, "")) for e in found),
            "words": "\n".join(self.claimed.quoted(e) for e in found),
            "positions": _lines(self._positions(entry, said)),
            "attribution": self.judged.attribution(entry),
            "questions": self.judged.questions(entry),
            "verdict": self.judged.verdict(entry),
            "harm": self.judged.harm(entry),
            "open": _lines(self._open(entry, said)),
            "redactions": self._redactions(entry, said),
            "changes": _lines(self._changed(entry)),
            "hash": self._hash(entry),
        }

    def _plain(self, key: str) -> Markup:
        return escape(self.words.sentence(key))

    def _sentence(self, key: str, **values: Any) -> Markup:
        return self.t.say(key, values)

    def _badges(self, entry: Entry) -> Markup:
        stands = self.issue.material.status(entry.id)
        key = ("badges", entry.verdict, stands)
        if key not in self._kept:
            status = self.judged.badge("status", stands)
            self._kept[key] = self.judged.badge("verdict", entry.verdict) + Markup(" ") + status
        kept: Markup = self._kept[key]
        return kept

    def _head(self, entry: Entry) -> Markup:
        signed = self.issue.material.reviewed.get(entry.id, ("", ()))[1]
        versions = self.issue.material.versions.get(entry.id, ())
        return self.judged.facts(
            ("id", _digest(entry.id)),
            ("incident", _digest(entry.incident_id)),
            ("version", str(versions[-1].number if versions else 1)),
            ("supersedes", self._superseded(versions[-1:])),
            ("status", self.words.code("status", self.issue.material.status(entry.id))),
            ("signoffs", ", ".join(signed) or self.words.sentence("signoff_none")),
        )

    def _alleged(self, entry: Entry) -> list[Markup]:
        what: dict[str, Value] = {
            "act": Code("act", entry.act),
            "place": where(self.issue, entry),
            "when": Between(entry.start, entry.end),
        }
        who = told_by(self.issue, entry)
        lines = [self.t.say("case_what", what), self.t.say(who.key, who.values)]
        label = self.issue.material.agreement.head.excluded_label
        outside = [
            self.issue.actor(actor, entry.start)
            for actor in dict.fromkeys((*entry.actors, *entry.targets))
            if self.issue.excluded.holds(actor, entry.start)
        ]
        if outside and label:
            among: dict[str, Value] = {"actors": Several(tuple(outside)), "label": Text(label)}
            lines.append(self.t.say("excluded_here", among))
        return lines

    def _occurrence(self, entry: Entry) -> Markup:
        when = escape(self.t.between(entry.start, entry.end))
        if entry.wide:
            when += Markup(' <span class="status">%s</span>') % self.words.sentence("wide_mark")
        return self.judged.facts(
            ("act", escape(self.words.code("act", entry.act))),
            ("time", when),
            ("time_precision", escape(self.words.code("time_precision", entry.time_precision))),
            ("place", self.t.show(where(self.issue, entry))),
            ("geo_precision", escape(self.words.code("geo_precision", entry.geo_precision))),
            ("strength", self.judged.strength(entry.occurrence_strength, entry.occurrence_probability)),
            *((("overruled", escape(self.words.listed(entry.overruled))),) if entry.overruled else ()),
        )

    def _weight(self, entry: Entry) -> Markup:
        key = ("weight", entry.claims, entry.reports, entry.roots)
        if key not in self._kept:
            counted = self.words.counted
            self._kept[key] = escape(
                self.words.sentence("evidence_lead").format(
                    claims=counted("claim", entry.claims),
                    reports=counted("report", entry.reports),
                    roots=counted("root", entry.roots),
                )
            )
        kept: Markup = self._kept[key]
        return kept

    def _positions(self, entry: Entry, said: Sequence[Saying]) -> list[Markup]:
        found = []
        for saying in said:
            if saying.part in ("denies", "admits", "pleads"):
                part = self.words.code("part", saying.part)
                who = self.t.show(self.issue.voice(saying))
                found.append(
                    Markup('%s: %s <a class="digest" href="#%s">%s</a>') % (part, who, saying.id, saying.id)
                )
        if not found:
            found.append(self._plain("positions_none"))
        found += self._asked(entry) or [self._plain("reply_none_requested")]
        return [*found, *self._rulings(entry)]

    def _asked(self, entry: Entry) -> list[Markup]:
        """Return what was asked of parties, and what they said by the cut-off."""
        found, cutoff = [], self.issue.material.cutoff
        for reply in self._replies.get(entry.incident_id, []):
            position = reply.position(cutoff)
            values: dict[str, Value] = {"actor": self.issue.actor(reply.actor), "asked": reply.asked}
            values |= {"answered": reply.answered, "deadline": reply.deadline}
            values["position"] = Code("position", position)
            if position in ("awaited", "no_reply"):
                found.append(self.t.say("reply_awaited" if reply.deadline else "reply_open", values))
            else:
                found.append(self.t.say("reply_late" if reply.late else "reply_requested", values))
        return found

    def _rulings(self, entry: Entry) -> list[Markup]:
        """Return what others determined, and each question on which they and this record part."""
        rulings = self._ruled.get(entry.incident_id, [])
        found = []
        for ruling in rulings:
            values: dict[str, Value] = {"by": self.issue.source(ruling.by), "at": self._day(ruling.at)}
            values |= {"words": Text(ruling.words), "cite": ruling.cite}
            values["verdict"] = Code("verdict", ruling.verdict) if ruling.verdict else label("not_said")
            found.append(self.t.say("ruling_said", values))
        parted = list(partings(ours(own(entry)), rulings))
        for each in parted:
            values = {"question": question(each.question), "answers": answers(self.issue, each)}
            found.append(self.t.say("ruling_parts", values))
        if rulings and not parted:
            found.append(self._plain("ruling_agrees"))
        return found

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.issue.material.zone).date()

    def _open(self, entry: Entry, said: Sequence[Saying]) -> list[Markup]:
        voices = tuple(sorted({s.source for s in said} | {s.voice for s in said}))
        key = ("open", entry.questions, voices)
        if key not in self._kept:
            unclear = [
                self.words.sentence(f"question_{name}")
                for name, answer in zip(QUESTIONS, entry.questions, strict=True)
                if answer is None
            ]
            first = "open_none" if not unclear else "open_unclear"
            lines = [escape(self.words.sentence(first).format(questions=" ".join(unclear)))]
            sources = self.issue.material.sources
            near = [v for v in voices if v in sources and sources[v].interested]
            if near:
                names = Several(tuple(self.issue.source(v) for v in near))
                lines.append(self._sentence("conflict_some", sources=names))
            else:
                lines.append(self._plain("conflict_none"))
            lines.append(self._plain("dissent_none"))
            self._kept[key] = lines
        kept: list[Markup] = self._kept[key]
        return kept

    def _redactions(self, entry: Entry, said: Sequence[Saying]) -> Markup:
        found = self.issue.evidence.from_claims([entry.id, *(s.id for s in said)])
        if not found:
            return self._plain("redactions_none")
        reasons = [f"{self.words.code('reason', reason)} ({self.words.number(n)})" for reason, n in found]
        return escape(self.words.sentence("redactions_some").format(reasons="; ".join(reasons)))

    def _superseded(self, versions: Sequence[Version]) -> Markup:
        """Return what a version took the place of, each by id and number."""
        said = [
            self._sentence("version_of", number=str(number), id=name)
            for version in versions
            for name, number, _ in version.supersedes
        ]
        comma = escape(self.words.formats["comma"])
        return comma.join(said) if said else self._plain("supersedes_none")

    def _changed(self, entry: Entry) -> list[Markup]:
        """Return every version, what it superseded and why, and what it leaned on that was withdrawn."""
        lines: list[Markup] = []
        for version in self.issue.material.versions.get(entry.id, ()):
            why = Several(tuple(Code("why", each) for each in version.why))
            new: Value = Code("verdict", version.verdict) if version.verdict else label("no_longer")
            key = "version_supersedes" if version.supersedes else "version_again"
            before = tuple(
                Said("version_said", {"number": str(number), "id": name, "verdict": Code("verdict", verdict)})
                for name, number, verdict in version.supersedes
            )
            values: dict[str, Value] = {"number": str(version.number), "id": version.of, "at": version.at}
            values |= {"why": why, "new": new, "old": Several(before)}
            lines.append(self.t.say(key, values))
            lines += [self._leaned(version, *each) for each in version.withdrawn]
        return lines or [self._plain("changes_none")]

    def _leaned(self, version: Version, source: str, at: datetime, claims: int) -> Markup:
        """Return that a version leaned on a report that was withdrawn, and what it is without."""
        values: dict[str, Value] = {
            "claims": self.words.counted("claim", claims),
            "source": self.issue.source(source),
            "at": at,
            "old": Code("verdict", version.supersedes[0][2]),
            "old_strength": Code("strength", version.old_strength),
        }
        if not version.verdict:
            return self.t.say("leaned_alone", values)
        values |= {"new": Code("verdict", version.verdict), "strength": Code("strength", version.strength)}
        return self.t.say("leaned_on", values)

    def _hash(self, entry: Entry) -> Markup:
        before = "previous_in_log" if self.issue.material.versions.get(entry.id) else "supersedes_none"
        return self.judged.facts(
            ("record_digest", _digest(self.draft.records[entry.id])),
            ("signature", self.words.sentence("signature_none")),
            ("previous_hash", self.words.sentence(before)),
        )


def _lines(lines: Sequence[str]) -> str:
    """Return lines as paragraphs."""
    return "".join(f"<p>{line}</p>\n" for line in lines)


def _digest(text: str) -> Markup:
    return Markup('<span class="digest">%s</span>') % text


def _occurred(value: bool | None) -> str:
    return f"occurrence_{answer_of(value)}"
