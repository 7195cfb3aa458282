"""Draft a notice, and end one: owners' consents, withdrawal, renewal, expiry.

The order of every act: all of it is checked and refused at once, what is secret is put into the vault, then
the log names its commitment. Cut short between the two, the vault holds bytes of which the log knows nothing
yet; the same command again finds them there, under the same commitment, and goes on. What is sent, and what
comes back, is `handing`. tests/unit/test_notifying_faults.py kills every command at every step.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from holdfire import documents, times
from holdfire.case import Case
from holdfire.digests import Digest, canonical
from holdfire.errors import BadInput, HoldfireError, Problem
from holdfire.ledger.log import Ledger
from holdfire.ledger.opening import Card
from holdfire.ledger.vault import Vault
from holdfire.precaution.notified import UTC, Register, body_of, register
from holdfire.protecting.notices import Step, refused
from holdfire.protecting.notification import About, Notification, asked, problems_at
from holdfire.protecting.partition import Partition
from holdfire.sheltering.consenting import Opened, lacks, origin, stale
from holdfire.sheltering.noticed import forward
from holdfire.times import utc

LARGEST = 200_000
"""Most bytes of a file that says what is to be told."""

ANSWER = timedelta(hours=24)
"""Time to acknowledge a withdrawal."""

NOTICE = {"kind": "notice"}
CONSENT = {"kind": "consent"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A notice that the log has.

    Attributes:
        notice: Its commitment.
        to: Key ids that it is addressed to.
    """

    notice: Digest
    to: tuple[str, ...]


def consent(case: Case, file: Path) -> Digest:
    """Keep an owner's consent that one recipient is told of one place; return its commitment.

    Args:
        case: The case.
        file: YAML: `subject`, `recipient`, `until` (an instant; empty: until it is revoked), `basis` (how and
            by whom it was given), and `from`, if not now.

    Raises:
        BadInput: Everything that is wrong with the file; nothing of it is quoted.
    """
    said, lines = mapping(file)
    with case.ledger(write=True) as ledger, case.vault(write=True) as vault:
        known = register(ledger)
        now = forward(case, known)
        to, given, until = _consented(said, lines, file.name, known, now)
        value = {
            "subject": said["subject"].strip(),
            "to": to.id,
            "given": utc(given),
            "until": utc(until) if until else "",
            "basis": said["basis"].strip(),
            "at": utc(now),
        }
        name = vault.put(canonical(value), CONSENT)
        ledger.append([{"kind": "consent", "consent": name, "to": to.id, "step": "given", "at": utc(now)}])
    return name


def revoke(case: Case, start: str) -> Digest:
    """Log that an owner took a consent back, and all others for the same place and recipient.

    Again changes nothing.

    Raises:
        BadInput: No consent begins so, or several do.
    """
    with case.ledger(write=True) as ledger, case.vault() as vault:
        known = register(ledger)
        found = {name: to for name, to, _, _ in known.consents if start and name.startswith(start)}
        if len(found) != 1:
            raise BadInput(
                "no one consent begins so", f"{start[:16]!r}", "as `holdfire notify consent` said it"
            )
        ((name, to),) = found.items()
        over = {each for each, _, step, _ in known.consents if step == "revoked"}
        alike = [each for each in _alike(known, vault, name) if each not in over]
        if alike:
            at = utc(forward(case, known))
            said = {"kind": "consent", "to": to, "step": "revoked", "at": at}
            ledger.append([said | {"consent": each} for each in alike])
    return name


def _alike(known: Register, vault: Vault, name: Digest) -> list[Digest]:
    """Return the consents of the same owner to the same recipient: who takes one back takes back all."""
    given = {each: to for each, to, step, _ in known.consents if step == "given"}
    if name not in vault:
        return [name]
    subject = json.loads(vault.read(name))["subject"]
    theirs = [each for each, to in given.items() if to == given[name] and each in vault]
    return [each for each in theirs if json.loads(vault.read(each))["subject"] == subject]


def draft(case: Case, file: Path, to: Sequence[str], partition: Partition | None = None) -> Drafted:
    """Draft a notice of what a file says, to some recipients; the same again changes nothing.

    Args:
        case: The case.
        file: YAML or JSON, as `notification.asked` has it; positions come in by file alone.
        to: Names or key ids of recipients.
        partition: Cells are looked up in it; a movement takes whole blocks.

    Raises:
        BadInput: Everything that is wrong: the file, the window, a recipient without a key or consent.
    """
    said, lines = mapping(file)
    notice = asked(said, file.name, lines)
    if partition is not None:
        notice = replace(notice, cells=cells_of(partition, notice), partition=partition.digest)
    with case.ledger(write=True) as ledger, case.vault(write=True) as vault:
        return drafted(case, ledger, vault, notice, to, file.name)


