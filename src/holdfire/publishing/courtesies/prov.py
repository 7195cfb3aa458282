"""Where one determination comes from, as W3C PROV: which reports, read how, weighed by what, signed by whom.

The document is PROV-JSON (W3C Member Submission, 24 April 2013) of the PROV data model (PROV-DM, W3C
Recommendation, 30 April 2013):

    report --read--> claim --fuse--> incident --judge--> determination --publish--> bulletin --sign--> release

Entities are named by the digest under which the record knows them: a report by its commitment, anything
else by the leaf hash of its entry. Agents are the software that ran, the sources, the voices whose stance a
claim carries, and the editors who signed, under the names they act by in public. No words of a report, no
place and no person other than those editors is in it, because none of that is in an entry. A report whose
bytes were destroyed is said to be invalidated by the redaction.

The bytes are a function of the entries handed in: tests/unit/test_prov.py holds them to the data model, and
has the `prov` package read them where it is installed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from holdfire.digests import canonical
from holdfire.errors import BadInput
from holdfire.publishing.courtesies.naming import DIGESTS, TERMS, Entry, leaf, local, moment

PREFIXES = {"hf": TERMS, "nih": DIGESTS}


def provenance(
    determination: Entry,
    claims: Iterable[Entry],
    reports: Iterable[Entry],
    run: Entry,
    *,
    bulletin: Entry | None = None,
    release: Entry | None = None,
    keyset: Entry | None = None,
    redactions: Iterable[Entry] = (),
) -> dict[str, Any]:
    """Return the PROV-JSON document of one determination.

    Args:
        determination: Its entry.
        claims: Entries of the claims it has as members; others are left out.
        reports: Entries of the reports those claims were read from; others are left out.
        run: Entry of the run that made it.
        bulletin: Entry of the bulletin that published it; None: not published.
        release: Entry of the release that let the bulletin out; None: not signed.
        keyset: Entry of the keyset the release names; needed beside a release.
        redactions: Redaction entries; those of its reports are told.

    Raises:
        BadInput: A member or its report is not handed in, or a release comes without its bulletin and keyset.
    """
    parts = dict(determination["members"])
    members = sorted((c for c in claims if c["claim_id"] in parts), key=lambda c: str(c["claim_id"]))
    wanted = {c["report"] for c in members}
    read = sorted((r for r in reports if r["report"] in wanted), key=lambda r: str(r["report"]))
    _all_there(determination, parts, members, wanted, read)
    graph = _Graph(run)
    for report in read:
        graph.report(report)
    for redaction in sorted(redactions, key=leaf):
        if redaction["of"] in wanted:
            graph.redaction(redaction)
    for claim in members:
        graph.claim(claim)
    graph.judgement(determination, members, parts)
    if bulletin is not None:
        graph.bulletin(bulletin, determination)
    if release is not None:
        if bulletin is None or keyset is None:
            raise BadInput("a release is told with its bulletin and its keyset", "provenance")
        graph.release(release, bulletin, keyset)
    return graph.document()


def _all_there(
    determination: Entry,
    parts: Mapping[str, str],
    members: Sequence[Entry],
    wanted: set[str],
    read: Sequence[Entry],
) -> None:
    """Raise where a step of the way back is missing: half a provenance would read as a whole one."""
    lost = sorted(set(parts) - {c["claim_id"] for c in members})
    lost += sorted(wanted - {r["report"] for r in read})
    if lost:
        raise BadInput(
            f"{len(lost)} of its claims and reports are not there, first {lost[0]}",
            f"provenance of {determination['determination_id']}",
            "hand in the entry of every member and of every report they were read from",
        )


class _Graph:
    """The document in the making: records by kind, each under its name."""

    def __init__(self, run: Entry) -> None:
        self._records: dict[str, dict[str, dict[str, Any]]] = {}
        self._said: set[bytes] = set()
        self._run = run
        self._at = moment(run["at"])
        self._method = _named(run["method"])
        self._software = self._agent(
            "SoftwareAgent",
            local("software", run.get("version") or "holdfire"),
            **{"prov:label": f"Holdfire {run.get('version', '')}".strip()},
        )
        self._entity(
            self._method, _word("Plan", "prov"), **{"prov:label": "the rules and settings of the run"}
        )

    def report(self, entry: Entry) -> None:
        """Add the bytes a source sent, by their commitment, and the reading of them."""
        name = _named(entry["report"])
        given = {"hf:format": entry["format"], "hf:received": _instant(entry["received"])}
        if entry.get("published"):
            given["hf:published"] = entry["published"]
        self._entity(name, _word("Report"), **given)
        self._attributed(name, self._source(entry["source"]))
        reading = _reading(entry["report"], self._run)
        # No time: reading depends on bytes and rules alone, and an earlier run may have done it.
        self._add("activity", reading, {"prov:label": "read"})
        self._associated(reading, self._software, "software", self._method)
        self._link("used", **{"prov:activity": reading, "prov:entity": name})

    def redaction(self, entry: Entry) -> None:
        """Add that the bytes behind a commitment were destroyed."""
        name = _own("redact", leaf(entry)[:16])
        at = moment(entry["at"])
        self._timed(name, at, "redact")
        self._link(
            "wasInvalidatedBy",
            **{"prov:entity": _named(entry["of"]), "prov:activity": name, "prov:time": at},
        )

    def claim(self, entry: Entry) -> None:
        """Add one thing one report says, in the codes the reading gave it."""
        name = _named(leaf(entry))
        told = ("claim_id", "seq", "kind_of", "stance", "modality", "negated", "event_type", "root")
        self._entity(name, _word("Claim"), **{f"hf:{k}": entry[k] for k in told if k in entry})
        reading, report = _reading(entry["report"], self._run), _named(entry["report"])
        self._generated(name, reading)
        self._derived(name, report, reading)
        self._attributed(name, self._source(entry["source"]))
        if entry.get("voice") and entry["voice"] != entry["source"]:
            self._attributed(name, self._source(entry["voice"]))

    def judgement(self, entry: Entry, members: Sequence[Entry], parts: Mapping[str, str]) -> None:
        """Add the incident made of the claims, and what the agreement says of it."""
        fusing, judging = self._step("fuse"), self._step("judge")
        incident = _own("incident", entry["incident_id"])
        self._entity(incident, _word("Incident"), **{"hf:incident_id": entry["incident_id"]})
        self._generated(incident, fusing)
        for claim in members:
            name = _named(leaf(claim))
            role = _word(parts[claim["claim_id"]])
            self._link("used", **{"prov:activity": fusing, "prov:entity": name, "prov:role": role})
            self._derived(incident, name, fusing)
        told = (
            *("determination_id", "occurrence", "occurrence_strength", "attribution_strength"),
            *("attribution_contested", "coverage", "verdict", "rule", "clauses"),
        )
        name = _named(leaf(entry))
        self._entity(name, _word("Determination"), **{f"hf:{k}": entry[k] for k in told if k in entry})
        self._link("used", **{"prov:activity": judging, "prov:entity": incident})
        self._generated(name, judging)
        self._derived(name, incident, judging)
        self._attributed(name, self._software)

    def bulletin(self, entry: Entry, determination: Entry) -> None:
        """Add the bulletin that published it."""
        publishing, name = self._step("publish"), _named(leaf(entry))
        given = {f"hf:{k}": entry[k] for k in ("number", "version", "period", "manifest") if k in entry}
        self._entity(name, _word("Bulletin"), **given)
        self._link("used", **{"prov:activity": publishing, "prov:entity": _named(leaf(determination))})
        self._generated(name, publishing)
        self._derived(name, _named(leaf(determination)), publishing)
        self._attributed(name, self._software)

    def release(self, entry: Entry, bulletin: Entry, keyset: Entry) -> None:
        """Add the editors' act of letting it out."""
        name, signing = _named(leaf(entry)), _own("sign", leaf(entry)[:16])
        self._entity(name, _word("Release"), **{"hf:expires": _instant(entry["expires"])})
        self._timed(signing, moment(entry["at"]), "sign")
        self._link("used", **{"prov:activity": signing, "prov:entity": _named(leaf(bulletin))})
        self._generated(name, signing)
        self._derived(name, _named(leaf(bulletin)), signing)
        known = _editors(keyset)
        for key in sorted(set(entry["signatures"]) & set(known)):
            editor = self._agent("Person", local("editor", key), **{"prov:label": known[key], "hf:key": key})
            self._associated(signing, editor, "editor")
            self._attributed(name, editor)

    def document(self) -> dict[str, Any]:
        """Return it, with everything sorted."""
        found = {kind: dict(sorted(records.items())) for kind, records in sorted(self._records.items())}
        return {"prefix": dict(PREFIXES), **found}

    def _step(self, label: str) -> str:
        """Return one step of the run, which the rules and settings steered."""
        name = _own("run", leaf(self._run)[:16], label)
        self._timed(name, self._at, label)
        self._associated(name, self._software, "software", self._method)
        return name

    def _timed(self, name: str, at: str, label: str) -> None:
        self._add("activity", name, {"prov:startTime": at, "prov:endTime": at, "prov:label": label})

    def _agent(self, kind: str, name: str, **given: Any) -> str:
        self._add("agent", f"hf:{name}", {"prov:type": _word(kind, "prov"), **given})
        return f"hf:{name}"

    def _source(self, source: str) -> str:
        """Return the agent a source is: a person, a paper, an army; the record does not say which."""
        name = f"hf:{local('source', source)}"
        self._add("agent", name, {"prov:type": _word("Source"), "hf:source": source})
        return name

    def _entity(self, name: str, kind: dict[str, str], **given: Any) -> None:
        told = {key: _literal(value) for key, value in given.items() if value not in ("", [])}
        self._add("entity", name, {"prov:type": kind, **told})

    def _generated(self, entity: str, activity: str) -> None:
        self._link("wasGeneratedBy", **{"prov:entity": entity, "prov:activity": activity})

    def _derived(self, made: str, used: str, activity: str) -> None:
        names = {"prov:generatedEntity": made, "prov:usedEntity": used, "prov:activity": activity}
        self._link("wasDerivedFrom", **names)

    def _attributed(self, entity: str, agent: str) -> None:
        self._link("wasAttributedTo", **{"prov:entity": entity, "prov:agent": agent})

    def _associated(self, activity: str, agent: str, role: str, plan: str = "") -> None:
        given: dict[str, Any] = {"prov:activity": activity, "prov:agent": agent, "prov:role": _word(role)}
        self._link("wasAssociatedWith", **given, **({"prov:plan": plan} if plan else {}))

    def _link(self, kind: str, **given: Any) -> None:
        """Add a relation once, under a blank name made of its number among those of its kind."""
        said = canonical([kind, given])
        if said not in self._said:
            self._said.add(said)
            known = self._records.setdefault(kind, {})
            known[f"_:{kind}{len(known) + 1:06d}"] = given

    def _add(self, kind: str, name: str, given: dict[str, Any]) -> None:
        self._records.setdefault(kind, {})[name] = given


def _editors(keyset: Entry) -> dict[str, str]:
    """Return the name of each editor by key id (docs/format.md, keyset)."""
    ids = {hashlib.sha256(base64.b64decode(k)).hexdigest()[:16]: n for n, k in keyset["editors"].items()}
    return {key: str(name) for key, name in ids.items()}


def _named(digest: str) -> str:
    return f"nih:{digest}"


def _own(*parts: str) -> str:
    return f"hf:{local(*parts)}"


def _reading(report: str, run: Entry) -> str:
    return _own("read", report[:16], str(run["method"])[:16])


def _word(name: str, prefix: str = "hf") -> dict[str, str]:
    """Return a qualified name as an attribute's value."""
    return {"$": f"{prefix}:{name}", "type": "prov:QUALIFIED_NAME"}


def _instant(value: str) -> dict[str, str]:
    return {"$": moment(value), "type": "xsd:dateTime"}


def _literal(value: Any) -> Any:
    """Return a value as PROV-JSON writes it; a list is several values of one attribute, each once."""
    if isinstance(value, list):
        return [_literal(each) for each in sorted(set(value)) if each != ""]
    return value
