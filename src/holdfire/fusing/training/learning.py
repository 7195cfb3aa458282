"""m and u of each level, from records alone or from pairs that people judged.

From records alone: u by comparing records drawn at random, then m by expectation maximisation over the
profile's rounds, both by Splink (Fellegi and Sunter 1969; Winkler 1988, Using the EM algorithm for weight
computation in the Fellegi-Sunter model). In each round the pairs, of those that meet, agree on the best level
of one comparison that enough of them show, which is held fixed. Splink trains on one thread and what it
finds is rounded, so the same records, seed and versions give the same bytes. A level never seen is believed
to be rare, not impossible.

From judged pairs: m is counted, with what was believed before counting as `BELIEF` pairs.
"""

from __future__ import annotations

import math
import statistics
from copy import deepcopy
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from holdfire.engine import Engine, Session
from holdfire.errors import BadInput, Problems
from holdfire.fusing.comparing.blocking import lay, meeting
from holdfire.fusing.comparing.scoring import Scored, levels_of, pairs, side_by_side
from holdfire.fusing.comparing.terms import prepare
from holdfire.fusing.parameters import LEAST_M, LEAST_U, Odds, Parameters, Trained, compared, rounded
from holdfire.fusing.profile import Comparison, Level, Profile
from holdfire.fusing.training.model import linker, model, side

if TYPE_CHECKING:
    from splink import Linker
    from splink.internals.comparison import Comparison as SplinkComparison

BELIEF = 50
"""How many judged pairs the parameters before count for when new ones are counted."""

_SAMPLE = 2_000_000
"""Pairs compared for u, and at most in each round for m."""

_ENOUGH = 200
"""Pairs that must show a level for a round to be of them."""

_BEGIN = 0.1
"""Share of the pairs that met from which EM begins."""

_FIRST = 1.0
"""Partners of a record, before anything is known."""


def train(
    features: pa.Table,
    profile: Profile,
    on: str,
    seed: int,
    engine: Engine,
    before: Parameters | None = None,
) -> Parameters:
    """Return parameters trained on records that nobody has judged.

    Args:
        features: With `record`, `source`, `apart` and the columns of the profile.
        profile: What is compared, and which comparisons are held in turn.
        on: What the records are, in words; it is kept in the file.
        seed: Of the records drawn for u.
        engine: Its memory; training takes one thread whatever it says.
        before: Where a level is never seen, or a comparison trained in no round, its odds are as here, and
            so are the frequencies of a term that no two records have; `how` says of how many levels. None:
            such a level is believed to be rare, and the rest is an error.

    Raises:
        BadInput: A round finds no pairs, or a comparison is trained in none, or no round finds any.
    """
    with Engine(1, engine.memory, engine.scratch).session() as session:
        session.give("given", features)
        session.make("features", "SELECT * FROM given ORDER BY record")
        levels, weighed, kept = _levels(session, profile, seed, before)
        shares = {term: _share(session, term, before) for term in profile.terms}
        how = "u by random pairs, m by EM" + (f"; {kept} levels never seen keep their odds" if kept else "")
        trained = Trained(on=on, how=how, records=len(features), pairs=weighed, seed=seed)
        first = Parameters(
            profile=profile.name,
            compared=compared(profile),
            partners=_FIRST,
            shares=shares,
            levels=levels,
            trained=trained,
        )
        scored = pairs(session, profile, first, -20_000)
        solved = solve_prior(scored)
        return first.model_copy(update={"partners": partners(solved, scored.records)})


def _levels(
    session: Session, profile: Profile, seed: int, before: Parameters | None
) -> tuple[dict[str, list[Odds]], int, int]:
    """Return m and u of each level, how many pairs met, and how many levels keep what was believed before."""
    with linker(session, model(profile)) as splink:
        splink.training.estimate_u_using_random_sampling(max_pairs=_SAMPLE, seed=seed)
        u = {
            each.output_column_name: [
                None if level.is_null_level else _seen(level.u_probability)
                for level in each.comparison_levels
            ]
            for each in splink._settings_obj.comparisons
        }
        weighed = _meet(session, profile, splink)
        m: dict[str, list[list[float | None]]] = {each.name: [] for each in profile.comparisons}
        problems = Problems("training")
        for held in profile.training:
            try:
                for name, found in _round(session, splink, profile, held).items():
                    m[name].append(found)
            except BadInput as error:
                problems.extend(error.problems)
    if before is None or not any(m.values()):
        for name in (name for name, rounds in m.items() if not rounds):
            hint = "hold a comparison in some round that uses none of its columns"
            problems.add(f'no round trains "{name}"', "training", hint)
        problems.raise_any()
    levels, kept = {}, 0
    for each in profile.comparisons:
        found_m, found_u = _middle(m[each.name]), u[each.name]
        if before is not None:
            known = before.levels[each.name]
            found_m, found_u, unseen = _believed(known, found_m or [0.0] * len(known), found_u)
            kept += unseen
        levels[each.name] = _odds(each, found_m, found_u)
    return levels, weighed, kept


