"""Chance, by address: a stream of random numbers follows from the seed and from what it is for.

Every draw of a world has an address such as ("incidents", 12) or ("tell", "wire", 12): the block of time
and the source. Two streams share nothing, and no stream depends on what was drawn before it, so the order
of the work, the number of threads and the size of a write change nothing. Salmon, J. K. et al. (2011),
Parallel random numbers: as easy as 1, 2, 3 (Philox).
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Levels = npt.NDArray[np.float32]
States = npt.NDArray[np.int8]
Counts = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


def stream(seed: int, *address: str | int) -> np.random.Generator:
    """Return the stream of random numbers at this address.

    >>> float(stream(1, "a", 2).random()) == float(stream(1, "a", 2).random())
    True
    >>> float(stream(1, "a", 2).random()) == float(stream(1, "a", 3).random())
    False
    """
    words = [zlib.crc32(part.encode()) if isinstance(part, str) else part for part in address]
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, *words])))


def pick(chance: Floats, cumulative: Floats) -> Whole:
    """Return, for each chance in [0, 1), the choice whose share it falls in.

    Args:
        chance: Uniform numbers (n,).
        cumulative: Running shares of the choices, the last one 1 (choices,).
    """
    found = np.searchsorted(cumulative, chance, side="right")
    return np.minimum(found, len(cumulative) - 1).astype(np.int64)


def mixed(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return each number scattered over 64 bits, one to one (the finaliser of SplitMix64)."""
    with np.errstate(over="ignore"):
        numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
        numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return numbers ^ (numbers >> np.uint64(31))
