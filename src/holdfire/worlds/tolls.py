"""What a world adds up to, counted while it is made."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from holdfire.worlds.country import Country
from holdfire.worlds.making import Made
from holdfire.worlds.preset import Preset
from holdfire.worlds.verdicts import VERDICTS


class Tolls:
    """Running totals of a world; `by_day` counts acts (days, governorates)."""

    def __init__(self, preset: Preset, country: Country) -> None:
        self._preset, self._country = preset, country
        self.by_day = np.zeros((preset.days, country.governorates), dtype=np.int64)
        self._sizes: Counter[str] = Counter()
        self._by_source: Counter[str] = Counter({source.id: 0 for source in preset.sources})
        self._harm: Counter[str] = Counter()
        self._by_actor: Counter[str] = Counter()
        self._by_verdict: Counter[str] = Counter()

    def add(self, made: Made) -> None:
        """Count one block."""
        acts = made.acts
        home = self._country.governorate[self._country.district[acts.town]]
        np.add.at(self.by_day, (acts.day[acts.real], home[acts.real]), 1)
        self._sizes["incidents"] += int(acts.real.sum())
        self._sizes["rumours"] += int((~acts.real).sum())
        for each in made.tellings:
            self._sizes["records"] += len(each.told)
            self._by_source[each.ear.note.id] += len(each.told)
        for name in ("killed", "civilians", "injured"):
            self._harm[name] += int(getattr(acts, name).sum())
        dead = np.bincount(acts.actor, weights=acts.killed, minlength=len(self._preset.parties))
        for party, count in zip(self._preset.parties, dead, strict=False):
            self._by_actor[party.id] += int(count)
        kept = np.bincount(acts.verdict, minlength=len(VERDICTS))
        for verdict, count in zip(VERDICTS, kept, strict=True):
            self._by_verdict[verdict] += int(count)

    def sizes(self) -> dict[str, Any]:
        """Return how many incidents, rumours and records there are, and records by source."""
        return {**self._sizes, "by_source": dict(self._by_source)}

    def tolls(self) -> dict[str, Any]:
        """Return true deaths and injuries, deaths by who caused them, and incidents by verdict."""
        return {**self._harm, "killed_by": dict(self._by_actor), "verdicts": dict(self._by_verdict)}
