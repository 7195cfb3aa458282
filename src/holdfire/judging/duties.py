"""Whether a duty to do something was met: met, not met or unknown, by deadline, and why.

What a person decided stands. Where no one did, claims are asked, and only those of sources without an
interest count: a party's word of its own withdrawal settles nothing. Silence is unknown, never "not met".

    met       one says that it was done, by the deadline if there is one, and none that it was not
    not met   the deadline has passed for certain, one says that an act went against it after, and none that
              it was done; of a duty without a deadline: an act went against it while it bound
    unknown   anything else

Of a duty to give notice (a parameter `notice`, in hours), each act of its kind is asked: met where notice by
the same actor came that long before, not met where someone says that none was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from holdfire.agreement.document import Agreement
from holdfire.agreement.force import dated
from holdfire.agreement.terms import Term, TermType
from holdfire.answers import Answer
from holdfire.judging.bound import Bound
from holdfire.records.decided import ObligationNote
from holdfire.times import Interval, parse

Finding = Literal["met", "not_met", "unknown"]
NOTICE = "notice"
"""The parameter of a term that says how long before an act notice must be given [h]."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty of one actor, as it stood at the end of a day.

    Attributes:
        term: The duty.
        actor: Who owes it.
        bound: Whether it bound them; unclear is said.
        due: When its deadline fell, as vague as the text; none: it has none.
        finding: Met, not met or unknown.
        why: Which rule it follows from.
        claims_for: Claims without interest that it was done.
        claims_against: Claims without interest of acts that went against it.
    """

    term: str
    actor: str
    bound: Answer
    due: Interval | None
    finding: Finding
    why: str
    claims_for: tuple[str, ...] = ()
    claims_against: tuple[str, ...] = ()


def owed(
    agreement: Agreement,
    told: Sequence[Bound],
    claims: Iterable[Mapping[str, Any]],
    interested: frozenset[str],
    notes: Sequence[ObligationNote],
) -> list[Owed]:
    """Return what was owed in the stretches asked about, and whether it was met.

    Args:
        agreement: The whole.
        told: Of `bound`, for the day or days asked about; the last stretch is the one spoken of.
        claims: Rows of the CLAIM table.
        interested: Ids of sources that are, or speak for, a party or a sponsor.
        notes: What people decided.
    """
    at = max((each.end for each in told), default=None)
    if at is None:
        return []
    said = [c for c in claims if c["modality"] == "actual" and c["source"] not in interested and c["start"]]
    said = [c for c in said if c["start"] < at]
    found = []
    for term in agreement.terms:
        if term.type is not TermType.POSITIVE_OBLIGATION:
            continue
        last = [b for b in told if b.term == term.id and b.end == at and b.binds is not Answer.NO]
        found += [_owed(agreement, term, each, said, notes) for each in last]
    return found


def _owed(
    agreement: Agreement,
    term: Term,
    each: Bound,
    said: Sequence[Mapping[str, Any]],
    notes: Sequence[ObligationNote],
) -> Owed:
    passed = [s.start for s in agreement.force(term).overdue if s.start.start and s.start.start < each.end]
    due = passed[-1] if passed else next((s.start for s in agreement.force(term).overdue), None)
    mine = [c for c in said if each.actor in (c["actors"] or ())]
    done = [c for c in mine if _is(c, term.met_by) and not _denied(c)]
    done += [c for c in mine if _is(c, term.acts) and _denied(c)]
    against = [c for c in mine if _is(c, term.acts) and not _denied(c)]
    against += [c for c in mine if _is(c, term.met_by) and _denied(c)]
    decided = {n.answer for n in notes if n.term == term.id and _speaks(agreement, n, each)}
    if term.parameters.get(NOTICE):
        finding, why = _notice(agreement, term, mine)
    elif due is not None:
        # A claim as wide as the deadline is vague settles nothing.
        done = [c for c in done if due.start and c["end"] and c["end"] <= due.start]
        against = [c for c in against if due.end and c["start"] >= due.end]
        late = each.overdue is Answer.YES
        finding, why = _weighed(done, against if late else [], "by_the_deadline")
        why = why if late or finding == "met" else "not_yet_due"
    else:
        finding, why = _weighed(done, against, "while_it_bound")
    if len(decided) == 1:
        finding, why = decided.pop(), "decided_by_people"
    return Owed(
        term.id, each.actor, each.binds, due, finding, why,
        tuple(sorted(c["claim_id"] for c in done)), tuple(sorted(c["claim_id"] for c in against)),
    )  # fmt: skip


def _weighed(done: Sequence[object], against: Sequence[object], when: str) -> tuple[Finding, str]:
    if done and against:
        return "unknown", "sources_differ"
    if done:
        return "met", f"done_{when}"
    return ("not_met", f"against_{when}") if against else ("unknown", "no_one_without_an_interest_says")


def _notice(agreement: Agreement, term: Term, mine: Sequence[Mapping[str, Any]]) -> tuple[Finding, str]:
    """Return whether each act of the duty's kind was announced in time."""
    answers: set[Finding] = set()
    for act in (c for c in mine if _is(c, term.acts) and not _denied(c)):
        before = act["start"] - timedelta(hours=_hours(agreement, term, act["start"]))
        given = [
            c for c in mine if _is(c, term.met_by) and not _denied(c) and (c["end"] or act["end"]) <= before
        ]
        withheld = [c for c in mine if _is(c, term.met_by) and _denied(c)]
        answers.add("met" if given and not withheld else "not_met" if withheld and not given else "unknown")
    if not answers:
        return "unknown", "no_act_to_announce"
    one = answers.pop() if len(answers) == 1 else "not_met" if "not_met" in answers else "unknown"
    return one, {"met": "notice_in_time", "not_met": "notice_withheld", "unknown": "notice_not_told"}[one]


def _hours(agreement: Agreement, term: Term, when: datetime) -> int:
    """Return the notice that was owed on a day [h]: the value in force, the longer one on a day of change."""
    values = term.parameters[NOTICE]
    held = [
        int(values[day].value)
        for span, day in dated(values, agreement.zone)
        if span.start.start
        and span.start.start <= when
        and not (span.end and span.end.end and span.end.end <= when)
    ]
    return max(held, default=0)


def _is(claim: Mapping[str, Any], acts: Iterable[str]) -> bool:
    act = claim["event_type"] or ""
    return any(act == each or (each.endswith(".*") and act.startswith(each[:-1])) for each in acts)


def _denied(claim: Mapping[str, Any]) -> bool:
    return bool(claim["negated"]) or claim["stance"] == "denies"


def _speaks(agreement: Agreement, note: ObligationNote, each: Bound) -> bool:
    start, until = (parse(text, agreement.zone)[0] for text in (note.starts, note.until))
    return Interval(start.start, until.end).contains(Interval(each.start, each.end)) is not Answer.NO