def renew(
    case: Case,
    start: str,
    *,
    starts: datetime,
    ends: datetime,
    reply_by: datetime,
    opened: Opened | None = None,
) -> Drafted:
    """Draft a notice that says what an earlier one said, for a new window, to the same recipients.

    Args:
        case: The case.
        start: First digits of the notice's commitment.
        starts: When the new window begins.
        ends: When it ends.
        reply_by: By when an acknowledgement is asked for.
        opened: The site that it is of, opened anew; None: it is of a file.

    Raises:
        BadInput: Everything that is wrong: the window, a consent that ended; or the notice was withdrawn.
    """
    with case.ledger(write=True) as ledger, case.vault(write=True) as vault:
        known = register(ledger)
        old = known.notice(start)
        if any(each.step is Step.WITHDRAWN for each in known.events[old]):
            raise BadInput("the notice is withdrawn already", old[:12], "draft another")
        body = body_of(vault, old)
        if body.about is About.WITHDRAWAL:
            raise BadInput("a withdrawal is not renewed", old[:12])
        stops = tuple(replace(stop, at=None) for stop in body.stops)
        body = replace(body, starts=starts, ends=ends, reply_by=reply_by, before=old, stops=stops)
        of = origin(vault, old)
        return drafted(case, ledger, vault, body, known.reached(old), "renewal", of=of, opened=opened)


def withdraw(case: Case, start: str) -> Drafted | None:
    """Log that a notice no longer holds, and draft the word of it to whom it was sent; again finishes that.

    Returns:
        What is to be sent now; None: nobody had been sent the notice.

    Raises:
        BadInput: It has expired, or its window has ended.
    """
    with case.ledger(write=True) as ledger, case.vault(write=True) as vault:
        known = register(ledger)
        old = known.notice(start)
        now, body = forward(case, known), body_of(vault, old)
        if not any(each.step is Step.WITHDRAWN for each in known.events[old]):
            problems = list(refused(Step.WITHDRAWN, known.events[old], "", now, ends=body.ends))
            if body.ends <= now:
                problems.append(Problem("its window has ended already", old[:12], "holdfire notify expire"))
            if body.about is About.WITHDRAWAL:
                problems.append(Problem("a withdrawal is not withdrawn", old[:12], "draft another notice"))
            if problems:
                raise BadInput.of(problems)
            ledger.append([{"kind": "notice", "notice": old, "step": "withdrawn", "at": utc(now)}])
        to = [each for each in known.sent(old) if each not in known.withdrawn]
        if not to:
            return None
        for other, before in known.before.items():
            if before == old and other in vault and body_of(vault, other).about is About.WITHDRAWAL:
                return Drafted(notice=other, to=tuple(known.addressed(other)))
        word = replace(
            body,
            about=About.WITHDRAWAL,
            stops=(),
            cells=(),
            partition="",
            starts=now,
            ends=max(body.ends, now + ANSWER),
            reply_by=now + ANSWER,
            words="",
            before=old,
        )
        return drafted(case, ledger, vault, word, to, "withdrawal")


def expire(case: Case) -> list[Digest]:
    """Log of every notice whose window has ended that it expired; return them. Again adds nothing.

    Raises:
        BadInput: The clock runs backwards.
    """
    with case.ledger(write=True) as ledger, case.vault() as vault:
        known = register(ledger)
        now, over = forward(case, known), []
        for notice, events in known.events.items():
            if notice not in vault:
                continue
            if not list(refused(Step.EXPIRED, events, "", now, ends=body_of(vault, notice).ends)):
                over.append(notice)
        ledger.append(
            [{"kind": "notice", "notice": each, "step": "expired", "at": utc(now)} for each in over]
        )
    return over


def cells_of(partition: Partition, notice: Notification) -> tuple[str, ...]:
    """Return the codes of the cells a notification lies in; of a movement all cells of its blocks.

    Raises:
        BadInput: A position lies outside the partition; which is told by its number, not by where it is.
    """
    found, problems = set(notice.cells), []
    for number, stop in enumerate(notice.stops, 1):
        try:
            found.add(partition.cell_of(stop.lon / 10**7, stop.lat / 10**7).code)
        except BadInput as error:
            problems += [Problem(each.problem, f"position {number}", each.hint) for each in error.problems]
    problems += [
        Problem(f"is no cell of partition {partition.name}", f"cells, number {number} in order")
        for number, code in enumerate(sorted(notice.cells), 1)
        if code not in partition.by_code  # it is not shown: someone may have written a position here
    ]
    if problems:
        raise BadInput.of(problems)
    if notice.about is About.MOVEMENT:
        blocks = {partition.by_code[code].block for code in found}
        found = {cell.code for cell in partition.cells if cell.block in blocks}
    return tuple(sorted(found))


