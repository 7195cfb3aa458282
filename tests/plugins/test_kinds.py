"""Every kind of term that is registered keeps its promises; and the check finds one that does not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfire import plugins
from holdfire.agreement.terms import Term
from holdfire.folder import Folder
from holdfire.judging.kinds import Question
from holdfire.judging.standing import Standing
from holdfire.records.determination import Asked
from holdfire.testing import check_kind
from storytelling import ROOT, case, tell


@pytest.mark.parametrize(
    "name", ["example-2031", "syria-2016", "minsk-2015", "hudaydah-2018", "south-sudan-2017"]
)
def test_every_kind_an_agreement_uses_keeps_its_promises(name: str) -> None:
    folder, inquiry = case(name)
    used = {term.kind for term in inquiry.agreement.terms}
    assert used
    for kind in used:
        check_kind(kind, plugins.kinds()[kind], inquiry.agreement, folder.names)


def test_the_invented_agreement_uses_every_kind() -> None:
    _, inquiry = case("example-2031")
    assert {term.kind for term in inquiry.agreement.terms} == set(plugins.kinds())


def test_a_kind_that_makes_a_breach_of_silence_is_found() -> None:
    def hasty(term: Term, standing: Standing) -> Iterator[Question]:
        for asked in (Asked.WINDOW, Asked.AREA, Asked.ACT, Asked.PERPETRATOR, Asked.TARGET):
            yield Question(asked, "TRUE", term.cite)
        yield Question(Asked.EXCEPTION, "FALSE", term.cite)

    folder, inquiry = case("example-2031")
    assert inquiry.agreement
    with pytest.raises(AssertionError, match="breach of silence"):
        check_kind("cease-attacks", hasty, inquiry.agreement, folder.names)


def test_a_kind_without_a_clause_is_found() -> None:
    def uncited(term: Term, standing: Standing) -> Iterator[Question]:
        for asked in (Asked.WINDOW, Asked.AREA, Asked.ACT, Asked.PERPETRATOR, Asked.TARGET, Asked.EXCEPTION):
            yield Question(asked, "CAST(NULL AS BOOLEAN)", "")

    folder, inquiry = case("example-2031")
    with pytest.raises(AssertionError, match="cites no clause"):
        check_kind("cease-attacks", uncited, inquiry.agreement, folder.names)


PLUGIN = '''
"""A kind of term by someone else: no aircraft over a zone, announced flights excepted."""

from holdfire.judging.expressions import act_is
from holdfire.judging.kinds import Question
from holdfire.records.determination import Asked


def no_overflight(term, standing):
    """Ask the questions that make a flight over a zone a breach."""
    yield Question(Asked.WINDOW, standing.in_window(term), term.cite)
    yield Question(Asked.AREA, standing.in_area(term), term.cite)
    yield Question(Asked.ACT, act_is(["forces.flight"]), term.cite)
    yield Question(Asked.PERPETRATOR, standing.perpetrator_bound(term), term.cite)
    yield Question(Asked.TARGET, standing.target_bound(term), term.cite)
'''
TERM = """
id: no-flights
kind: no-overflight
type: prohibited_act
instrument: agreement-2031-03-20
cite: "Art. 4(2)"
text: {en: "No aircraft flies over the Strip.", ar: "لا تحلق طائرة فوق الشريط."}
binds: {roles: [signatory]}
acts: [forces.flight]
zone: strip
"""


def test_a_kind_of_someone_else_is_one_function_through_the_public_seam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "elsewhere"
    info = package / "flights-1.0.dist-info"
    info.mkdir(parents=True)
    (package / "flights_of_others.py").write_text(PLUGIN, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: flights\nVersion: 1.0\n", encoding="utf-8")
    entry = "[holdfire.terms]\nno-overflight = flights_of_others:no_overflight\n"
    (info / "entry_points.txt").write_text(entry, encoding="utf-8")
    monkeypatch.syspath_prepend(str(package))
    folder = shutil.copytree(ROOT / "tests/agreements/example-2031", tmp_path / "case")
    (folder / "agreement/terms/no-flights.yaml").write_text(TERM, encoding="utf-8")
    plugins.kinds.cache_clear()
    try:
        read = Folder(folder)
        kinds = plugins.kinds()
        check_kind("no-overflight", kinds["no-overflight"], read.check(kinds), read.names)
        day = {"agreement": str(folder), "claims": [
            {"act": "forces.flight", "actor": "north", "when": "2031-05-02T12:00", "where": [30.5, 10.95],
             "source": "mission"}]}  # fmt: skip
        (judged,) = tell(day).determinations
        assert (judged["verdict"], judged["term"]) == ("breach", "no-flights")
    finally:
        plugins.kinds.cache_clear()
