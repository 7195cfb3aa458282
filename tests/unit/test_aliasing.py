"""Public ids for what texts made up: no word of a person, the same voice everywhere, no guess confirmed."""

from __future__ import annotations

import hmac
import json
from pathlib import Path

import pytest

from casemaking import a_case, a_run
from holdfire.aliasing import Aliases
from holdfire.case import Case
from holdfire.records.claim import CLAIM

TEXT = """---
source: news
published: 2031-05-03
---
Zanquebar Ilmanoor said on 3 May 2031 that shelling killed two people in Mill on 2 May 2031.
Zanquebar Ilmanoor said that there were 12 violations on 2 May 2031.
"""


def token(text: str) -> str:
    return hmac.digest(b"secret", text.encode(), "sha256").hex()[:12]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    texts = {"one.md": TEXT, "two.md": TEXT.replace("two people", "three people")}
    return a_run(tmp_path / "case", texts, "2031-05-01/2031-05-09")


def test_no_made_up_name_is_in_any_entry(case: Case) -> None:
    raw = json.dumps([row for _, table in case.claims() for row in table.to_pylist()], default=str).lower()
    assert "zanquebar" in raw, "the control: the reader found the name"
    with case.ledger() as ledger:
        logged = b"".join(entry.content for entry in ledger.entries()).lower()
    for word in (b"zanquebar", b"ilmanoor"):
        assert word not in logged


def test_one_voice_is_one_voice_in_every_report(case: Case) -> None:
    with case.ledger() as ledger:
        roots = {
            entry.value["root"]
            for entry in ledger.entries("claim")
            if entry.value["root"].startswith("voice:")
        }
    assert len(roots) == 1


def test_ids_of_people_described_stay(case: Case) -> None:
    claims = CLAIM.table([row for _, table in case.claims() for row in table.to_pylist()])
    aliases = Aliases.of(claims, case.folder, case.agreement, token)
    assert aliases._one("news") == "news"
    assert aliases._group("source:news") == "source:news"
    assert aliases._rule("violation as counted by news") == "violation as counted by news"
    assert aliases._rule("violation as counted by zanquebar ilmanoor") == (
        f"violation as counted by ~:{token('zanquebar ilmanoor')}"
    )
    assert aliases._rule("arrest") == "arrest"


def test_what_is_public_already_stays_as_it_is(case: Case) -> None:
    claims = CLAIM.table([row for _, table in case.claims() for row in table.to_pylist()])
    aliases = Aliases.of(claims, case.folder, case.agreement, token)
    once = aliases.apply(claims)
    assert aliases.apply(once).equals(once), "a destroyed report's claims go through it again"


def test_another_vault_gives_other_tokens(tmp_path: Path) -> None:
    roots = []
    for name in ("one", "other"):
        made = a_case(tmp_path / name, {"one.md": TEXT})
        Case(made.folder, now=made.now).run("2031-05-01/2031-05-09")
        with made.ledger() as ledger:
            roots.append({e.value["root"] for e in ledger.entries("claim")})
    assert roots[0] != roots[1]
