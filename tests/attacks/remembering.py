"""Signatures of bundles that differ in one place are mostly the same: what one took to work out is kept."""

from __future__ import annotations


def remembered(sum_of_two):  # type: ignore[no-untyped-def]
    """Return the sum of two points' multiples of ed25519.py, which keeps what it worked out.

    It depends on two numbers and two points, the second of the multiples that are given of each. Its text is
    run beside the one file too, so it stands alone.
    """
    known = {}

    def summed(s, base, k, other):  # type: ignore[no-untyped-def]
        asked = (s, base[1], k, other[1])
        if asked not in known:
            known[asked] = sum_of_two(s, base, k, other)
        return known[asked]

    return summed
