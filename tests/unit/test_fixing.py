"""A partition enters the record under two signatures, and a stranger with the files sees that it did."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from casemaking import a_case
from holdfire import signing
from holdfire.cli import app
from holdfire.errors import BadInput, CheckFailed
from holdfire.ledger import keyfiles
from holdfire.protecting.partition import Partition, Settings, build
from holdfire.sheltering import fixing, partitioning
from protecting import places
from signatures import ADA, BEN, keyset, signed


def a_partition(seed: int) -> Partition:
    return build(places(seed, 200), Settings(k=6, block_k=24, block_share=6), "MADE")


def run(*words: object) -> str:
    found = CliRunner().invoke(app, [str(each) for each in words])
    assert found.exit_code == 0, found.exception or found.output
    return found.output


def test_from_a_file_to_a_stranger_through_the_doors(tmp_path: Path) -> None:
    case = a_case(tmp_path / "case", {})
    case.folder.made.mkdir(parents=True, exist_ok=True)
    with case.ledger(write=True) as ledger:
        mark = signing.enter(ledger, signed(keyset(ledger), ADA, BEN)).leaf
    file, draft, told = (tmp_path / name for name in ("made.json", "made.draft", "made.signed"))
    partitioning.save(a_partition(1), file)
    with pytest.raises(BadInput, match="not the partition"):
        fixing.attest(case, file, told)
    shown = run("protect", "propose", file, "--out", draft, "--case", tmp_path / "case")
    assert "You fix partition MADE" in shown
    for each in (ADA, BEN):
        keyfiles.write(tmp_path / f"{each.name}.key", each)
    run("sign", draft, "--key", tmp_path / "Ada.key", "--key", tmp_path / "Ben.key", "--yes")
    run("enter", draft, "--case", tmp_path / "case")
    run("protect", "attest", file, "--out", told, "--case", tmp_path / "case")
    assert "signed by Ada, Ben" in run("protect", "verify", file, told, "--trust", mark)
    other = tmp_path / "other.json"
    partitioning.save(a_partition(2), other)
    with pytest.raises(CheckFailed, match="not this partition"):
        fixing.verify(other, told, mark)
    with pytest.raises(CheckFailed, match="another record"):
        fixing.verify(file, told, "00" * 32)
    with pytest.raises(BadInput, match="in force already"):
        fixing.propose(case, file, draft)
