"""How many were harmed, and what they were."""

from __future__ import annotations

import pytest

from holdfire.reading.prose.acts.harm import Harm, harm
from holdfire.reading.prose.words.amounts import amounts
from holdfire.reading.prose.words.quantities import Amount
from holdfire.reading.prose.words.tokens import sentences


def _harm(text: str) -> Harm:
    s = next(iter(sentences(text, 0, len(text), 0, "body")))
    return harm(s, amounts(s, set()), 0, len(s))


def _bounds(amount: Amount | None) -> tuple[int | None, int | None] | None:
    return None if amount is None else (amount.low, amount.most)


@pytest.mark.parametrize(
    ("text", "killed", "civilians", "combatants", "injured"),
    [
        ("Five civilians and three fighters were killed.", (8, 8), (5, 5), (3, 3), None),
        ("A woman and her two children were killed.", (3, 3), (3, 3), None, None),
        ("At least 12 soldiers were killed and 30 wounded.", (12, None), None, (12, None), (30, 30)),
        ("Nine people died, five of them children.", (9, 9), (5, None), None, None),
        ("No one was hurt.", None, None, None, (0, 0)),
        ("The toll rose to 15 killed from 9.", (15, 15), None, None, None),
        ("Another four people were killed.", (4, 4), None, None, None),
        ("A soldier was wounded.", None, None, None, (1, 1)),
        ("The mayor was killed by a soldier.", (1, 1), None, None, None),
        ("A DEAD MAN AND 12 WOUNDED PEASANTS WERE FOUND.", None, None, None, (12, 12)),
        ("The fighters met the mayor.", None, None, None, None),
    ],
)
def test_harm(text: str, killed: object, civilians: object, combatants: object, injured: object) -> None:
    found = _harm(text)
    assert _bounds(found.killed) == killed
    assert _bounds(found.civilians) == civilians
    assert _bounds(found.combatants) == combatants
    assert _bounds(found.injured) == injured


def test_children_and_women_are_told_where_said() -> None:
    found = _harm("The raid killed 12 people, including three children and two women.")
    assert (_bounds(found.killed), _bounds(found.children), _bounds(found.women)) == (
        (12, 12),
        (3, 3),
        (2, 2),
    )


def test_parts_are_never_added() -> None:
    found = _harm("The raid killed 12 people, including three children and two women.")
    assert [each.use for each in found.counted] == ["", "part", "part"]
