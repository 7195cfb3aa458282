"""The same record in the forms of others, for a bundle: W3C PROV, ClaimReview and RO-Crate.

They are made from entries of the log and from what people wrote, and hold no words of a report. None of
them is needed to check a bundle.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from holdfire import signing
from holdfire.case import Case
from holdfire.digests import digest
from holdfire.ledger.bundle import Parts, bytes_of
from holdfire.ledger.entry import Entry
from holdfire.ledger.log import Ledger
from holdfire.ledger.verifying.contents import pages_in
from holdfire.publishing import exports
from holdfire.publishing.courtesies import claimreview, prov, rocrate
from holdfire.version import VERSION

OF_A_PARTY = ("party", "sponsor")
"""Affiliations of sources whose claims are reviewed."""


class Courtesies:
    """The same record in the forms of others, made from entries alone."""

    def __init__(self, case: Case, ledger: Ledger, bulletin: Entry, site: Path) -> None:
        self.case, self.ledger, self.bulletin = case, ledger, bulletin
        pages = {f"bulletin/{path.relative_to(site).as_posix()}": "" for path in site.rglob("*.html")}
        self.shown = pages_in(pages)

    @cached_property
    def _entries(self) -> dict[str, dict[str, Any]]:
        """Return determinations shown and their claims, by id, as they stood for the bulletin."""
        size, wanted = int(self.bulletin.value["size"]), set(self.shown)
        found: dict[str, dict[str, Any]] = {}
        for entry in self.ledger.entries("determination", upto=size):
            body = entry.value
            if body["determination_id"] in wanted:
                found[body["determination_id"]] = body
        claims = {claim for body in found.values() for claim, _ in body["members"]}
        for entry in self.ledger.entries("claim", upto=size):
            body = entry.value
            if body["claim_id"] in claims:
                found[body["claim_id"]] = body
        return found

    @cached_property
    def _reports(self) -> list[dict[str, Any]]:
        size = int(self.bulletin.value["size"])
        return [entry.value for entry in self.ledger.entries("report", upto=size)]

    @cached_property
    def _run(self) -> dict[str, Any]:
        runs = self.ledger.entries("run", upto=int(self.bulletin.value["size"]))
        return [entry.value for entry in runs][-1]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the W3C PROV document of each determination, and the ClaimReviews of those that fit."""
        redactions = [entry.value for entry in self.ledger.entries("redaction")]
        record = self._record
        for name in sorted(self.shown):
            body = self._entries.get(name)
            if body is None:
                continue
            claims = [self._entries[claim] for claim, _ in body["members"] if claim in self._entries]
            told = prov.provenance(
                body,
                claims,
                self._reports,
                self._run,
                bulletin=self.bulletin.value,
                redactions=redactions,
            )
            yield f"exports/prov/{name}.json", exports.document(told)
            page_record = claimreview.Record(**{**record, "page": f"bulletin/determinations/{name}.html"})
            if reviewed := claimreview.reviews(body, claims, self._reports, page_record):
                yield f"exports/claimreview/{name}.json", exports.document(reviewed)

    @cached_property
    def _record(self) -> dict[str, Any]:
        folder = self.case.folder
        actors = {name: _named(actor.name) for name, actor in folder.names.actors.items()}
        parties = {
            name: _named(source.name)
            for name, source in folder.sources.items()
            if source.affiliation.value in OF_A_PARTY
        }
        bound = {held.actor for held in self.case.agreement.holdings()}
        parties |= {name: said for name, said in actors.items() if name in bound}
        return {
            "publisher": folder.head.publisher or "not named",
            "fingerprint": signing.fingerprint(self.ledger),
            "published": str(self.bulletin.value["at"]),
            "actors": actors,
            "parties": parties,
        }

    def crate(self, loose: Parts) -> bytes:
        """Return the RO-Crate metadata of the bundle."""
        head, body = self.case.folder.head, self.bulletin.value
        first, _, last = str(body["period"]).partition("_")
        about = rocrate.About(
            title=_named(head.title),
            description="One bulletin of the record of a ceasefire, sealed, with the log it rests on.",
            first=first,
            last=last or first,
            number=int(body["number"]),
            version=int(body.get("version", 1)),
            published=str(body["at"]),
            licence_name=head.licence or "not said",
            publisher=head.publisher or "not named",
            fingerprint=signing.fingerprint(self.ledger),
            software=VERSION,
            language=head.languages[0],
        )
        listed = [
            rocrate.Listed(path=path, digest=digest(content), size=len(content))
            for path, each in loose.files()
            for content in [bytes_of(each)]
        ]
        return json.dumps(rocrate.crate(listed, about), ensure_ascii=False, indent=1).encode() + b"\n"


def _named(words: Mapping[str, str]) -> str:
    return words.get("en") or next(iter(words.values()), "")
