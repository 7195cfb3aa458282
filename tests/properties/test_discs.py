"""The heaviest disc is the heaviest wherever its centre lies: every centre that matters is tried."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import BadInput
from holdfire.places import EARTH
from holdfire.protecting import discs
from holdfire.protecting.discs import SHORT, Discs


def tried(at: np.ndarray, mass: np.ndarray, radius: float) -> int:
    """Return the heaviest disc about every place, and through every two."""
    one, other = np.triu_indices(len(at), 1)
    ahead = at[other] - at[one]
    apart = np.hypot(*ahead.T)
    near = (apart < 2 * radius) & (apart > 0)
    middle, ahead, apart = (at[one] + at[other])[near] / 2, ahead[near], apart[near]
    aside = np.column_stack([-ahead[:, 1], ahead[:, 0]]) / apart[:, None]
    aside *= np.sqrt(radius**2 - apart**2 / 4)[:, None]
    centres = np.concatenate([at, middle + aside, middle - aside])
    far = np.hypot(*(centres[:, None] - at[None]).transpose(2, 0, 1))
    return int(((far <= radius * (1 + 1e-9)) * mass).sum(axis=1).max())


@settings(max_examples=60)
@given(st.integers(0, 100_000), st.integers(2, 60))
def test_it_is_what_trying_every_centre_finds(seed: int, many: int) -> None:
    draw = np.random.default_rng(seed)
    at = draw.uniform(0, 4000, (many, 2))
    mass = draw.integers(0, 50, many)
    lon, lat = 36 + np.degrees(at[:, 0] / EARTH), np.degrees(at[:, 1] / EARTH)  # at the equator a plane
    found = Discs(lon, lat, 1000)
    some = np.flatnonzero(draw.uniform(size=many) < 0.7)
    if not len(some):
        return
    heaviest = found.heaviest(some, mass)
    least, most = (tried(at[some], mass[some], 1000 * by) for by in (SHORT * 0.9999, SHORT * 1.0001))
    assert least <= heaviest <= most
    limit = heaviest // 2
    assert found.heaviest(some, mass, limit) > limit or heaviest <= limit
    assert found.heaviest(some, mass, heaviest) <= heaviest


def test_discs_about_places_alone_are_not_the_heaviest() -> None:
    """The control: three places on a circle of 990 m, 1.7 km from each other, and none in its middle."""
    turn = np.radians([90, 210, 330])
    lon, lat = 36 + np.degrees(990 * np.cos(turn) / EARTH), np.degrees(990 * np.sin(turn) / EARTH)
    assert Discs(lon, lat, 1000).heaviest(np.arange(3), np.array([5, 6, 7])) == 18


def test_places_too_dense_to_be_swept_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discs, "MOST_PAIRS", 50)
    with pytest.raises(BadInput, match="pairs of candidate places"):
        Discs(36 + np.arange(20) / 1000, np.full(20, 34.0), 1000)
