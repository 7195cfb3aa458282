"""Whether a duty to do something was met: met, not met or unknown, by deadline, and why.

What people decided stands; decided both ways it is unknown. Where no one did, claims are asked, and only
those of sources without an interest count: a party's word of its own withdrawal settles nothing. Silence is
unknown, never "not met".
`holdfire agreement duties` and section 8 of the bulletin both print what is found here.

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

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.agreement.document import Agreement
from holdfire.agreement.force import dated
from holdfire.agreement.terms import Term, TermType
from holdfire.answers import Answer
from holdfire.judging.bound import Bound
from holdfire.records.decided import ObligationNote
from holdfire.times import Interval, parse

Finding = Literal["met", "not_met", "unknown"]
Why = Literal[
    "decided_by_people",
    "people_differ",
    "done_by_the_deadline",
    "done_while_it_bound",
    "against_by_the_deadline",
    "against_while_it_bound",
    "sources_differ",
    "not_yet_due",
    "no_one_without_an_interest_says",
    "notice_in_time",
    "notice_withheld",
    "notice_not_told",
    "no_act_to_announce",
]
"""Which rule a finding follows from."""
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
        claims_for: Claims without interest that it was done, and those that people decided by.
        claims_against: The same of acts that went against it.
        claims_interested: Claims of interested sources, either way: they are shown and settle nothing.
    """

    term: str
    actor: str
    bound: Answer
    due: Interval | None
    finding: Finding
    why: Why
    claims_for: tuple[str, ...] = ()
    claims_against: tuple[str, ...] = ()
    claims_interested: tuple[str, ...] = ()


def touching(agreement: Agreement, claims: pa.Table) -> pa.Table:
    """Return the claims of acts that some duty names: the others of a large case need not be looked at."""
    named = [
        a for t in agreement.terms if t.type is TermType.POSITIVE_OBLIGATION for a in (*t.acts, *t.met_by)
    ]
    told = pc.unique(claims["event_type"]).to_pylist()
    kept = pa.array([act for act in told if act and _any(act, named)], pa.string())
    return claims.filter(pc.is_in(claims["event_type"], value_set=kept))


def obligations(agreement: Agreement) -> list[Term]:
    """Return the terms that say what is to be done, in the order of the stack."""
    return [term for term in agreement.terms if term.type is TermType.POSITIVE_OBLIGATION]


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
    said = [c for c in claims if c["modality"] == "actual" and c["start"] and c["start"] < at]
    found = []
    for term in obligations(agreement):
        last = [b for b in told if b.term == term.id and b.end == at and b.binds is not Answer.NO]
        found += [_owed(agreement, term, each, said, interested, notes) for each in last]
    return found


def _owed(
    agreement: Agreement,
    term: Term,
    each: Bound,
    said: Sequence[Mapping[str, Any]],
    interested: frozenset[str],
    notes: Sequence[ObligationNote],
) -> Owed:
    passed = [s.start for s in agreement.force(term).overdue if s.start.start and s.start.start < each.end]
    due = passed[-1] if passed else next((s.start for s in agreement.force(term).overdue), None)
    own = [c for c in said if each.actor in (c["actors"] or ()) and _is(c, (*term.acts, *term.met_by))]
    mine = [c for c in own if c["source"] not in interested]
    # Of a duty to give notice, the acts are what is announced: they are neither for nor against it.
    acts = () if term.parameters.get(NOTICE) else term.acts
    done = [c for c in mine if (_is(c, term.met_by) and not _denied(c)) or (_is(c, acts) and _denied(c))]
    against = [c for c in mine if (_is(c, acts) and not _denied(c)) or (_is(c, term.met_by) and _denied(c))]
    decided = [n for n in notes if n.term == term.id and _speaks(agreement, n, each)]
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
    if decided:
        agree = len({note.answer for note in decided}) == 1
        finding, why = (decided[0].answer, "decided_by_people") if agree else ("unknown", "people_differ")
    return Owed(
        term.id, each.actor, each.binds, due, finding, why,
        _ids(done, *(note.claims_for for note in decided)),
        _ids(against, *(note.claims_against for note in decided)),
        _ids(c for c in own if c["source"] in interested),
    )  # fmt: skip


def _ids(claims: Iterable[Mapping[str, Any]], *named: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({c["claim_id"] for c in claims} | {name for group in named for name in group}))


def _weighed(
    done: Sequence[object], against: Sequence[object], when: Literal["by_the_deadline", "while_it_bound"]
) -> tuple[Finding, Why]:
    if done and against:
        return "unknown", "sources_differ"
    if done:
        return "met", f"done_{when}"  # type: ignore[return-value]  # both are of the list
    if against:
        return "not_met", f"against_{when}"  # type: ignore[return-value]
    return "unknown", "no_one_without_an_interest_says"


def _notice(agreement: Agreement, term: Term, mine: Sequence[Mapping[str, Any]]) -> tuple[Finding, Why]:
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
    named: dict[Finding, Why] = {
        "met": "notice_in_time",
        "not_met": "notice_withheld",
        "unknown": "notice_not_told",
    }
    return one, named[one]


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
    return _any(claim["event_type"] or "", acts)


def _any(act: str, acts: Iterable[str]) -> bool:
    return any(act == each or (each.endswith(".*") and act.startswith(each[:-1])) for each in acts)


def _denied(claim: Mapping[str, Any]) -> bool:
    return bool(claim["negated"]) or claim["stance"] == "denies"


def _speaks(agreement: Agreement, note: ObligationNote, each: Bound) -> bool:
    start, until = (parse(text, agreement.zone)[0] for text in (note.starts, note.until))
    return Interval(start.start, until.end).contains(Interval(each.start, each.end)) is not Answer.NO
