"""A small profile, and made-up records for it whose truth is known: what the tests of linkage share."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from holdfire.fusing.parameters import Odds, Parameters, Trained, compared
from holdfire.fusing.profile import Profile, read_profile

PROFILE = """
name: made_up
says: One made-up event.
columns:
  {day: INTEGER, x: INTEGER, y: INTEGER, place: INTEGER, type: INTEGER, who: "INTEGER[]", killed: INTEGER}
comparisons:
  - name: where_
    says: How far apart they are.
    levels:
      - {name: nowhere, when: "x_l IS NULL OR x_r IS NULL", silent: true}
      - {name: same place, when: place_l = place_r, term: place}
      - {name: within 2 km, when: abs(x_l - x_r) <= 2000 AND abs(y_l - y_r) <= 2000}
      - {name: within 15 km, when: abs(x_l - x_r) <= 15000 AND abs(y_l - y_r) <= 15000}
      - {name: farther}
  - name: when_
    says: How many days apart they are.
    levels:
      - {name: never, when: day_l IS NULL OR day_r IS NULL, silent: true}
      - {name: same day, when: day_l = day_r}
      - {name: next day, when: abs(day_l - day_r) <= 1}
      - {name: within 3 days, when: abs(day_l - day_r) <= 3}
      - {name: farther}
  - name: what
    says: Of which type.
    levels:
      - {name: same type, when: type_l = type_r, term: type}
      - {name: other type}
  - name: who_
    says: Who is named.
    levels:
      - name: nobody
        when: coalesce(array_length(who_l), 0) = 0 OR coalesce(array_length(who_r), 0) = 0
        silent: true
      - {name: one in common, when: "list_has_any(who_l, who_r)"}
      - {name: none in common}
  - name: killed_
    says: How many died.
    levels:
      - {name: not said, when: "killed_l IS NULL OR killed_r IS NULL", silent: true}
      - {name: same number, when: killed_l = killed_r}
      - {name: about, when: "abs(killed_l - killed_r) <= 1 + greatest(killed_l, killed_r) // 3"}
      - {name: others}
blocking:
  - name: near in time and space
    keys:
      - "[day // 8, (day + 4) // 8 + 1000000]"
      - "[x // 20000, (x + 10000) // 20000 + 1000000]"
      - y // 40000
    order: [type, day]
  - name: same place, near in time
    keys: [place, "[day // 8, (day + 4) // 8 + 1000000]"]
    order: [day, type]
training: [when_, where_, what]
"""


def made_up() -> Profile:
    """Return the profile."""
    return read_profile(PROFILE)


def plain_parameters(profile: Profile | None = None) -> Parameters:
    """Return parameters that were set by hand, not trained."""
    own = profile or made_up()
    m = {
        "where_": (None, 0.6, 0.2, 0.15, 0.05),
        "when_": (None, 0.7, 0.2, 0.07, 0.03),
        "what": (0.8, 0.2),
        "who_": (None, 0.9, 0.1),
        "killed_": (None, 0.7, 0.2, 0.1),
    }
    u = {
        "where_": (None, 0.002, 0.002, 0.006, 0.99),
        "when_": (None, 0.001, 0.002, 0.007, 0.99),
        "what": (0.2, 0.8),
        "who_": (None, 0.3, 0.7),
        "killed_": (None, 0.2, 0.2, 0.6),
    }
    levels = {
        each.name: [
            Odds(level=level.name, m=a, u=b)
            for level, a, b in zip(each.levels, m[each.name], u[each.name], strict=True)
        ]
        for each in own.comparisons
    }
    trained = Trained(on="nothing", how="set by hand for tests", records=0, pairs=0)
    return Parameters(
        profile=own.name,
        compared=compared(own),
        partners=1.0,
        shares={"place": 0.002, "type": 0.2},
        levels=levels,
        trained=trained,
    )


def events(
    records: int, seed: int, sources: int = 3, again: float = 0.02, apart: bool = False
) -> tuple[pa.Table, np.ndarray]:
    """Return made-up features, in order of source, and the event that each record is about.

    Args:
        records: How many, about.
        seed: Of everything drawn.
        sources: How many sources; each tells of about half the events.
        again: Share of events that a source tells twice.
        apart: Whether records of one source are never of one event.
    """
    draw = np.random.default_rng(seed)
    many = max(2, round(records / (sources * 0.5 * (1 + again))))
    places = max(5, many // 60)
    # the country grows with what happens in it, so that blocks do not
    side = round(600_000 * max(1.0, many / 60_000) ** 0.5)
    at = draw.integers(0, side, (places, 2))
    heavy = 1 / (1 + np.arange(places)) ** 0.7
    place = draw.choice(places, many, p=heavy / heavy.sum())
    day = draw.integers(0, max(30, min(1500, many // 40)), many)
    type_ = draw.choice(6, many, p=[0.4, 0.2, 0.15, 0.1, 0.1, 0.05])
    who = draw.integers(0, 5, many)
    killed = draw.geometric(0.4, many) - 1
    rows = []
    for source in range(sources):
        told = np.flatnonzero(draw.random(many) < 0.5)
        told = np.sort(np.concatenate([told, told[draw.random(len(told)) < (0 if apart else again)]]))
        n = len(told)
        slip = np.where(draw.random(n) < 0.25, draw.integers(-2, 3, n), 0)
        here = np.where(draw.random(n) < 0.05, draw.integers(0, places, n), place[told])
        off = np.where(draw.random((n, 1)) < 0.6, 0, draw.normal(0, 3000, (n, 2))).astype(int)
        rows.append(
            {
                "event": told,
                "source": np.full(n, source),
                "day": np.maximum(day[told] + slip, 0),  # DuckDB rounds a negative quotient up
                "x": np.maximum(at[here, 0] + off[:, 0], 0),
                "y": np.maximum(at[here, 1] + off[:, 1], 0),
                "place": np.where(off[:, 0] == 0, here, -1),
                "type": np.where(draw.random(n) < 0.15, draw.integers(0, 6, n), type_[told]),
                "who": np.where(draw.random(n) < 0.3, -1, who[told]),
                "killed": np.where(draw.random(n) < 0.3, -1, killed[told]),
            }
        )
    whole = {name: np.concatenate([each[name] for each in rows]) for name in rows[0]}
    return features(whole, apart), whole["event"]


def features(columns: dict[str, np.ndarray], apart: bool = False) -> pa.Table:
    """Return columns of numbers as features; -1 in place, who and killed says nothing."""
    n = len(columns["source"])

    def known(name: str) -> pa.Array:
        values = np.asarray(columns[name])
        return pa.array(values, pa.int32(), mask=values == -1)

    who = np.asarray(columns["who"])
    ends = np.concatenate([[0], np.cumsum(who >= 0)]).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(ends), pa.array(who[who >= 0], pa.int32()))
    plain = {name: pa.array(np.asarray(columns[name]), pa.int32()) for name in ("day", "x", "y", "type")}
    return pa.table(
        {
            "record": pa.array(np.arange(n), pa.int64()),
            "source": pa.array(np.asarray(columns["source"]), pa.int32()),
            "apart": pa.array(np.full(n, apart)),
            **plain,
            "place": known("place"),
            "who": lists,
            "killed": known("killed"),
        }
    )
