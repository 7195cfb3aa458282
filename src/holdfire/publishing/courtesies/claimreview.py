"""What the record says of a party's public claim, as schema.org ClaimReview, where that fits.

It fits a claim that

* a party made: its voice, or its publisher where it is a row, is among the parties handed in;
* says that something happened, or denies it: stance asserts, accuses or denies, modality actual;
* says what (an act), when (an interval) and, where it names who did it, names only actors that the record
  names in public;
* is a member of a determination, as support or as denial.

It does not fit, and nothing is written:

* an admission: it is evidence against its own speaker, and rating it would tell a party not to make one;
* a pledge, plan, demand or warning: nothing has happened that could be reviewed;
* a plea of self-defence: the verdict says that it was made, not that it was true;
* a denial of a negated claim: what it means is not certain enough to rate;
* a claim by a mission, a paper or a recorder: those are the evidence, and rating evidence by the conclusion
  drawn from it would be a circle.

A rating is words, never a number: strength of evidence is no scale of truth. It follows from the three axes
kept apart, so a verdict that the agreement does not cover an act still says whether the act happened. Where
the record cannot tell, disputed and insufficient evidence alike, the word is "Unproven". The claim is
said again from its codes; no words of a report are quoted and no person is named. The words are English:
readers of ClaimReview read the page behind `url` for the rest.

References:
    https://schema.org/ClaimReview, https://schema.org/Claim (schema.org 29).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from holdfire.publishing.courtesies.naming import DIGESTS, Entry, leaf
from holdfire.publishing.pages.lexicon import lexicon
from holdfire.records.claim import Modality, Stance
from holdfire.records.determination import Strength, Verdict
from holdfire.records.incident import Part

STANCES = {Stance.ASSERTS: "states", Stance.ACCUSES: "alleges", Stance.DENIES: "denies"}

UNPROVEN = "Unproven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a review says of who reviews.

    Attributes:
        publisher: Who publishes the record.
        fingerprint: Of the record: the leaf hash of its first keyset.
        published: Instant of the release, as an entry writes it.
        page: Path or address of the determination's page.
        actors: Names of actors, by id, that the record prints.
        parties: Names of the voices that are, or speak for, a party or a sponsor, by id.
    """

    publisher: str
    fingerprint: str
    published: str
    page: str
    actors: Mapping[str, str]
    parties: Mapping[str, str]


def reviews(
    determination: Entry, claims: Iterable[Entry], reports: Iterable[Entry], record: Record
) -> dict[str, Any] | None:
    """Return the reviews of the claims that a determination speaks to, by claim id; None: none fits.

    Args:
        determination: Its entry.
        claims: Entries of its members; others are left out.
        reports: Entries of the reports they were read from, for the days they were published.
        record: Who reviews.
    """
    days = {report["report"]: str(report.get("published", ""))[:10] for report in reports}
    parts = dict(determination["members"])
    members = sorted((c for c in claims if c["claim_id"] in parts), key=lambda c: str(c["claim_id"]))
    told = (
        review(c, parts[c["claim_id"]], determination, days.get(c["report"], ""), record) for c in members
    )
    found = [each for each in told if each]
    return {"@context": "https://schema.org", "@graph": found} if found else None


def review(
    claim: Entry, part: str, determination: Entry, published: str, record: Record
) -> dict[str, Any] | None:
    """Return the review of one claim; None: it does not fit, for a reason the module gives.

    Args:
        claim: Its entry.
        part: The part it plays in the determination.
        determination: The entry it is a member of.
        published: Day on which its report was published; empty: not known.
        record: Who reviews.
    """
    speaker = _speaker(claim)
    if speaker not in record.parties or not _fits(claim, part, record):
        return None
    rating, why = rated(claim, determination)
    name = record.parties[speaker]
    made = {
        "@type": "Claim",
        "author": {"@type": "Organization", "name": name},
        "identifier": DIGESTS + leaf(claim),
        "appearance": {"@type": "CreativeWork", "identifier": DIGESTS + str(claim["report"])},
    }
    return {
        "@type": "ClaimReview",
        "identifier": f"{DIGESTS}{leaf(determination)}#{claim['claim_id']}",
        "url": record.page,
        "inLanguage": "en",
        "datePublished": record.published[:10],
        "author": {
            "@type": "Organization",
            "name": record.publisher,
            "identifier": DIGESTS + record.fingerprint,
        },
        "claimReviewed": said(claim, name, record.actors),
        "itemReviewed": {**made, "datePublished": published} if published else made,
        "reviewRating": {"@type": "Rating", "alternateName": rating, "ratingExplanation": why},
    }


