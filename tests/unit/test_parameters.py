"""Parameters are read back as they were written, and those of another profile are refused, all at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

import recounting
from holdfire.errors import BadInput
from holdfire.fusing.parameters import millibits, read_parameters


def changed(**more: Any) -> str:
    return json.dumps({**json.loads(recounting.plain_parameters().text()), **more})


def test_what_is_written_is_read_back() -> None:
    written = recounting.plain_parameters()
    assert read_parameters(written.text(), recounting.made_up()) == written


def test_every_difference_from_the_profile_is_named_at_once() -> None:
    text = json.loads(recounting.plain_parameters().text())
    del text["levels"]["what"]
    text["levels"]["colour"] = []
    text["levels"]["when_"][1]["level"] = "same week"
    text["levels"]["killed_"][1].pop("u")
    text["shares"] = {}
    with pytest.raises(BadInput) as error:
        read_parameters(json.dumps(text), recounting.made_up())
    said = str(error.value)
    for part in ('"colour"', '"what"', "same week", '"same number" needs both', '"place"', '"type"'):
        assert part in said


def test_probabilities_of_a_comparison_sum_to_one() -> None:
    levels = json.loads(recounting.plain_parameters().text())["levels"]
    levels["what"][0]["m"] = 0.5
    with pytest.raises(BadInput, match=r"the m of its levels sum to 0\.700"):
        read_parameters(changed(levels=levels), recounting.made_up())


def test_a_field_that_is_not_known_is_refused() -> None:
    with pytest.raises(BadInput, match="priors"):
        read_parameters(changed(priors=1), recounting.made_up())


def test_prior_falls_by_a_bit_where_records_double() -> None:
    parameters = recounting.plain_parameters()
    assert parameters.prior(2**20) == millibits(1 / (2**20 - 1))
    assert parameters.prior(2**20) - parameters.prior(2**21) == 1000
    assert parameters.prior(2) == parameters.prior(900)  # a small case is part of a larger war
