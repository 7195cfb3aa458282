"""Where reports would go in a case that was run: read them, place their claims, and change nothing.

What placing needs stands in `.holdfire/found/standing.duckdb`, made of the tables of the last run when it is
first asked for. The next run puts its own tables in place of these, and a redaction destroys them with the
rest of what was found. A report is read with the names, places and sources of the case. Who repeats whom is
traced by a run only, and a run gives claims the ids that they keep.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from holdfire import intake, keeping, together
from holdfire.case import Case
from holdfire.claiming import of_files
from holdfire.claimlines import Said
from holdfire.digests import Digest, canonical, digest
from holdfire.engine import literal
from holdfire.errors import BadInput, HoldfireError
from holdfire.fusing.incidents.placing import Home, Placed, place
from holdfire.fusing.incidents.rerun import changed
from holdfire.fusing.incidents.standing import about, build
from holdfire.fusing.telling.words import sure
from holdfire.holdings import reports
from holdfire.ledger.vault import Vault
from holdfire.links.judged import judged_claims
from holdfire.records.claim import CLAIM
from holdfire.records.incident import Part
from holdfire.records.link import Linked
from holdfire.tables import rows

FORM = 1
"""Form of a standing; another is made anew."""

Tell = Callable[[str], None]


def _silent(_: str) -> None:
    """Tell no one."""


@dataclass(frozen=True)
class Placement:
    """Where the claims of some reports would go.

    Attributes:
        said: Their claims.
        placed: Where each goes, and what it changes.
        known: Files whose bytes the case holds already; they are not placed again.
        whole: Whether all claims had to be fused again.
    """

    said: tuple[Said, ...]
    placed: Placed
    known: tuple[str, ...] = ()
    whole: bool = False

    @property
    def json(self) -> dict[str, Any]:
        """Return it for machines; confidence is in thousandths."""
        return {
            "claims": [_home(home) for home in self.placed.homes],
            "incidents": [
                {
                    "incident": row["incident_id"],
                    "type": row["event_type"],
                    "start": row["start"].isoformat() if row["start"] else None,
                    "place": row["place"],
                    "claims": row["claims"],
                    "roots": row["roots"],
                }
                for row in rows(self.placed.incidents)
            ],
            "gone": {old: list(now) for old, now in self.placed.gone.items()},
            "left": list(self.placed.left),
            "known": list(self.known),
            "fused_again": self.whole,
        }

    def lines(self) -> list[str]:
        """Return it for people."""
        by_id = {said.row["claim_id"]: said for said in self.said}
        found = [f"{file}: the case holds this report already" for file in self.known]
        for home in self.placed.homes:
            row = by_id[home.claim].row
            what = f"{row['event_type'] or 'no event'}, {row['place'] or 'no place'}"
            found.append(f"{home.claim}  {what}\n  {_words(home)}")
        for old, now in self.placed.gone.items():
            found.append(f"{old} would be no more; its claims would stand in {', '.join(now)}")
        found += [f"{claim} would answer no incident any more" for claim in self.placed.left]
        return found


def place_files(
    case: Case,
    files: Sequence[Path],
    *,
    source: str = "",
    dated: str = "",
    form: str = "",
    tell: Tell = _silent,
    notice: Tell = _silent,
) -> Placement:
    """Return where the claims of files would go in a case.

    Args:
        case: A case that was run, and has not changed since.
        files: Reports.
        source: Who published those that do not say so themselves.
        dated: When those were published, ISO 8601.
        form: Format to read them with; empty: as recognised.
        tell: Told of what is made first, where it takes time.
        notice: Told what a person should know beside the claims.

    Raises:
        HoldfireError: The case was not run since it changed.
        BadInput: A file cannot be read, or no one says who published it.
    """
    file = ready(case, tell)
    vault = case.vault()
    known = [each for each in files if _held(vault, each)]
    fresh = [each for each in files if each not in known]
    said = tuple(of_files(fresh, source, dated, form, case.folder.path, notice=notice))
    if any(each.row["source"] == "unnamed" for each in said):
        raise BadInput("no one says who published it", hint="--source ID, of a source in case.yaml")
    claims = CLAIM.table(each.row for each in said)
    background, limits = together.background(case.folder), together.limits(case.folder)
    with case.engine.session() as session:
        session.run(f"ATTACH {literal(str(file))} AS standing (READ_ONLY)")
        trained = case.folder.parameters(Linked.INCIDENT)
        threads = case.engine.threads
        placed = place(session, claims, background, limits=limits, weights=trained, threads=threads)
    if not placed.due:
        return Placement(said, placed, tuple(each.name for each in known))
    tell(f"all claims are fused again: {placed.due}")
    return Placement(said, _again(case, claims), tuple(each.name for each in known), whole=True)


def ready(case: Case, tell: Tell = _silent) -> Path:
    """Return the file of what stands after the last run; it is made if it is not there.

    Raises:
        HoldfireError: The case was not run since it changed.
    """
    key = _key(case)
    file = case.kept / "standing.duckdb"
    if file.exists() and _is_of(case, file, key):
        return file
    tell("making ready to place reports, once after each run")
    found = case.found()
    part = file.with_name(f"standing.part-{os.getpid()}")
    try:
        with case.engine.session() as session:
            session.run(f"ATTACH {literal(str(part))} AS standing")
            settled = judged_claims(case.folder.judgements, found.claims).settled
            background = together.background(case.folder)
            build(
                session,
                found.claims,
                found.fused,
                background,
                under=key,
                weights=case.folder.parameters(Linked.INCIDENT),
                settled=settled,
                tell=tell,
            )
            session.run("DETACH standing")
        part.replace(file)
    finally:
        for left in (part, part.with_name(f"{part.name}.wal")):
            left.unlink(missing_ok=True)
    return file


def _key(case: Case) -> Digest:
    """Return what a standing of the case as it is now is made under."""
    import duckdb

    with case.ledger() as ledger:
        key = case.key(tuple(reports(ledger, case.vault()).values()), ledger)
    if keeping.summary(case.kept, key) is None or not intake.settled(case.folder):
        raise HoldfireError(
            "the case has changed since the last run, or was never run", hint="`holdfire run`"
        )
    return digest(canonical({"case": key, "form": FORM, "database": duckdb.__version__}))


def _is_of(case: Case, file: Path, key: Digest) -> bool:
    """Return whether a file can be opened and is what stands under a key; any other is made anew."""
    import duckdb

    try:
        with case.engine.session() as session:
            session.run(f"ATTACH {literal(str(file))} AS standing (READ_ONLY)")
            return about(session).key == key
    except (duckdb.Error, TypeError, IndexError):
        return False


def _held(vault: Vault, file: Path) -> bool:
    with file.open("rb") as stream:
        return vault.find(stream) is not None


def _again(case: Case, claims: pa.Table) -> Placed:
    """Return where claims go, all of the case fused again with them."""
    found = case.found()
    after = together.fused(case.folder, pa.concat_tables([found.claims, claims]), case.engine)
    return changed(found.fused, after, claims)


def _home(home: Home) -> dict[str, Any]:
    return {
        "claim": home.claim,
        "incident": home.incident,
        "part": home.part or None,
        "beside": list(home.beside),
        "confidence": home.sure,
        "nearest": {"claim": home.nearest[0], "confidence": home.nearest[1]} if home.nearest else None,
    }


def _words(home: Home) -> str:
    if home.incident is None:
        return "makes no incident and answers none"
    near = ""
    if home.nearest:
        near = f"; of others it is nearest to {home.nearest[0]} ({sure(home.nearest[1])})"
    if home.part in {Part.DENIES, Part.PLEADS}:
        return f"{home.part} {home.incident}"
    if not home.beside:
        return f"would make an incident of its own, {home.incident}{near}"
    how = "as people decided or by what others share" if home.sure is None else f"{sure(home.sure)} sure"
    return f"would join {home.incident} ({how}), with {', '.join(home.beside)}{near}"
