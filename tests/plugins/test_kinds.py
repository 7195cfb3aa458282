"""Every kind of term that is registered keeps its promises; and the check finds one that does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfire import plugins
from holdfire.agreement.terms import Term
from holdfire.judging.kinds import Question
from holdfire.judging.standing import Standing
from holdfire.records.determination import Asked
from holdfire.testing import check_kind
from storytelling import case


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
