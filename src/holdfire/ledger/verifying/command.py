"""The command: `python3 -I verify.py BUNDLE --trust FINGERPRINT`.

It exits 0 for yes, 1 for no, and 2 where it was asked wrongly. Only here is the clock read, and a file
written: the reader's memory, after a yes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from holdfire.ledger.verifying.archive import View
from holdfire.ledger.verifying.checks import Answer, Memory, check
from holdfire.ledger.verifying.findings import Finding, shown
from holdfire.ledger.verifying.notes import Malformed
from holdfire.ledger.verifying.shapes import DIGEST_FORM, instant_of

MEANING = (
    "A yes says that the record was not changed, and who stands behind it.",
    "It does not say that what a report claims is true.",
)
_MOST_LINES_SHOWN = 50


class AskedWrongly(Exception):
    """The command cannot be done as it was given."""


def verify_command(
    bundle: str, trust: str, memory: str, at: str, as_json: bool, write: Callable[[str], object]
) -> int:
    """Check a bundle and say what came of it; return the exit code.

    Args:
        bundle: A folder or a zip.
        trust: A fingerprint, or `@` and a file that begins with one; empty: none.
        memory: File of what the reader saw last; empty: none.
        at: The reader's time as an instant; empty: now.
        as_json: Whether to write one JSON value instead of lines for people.
        write: Takes each line.
    """
    try:
        if not os.path.exists(bundle):
            raise AskedWrongly(f"there is no folder or file {bundle}")
        fingerprint = read_fingerprint(trust) if trust else None
        now = instant_of(at) if at else int(time.time())
        seen = read_memory(memory) if memory else {}
        answer = check(View(bundle), fingerprint, seen.get(fingerprint or ""), now)
        if answer.yes and memory and fingerprint:
            seen[fingerprint] = Memory(answer.facts.size, bytes.fromhex(answer.facts.root))
            write_memory(memory, seen)
    except (AskedWrongly, Malformed, OSError) as error:
        write(json.dumps({"error": str(error)}) if as_json else f"error: {error}")
        return 2
    for line in [json.dumps(answer_json(answer))] if as_json else lines_of(answer, now):
        write(line)
    return 0 if answer.yes else 1


def read_fingerprint(text: str) -> str:
    """Return a fingerprint as it was given, or from the file behind `@`.

    Raises:
        AskedWrongly: It is none.
    """
    if text.startswith("@"):
        with open(text[1:], encoding="utf-8", errors="replace") as file:
            words = file.read(10_000).split()
        text = words[0] if words else ""
    if not DIGEST_FORM.fullmatch(text.lower()):
        raise AskedWrongly("a fingerprint has 64 hexadecimal digits")
    return text.lower()


def read_memory(path: str) -> dict[str, Memory]:
    """Return what a reader saw last, by fingerprint; a file that is not there yet holds nothing.

    Raises:
        AskedWrongly: The file is not in its form.
    """
    if not os.path.exists(path):
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            value = json.load(file)
        found = {k: Memory(int(v["size"]), bytes.fromhex(v["root"])) for k, v in value.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise AskedWrongly(f"{path} is no memory of this program") from None
    if any(not DIGEST_FORM.fullmatch(k) or v.size < 0 or len(v.root) != 32 for k, v in found.items()):
        raise AskedWrongly(f"{path} is no memory of this program")
    return found


def write_memory(path: str, seen: dict[str, Memory]) -> None:
    """Write what a reader saw last; a reader that is stopped keeps the old file or the new one."""
    value = {k: {"root": v.root.hex(), "size": v.size} for k, v in seen.items()}
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(json.dumps(value, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return an answer for machines."""
    return {
        "answer": "yes" if answer.yes else "no",
        "facts": answer.facts.as_json(),
        "findings": [each._asdict() for each in answer.findings],
    }


def lines_of(answer: Answer, now: int) -> list[str]:
    """Return an answer for people."""
    if not answer.yes:
        more = len(answer.findings) - _MOST_LINES_SHOWN
        found = [_finding_line(each) for each in answer.findings[:_MOST_LINES_SHOWN]]
        return ["no", *found] + ([f"  and {more} more"] if more > 0 else [])
    facts = answer.facts
    said = facts.bulletin
    lines = [f"yes  bulletin {said['number']}, {shown(said['period'])}, version {said['version']}"]
    lines.append(f"  short code  {facts.code}")
    lines.append(f"  editors     {shown(', '.join(facts.editors))}")
    for name, each in sorted(facts.witnesses.items()):
        hours = max(0, now - each["last"]) // 3600
        lines.append(f"  witness     {shown(name)}, {hours} h ago, since {_written_instant(each['since'])}")
    if facts.stale:
        lines.append("  STALE       no witness has cosigned it lately: look for a newer one")
    return [*lines, *MEANING]


def _finding_line(finding: Finding) -> str:
    where = shown(finding.where) + ": " if finding.where else ""
    return f"  {finding.code:<11}{where}{finding.words}"


def _written_instant(seconds: int) -> str:
    try:
        return time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(seconds))
    except (ValueError, OverflowError, OSError):
        return str(seconds)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, check, and return the exit code."""
    asked = argparse.ArgumentParser(prog="verify.py", description="Check a bundle of a ceasefire's record.")
    asked.add_argument("bundle", help="folder or zip")
    asked.add_argument("--trust", default="", metavar="FINGERPRINT", help="64 digits, or @FILE")
    asked.add_argument("--memory", default="", metavar="FILE", help="what you saw last; kept after a yes")
    asked.add_argument("--at", default="", metavar="INSTANT", help="your time, 2016-02-27T00:00:00Z")
    asked.add_argument("--json", action="store_true", help="print JSON, for machines")
    given = asked.parse_args(arguments)
    return verify_command(given.bundle, given.trust, given.memory, given.at, given.json, _print_line)


def _print_line(line: str) -> None:
    sys.stdout.write(line.encode("ascii", "backslashreplace").decode() + "\n")


if __name__ == "__main__":
    sys.exit(main())