def _believed(
    before: list[Odds], m: list[float | None], u: list[float | None]
) -> tuple[list[float | None], list[float | None], int]:
    """Return m and u in which a level that one of them lacks has the odds of before; and how many do."""
    ours, theirs, kept = list[float | None](), list[float | None](), 0
    for odds, a, b in zip(before, m, u, strict=True):
        if odds.m is None or odds.u is None:
            ours.append(None)
            theirs.append(None)
            continue
        ratio = odds.m / odds.u
        kept += not (a and b)
        ours.append(a or (b * ratio if b else odds.m))
        theirs.append(b or (a / ratio if a else odds.u))
    return ours, theirs, kept


def _meet(session: Session, profile: Profile, splink: Linker) -> int:
    """Make the table `vectors` of the levels of pairs that meet, in Splink's numbers; return how many.

    Pairs come from the rules by which pairs are found, so one in some ten is of one thing. Among pairs that
    agree only in a day or a type it would be one in thousands, and EM would find some other two classes.
    """
    records = session.sql("SELECT count(*) AS n FROM features")["n"][0].as_py()
    session.make("compared", "SELECT * FROM features")
    blocks = lay(session, profile, records)
    numbers = ", ".join(
        f"[{', '.join(str(level.comparison_vector_value) for level in each.comparison_levels)}]"
        f"[level_of_{each.output_column_name} + 1] AS gamma_{each.output_column_name}"
        for each in splink._settings_obj.comparisons
    )
    # whole records are drawn, by a fixed mixing of their numbers
    drawn = max(1, min(1000, 1000 * _SAMPLE // max(1, blocks.most)))
    session.run("DROP TABLE IF EXISTS vectors")
    for number, (low, high) in enumerate(blocks.chunks()):
        drawn_of = f"a * 2654435761 % 1000003 % 1000 < {drawn}"
        session.make("met", f"SELECT * FROM ({meeting(blocks, low, high)}) WHERE {drawn_of}")
        found = f"""SELECT {numbers} FROM
            (SELECT {levels_of(profile)} FROM ({side_by_side("met", profile, steps=False)}))"""
        session.run(f"CREATE TABLE vectors AS {found}" if not number else f"INSERT INTO vectors {found}")
    return int(session.sql("SELECT count(*) AS n FROM vectors")["n"][0].as_py())


def _round(session: Session, splink: Linker, profile: Profile, held: str) -> dict[str, list[float | None]]:
    """Return m of each level of the comparisons that share no column with the one held.

    Splink's EM for two classes of the pairs that agree on it, m and u both free: among pairs that met, u is
    not that of random pairs. The second class begins as all pairs look, for most of them are of it.
    """
    from splink.internals.blocking import BlockingRule
    from splink.internals.em_training_session import EMTrainingSession

    comparison = next(each for each in profile.comparisons if each.name == held)
    first, best = _shown(session, comparison, splink)
    settings = splink._settings_obj
    training = EMTrainingSession(
        splink,
        db_api=splink._db_api,
        blocking_rule_for_training=BlockingRule(side(first.when, profile), "duckdb"),
        core_model_settings=deepcopy(settings.core_model_settings),
        training_settings=settings.training_settings,
        unique_id_input_columns=settings.column_info_settings.unique_id_input_columns,
        estimate_without_term_frequencies=True,
    )
    table = f"vectors_{held}"
    session.make(table, f"SELECT * FROM vectors WHERE gamma_{held} = {best}")
    begun = training.core_model_settings
    begun.probability_two_random_records_match = _BEGIN
    for each in begun.comparisons:
        seen = _look(session, table, each.output_column_name)
        for level in each._comparison_levels_excluding_null:
            level.u_probability = max(seen.get(level.comparison_vector_value, 0), LEAST_M)
    training._train(splink._db_api.table_to_splink_dataframe("__splink__df_comparison_vectors", table))
    return {each.output_column_name: _each(each, "m") for each in training.core_model_settings.comparisons}


def _shown(session: Session, comparison: Comparison, splink: Linker) -> tuple[Level, int]:
    """Return the best level of a comparison that enough pairs that met show, and its number in Splink.

    The best of all may need a fineness that no record of a case has, such as hours.

    Raises:
        BadInput: No level but the last is shown by enough.
    """
    name = comparison.name
    seen = session.sql(f"SELECT gamma_{name} AS level, count(*) AS n FROM vectors GROUP BY 1").to_pydict()
    counts = dict(zip(seen["level"], seen["n"], strict=True))
    known = next(c for c in splink._settings_obj.comparisons if c.output_column_name == name)
    numbers = [each.comparison_vector_value for each in known.comparison_levels]
    for level, number in list(zip(comparison.levels, numbers, strict=True))[:-1]:
        if not level.silent and counts.get(number, 0) >= _ENOUGH:
            return level, number
    said = f'no level of "{name}" but the last is shown by {_ENOUGH} of the pairs that met'
    raise BadInput(said, f"training, round {name}", "train on more records")


def _each(comparison: SplinkComparison, side: str) -> list[float | None]:
    """Return m or u of each level of a comparison of Splink; None of one that means silence."""
    return [
        None if level.is_null_level else _seen(getattr(level, f"{side}_probability"))
        for level in comparison.comparison_levels
    ]


def _look(session: Session, table: str, name: str) -> dict[int, float]:
    """Return the share of pairs at each level of a comparison, of those where neither is silent."""
    found = session.sql(
        f"""SELECT gamma_{name} AS level, count(*) AS n FROM {table} WHERE gamma_{name} >= 0
        GROUP BY gamma_{name} ORDER BY level"""
    ).to_pydict()
    total = sum(found["n"])
    return {level: n / total for level, n in zip(found["level"], found["n"], strict=True)}


def _middle(rounds: list[list[float | None]]) -> list[float | None]:
    """Return the median of what the rounds found of each level, as Splink takes it."""
    return [
        None if each[0] is None else statistics.median(value for value in each if value is not None)
        for each in zip(*rounds, strict=True)
    ]


def _seen(value: float | str | None) -> float:
    """Return a probability, or nought where Splink says in words that the level was not observed."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0


def _odds(comparison: Comparison, m: list[float | None], u: list[float | None]) -> list[Odds]:
    pairs = zip(comparison.levels, _shares(m, LEAST_M), _shares(u, LEAST_U), strict=True)
    return [Odds(level=level.name, m=a, u=b) for level, a, b in pairs]


def _shares(values: list[float | None], least: float) -> list[float | None]:
    """Return values that sum to one, none below the least."""
    raised = [None if value is None else max(value, least) for value in values]
    total = math.fsum(value for value in raised if value is not None)
    return [None if value is None else rounded(value / total) for value in raised]


def _share(session: Session, term: str, before: Parameters | None) -> float:
    """Return the chance that two random records that name the term name the same."""
    counts = session.sql(
        f"SELECT count(*) AS n FROM features WHERE {term} IS NOT NULL GROUP BY {term} ORDER BY n"
    )["n"].to_pylist()
    total = sum(counts)
    if total < 2 and before is not None:
        return before.shares[term]
    if total < 2:
        raise BadInput(f'fewer than two records have a "{term}"', "training", "train on more")
    same = sum(n * (n - 1) for n in counts) / (total * (total - 1))
    return rounded(max(same, LEAST_U))


def solve_prior(scored: Scored) -> int:
    """Return the prior at which as many pairs are expected to be of one thing as the prior says [millibits].

    The prior is the share of all pairs of records that are of one thing. Pairs that never met, or weigh less
    than the floor, count as of two. A fixed point, found by halving on a count of weights; in quarters of a
    bit, so one more record almost never moves it.
    """
    every = scored.records * (scored.records - 1) / 2
    weight = np.asarray(scored.pairs["weight"]) - scored.prior
    values, counts = np.unique(weight, return_counts=True)
    if not len(values):
        return scored.prior

    def excess(prior: float) -> float:
        """Return expected pairs less those that the prior says: positive where the prior is too low."""
        expected = float(np.sum(counts / (1 + np.exp2(-(values + prior) / 1000))))
        return expected - every / (1 + 2 ** (-prior / 1000))

    low, high = -60_000.0, 0.0
    # no pairs at all is a fixed point too: sought is the highest prior that expects no fewer than it says
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return round(low / 250) * 250


def partners(prior: int, records: int) -> float:
    """Return how many others are of one thing with a record, if a prior holds for so many."""
    return rounded(max(records - 1, 1) / (1 + 2 ** (-prior / 1000)))


def learn(features: pa.Table, same: pa.Table, profile: Profile, before: Parameters, on: str) -> Parameters:
    """Return parameters whose m is counted from pairs that were judged to be of one thing.

    Args:
        features: As of `train`.
        same: Pairs `a`, `b` of records.
        profile: What is compared.
        before: What was believed; it counts as BELIEF pairs, and its u, shares and prior are kept.
        on: What the pairs are, in words.
    """
    with Engine(1).session() as session:
        session.give("features", features)
        session.give("same", same)
        prepare(session, profile, before)
        seen = session.sql(f"SELECT {levels_of(profile)} FROM ({side_by_side('same', profile)})")
    levels = {
        each.name: _counted(before.levels[each.name], np.asarray(seen[f"level_of_{each.name}"]))
        for each in profile.comparisons
    }
    trained = Trained(on=on, how="m counted from judged pairs", records=len(features), pairs=len(same))
    return before.model_copy(update={"levels": levels, "trained": trained, "compared": compared(profile)})


def _counted(before: list[Odds], seen: np.ndarray) -> list[Odds]:
    counts = np.bincount(seen, minlength=len(before)).tolist()
    m = _shares(
        [None if odds.m is None else n + BELIEF * odds.m for odds, n in zip(before, counts, strict=True)],
        LEAST_M,
    )
    return [odds.model_copy(update={"m": share}) for odds, share in zip(before, m, strict=True)]
