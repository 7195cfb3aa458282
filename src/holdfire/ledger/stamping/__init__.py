"""Tokens of time-stamping services, checked offline, and never a gate.

A token shows that someone else saw a digest at a time. It matures, is lost, or names an authority nobody
knows; a report is as good without. So a token is kept beside the report, what it says is said, and nothing is
made to depend on it. RFC 3161 tokens and OpenTimestamps proofs are read.
"""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.errors import BadInput, nearest
from holdfire.ledger.stamping import opentimestamps, rfc3161
from holdfire.ledger.stamping.stamp import OPENTIMESTAMPS, RFC3161, Stamp, Standing, unreadable

__all__ = ["LARGEST", "OPENTIMESTAMPS", "RFC3161", "Stamp", "Standing", "check_token", "kind_of"]

LARGEST = 1 << 20
"""Most bytes of a token."""


def kind_of(token: bytes) -> str | None:
    """Return the kind of token that bytes begin as; None: neither."""
    if token.startswith(opentimestamps.MAGIC):
        return OPENTIMESTAMPS
    return RFC3161 if rfc3161.recognises(token) else None


def check_token(kind: str, token: bytes, content: bytes, roots: Sequence[bytes] = ()) -> Stamp:
    """Return what a token says of some bytes.

    Args:
        kind: `RFC3161` or `OPENTIMESTAMPS`.
        token: The token, untouched.
        content: The bytes it is said to stamp.
        roots: Certificates of authorities the asker knows, PEM, for `RFC3161`.

    Raises:
        BadInput: No kind of token is called so, or a root is no certificate.
    """
    checks = {RFC3161: lambda: rfc3161.check(token, content, roots),
              OPENTIMESTAMPS: lambda: opentimestamps.check(token, content)}  # fmt: skip
    if kind not in checks:
        raise BadInput(f'no kind of token is called "{kind}"', hint=nearest(kind, checks))
    if len(token) > LARGEST:
        return unreadable(kind, f"it has more than {LARGEST >> 20} MiB")
    return checks[kind]()
