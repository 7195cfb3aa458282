"""What `holdfire explain` says of the positions of others: replies asked for, and rulings beside ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from holdfire import handwritten
from holdfire.case import Case
from holdfire.publishing.pages.lexicon import lexicon
from holdfire.publishing.partings import Given, ours, partings
from holdfire.recording import state
from holdfire.times import utc
from holdfire.versions import amending
from holdfire.versions.succession import Succession


def positions(case: Case, row: Mapping[str, Any]) -> dict[str, str]:
    """Return what was asked of parties and what others ruled of one incident, a line each.

    Args:
        case: The case.
        row: DETERMINATION row.
    """
    replies, rulings = handwritten.replies(case.folder), handwritten.rulings(case.folder)
    if not replies and not rulings:
        return {}
    named = {reply.incident_id for reply in replies} | {ruling.incident_id for ruling in rulings}
    with case.ledger() as ledger:
        then = state(ledger, case.engine)
        homes = amending.homes(Succession(ledger, case.engine, ledger.size), then, named)
    here = {name for name, now in homes.items() if row["incident_id"] in now}
    now, words, found = case.now(), lexicon("en"), dict[str, str]()
    for reply in (each for each in replies if each.incident_id in here):
        position = reply.position(now)
        late = reply.late and position not in ("awaited", "no_reply")
        said = words.code("position", position) + (", after the deadline" if late else "")
        due = f", by {utc(reply.deadline)}" if reply.deadline else ""
        found[f"asked of {reply.actor}"] = f"{utc(reply.asked)}{due}: {said}"
    mine = [each for each in rulings if each.incident_id in here]
    for ruling in mine:
        own = f" ({ruling.verdict.replace('_', ' ')} in our terms)" if ruling.verdict else ""
        found[f"ruling of {ruling.by}"] = (
            f"{utc(ruling.at)}: {words.words(ruling.words)[0]}{own}; {ruling.cite}"
        )
    for parting in partings(ours(row), mine):
        name = parting.question.replace("_", " ")
        found[f"  they part on {name}"] = "; ".join(_given(parting.given))
    return found


def _given(given: tuple[Given, ...]) -> Iterator[str]:
    for each in given:
        clause = f" ({each.clause})" if each.clause else ""
        value = each.value.replace("_", " ") or "nobody named"
        yield f"{each.by or 'this record'}: {value}{clause}"
