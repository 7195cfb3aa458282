"""Ed25519 signatures, checked without any library: RFC 8032 section 5.1.7, strictly.

Refused beside signatures that do not hold: a key or point that is not written in its one form (y not below
p, or x = 0 with its sign set), S not below the group's order, and keys of small order, under which one
signature holds for many messages. The equation checked is the one without the cofactor, and the point R
is compared as bytes. tests/unit/test_verifying_ed25519.py holds it against the vectors of RFC 8032 and
against `cryptography`.

Points are in extended coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z (Hisil et al. 2008).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Tuple  # noqa: UP035 (an alias at run time, on Python 3.8)

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
_ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)

Point = Tuple[int, int, int, int]  # noqa: UP006

_ZERO: Point = (0, 1, 1, 0)


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether a signature (64 bytes) of this message holds under a public key (32 bytes)."""
    if len(key) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    powers = _powers_of_minus(key)
    if s >= ORDER or powers is None:
        return False
    hashed = hashlib.sha512(signature[:32] + key + message).digest()
    k = int.from_bytes(hashed, "little") % ORDER
    return _written(_sum_of_two(s, _BASE, k, powers)) == signature[:32]


def valid_key(key: bytes) -> bool:
    """Return whether 32 bytes are a public key that may be used."""
    return len(key) == 32 and _powers_of_minus(key) is not None


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % PRIME
    b = (one[1] + one[0]) * (other[1] + other[0]) % PRIME
    c = 2 * one[3] * other[3] * _D % PRIME
    d = 2 * one[2] * other[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def _double(point: Point) -> Point:
    x, y, z, _ = point
    a, b = x * x % PRIME, y * y % PRIME
    h = a + b
    e = h - (x + y) * (x + y) % PRIME
    g = a - b
    f = 2 * z * z % PRIME + g
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def _sum_of_two(s: int, base: list[Point], k: int, other: list[Point]) -> Point:
    """Return s of one point and k of another, from their first sixteen multiples, four bits at a time."""
    total = _ZERO
    for shift in range(252, -1, -4):
        for _ in range(4):
            total = _double(total)
        total = _add(total, base[s >> shift & 15])
        total = _add(total, other[k >> shift & 15])
    return total


def _multiples(point: Point) -> list[Point]:
    found = [_ZERO]
    for _ in range(15):
        found.append(_add(found[-1], point))
    return found


def _written(point: Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, PRIME - 2, PRIME)
    return (y * inverse % PRIME | (x * inverse % PRIME & 1) << 255).to_bytes(32, "little")


def _read(content: bytes) -> Point | None:
    """Return the point that 32 bytes stand for; None: they are not in the one form of a point."""
    y = int.from_bytes(content, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if x * x % PRIME != square:
        x = x * _ROOT_OF_MINUS_ONE % PRIME
    if x * x % PRIME != square or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return (x, y, 1, x * y % PRIME)


@lru_cache(maxsize=256)
def _powers_of_minus(key: bytes) -> list[Point] | None:
    """Return the multiples of minus a key's point; None: it is no point, or one of small order."""
    point = _read(key)
    if point is None:
        return None
    eighth = _double(_double(_double(point)))
    if eighth[0] % PRIME == 0:  # eight times a point of small order is the neutral one
        return None
    return _multiples((PRIME - point[0], point[1], 1, PRIME - point[3]))


_BASE_POINT = _read((4 * pow(5, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little"))
_BASE = _multiples(_BASE_POINT or _ZERO)
