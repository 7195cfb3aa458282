"""Candidate places made for tests of zones: thick in towns, thin between, anywhere on Earth."""

from __future__ import annotations

import numpy as np

from holdfire.protecting.candidates import Candidates, gather

Reals = np.ndarray


def scattered(
    seed: int, many: int = 600, middle: tuple[float, float] = (38.0, 35.0), spread: float = 1.5
) -> tuple[Reals, Reals, Reals]:
    """Return longitudes, latitudes and weights of made places about a middle [degrees]."""
    draw = np.random.default_rng(seed)
    towns = draw.uniform(-spread, spread, (max(1, many // 30), 2))
    near = towns[draw.integers(0, len(towns), many)] + draw.normal(0, spread / 15, (many, 2))
    places = np.where(draw.uniform(size=(many, 1)) < 0.6, near, draw.uniform(-spread, spread, (many, 2)))
    stretch = 1 / np.cos(np.radians(min(88.0, abs(middle[1]))))
    lon = (middle[0] + places[:, 0] * stretch + 180) % 360 - 180
    lat = np.clip(middle[1] + places[:, 1], -89.9, 89.9)
    weights = np.exp(draw.normal(7, 1.0, many))
    return np.round(lon, 5), np.round(lat, 5), np.round(weights)


def places(seed: int, many: int = 600, middle: tuple[float, float] = (38.0, 35.0)) -> Candidates:
    """Return made candidates with a second prior."""
    lon, lat, weights = scattered(seed, many, middle)
    return gather(lon, lat, {"people": weights})
