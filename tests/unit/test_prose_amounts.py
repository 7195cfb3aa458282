"""Numbers with how far they bind, and what they count."""

from __future__ import annotations

import pytest

from holdfire.reading.prose.words.amounts import amounts
from holdfire.reading.prose.words.tokens import sentences
from prosing import one, read


def _found(text: str) -> list[tuple[int | None, int | None, int | None, str]]:
    return [
        (a.low, a.best, a.most, a.unit)
        for s in sentences(text, 0, len(text), 0, "body")
        for a in amounts(s, set())
    ]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("five people", (5, 5, 5, "people")),
        ("at least five people", (5, None, None, "people")),
        ("over 470,000 people", (470_000, None, None, "people")),
        ("more than 1,000 bombs", (1000, None, None, "bombs")),
        ("up to 20 rebels", (None, None, 20, "rebels")),
        ("as many as 20 soldiers", (None, None, 20, "soldiers")),
        ("fewer than 20 soldiers", (None, None, 20, "soldiers")),
        ("about 300 people", (None, 300, None, "people")),
        ("nearly 300 people", (None, 300, None, "people")),
        ("between 20 and 30 civilians", (20, None, 30, "civilians")),
        ("10 to 15 rebels", (10, None, 15, "rebels")),
        ("dozens of people", (20, None, None, "people")),
        ("hundreds of thousands of people", (100_000, None, None, "people")),
        ("several others", (2, None, None, "others")),
        ("twenty-five people", (25, 25, 25, "people")),
        ("two dozen rebels", (24, 24, 24, "rebels")),
        ("1.9 million people", (1_900_000, 1_900_000, 1_900_000, "people")),
        ("5 or more people", (5, None, None, "people")),
    ],
)
def test_number(text: str, meant: tuple[int | None, int | None, int | None, str]) -> None:
    assert _found(f"{text} came.") == [meant]


@pytest.mark.parametrize(
    "text",
    [
        "An F-15 came.",
        "A 45-year-old man came.",
        "They came in 2016.",
        "They came 10 km.",
        "They paid $5 for it.",
        "Resolution 2254 came.",
        "They came for 20 days.",
        "It fell by 11.5 per cent.",
        "One of them came.",
    ],
)
def test_what_counts_nothing(text: str) -> None:
    assert _found(text) == []


def _harm(text: str, kind: str = "attack.shelling") -> tuple[object, ...]:
    row = one(text, kind)
    return tuple(row[k] for k in ("killed_low", "killed_best", "killed_high", "civilians_low", "injured_low"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Shelling in Marrow killed five people.", (5, 5, 5, None, None)),
        ("Shelling in Marrow killed at least five civilians.", (5, None, None, 5, None)),
        ("Shelling in Marrow killed 12 people and injured 30.", (12, 12, 12, None, 30)),
        ("Shelling in Marrow left 12 people dead and 30 wounded.", (12, 12, 12, None, 30)),
        ("Twelve people were killed and 30 wounded in shelling in Marrow.", (12, 12, 12, None, 30)),
        ("Shelling in Marrow killed 12 people, including five children.", (12, 12, 12, 5, None)),
        ("Shelling in Marrow wounded dozens.", (None, None, None, None, 20)),
        ("Shelling hit Marrow.", (None, None, None, None, None)),
        ("Shelling killed as many as 20 people in Marrow.", (None, None, 20, None, None)),
    ],
)
def test_harm(text: str, meant: tuple[object, ...]) -> None:
    assert _harm(text) == meant


@pytest.mark.parametrize(
    ("text", "quantity", "bound"),
    [
        ("The war has claimed the lives of over 470,000 people in total since March 2021.", 470_000, "lower"),
        (
            "The Strip Monitor documented 191,369 killings between March 2021 and April 2024.",
            191_369,
            "exact",
        ),
        ("The war had caused 470,000 deaths, it said.", 470_000, "exact"),
        ("More than 250,000 people have been killed since the war began in 2021.", 250_000, "lower"),
        ("250,000 people had been killed, the report said.", 250_000, "exact"),
    ],
)
def test_deaths_of_no_one_event_are_a_toll(text: str, quantity: int, bound: str) -> None:
    row = one(text, "toll.deaths")
    assert (row["quantity"], row["quantity_bound"], row["counting_rule"]) == (quantity, bound, "death")
    assert row["cumulative"]
    assert row["killed_low"] is None


@pytest.mark.parametrize(
    ("text", "kind", "quantity", "rule", "cumulative"),
    [
        ("The Strip Monitor recorded 49 violations of the truce in two days.", "ceasefire.violation", 49,
         "violation as counted by monitor", True),
        ("The Strip Monitor said the army had committed at least nine breaches of the truce since Saturday.",
         "ceasefire.violation", 9, "violation as counted by monitor", True),
        ("The Strip Monitor said the army committed 15 violations of the truce on Saturday.",
         "ceasefire.violation", 15, "violation as counted by monitor", False),
        ("The army arrested 14 people in Tarn on Thursday.", "detention.arrest", 14, "arrest", False),
        ("The Strip Monitor documented 32 arrests.", "detention.arrest", 32, "arrest", True),
    ],
)  # fmt: skip
def test_a_count_says_its_rule(text: str, kind: str, quantity: int, rule: str, cumulative: bool) -> None:
    row = one(text, kind)
    assert (row["quantity"], row["counting_rule"], row["cumulative"]) == (quantity, rule, cumulative)


def test_the_parts_of_a_count_have_their_own_actors() -> None:
    counted = "The Strip Monitor recorded 35 breaches of the truce"
    text = f"{counted}: 27 by the Northern Army and eight by the River Brigade."
    found = {tuple(row["actors"] or ()): row["quantity"] for row in read(text)}
    assert found == {(): 35, ("north",): 27, ("river",): 8}
