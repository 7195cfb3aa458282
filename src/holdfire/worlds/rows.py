"""Records and truth as tables: claims as the rest of Holdfire has them, and beside them what is true.

Every file says in its metadata that it is simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from holdfire.digests import digest
from holdfire.places import RADIUS, GeoPrecision
from holdfire.records.claim import CLAIM
from holdfire.records.counting import INCIDENT
from holdfire.tables import INSTANT, INTEGER, TEXT
from holdfire.worlds.country import Country
from holdfire.worlds.preset import KINDS, Preset
from holdfire.worlds.streams import Flags, States, Whole, mixed
from holdfire.worlds.telling import Telling
from holdfire.worlds.told import DISTRICT, FIELDS, FINENESS, TIMES, Told

_VAGUE = {"attack.airstrike": "attack.bombardment", "attack.shelling": "attack.bombardment"}
_HEX = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), dtype=np.uint8).reshape(256, 2)


@dataclass(frozen=True)
class Writer:
    """Turns numbers into the words of one world."""

    preset: Preset
    country: Country
    seed: int

    @cached_property
    def parties(self) -> pa.Array:
        """Return the ids of the parties, then civilians."""
        return pa.array([*[party.id for party in self.preset.parties], "civilians"], TEXT)

    @cached_property
    def areas(self) -> pa.Array:
        """Return the English names of the governorates."""
        english = self.country.names.english
        return pa.array([english[town] for town in self.country.capital.tolist()], TEXT)

    @cached_property
    def kinds(self) -> pa.Array:
        """Return the names of types, then of each the one that says less."""
        less = [_VAGUE.get(kind, "attack.violence" if kind.startswith("attack") else kind) for kind in KINDS]
        return pa.array([*KINDS, *less], TEXT)

    @cached_property
    def sources(self) -> pa.Array:
        """Return the ids of the sources."""
        return pa.array([source.id for source in self.preset.sources], TEXT)

    @cached_property
    def _hands(self) -> list[pa.Array]:
        return [pa.array(names, TEXT) for names in self.country.names.written]

    def metadata(self) -> dict[str, str]:
        """Return what every file of the world says of itself."""
        return {"simulated": "true", "preset": self.preset.name, "seed": str(self.seed)}

    def claims(self, telling: Telling, block: int) -> pa.Table:
        """Return records as claims: a subset of the columns of CLAIM, and when each was published."""
        told, ear, country = telling.told, telling.ear, self.country
        count = len(told)
        home = country.governorate[country.district[told.town]]
        lat, lon = country.degrees(told.east, told.north)
        columns = {
            "claim_id": ids("c-", told.key),
            "report": self._report(telling, block),
            "seq": whole(self._numbers(telling)),
            "source": pa.repeat(pa.scalar(ear.note.id, TEXT), count),
            "root": self.sources.take(whole(np.where(told.cites >= 0, told.cites, ear.place))),
            "kind": pa.repeat(pa.scalar("reported", TEXT), count),
            "stance": self._stance(telling),
            "modality": pa.repeat(pa.scalar("actual", TEXT), count),
            "negated": pa.array(told.denied),
            "event_type": self.kinds.take(whole(told.kind + np.where(told.vague, len(KINDS), 0))),
            "actors": lists(self.parties, told.actor, told.ally),
            "targets": lists(self.parties, told.target),
            "directed": pa.array(told.kind != KINDS.index("attack.armed_clash")),
            "start": instants(told.start),
            "end": instants(told.end),
            "time_precision": pa.array(TIMES, TEXT).take(whole(told.time)),
            "place": self._place(telling),
            "admin1": self.areas.take(whole(home)),
            "lat": pa.array(np.round(lat, 5)),
            "lon": pa.array(np.round(lon, 5)),
            "radius": pa.array(_RADII[told.fine]),
            "geo_precision": pa.array(FINENESS, TEXT).take(whole(told.fine)),
            "killed_low": said(told.low),
            "killed_best": said(told.killed),
            "killed_high": said(told.high),
            "civilians_low": said(told.civilians),
            "civilians_high": said(told.civilians),
            "injured_low": said(told.injured),
            "injured_high": said(told.injured),
            "quantity": pa.array(told.sum, mask=told.sum < 2),
            "quantity_bound": _where(told.sum > 1, "exact"),
            "counting_rule": _where(told.sum > 1, INCIDENT),
            "cumulative": pa.array(told.total),
            "row": whole(np.arange(1, count + 1)),
            "published": instants(told.published),
        }
        ordered = {name: columns[name] for name in (*[n for n in CLAIM.names if n in columns], "published")}
        return pa.table(ordered).replace_schema_metadata(self.metadata())

    def _numbers(self, telling: Telling) -> Whole:
        count = len(telling.told)
        return (
            np.arange(1, count + 1) if telling.ear.note.kind == "dataset" else np.ones(count, dtype=np.int64)
        )

    def _report(self, telling: Telling, block: int) -> pa.Array:
        """Return a dataset's release of these days, or a report each."""
        if telling.ear.note.kind != "dataset":
            return ids("r-", ~telling.told.key)
        name = f"{self.preset.name}/{self.seed}/{telling.ear.note.id}/{block}"
        return pa.repeat(pa.scalar(digest(name.encode()), TEXT), len(telling.told))

    def _stance(self, telling: Telling) -> pa.Array:
        told, own = telling.told, telling.ear.own
        stances = pa.array(["asserts", "denies", "admits", "accuses"], TEXT)
        chosen = np.zeros(len(told), dtype=np.int64)
        if own >= 0:
            chosen = np.where((told.actor == own) | (told.ally == own), 2, np.where(told.actor >= 0, 3, 0))
        return stances.take(whole(np.where(told.denied, 1, chosen)))

    def _place(self, telling: Telling) -> pa.Array:
        told, country = telling.told, self.country
        district = country.district[told.town]
        named = np.where(told.fine == DISTRICT, country.seat[district], told.town)
        named = np.where(told.fine > DISTRICT, country.capital[country.governorate[district]], named)
        return self._hands[telling.ear.note.spelling].take(whole(named))


