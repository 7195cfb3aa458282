"""Put small mistakes into the verifier and count those that its tests find.

    python -m tests.mutation [MODULE...]

Survivors are listed; docs/understand/verifiers.md says of each why it changes nothing.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import cryptography.hazmat.primitives.asymmetric.ed25519  # noqa: E402, F401 (loaded once, before the splits)
import pytest  # noqa: E402, F401
from tests.mutation.killing import killed  # noqa: E402
from tests.mutation.mutants import mutants_of  # noqa: E402

UNIT = ROOT / "tests" / "unit"
MODULES = {
    "trees": ["test_verifying_trees.py"],
    "notes": ["test_verifying_notes.py"],
    "ed25519": ["test_verifying_ed25519.py"],
    "shapes": ["test_verifying_entries.py"],
    "entries": ["test_verifying_entries.py"],
    "names": ["test_verifying_view.py"],
    "zips": ["test_verifying_zips.py", "test_verifying_view.py"],
    "archive": ["test_verifying_view.py"],
    "contents": ["test_verifying_contents.py"],
    "logs": ["test_verifying_logs.py", "test_verifying_view.py"],
    "signing": ["test_verifying_signing.py"],
    "records": ["test_verifying_records.py"],
    "facts": ["test_verifying_facts.py", "test_verifying_checks.py", "test_verifying_command.py"],
    "checks": ["test_verifying_checks.py"],
}
"""Modules of the verifier, and the unit tests of each."""

ALONE = ("trees", "notes", "ed25519", "shapes", "entries", "names", "zips")
"""Modules whose unit tests must find every mistake; on the others the corpus of attacks is tried too."""

CASES = """
import json, sys
from pathlib import Path
from attacks.corpus import corpus
from attacks.test_attacks import honest_cases
from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import check
folder = Path(sys.argv[1])
cases = []
for path, bundle in honest_cases(folder / "honest"):
    facts = check(View(str(path)), bundle.fingerprint, None, bundle.at).facts.as_json()
    reader = dict(fingerprint=bundle.fingerprint, memory=None, at=bundle.at)
    cases.append(dict(path=str(path), codes=[], facts=facts, **reader))
for each in corpus(folder / "attacks"):
    memory = [each.memory[0], each.memory[1].hex()] if each.memory else None
    reader = dict(fingerprint=each.fingerprint, memory=memory, at=each.at)
    cases.append(dict(path=str(each.path), codes=sorted(each.codes), **reader))
Path(sys.argv[2]).write_text(json.dumps(cases))
"""


def main(asked: list[str]) -> int:
    """Try every mutant of the modules asked for; return 1 if fewer than 95 % were found."""
    whole = found = 0
    with tempfile.TemporaryDirectory() as folder:
        corpus = _corpus(Path(folder))
        for name in asked or list(MODULES):
            path = ROOT / "src" / "holdfire" / "ledger" / "verifying" / f"{name}.py"
            cases = None if name in ALONE else corpus
            tests = [UNIT / each for each in MODULES[name]]
            assert not killed(name, path.read_text(), path, tests, cases), "the tests fail as they are"
            left = 0
            mutants = list(mutants_of(path.read_text(encoding="utf-8")))
            for mutant in mutants:
                if not killed(name, mutant.text, path, tests, cases):
                    left += 1
                    print(f"  survived: {name}.py:{mutant.line} {mutant.what}", flush=True)
            whole, found = whole + len(mutants), found + len(mutants) - left
            print(f"{name}: {len(mutants) - left} of {len(mutants)} killed", flush=True)
    print(f"mutants of the verifier: {found} of {whole} killed, {100 * found / whole:.1f} %")
    return int(found < 0.95 * whole)


def _corpus(folder: Path) -> Path:
    """Write every attack and the honest bundles; return the list of them with what each must come to."""
    cases = folder / "cases.json"
    command = [sys.executable, "-c", CASES, str(folder), str(cases)]
    paths = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}
    subprocess.run(command, check=True, env=paths)
    return cases


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
