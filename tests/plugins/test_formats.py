"""Every format that is registered keeps its promises; the check finds one that does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest

import tabling
from holdfire import plugins
from holdfire.reading.format import Content, Context
from holdfire.records.report import Report
from holdfire.testing import check_format, plain_context

TEXT = b"""The mission said on 3 May 2031 that shelling by North killed two people in Mill on 2 May 2031.
"""
SAMPLES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "text": ("news.txt", lambda: TEXT),
    "ucdp-ged": ("ged.csv", lambda: tabling.ged({}, {"low": "0", "best": "1", "high": "9"})),
    "acled": ("acled.csv", lambda: tabling.acled({}, {"fatalities": "0"})),
    "airwars": ("airwars.csv", lambda: tabling.airwars({}, {"date": "1970-01-01"})),
}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_format_keeps_its_promises(name: str) -> None:
    file, sample = SAMPLES[name]
    assert check_format(plugins.formats()[name], file, sample()).num_rows > 0


def test_every_format_is_tried() -> None:
    """Mapped tables are tried in tests/unit/test_mapped.py: without a mapping no file is theirs."""
    assert set(plugins.formats()) == {*SAMPLES, "mapped"}


class Forgetful:
    """Reads the first record only, and says of it what it likes."""

    name, version = "forgetful", "1"

    def recognises(self, name: str, head: bytes) -> bool:
        return True

    def claims(self, report: Report, content: Content, context: Context) -> Iterator[pa.Table]:
        yield from plugins.formats()["ucdp-ged"].claims(report, content, context)

    def excerpts(self, content: Content, seqs: object) -> dict[int, dict[str, str]]:
        return {}


def test_a_format_that_recognises_anything_is_found() -> None:
    with pytest.raises(AssertionError, match="random bytes"):
        check_format(Forgetful(), "ged.csv", tabling.ged({}), plain_context())