def mapping(file: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Return what a file of YAML or JSON holds, and the line of each key; errors quote nothing of it.

    Raises:
        BadInput: It cannot be read, or is no mapping.
    """
    try:
        text = content(file).decode()
        value = documents.load(text, file.name)
    except (BadInput, UnicodeDecodeError) as error:
        at = error.problems[0].where if isinstance(error, BadInput) else file.name
        hint = "a mapping such as `about: site`; what is there is not shown, it may name a place"
        raise BadInput("the file is not in its form", at, hint) from None
    lines = {str(key): documents.line_of(value, (key,)) for key in value}
    return documents.plain_of(value), lines


def drafted(
    case: Case,
    ledger: Ledger,
    vault: Vault,
    body: Notification,
    to: Sequence[str],
    where: str,
    *,
    of: Mapping[str, str] | None = None,
    opened: Opened | None = None,
    wrong: Sequence[Problem] = (),
) -> Drafted:
    """Check everything, put the bytes into the vault, then the commitment into the log.

    Args:
        case: The case.
        ledger: Its log, to write.
        vault: Its vault, to write.
        body: What is told.
        to: Names or key ids of recipients.
        where: The file, for errors.
        of: Store and site that it is of; None: it is of a file.
        opened: The same, opened by two officers just now.
        wrong: What else is wrong, to be said with the rest.

    Raises:
        BadInput: Everything that is wrong.
    """
    known = register(ledger)
    now = forward(case, known)
    cards, problems = (
        [],
        [
            *wrong,
            *stale(body, opened),
            *(_at(each, where) for each in problems_at(body, now)),
        ],
    )
    if not to:
        problems.append(Problem("no recipient is named", "recipient", "--to NAME"))
    for name in dict.fromkeys(to):
        try:
            cards.append(known.recipient(name))
        except BadInput as error:
            problems += error.problems
    for card in cards:
        problems += lacks(known, vault, body, card, now, of or {}, opened)
    if problems:
        raise BadInput.of(problems)
    name = vault.put(body.text(), NOTICE | dict(of or {}))
    if origin(vault, name) != (of or {}):
        hint = "say it in other words"
        raise BadInput("this very notice was drafted of a file before, or of a store", name[:12], hint)
    new = [card.id for card in cards]
    if name in known.events:
        if any(each.step is Step.WITHDRAWN for each in known.events[name]):
            raise BadInput("this very notice was withdrawn", name[:12], "say it in other words, or renew")
        new = [each for each in new if each not in known.addressed(name)]
    if new:
        entry = {"kind": "notice", "notice": name, "step": "drafted", "at": utc(now), "to": new}
        before = {"before": body.before} if body.before else {}
        ledger.append([{**entry, "reply_by": utc(body.reply_by), **before}])
    return Drafted(notice=name, to=tuple(dict.fromkeys(card.id for card in cards)))


def _consented(
    said: Mapping[str, Any], lines: Mapping[str, int], where: str, known: Register, now: datetime
) -> tuple[Card, datetime, datetime | None]:
    """Return for whom, from when and until when an owner consents."""
    problems = list(_consent_fields(said, lines, where))
    to, moments = None, {}
    try:
        to = known.recipient(str(said.get("recipient", "")))
    except BadInput as error:
        problems += error.problems
    for name in ("from", "until"):
        if said.get(name):
            try:
                moments[name] = times.instant(str(said[name]), UTC)
            except BadInput:
                problems.append(Problem("is not an instant", f"{where}, {name}", "2026-11-24T06:00Z"))
    given, until = moments.get("from", now), moments.get("until")
    if until is not None and until <= max(given, now):
        problems.append(Problem("the consent ends before it begins, or has expired", f"{where}, until"))
    if problems or to is None:
        raise BadInput.of(problems)
    return to, given, until


def _consent_fields(said: Mapping[str, Any], lines: Mapping[str, int], where: str) -> Iterator[Problem]:
    known = ("subject", "recipient", "from", "until", "basis")
    for name in ("subject", "recipient", "basis"):
        value = said.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > 2_000:
            yield Problem(
                "is missing or empty", f"{where}, {name}", "subject, recipient and basis are needed"
            )
    for name in sorted(set(said) - set(known)):
        hint = f"one of {', '.join(known)}"
        yield Problem("a field is not one of a consent", f"{where}, line {lines.get(name, 1)}", hint)


def _at(problem: Problem, file: str) -> Problem:
    return Problem(problem.problem, f"{file}, {problem.where}", problem.hint)


def content(path: Path) -> bytes:
    """Return the bytes of a small file that people handed over.

    Raises:
        HoldfireError: It cannot be read, or is too large for what it should be.
    """
    try:
        with path.open("rb") as file:
            found = file.read(LARGEST + 1)
    except OSError as error:
        raise HoldfireError(f"the file cannot be read: {error.strerror}", str(path)) from None
    if len(found) > LARGEST:
        raise HoldfireError(f"the file has more than {LARGEST:,} bytes", str(path))
    return found