_RADII = np.array([RADIUS[GeoPrecision(name)] for name in FINENESS])


def whole(numbers: Whole | States | Flags) -> pa.Array:
    """Return whole numbers, as Arrow has them."""
    return pa.array(numbers.astype(np.int64), INTEGER)


def said(numbers: Whole) -> pa.Array:
    """Return numbers, null where they are not said."""
    return pa.array(numbers.astype(np.int64), INTEGER, mask=numbers < 0)


def instants(seconds: Whole) -> pa.Array:
    """Return instants from seconds since 1970."""
    return pa.array(seconds.astype(np.int64) * 1_000_000, INTEGER).cast(INSTANT)


def _where(which: Flags, word: str) -> pa.Array:
    return pa.array([word], TEXT).take(pa.array(np.zeros(len(which), dtype=np.int64), mask=~which))


def ids(prefix: str, keys: Whole) -> pa.Array:
    """Return ids: a prefix and sixteen hexadecimal digits, scattered so that their order says nothing."""
    scattered = mixed(keys.astype(np.int64).view(np.uint64)).astype(">u8")
    digits = _HEX[scattered.view(np.uint8).reshape(-1, 8)].reshape(-1, 16)
    width = len(prefix) + 16
    letters = np.empty((len(keys), width), dtype=np.uint8)
    letters[:, : len(prefix)] = np.frombuffer(prefix.encode(), dtype=np.uint8)
    letters[:, len(prefix) :] = digits
    offsets = np.arange(len(keys) + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(len(keys), pa.py_buffer(offsets), pa.py_buffer(letters))


def lists(words: pa.Array, *members: Whole) -> pa.Array:
    """Return a list of words for each row, without the members that are -1; null where none is left."""
    table = np.stack(members, axis=1)
    held = table >= 0
    offsets = np.concatenate([[0], np.cumsum(held.sum(axis=1))]).astype(np.int32)
    values = words.take(whole(table[held]))
    empty = ~held.any(axis=1)
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=pa.array(empty))


def wrong(told: Told) -> pa.Array:
    """Return the names of the fields that are wrong, a list for each record, empty where none is."""
    bits = np.stack([np.where(told.wrong & (1 << bit), bit, -1) for bit in range(len(FIELDS))], axis=1)
    held = bits >= 0
    offsets = np.concatenate([[0], np.cumsum(held.sum(axis=1))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(FIELDS, TEXT).take(whole(bits[held])))
