"""OpenTimestamps proofs (`.ots`): from the digest of some bytes, step by step, to what attests it.

A proof is a tree of operations on a message, with attestations at its leaves (python-opentimestamps 0.4.5,
core/timestamp.py, op.py and notary.py, are the definition; there is no other). Read here are the operations
and the attestations of calendars and of Bitcoin. A Bitcoin attestation says that the message is the Merkle
root of a block: whether it is, only the chain can say, and no chain is asked. The library itself would bring
two more, for the network and for Bitcoin, that nothing here needs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from holdfire.answers import Answer
from holdfire.ledger.stamping.stamp import OPENTIMESTAMPS, Stamp, Standing, other, unreadable

MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"
DEEPEST = 256
"""Most operations from the digest to a leaf, as in the definition."""
LONGEST = 4096
"""Most bytes of a message, as in the definition."""
MOST = 20_000
"""Most steps of a proof: each forks from a message that is then held."""

_PENDING = bytes.fromhex("83dfe30d2ef90c8e")
_BITCOIN = bytes.fromhex("0588960d73d71901")
_APPEND, _PREPEND, _REVERSE, _HEX = 0xF0, 0xF1, 0xF2, 0xF3
_ATTESTED, _FORK = 0x00, 0xFF
_DIGESTS: dict[int, tuple[str, int]] = {0x02: ("sha1", 20), 0x03: ("ripemd160", 20), 0x08: ("sha256", 32)}


@dataclass(slots=True)
class _Reader:
    content: bytes
    at: int = 0
    steps: int = 0
    pending: int = 0
    blocks: set[int] = field(default_factory=set)
    unknown: int = 0

    def take(self, size: int) -> bytes:
        if size > len(self.content) - self.at:
            raise ValueError("it ends early")
        self.at += size
        return self.content[self.at - size : self.at]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        """Return an unsigned integer of seven bits a byte, the lowest first."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
            if shift > 63:
                raise ValueError("a number is too large")

    def string(self, most: int) -> bytes:
        size = self.number()
        if size > most:
            raise ValueError("a part is too long")
        return self.take(size)


def check(token: bytes, content: bytes) -> Stamp:
    """Return what a proof says of some bytes."""
    reader = _Reader(token)
    try:
        algorithm, value = _head(reader)
        if _digest(algorithm, content) != value:
            return other(OPENTIMESTAMPS)
        _walk(reader, value)
        if reader.at != len(token):
            raise ValueError("other bytes follow it")
    except ValueError as error:
        return unreadable(OPENTIMESTAMPS, str(error))
    return _said(reader, algorithm)


def _head(reader: _Reader) -> tuple[str, bytes]:
    if not reader.content.startswith(MAGIC):
        raise ValueError("it does not begin as a proof does")
    reader.take(len(MAGIC))
    if reader.number() != 1:
        raise ValueError("it is of another version")
    tag = reader.byte()
    if tag not in _DIGESTS:
        raise ValueError("its digest is of a kind that is not read")
    algorithm, size = _DIGESTS[tag]
    return algorithm, reader.take(size)


def _walk(reader: _Reader, first: bytes) -> None:
    """Follow every branch of the tree; without recursion, so that depth is a number and never a crash."""
    waiting = [(first, 0)]
    while waiting:
        message, depth = waiting.pop()
        reader.steps += 1
        if reader.steps > MOST or depth > DEEPEST:
            raise ValueError("it has too many steps")
        tag = reader.byte()
        if tag == _FORK:  # one more branch hangs on this message, after the one that begins here
            waiting.append((message, depth))
            tag = reader.byte()
        if tag == _ATTESTED:
            _attested(reader, message)
        else:
            waiting.append((_result(reader, tag, message), depth + 1))


def _result(reader: _Reader, tag: int, message: bytes) -> bytes:
    if tag in _DIGESTS:
        return _digest(_DIGESTS[tag][0], message)
    if tag == _APPEND:
        result = message + reader.string(LONGEST)
    elif tag == _PREPEND:
        result = reader.string(LONGEST) + message
    elif tag == _REVERSE:
        result = message[::-1]
    elif tag == _HEX:
        result = message.hex().encode()
    else:
        raise ValueError("it asks for an operation that is not known")
    if not result or len(result) > LONGEST:
        raise ValueError("a message is too long, or empty")
    return result


def _attested(reader: _Reader, message: bytes) -> None:
    kind = reader.take(8)
    payload = _Reader(reader.string(8192))
    if kind == _PENDING:
        reader.pending += 1
    elif kind == _BITCOIN and len(message) == 32:
        reader.blocks.add(payload.number())
    else:
        reader.unknown += 1


def _digest(algorithm: str, content: bytes) -> bytes:
    try:
        return hashlib.new(algorithm, content, usedforsecurity=False).digest()
    except ValueError:
        raise ValueError(f"{algorithm} is not to be had here") from None


def _said(reader: _Reader, algorithm: str) -> Stamp:
    weak = " Its digest is SHA-1, of which others can make two alike." if algorithm == "sha1" else ""
    if reader.blocks:
        block = min(reader.blocks)
        says = (
            f"matches: it leads from these bytes to the Merkle root of Bitcoin block {block}; whether that "
            f"block has this root was not looked up.{weak}"
        )
        standing = Standing.CHAINED
    elif reader.pending:
        says = (
            f"matches: pending at {reader.pending} calendars, which have promised to put it into Bitcoin; "
            f"`ots upgrade` fetches what came of it.{weak}"
        )
        standing = Standing.PENDING
    else:
        says, standing = f"matches: attested in ways that are not known here.{weak}", Standing.UNCHECKED
    return Stamp(kind=OPENTIMESTAMPS, matches=Answer.YES, standing=standing, says=says)