def said(claim: Entry, speaker: str, actors: Mapping[str, str]) -> str:
    """Return the claim in a sentence made of its codes.

    Args:
        claim: Its entry.
        speaker: Name of the party.
        actors: Names by id; one that is not there is left out.
    """
    words = lexicon("en")
    act = words.code("act", str(claim["event_type"]))
    does = STANCES[Stance(claim["stance"])]
    denied = ", that it did not happen" if claim["negated"] else ""
    who, whom = (_named(claim.get(side, ()), actors) for side in ("actors", "targets"))
    if claim["directed"]:
        sides = (f" by {who}" if who else "") + (f" against {whom}" if whom else "")
    elif who and whom:
        sides = f" between {who} and {whom}"
    else:
        sides = f" involving {who or whom}" if who or whom else ""
    where = f", {claim['admin1']}" if claim.get("admin1") else ""
    return f"{speaker} {does}: {act[:1].lower()}{act[1:]}{sides}{where}, {_when(claim)}{denied}"


def rated(claim: Entry, determination: Entry) -> tuple[str, str]:
    """Return the rating of a claim in words, and why, from the three axes of the determination."""
    verdict = Verdict(determination["verdict"])
    denying = claim["stance"] == Stance.DENIES or claim["negated"]
    if verdict in (Verdict.DISPUTED, Verdict.INSUFFICIENT_EVIDENCE):
        return UNPROVEN, f"The record's verdict is {lexicon('en').code('verdict', verdict).lower()}."
    if verdict is Verdict.REFUTED:
        return ("Borne out" if denying else "Refuted"), "The record finds that it did not happen."
    if determination.get("occurrence") is not True:
        return UNPROVEN, "The record does not establish that it happened."
    if not _same_act(claim, determination):
        return UNPROVEN, f"{_HAPPENED}, but not which kind of act it was."
    return _of_an_occurrence(denying, _author(claim, determination), verdict)


def _of_an_occurrence(denying: bool, author: str, verdict: Verdict) -> tuple[str, str]:
    """Return the rating of a claim about something that the record establishes."""
    why = f"{_HAPPENED}{_AUTHORS[author]}. {_COVERAGE[verdict]}"
    if author == "unclear":
        return UNPROVEN, why
    if denying:
        return ("Borne out" if author == "other" else "Contradicted"), why
    return ("Contradicted as to the author" if author == "other" else _BORNE_OUT[verdict]), why


_HAPPENED = "The record establishes that it happened"
_AUTHORS = {
    "same": " and who did it",
    "unsaid": "",
    "other": " and attributes it to another",
    "unclear": ", but not who did it",
}
_COVERAGE = {
    Verdict.BREACH: "The agreement forbids it.",
    Verdict.NOT_COVERED: "The agreement does not cover it.",
    Verdict.PERMITTED_CONDUCT: "The agreement permits it.",
}
_BORNE_OUT = {
    Verdict.BREACH: "Borne out",
    Verdict.NOT_COVERED: "Happened, but the agreement does not cover it",
    Verdict.PERMITTED_CONDUCT: "Happened, but the agreement permits it",
}


def _same_act(claim: Entry, determination: Entry) -> bool:
    """Return whether the record's act is the claim's, or a kind of it."""
    said, found = str(claim["event_type"]), str(determination["event_type"])
    family, _, kind = said.partition(".")
    return said == found or (kind == "unspecified" and found.startswith(f"{family}."))


def _author(claim: Entry, determination: Entry) -> str:
    """Return whether the record names the `same` author as the claim, an `other`, or is not sure (`unclear`).

    `unsaid`: the claim names none, or two sides fought and no one is said to have begun.
    """
    named, found = set(claim.get("actors", ())), set(determination.get("attribution", ()))
    if not claim["directed"] or not determination["directed"] or not named:
        return "unsaid"
    unknown = determination["attribution_strength"] == Strength.UNKNOWN
    if unknown or determination["attribution_contested"] or not found:
        return "unclear"
    if found == named:
        return "same"
    return "unclear" if named & found else "other"


def _speaker(claim: Entry) -> str:
    """Return who holds the stance: the voice; of a row, which has no chain, its publisher; else no one."""
    return str(claim.get("voice") or ("" if claim.get("chain") else claim["source"]))


def _fits(claim: Entry, part: str, record: Record) -> bool:
    denies = claim["stance"] == Stance.DENIES
    return (
        claim["stance"] in STANCES
        and claim["modality"] == Modality.ACTUAL
        and not (denies and claim["negated"])
        and part == (Part.DENIES if denies or claim["negated"] else Part.SUPPORTS)
        and bool(claim.get("event_type") and claim.get("start") and claim.get("end"))
        and all(actor in record.actors for actor in claim.get("actors", ()))
    )


def _named(ids: Iterable[str], actors: Mapping[str, str]) -> str:
    return " and ".join(actors[name] for name in ids if name in actors)


def _when(claim: Entry) -> str:
    """Return the days of a claim, in UTC; the end is the first instant after it."""
    start, end = (datetime.fromisoformat(claim[key]).astimezone(UTC) for key in ("start", "end"))
    last = max(start, end - timedelta(microseconds=1))
    return lexicon("en").span(start.date(), last.date())
