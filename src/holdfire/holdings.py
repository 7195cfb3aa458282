"""Reports that the record knows: what the log says of each, and its bytes from the vault.

The log names a report by a commitment and says who published it, when it came and how it is read. File
name, citation and licence lie in the vault with the bytes; when these are destroyed, the log still says
that the report was there, and what had been read from it stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from holdfire.digests import Digest
from holdfire.errors import BadInput
from holdfire.ledger.log import Ledger
from holdfire.ledger.vault import Vault
from holdfire.reading.format import Content
from holdfire.reading.unpacking import content
from holdfire.records.report import Report

CLOSED = ("acled",)
"""Formats whose owners forbid that rows be printed again (ACLED's terms of use)."""

RESTORE = "`holdfire vault restore`; or redact it again, if that came after this log was copied"

SHORTEST = 4
"""Fewest digits that may stand for an id."""

KINDS = ("report", "retraction", "redaction")


@dataclass(frozen=True)
class Held:
    """A report and its bytes.

    Attributes:
        report: What is known of it.
        file: File name it came under, for messages to editors; empty: it is not known any more.
        size: Of its content [bytes].
        open: Gives its content, from the start, as often as it is needed.
    """

    report: Report
    file: str
    size: int
    open: Callable[[], BinaryIO]

    def content(self, limit: int) -> Content:
        """Return its bytes, for a format to read."""
        return content(self.file or self.report.name, self.open, self.size, limit)


def reports(ledger: Ledger, vault: Vault | None = None, upto: int | None = None) -> dict[Digest, Report]:
    """Return the reports that the log holds and no one retracted, in order of their first entry.

    Args:
        ledger: The log.
        vault: Where citations and licences lie; None: they are left empty.
        upto: Length of the prefix of the log; None: all of it.
    """
    known: dict[Digest, Report] = {}
    for entry in ledger.entries(KINDS, upto=upto):
        body = entry.value
        if body["kind"] == "report":
            before = known.get(body["report"])
            known[body["report"]] = _report(body, before.received if before else body["received"])
        elif body["kind"] == "retraction":
            known.pop(body["of"], None)
        elif body["of"] in known:
            known[body["of"]] = replace(known[body["of"]], redacted=True)
    if vault is None:
        return known
    return {name: _labelled(report, vault) for name, report in known.items()}


def retracted(ledger: Ledger) -> set[Digest]:
    """Return the reports whose last word in the log is that they were taken out."""
    out: set[Digest] = set()
    for entry in ledger.entries(("report", "retraction")):
        body = entry.value
        if body["kind"] == "report":
            out.discard(body["report"])
        else:
            out.add(body["of"])
    return out


def _report(body: Mapping[str, object], received: object) -> Report:
    return Report(
        id=str(body["report"]),
        source=str(body["source"]),
        format=str(body["format"]),
        received=str(received),
        published=str(body.get("published", "")),
        language=str(body.get("language", "")),
        added_by=str(body.get("by", "")),
        mapping=str(body.get("mapping", "")),
        reprint=body.get("reprint", True) is True,
        archive=str(body.get("archive", "")),
    )


def _labelled(report: Report, vault: Vault) -> Report:
    if report.id not in vault:
        return report
    label = vault.label(report.id)
    return replace(report, cite=label.get("cite", ""), licence=label.get("licence", ""))


def hold(report: Report, vault: Vault) -> Held:
    """Return a report with its bytes.

    Raises:
        BadInput: The vault does not hold them.
    """
    if report.id not in vault:
        raise BadInput(
            f"the bytes of report {report.id[:8]} are not in the vault",
            report.name,
            RESTORE,
        )
    file = vault.label(report.id).get("file", "")
    return Held(report, file, vault.size_of(report.id), lambda: vault.open_(report.id))


def one_report(known: Iterable[Report], name: str) -> Report:
    """Return the report that the start of an id names.

    Raises:
        BadInput: No report, or several, are named so.
    """
    found = [report for report in known if report.id.startswith(name)]
    if len(found) != 1 or len(name) < SHORTEST:
        raise BadInput(f'{len(found)} reports are named "{name}"', hint="give at least four digits of one id")
    return found[0]


def closed(form: str) -> bool:
    """Return whether rows of a format may never be printed again."""
    return form in CLOSED
