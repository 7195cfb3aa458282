"""Whether a file gives latitude and longitude in each other's place.

A range check finds this only beyond 90 degrees. Where the case has a gazetteer, a file most of whose
places lie outside it as written, and inside it the other way round, is refused: a map of it would be wrong.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from holdfire.reading.tabular import Faults
from holdfire.records.casefile import Gazetteer

Numbers = npt.NDArray[np.float64]

MARGIN = 1.0
"""How far beyond the outermost places of the gazetteer its area reaches [degrees]."""
FEWEST = 5
"""Located rows below which nothing is said: one row may well lie across the border."""


class Swapped:
    """Counts places that would lie in the area of the case if latitude and longitude changed places."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        places = list(gazetteer.places.values())
        self._known = len(places) >= FEWEST
        if self._known:
            lats, lons = [p.lat for p in places], [p.lon for p in places]
            self._lat = (min(lats) - MARGIN, max(lats) + MARGIN)
            self._lon = (min(lons) - MARGIN, max(lons) + MARGIN)
        self._located = 0
        self._swapped = 0

    def add(self, latitudes: pa.Array, longitudes: pa.Array) -> None:
        """Count some rows; a null is a row that is not located."""
        if not self._known:
            return
        lat = latitudes.to_numpy(zero_copy_only=False).astype(np.float64)
        lon = longitudes.to_numpy(zero_copy_only=False).astype(np.float64)
        as_written = self._inside(lat, lon)
        self._located += int(np.isfinite(lat).sum())
        self._swapped += int((~as_written & self._inside(lon, lat)).sum())

    def _inside(self, lat: Numbers, lon: Numbers) -> npt.NDArray[np.bool_]:
        within = (self._lat[0] <= lat) & (lat <= self._lat[1])
        return within & (self._lon[0] <= lon) & (lon <= self._lon[1])

    def note(self, faults: Faults) -> None:
        """Note it if most of the file's places are so."""
        if self._located >= FEWEST and 2 * self._swapped > self._located:
            faults.note(
                0,
                f"{self._swapped} of {self._located} places lie in the area of the case only if latitude and "
                "longitude change places",
                "swap the two columns, or their names in the header or the mapping",
            )
