"""`holdfire toll`: a number with its "if", a refusal with its reason, sums, and what is asked wrongly."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from holdfire.cli import app
from holdfire.errors import BadInput
from holdfire.publishing.pages.tollwords import tollwords

GOOD = [110, 84, 9, 93, 8, 14, 4, 31, 3, 2, 1, 9, 2, 3, 2]
"""People of each pattern of four lists, 0001 to 1111; bit j is list j."""
ODD = [216, 197, 104, 150, 86, 81, 142, 160, 55, 46, 26, 40, 9, 5, 28]
"""The same of lists that three tend to share: no log-linear model of pairs fits, and graphs do."""
QUICK = ("--estimator", "decomposable_graphs")
ATTESTED = ("--closed", "--same-definitions", "--attested-by", "the registry")


def rows(counts: list[int], lists: int, label: str = "") -> list[str]:
    marks = (",".join(str(pattern >> j & 1) for j in range(lists)) for pattern in range(1, 1 << lists))
    return [f"{mark},{n}{label}" for mark, n in zip(marks, counts, strict=True)]


def table(folder: Path, *groups: list[str], lists: int = 4, more: str = "", name: str = "t.csv") -> str:
    head = ",".join("ABCDEFGH"[:lists]) + ",n" + more
    path = folder / name
    path.write_text("\n".join([head, *(row for rows_ in groups for row in rows_)]) + "\n")
    return str(path)


def toll(*words: str) -> str:
    ran = CliRunner().invoke(app, ["toll", *words], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return " ".join(ran.output.split())


def machine(*words: str) -> list[dict[str, Any]]:
    ran = CliRunner().invoke(app, ["toll", *words, "--json"], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    found: list[dict[str, Any]] = json.loads(ran.output)
    return found


def test_what_nobody_attested_is_said_under_an_if(tmp_path: Path) -> None:
    path = table(tmp_path, rows(GOOD, 4))
    said = toll(path, *QUICK)
    assert "If nobody entered or left the population while the lists were made and all lists mean" in said
    assert "must not be quoted" in said
    (found,) = machine(path, *QUICK)
    (stratum,) = found["accounts"][0]["strata"]
    assert stratum["status"] == "conditional"
    assert [each["code"] for each in stratum["conditions"]] == ["closed_not_attested", "alike_not_attested"]


def test_what_is_attested_is_stated_with_who_attests_it(tmp_path: Path) -> None:
    path = table(tmp_path, rows(GOOD, 4))
    said = toll(path, *QUICK, *ATTESTED)
    assert "Attested by the registry." in said
    assert " If " not in said
    (found,) = machine(path, *QUICK, *ATTESTED)
    stratum = found["accounts"][0]["strata"][0]
    assert stratum["status"] == "stated"
    assert sum(GOOD) == stratum["documented"] < stratum["stated"]["low"] < stratum["stated"]["high"]
    half = machine(path, *QUICK, "--closed", "--attested-by", "the registry")[0]["accounts"][0]["strata"][0]
    assert half["status"] == "conditional", "one of two attested is not both"


def test_a_refusal_says_why_and_what_would_help_and_is_done(tmp_path: Path) -> None:
    few = table(tmp_path, rows([4, 5, 1, 6, 1, 1, 0], 3), lists=3)
    said = toll(few, *QUICK)
    assert "No number of people in all is stated." in said
    assert "People on more than one list: 3. At least 10 are needed." in said
    assert "What would help: Join this stratum" in said
    ran = CliRunner().invoke(app, ["toll", few, *QUICK, "--check"])
    assert ran.exit_code == 1
    good = table(tmp_path, rows(GOOD, 4), name="good.csv")
    assert CliRunner().invoke(app, ["toll", good, *QUICK, "--check"]).exit_code == 0


def test_a_method_does_not_stand_where_no_number_is_stated(tmp_path: Path) -> None:
    methods = ("--estimator", "log_linear", "--estimator", "decomposable_graphs")
    apart = toll(table(tmp_path, rows(ODD, 4)), *methods)
    assert "none of it is a finding" in apart
    assert "refused: does not fit" in apart
    assert "alone it would stand" in apart
    assert " stands" not in apart
    stated = toll(table(tmp_path, rows(GOOD, 4), name="good.csv"), *methods)
    assert " stands" in stated
    assert "alone it would" not in stated


def test_two_lists_give_a_number_only_if_independent(tmp_path: Path) -> None:
    two = table(tmp_path, rows([40, 30, 9], 2), lists=2)
    said = toll(two, *ATTESTED)
    assert "No number of people in all is stated." in said
    assert "If being on one list says nothing of being on the other: about 199" in said
    stratum = machine(two, *ATTESTED)[0]["accounts"][0]["strata"][0]
    assert (stratum["status"], stratum["stated"]) == ("refused", None)


def test_lists_that_share_nobody_have_no_bound_either(tmp_path: Path) -> None:
    apart = table(tmp_path, rows([90, 80, 40, 70, 0, 0, 0], 3), lists=3)
    stratum = machine(apart)[0]["accounts"][0]["strata"][0]
    assert [each["code"] for each in stratum["refused"]] == ["islands"]
    assert stratum["lower_bound"] is None


def test_a_copy_one_record_and_no_overlap_are_words_and_never_a_number(tmp_path: Path) -> None:
    cases = {
        "copy": [0, 80, 0, 0, 90, 0, 40],  # A and C are always together
        "no_overlap": [90, 80, 0, 70, 0, 0, 0],
    }
    for code, counts in cases.items():
        path = table(tmp_path, rows(counts, 3), lists=3, name=f"{code}.csv")
        stratum = machine(path, *QUICK)[0]["accounts"][0]["strata"][0]
        assert code in [each["code"] for each in stratum["refused"]]
        assert (stratum["stated"], stratum["estimates"], stratum["lower_bound"]) == (None, [], None)
    good = machine(table(tmp_path, rows(GOOD, 4), name="good.csv"), *QUICK)[0]["accounts"][0]["strata"][0]
    assert good["lower_bound"]
    assert good["estimates"]
    one = table(tmp_path, rows([*GOOD, 1, *[0] * 15], 5), lists=5, name="one.csv")
    stratum = machine(one, *QUICK)[0]["accounts"][0]["strata"][0]
    assert ["E"] in [each["facts"].get("lists") for each in stratum["notes"]]
    assert stratum["documented"] == sum(GOOD) + 1


def test_strata_are_added_and_a_refused_one_is_documented_only(tmp_path: Path) -> None:
    small = [2, 3, 1, 1] + [0] * 11
    path = table(
        tmp_path, rows(GOOD, 4, ",north"), rows(GOOD, 4, ",south"), rows(small, 4, ","), more=",place"
    )
    (found,) = machine(path, *QUICK, "--by", "place")
    account = found["accounts"][0]
    assert [each["by"]["place"] for each in account["strata"]] == ["north", "south", None]
    total = account["sum"]
    assert (total["strata"], total["left_out"], total["documented_beside"]) == (2, 1, sum(small))
    assert total["documented"] == 2 * sum(GOOD)
    one = account["strata"][0]["stated"]
    assert 2 * one["low"] < total["low"] < total["middle"] < total["high"] < 2 * one["high"]
    said = toll(path, *QUICK, "--by", "place")
    assert "place not said" in said
    assert f"Not in the sum, documented only: {sum(small)} (strata: 1)." in said


def test_one_stratum_or_model_is_not_spoken_of_as_several() -> None:
    words = tollwords("en")
    facts = {"between": "between 1 and 2", "documented": 1, "beside": 1, "others": 1, "strata": 1}
    said = [
        words.sentence("sum", **facts),
        words.sentence("sum_all", **facts),
        words.sentence("more", n=1, people=1),
        words.sentence("three_models", models=1, low=2, high=2),
        words.reason("tempered", {"trips": 1}).says,
    ]
    for each in said:
        assert not re.search(r"\b1 [a-z]+s\b", each), each


def test_what_is_said_once_of_a_reason_holds_of_every_stratum_it_was_given_for() -> None:
    """A table says what a reason means and what would help once, with the facts of the first stratum."""
    of_one_table = {"held", "said_or_not"}  # notes and conditions, said where the table is
    for language in ("en", "ar"):
        for code, texts in tollwords(language)._content["reasons"].items():
            used = set(re.findall(r"\{(\w+)\}", texts["means"] + texts["helps"]))
            assert code in of_one_table or used <= {"times"}, (language, code)


def test_a_method_that_stands_in_some_strata_only_is_named_as_without_a_sum(tmp_path: Path) -> None:
    both = ("--estimator", "decomposable_graphs", "--estimator", "log_linear")
    path = table(tmp_path, rows(GOOD, 4, ",north"), rows(ODD, 4, ",south"), more=",place")
    (found,) = machine(path, *both, "--by", "place")
    account = found["accounts"][0]
    assert account["sum"]["strata"] == 2
    assert account["not_summed"] == ["log_linear"]
    assert "Not added up, as they do not stand in every one of these strata: log-linear" in toll(
        path, *both, "--by", "place"
    )
    (found,) = machine(path, *QUICK, "--by", "place")
    assert found["accounts"][0]["not_summed"] == []


def test_a_sum_with_strata_of_three_lists_is_a_range_and_as_wide(tmp_path: Path) -> None:
    three = [260, 240, 40, 220, 38, 44, 12]
    path = table(tmp_path, rows(three, 3, ",north"), rows(three, 3, ",south"), lists=3, more=",place")
    methods = (*QUICK, "--estimator", "log_linear")
    (found,) = machine(path, *methods, "--by", "place")
    account = found["accounts"][0]
    one, total = account["strata"][0]["stated"], account["sum"]
    assert total["ranged"]
    methods_alone = [each["high"] for each in account["sum_by_method"].values()]
    assert max(methods_alone) < total["high"] <= 2 * one["high"]
    assert "the range of all models and no one interval. Documented:" in toll(path, *methods, "--by", "place")


def test_thresholds_that_move_the_number_more_than_models_leave_none(tmp_path: Path) -> None:
    strict = rows([260, 260, 12, 260, 12, 12, 2], 3, ",5")
    lax = rows([90, 90, 60, 90, 60, 60, 45], 3, ",1")
    path = table(tmp_path, lax, strict, lists=3, more=",match_threshold")
    (found,) = machine(path, *QUICK, "--apart", "match_threshold")
    assert [each["code"] for each in found["linkage"]] == ["linkage_first"]
    assert "What records are taken for one person moves" in toll(path, *QUICK, "--apart", "match_threshold")
    page = tmp_path / "page.html"
    toll(path, *QUICK, "--apart", "match_threshold", "--page", str(page))
    assert "What records are taken for one person moves" in page.read_text()
    causes = [[f"{row},{cause}" for row in (*lax, *strict)] for cause in ("all", "injury")]
    both = table(tmp_path, *causes, lists=3, more=",match_threshold,cause", name="both.csv")
    said = toll(both, *QUICK, "--apart", "match_threshold,cause")
    for cause in ("all", "injury"):
        assert f"cause {cause}: What records are taken for one person moves" in said
    other = table(tmp_path, lax, strict, lists=3, more=",cause", name="causes.csv")
    (found,) = machine(other, *QUICK, "--apart", "cause")
    assert found["linkage"] == []


def test_accounts_of_the_same_people_are_never_added(tmp_path: Path) -> None:
    more = [n + 5 for n in GOOD]
    path = table(tmp_path, rows(GOOD, 4, ",1"), rows(more, 4, ",2"), more=",threshold")
    (found,) = machine(path, *QUICK, "--apart", "threshold")
    assert [each["apart"] for each in found["accounts"]] == [{"threshold": "1"}, {"threshold": "2"}]
    assert all(each["sum"] is None for each in found["accounts"])
    assert "they are not added. The numbers stated run from" in toll(path, *QUICK, "--apart", "threshold")


def test_many_strata_are_a_table_with_each_reason_once(tmp_path: Path) -> None:
    groups = [rows([3, 2, 1, 1] + [0] * 11, 4, f",p{n}") for n in range(5)]
    said = toll(table(tmp_path, *groups, more=",place"), "--by", "place")
    assert said.count("So few people cannot show how the lists depend on each other.") == 1
    assert said.count("refused: too few people") == 5
    assert "on each other. What would help: Join this stratum" in said
    assert "No stratum has a number, so there is no sum. Documented in all: 35." in said


def test_the_same_seed_gives_the_same_and_threads_change_nothing(tmp_path: Path) -> None:
    path = table(tmp_path, rows(GOOD, 4))
    quick = ("--estimator", "latent_class", "--draws", "1000")
    one, again, other = (
        machine(path, *quick, "--threads", threads, "--seed", seed)[0]["accounts"]
        for threads, seed in (("1", "7"), ("2", "7"), ("2", "8"))
    )
    assert one == again
    assert one != other


def test_each_list_is_left_out_and_predicted(tmp_path: Path) -> None:
    path = table(tmp_path, rows([n * 4 for n in GOOD], 4))
    (found,) = machine(path, *QUICK)
    told = found["accounts"][0]["strata"][0]["each_list"]
    assert [each["list"] for each in told["without"]] == [*"ABCD"]
    sizes = [sum(4 * n for p, n in enumerate(GOOD, 1) if p >> j & 1) for j in range(4)]
    assert [each["known"] for each in told["predicted"]] == sizes
    for each in (*told["without"], *told["predicted"]):
        assert (each["number"] is None) == bool(each["refused"])
    assert {each["verdict"] for each in told["predicted"]} <= {"held", "too_low", "too_high", "none"}
    said = toll(path, *QUICK)
    assert "What each list does." in said
    for number in sizes:
        assert f" {number:,} " in said
    none = machine(path, *QUICK, "--each-list", "no")[0]["accounts"][0]["strata"][0]
    assert none["each_list"] is None
    assert "What each list does." not in toll(path, *QUICK, "--each-list", "no")
    full = machine(path, *QUICK, "--each-list", "full")[0]["accounts"][0]["strata"][0]["each_list"]
    assert full["methods"] == ["decomposable_graphs"]
    assert {*full["methods"], "log_linear"} == set(told["methods"])


def test_each_list_of_many_lists_or_strata_is_asked_only_in_full(tmp_path: Path) -> None:
    groups = [rows(GOOD, 4, f",p{n}") for n in range(13)]
    path = table(tmp_path, *groups, more=",place")
    (found,) = machine(path, *QUICK, "--by", "place", "--draws", "1000")
    assert all(each["each_list"] is None for each in found["accounts"][0]["strata"])
    few = table(tmp_path, *groups[:2], more=",place", name="few.csv")
    (found,) = machine(few, *QUICK, "--by", "place")
    assert all(each["each_list"] for each in found["accounts"][0]["strata"])


def test_full_says_what_a_statistician_asks(tmp_path: Path) -> None:
    said = toll(table(tmp_path, rows(GOOD, 4)), *QUICK, "--full")
    for each in (
        "chance of such a table",
        "delta 0.0625",
        "undocumented × 2",
        "digest of the table",
        "seed 1",
    ):
        assert each in said


def test_every_line_has_words_in_arabic(tmp_path: Path) -> None:
    path = table(tmp_path, rows(GOOD, 4))
    said = toll(path, *QUICK, "--full", "--language", "ar")
    assert tollwords("ar").sentence("documented", documented=sum(GOOD)) in said


def test_a_table_that_cannot_be_read_does_not_keep_others_from_an_answer(tmp_path: Path) -> None:
    good, bad = table(tmp_path, rows(GOOD, 4)), table(tmp_path, ["1,0,0,0,-3"], name="bad.csv")
    with pytest.raises(BadInput, match="fewer than nobody"):
        CliRunner().invoke(app, ["toll", bad, good, *QUICK], catch_exceptions=False)
    ran = CliRunner().invoke(app, ["toll", bad, good, *QUICK])
    assert "t.csv" in ran.output
    assert f"{sum(GOOD)} documented" in ran.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--closed",), "an attestation needs somebody who makes it"),
        (("--estimator", "latent_clas"), '"latent_class"'),
        (("--draws", "10"), "10 draws cannot tell the ends"),
        (("--language", "fr"), "no words are written"),
        (("--by", "palce"), 'there is no column "palce"'),
    ],
)
def test_what_is_asked_wrongly_is_said_before_any_work(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    with pytest.raises(Exception, match=said) as caught:
        CliRunner().invoke(app, ["toll", table(tmp_path, rows(GOOD, 4)), *words], catch_exceptions=False)
    assert caught.value.exit_code == 2  # type: ignore[attr-defined]
