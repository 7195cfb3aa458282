"""The provenance of a determination keeps to the data model and leaves no step out."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from typing import Any

import pytest

from courtesies import BULLETIN, KEYS, KEYSET, REPORTS, RUN, claim, determination, redaction, release, report
from holdfire.errors import BadInput
from holdfire.publishing.courtesies.naming import leaf
from holdfire.publishing.courtesies.prov import provenance

ENDS = {
    "used": {"prov:activity": "activity", "prov:entity": "entity"},
    "wasGeneratedBy": {"prov:entity": "entity", "prov:activity": "activity"},
    "wasInvalidatedBy": {"prov:entity": "entity", "prov:activity": "activity"},
    "wasDerivedFrom": {
        "prov:generatedEntity": "entity",
        "prov:usedEntity": "entity",
        "prov:activity": "activity",
    },
    "wasAttributedTo": {"prov:entity": "entity", "prov:agent": "agent"},
    "wasAssociatedWith": {"prov:activity": "activity", "prov:agent": "agent", "prov:plan": "entity"},
}
"""Each relation of PROV-DM that is used, and of what kind each of its ends is."""


def key_of(name: str) -> str:
    return hashlib.sha256(base64.b64decode(KEYS[name])).hexdigest()[:16]


def whole() -> dict[str, Any]:
    return provenance(
        determination(),
        [claim(0), claim(1), claim(2)],
        [report(0), report(1)],
        RUN,
        bulletin=BULLETIN,
        release=release([key_of("Ada"), key_of("Ben")]),
        keyset=KEYSET,
        redactions=[redaction()],
    )


def test_every_relation_joins_what_the_data_model_says() -> None:
    found = whole()
    names = {kind: set(found[kind]) for kind in ("entity", "activity", "agent")}
    assert set(found) == {"prefix", "entity", "activity", "agent", *ENDS}
    for kind, ends in ENDS.items():
        for record in found[kind].values():
            for end, wanted in ends.items():
                if end in record or end != "prov:plan":
                    assert record[end] in names[wanted], (kind, end)
            assert {k for k in record if k not in ends} <= {"prov:role", "prov:time"}


def test_every_name_has_a_prefix_that_is_declared() -> None:
    known = {*whole()["prefix"], "prov", "xsd", "_"}

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == "prefix":
                    continue
                if ":" in key:
                    assert key.split(":")[0] in known, key
                walk(inner)
            if value.get("type") == "prov:QUALIFIED_NAME":
                assert value["$"].split(":")[0] in known

    walk(whole())


def test_a_determination_leads_back_to_every_report() -> None:
    found = whole()
    back: dict[str, set[str]] = {}
    for record in found["wasDerivedFrom"].values():
        back.setdefault(record["prov:generatedEntity"], set()).add(record["prov:usedEntity"])
    reached, fresh = set(), {f"nih:{leaf(release([key_of('Ada'), key_of('Ben')]))}"}
    while fresh:
        reached |= fresh
        fresh = set().union(*(back.get(name, set()) for name in fresh)) - reached
    assert {f"nih:{name}" for name in REPORTS} <= reached
    assert f"nih:{leaf(determination())}" in reached
    assert f"nih:{leaf(claim(2))}" not in found["entity"], "a claim of another determination is left out"


def test_each_activity_says_who_did_it_and_by_which_rules() -> None:
    found = whole()
    done = {record["prov:activity"] for record in found["wasAssociatedWith"].values()}
    labels = {name: record["prov:label"] for name, record in found["activity"].items()}
    assert {labels[name] for name in done} == {"read", "fuse", "judge", "publish", "sign"}
    steered = [r for r in found["wasAssociatedWith"].values() if labels[r["prov:activity"]] != "sign"]
    plans = {r.get("prov:plan") for r in steered}
    assert plans == {f"nih:{RUN['method']}"}
    assert found["entity"][f"nih:{RUN['method']}"]["prov:type"]["$"] == "prov:Plan"


def test_editors_are_those_who_signed() -> None:
    found = provenance(
        determination(),
        [claim(0), claim(1)],
        [report(0), report(1)],
        RUN,
        bulletin=BULLETIN,
        release=release([key_of("Ben"), "0" * 16]),
        keyset=KEYSET,
    )
    editors = [a["prov:label"] for a in found["agent"].values() if a["prov:type"]["$"] == "prov:Person"]
    assert editors == ["Ben"], "who did not sign, or is no editor, is not named"


def test_a_destroyed_report_is_invalidated_and_its_reason_stays_in_the_record() -> None:
    found = whole()
    (record,) = found["wasInvalidatedBy"].values()
    assert record["prov:entity"] == f"nih:{REPORTS[0]}"
    assert record["prov:time"] == "2031-06-01T00:00:00Z"
    assert "planted" not in json.dumps(found)


def test_a_voice_is_told_beside_the_publisher() -> None:
    found = whole()
    given = {(r["prov:entity"], r["prov:agent"]) for r in found["wasAttributedTo"].values()}
    name = f"nih:{leaf(claim(0))}"
    assert {agent for entity, agent in given if entity == name} == {"hf:source-paper", "hf:source-north_army"}


def test_no_place_leaves() -> None:
    entry = claim(0, lat_e2=3050, lon_e2=1100, radius=500)
    found = provenance(determination(), [entry, claim(1)], [report(0), report(1)], RUN)
    assert not re.search(r"3050|1100|Strip|lat|lon|radius", json.dumps(found))


def test_a_missing_member_or_report_is_refused() -> None:
    with pytest.raises(BadInput, match="1 of its claims and reports are not there, first c-0000000000000001"):
        provenance(determination(), [claim(0)], [report(0)], RUN)
    with pytest.raises(BadInput, match=REPORTS[1]):
        provenance(determination(), [claim(0), claim(1)], [report(0)], RUN)
    with pytest.raises(BadInput, match="its bulletin and its keyset"):
        provenance(
            determination(),
            [claim(0), claim(1)],
            [report(0), report(1)],
            RUN,
            release=release([key_of("Ada")]),
        )


def test_order_changes_nothing() -> None:
    one = provenance(determination(), [claim(0), claim(1)], [report(0), report(1)], RUN)
    other = provenance(determination(), [claim(1), claim(0)], [report(1), report(0)], RUN)
    assert json.dumps(one) == json.dumps(other)


def test_the_prov_package_reads_it_whole() -> None:
    model = pytest.importorskip("prov.model", reason="the prov package is not installed")
    found = whole()
    read = model.ProvDocument.deserialize(source=io.StringIO(json.dumps(found)), format="json")
    records = list(read.get_records())
    assert len(records) == sum(len(found[kind]) for kind in ("entity", "activity", "agent", *ENDS))
    again = model.ProvDocument.deserialize(source=io.StringIO(read.serialize(format="json")), format="json")
    assert again == read
    uris = {str(r.identifier.uri) for r in records if r.identifier}
    assert f"nih:sha-256;{leaf(determination())}" in uris
