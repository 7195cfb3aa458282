"""A token is kept beside the report it stamps: its bytes in the vault, what came of checking it in the log.

The log has the commitment of the report and of the token, the kind of token, and a closed word: never the
name that a service gives itself, which may be a person's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from holdfire.digests import Digest
from holdfire.errors import BadInput
from holdfire.ledger.log import Ledger
from holdfire.ledger.stamping import LARGEST, OPENTIMESTAMPS, RFC3161, Stamp, check_token, kind_of
from holdfire.ledger.vault import Vault

KINDS = (RFC3161, OPENTIMESTAMPS)


def attach(
    ledger: Ledger,
    vault: Vault,
    of: Digest,
    token: bytes,
    *,
    at: str,
    by: str = "",
    over: bytes | None = None,
    roots: Sequence[bytes] = (),
    file: str = "",
) -> Stamp:
    """Keep a token beside a report and return what it says of it.

    A token that does not match is kept too, and said not to: it is evidence of something, and never a gate.

    Args:
        ledger: Open to write.
        vault: Open to write; it holds the report.
        of: Commitment of the report.
        token: The token, untouched.
        at: When it is attached, an instant in UTC.
        by: Who attaches it.
        over: What the token stamps, where that is a list that names the report's digest; it is kept too.
        roots: Certificates of authorities that the case knows, PEM.
        file: File name it came under, for its label in the vault.

    Raises:
        BadInput: It is no token that is known, or too large, or the report is not in the vault.
    """
    found = kind_of(token)
    if found is None or len(token) > LARGEST:
        raise BadInput(
            "the file is no time-stamp token",
            file,
            "an RFC 3161 token (.tsr) or an OpenTimestamps proof (.ots) of at most 1 MiB is read",
        )
    content = vault.read(of)
    if over is not None and not _names(over, content):
        raise BadInput("the list that the token stamps does not name the report's digest", file)
    stamp = check_token(found, token, content if over is None else over, roots)
    blob = vault.put(token, {"file": file} if file else {})
    entry = {
        "kind": "attachment",
        "of": of,
        "blob": blob,
        "type": found,
        "at": at,
        "says": stamp.standing.value,
    }
    entries = [{**entry, **({"by": by} if by else {})}]
    if over is not None:
        listed = vault.put(over, {})
        entries.append(
            {**entries[0], "of": blob, "blob": listed, "type": "list", "says": "what the token stamps"}
        )
    ledger.append(entries)
    return stamp


def attached(ledger: Ledger, of: Digest) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of what is attached to a report, in order."""
    for entry in ledger.entries("attachment"):
        if entry.value["of"] == of:
            yield entry.value


def beside(ledger: Ledger, of: Digest) -> list[Digest]:
    """Return the commitments of everything attached to a report, and to that, in order.

    Whoever redacts a report destroys these too: a token over its bytes holds their plain digest, and would
    confirm to anyone who guesses them that they were these.
    """
    found: list[Digest] = []
    waiting = [of]
    while waiting:
        for entry in attached(ledger, waiting.pop(0)):
            if entry["blob"] not in found:
                found.append(entry["blob"])
                waiting.append(entry["blob"])
    return found


def again(ledger: Ledger, vault: Vault, entry: Mapping[str, Any]) -> Stamp | None:
    """Return what an attached token says now; None: its bytes or the report's are not held any more.

    Raises:
        BadInput: Bytes in the vault were changed.
    """
    if entry["blob"] not in vault or entry["of"] not in vault:
        return None
    listed = next((each["blob"] for each in attached(ledger, entry["blob"])), entry["of"])
    if listed not in vault or entry["type"] not in KINDS:
        return None
    return check_token(entry["type"], vault.read(entry["blob"]), vault.read(listed))


def token_file(path: Path) -> bytes:
    """Return the bytes of a token, a list or a certificate.

    Raises:
        BadInput: There is no such file, or it is larger than a token.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise BadInput("the file cannot be read", path.name, str(error.strerror or "")) from None
    if len(content) > LARGEST:
        raise BadInput(f"the file has more than {LARGEST >> 20} MiB, so it is no token", path.name)
    return content


def _names(listed: bytes, content: bytes) -> bool:
    """Return whether a list of digests, one a line, names that of some bytes."""
    lines = set(listed.decode("ascii", "replace").lower().split())
    return any(hashlib.new(name, content).hexdigest() in lines for name in ("sha256", "sha3_512", "sha512"))
