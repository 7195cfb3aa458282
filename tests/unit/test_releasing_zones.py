"""A release goes from codes to a file that a stranger checks; each way to get a wrong one out is tried."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import box

from holdfire import signing
from holdfire.digests import canonical
from holdfire.errors import BadInput, CheckFailed, HoldfireError
from holdfire.ledger import drafts
from holdfire.precaution import released
from holdfire.protecting import check
from holdfire.protecting.release import Asked, Published, read
from holdfire.sheltering import releasing
from holdfire.times import Interval
from releasing import NOW, begun, drafted, entered, fixed, partition
from signatures import ADA, BEN, CLEO, DANA, keyset, signed


def test_a_stranger_checks_a_release_from_its_file_and_a_fingerprint(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        mark = signing.fingerprint(ledger)
        content = entered(ledger)
    found = released.parse(content, "release.json", mark)
    assert (found.fingerprint, found.signers) == (mark, ("Ada", "Ben"))
    assert found.release.cells == ("SYR-0003",)
    assert Published(found.release, partition()).cells[0].code == "SYR-0003"


def test_keysets_that_follow_are_followed(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        mark = signing.fingerprint(ledger)
        first = entered(ledger)
        signing.enter(
            ledger,
            signed(keyset(ledger, editors={k.name: k.public for k in (CLEO, DANA, ADA)}), ADA, BEN, CLEO),
        )
        second = entered(ledger, people=(CLEO, DANA))
    assert released.parse(second, "r", mark).signers == ("Cleo", "Dana")
    one, two = (released.parse(each, "r", mark).release for each in (first, second))
    assert (two.number, two.before, two.starts) == (2, one.digest, one.ends)


def changed(content: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    said = json.loads(content)
    change(said)
    return canonical(said) + b"\n"


def _drop(said: dict[str, Any]) -> None:
    said["entry"]["signatures"].popitem()


def _one_twice(said: dict[str, Any]) -> None:
    """One person's signature under two key ids."""
    signatures = said["entry"]["signatures"]
    first, second = sorted(signatures)
    signatures[second] = signatures[first]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_drop, "1 more of"),
        (_one_twice, "does not fit what stands here"),
        (lambda said: said["entry"]["cells"].append("SYR-0004"), "does not fit what stands here"),
        (lambda said: said["entry"].update(starts="2026-12-01T00:00Z"), "does not fit what stands here"),
        (lambda said: said["entry"].update(category="hospital"), "does not fit what stands here"),
        (lambda said: said["keysets"].clear(), "not signed under the last keyset"),
        (lambda said: said["keysets"][0].update(threshold=1), "threshold"),
        (lambda said: said["keysets"][0].update(at="2016-03-01T12:01Z"), "does not fit"),
        (lambda said: said.update(sites=3), "no signed entry"),
        (lambda said: said.update(keysets=3), "no signed entry"),
        (lambda said: said.update(keysets=[[]]), "no signed entry"),
        (lambda said: said.update(entry=[]), "no signed entry"),
    ],
)
def test_a_file_that_was_changed_is_refused(tmp_path: Path, change: Any, says: str) -> None:
    with begun(tmp_path) as ledger:
        content = entered(ledger)
    with pytest.raises(HoldfireError, match=says):
        released.parse(changed(content, change), "release.json")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"cells": ["SYR-0004", "SYR-0003"]}, "not in order"),
        ({"cells": ["SYR-0003", "SYR-0003"]}, "one stands twice"),
        ({"cells": "SYR-0003"}, "no release of zones"),
        ({"cells": [3]}, "no release of zones"),
        ({"number": 2}, "do not fit"),
        ({"number": True}, "no release of zones"),
        ({"wording": "safe"}, "says something else"),
        ({"category": "hospital"}, "no release of zones"),
        ({"starts": "2026-12-28T00:00Z"}, "its epoch is none"),
        ({"ends": "soon"}, "its epoch is none"),
        ({"kind": "release"}, "no release of zones"),
    ],
)
def test_a_release_says_only_what_it_may(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    with begun(tmp_path) as ledger:
        draft = drafted(ledger)
    with pytest.raises(BadInput, match=says):
        read({**draft, **change})


def test_an_epoch_off_the_grid_is_refused_beside_its_partition(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        draft = drafted(ledger)
    with pytest.raises(BadInput, match="not one that its partition declares"):
        Published(read({**draft, "starts": "2026-12-01T00:00Z"}), partition())
    with pytest.raises(BadInput, match="is no cell of partition"):
        Published(read({**draft, "cells": ["SYR-9999"]}), partition())


def test_another_record_and_another_spelling_are_refused(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        content = entered(ledger)
    with pytest.raises(CheckFailed, match="another record"):
        released.parse(content, "r", "0" * 64)
    with pytest.raises(BadInput, match="no signed entry"):
        released.parse(content.replace(b'","', b'", "', 1), "r")


def test_one_person_alone_cannot_release(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        draft = drafted(ledger)
        with pytest.raises(CheckFailed, match="1 more of"):
            signing.enter(ledger, signed(draft, ADA, ADA))
        with pytest.raises(BadInput, match="no editor's"):
            signing.enter(ledger, signed(draft, ADA, DANA))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"starts": "2026-11-02"}, "has begun"),
        ({"starts": "2026-12-01"}, "no epoch begins on 2026-12-01"),
        ({"codes": ["SYR-9999"]}, '"SYR-9999" is no cell or block'),
        ({"codes": []}, "no cell is given"),
        ({"codes": ["SYR-0001", "SYR-0002"]}, "1 places cannot stand in 2"),
        ({"sites": 500}, "belief in a candidate of SYR-0003"),
        ({"partition": partition(2, "SYR"), "earlier": [partition()]}, "two partitions are called SYR"),
    ],
)
def test_what_may_not_be_released_is_refused_with_its_reason(
    tmp_path: Path, asked: dict[str, Any], says: str
) -> None:
    given = {"codes": ["SYR-0003"], "sites": 1, "partition": partition(), **asked}
    with begun(tmp_path) as ledger, pytest.raises(BadInput, match=says):
        releasing.draft(ledger, Asked(**given), NOW)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    wrong = Asked(codes=["SYR-9999", "SYR-0003"], sites=500, partition=partition(), starts="2026-11-03")
    with begun(tmp_path) as ledger, pytest.raises(BadInput) as caught:
        releasing.draft(ledger, wrong, NOW)
    assert len(caught.value.problems) == 4


def test_epochs_neither_overlap_nor_run_backwards(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        first = drafted(ledger)
        entered(ledger)
        with pytest.raises(BadInput, match="overlaps that of release 1"):
            drafted(ledger, starts=first["starts"][:10])
        with pytest.raises(BadInput, match="another release of zones was entered"):
            signing.enter(ledger, signed({**first, "cells": ["SYR-0001"]}, ADA, BEN))
        early = {**first, "number": 2, "before": releasing.past(ledger)[-1].digest}
        with pytest.raises(BadInput, match="overlaps"):
            signing.enter(ledger, signed(early, ADA, BEN))
        with pytest.raises(BadInput, match="runs backwards"):
            drafted(ledger, now=NOW - timedelta(days=5000))


def test_a_draft_that_was_passed_round_too_long_is_refused(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        draft = drafted(ledger)
    releasing.refuse_late(draft, NOW)
    with pytest.raises(BadInput, match="while the draft was passed round"):
        releasing.refuse_late(draft, read(draft).when.start)  # type: ignore[arg-type]


def test_a_changed_partition_needs_the_codes_of_the_old(tmp_path: Path) -> None:
    new = partition(2, "SYR2")
    with begun(tmp_path) as ledger:
        entered(ledger)
        with pytest.raises(BadInput, match="no partition SYR2 of this digest"):
            drafted(ledger, ["SYR2-0001"], partition=new, fresh=True)
        fixed(ledger, new)
        with pytest.raises(BadInput, match="no code of it is given"):
            drafted(ledger, ["SYR2-0001"], partition=new)
        assert drafted(ledger, ["SYR2-0001"], partition=new, fresh=True)["cells"] == ["SYR2-0001"]
        old = partition().by_code["SYR-0012"]
        if old.box.south >= new.extent.south:
            carried = drafted(ledger, ["SYR-0012", "SYR2-0001"], partition=new, earlier=[partition()])
            assert set(carried["cells"]) == {"SYR2-0001", *(c.code for c in new.cells_meeting(old.box))}


def test_a_release_beside_another_partition_is_refused(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        release = read(drafted(ledger))
    with pytest.raises(BadInput, match="take the partition that was published with it"):
        Published(release, partition(2, "SYR"))


def test_an_old_release_offered_as_new_is_said_so(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        release = read(drafted(ledger))
    published = Published(release, partition())
    asked = [box(37.9, 34.9, 37.95, 34.95)]
    later = Interval(release.when.end, release.when.end + timedelta(days=2))  # type: ignore[operator]
    with pytest.raises(BadInput, match="it is superseded, and says nothing of the time"):
        check.touching([published], asked, later)
    assert check.touching([published], asked, release.when)


def test_two_releases_of_one_epoch_contradict_each_other(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        both = [Published(read(drafted(ledger, [code])), partition()) for code in ("SYR-0003", "SYR-0004")]
    with pytest.raises(BadInput, match="contradict each other"):
        check.touching(both, [box(37.9, 34.9, 37.95, 34.95)], both[0].release.when)
    assert check.touching([both[0], both[0]], [], both[0].release.when) == []


def test_an_area_outside_the_partition_is_refused_and_a_swapped_one_said_to_be(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        published = Published(read(drafted(ledger)), partition())
    when = published.release.when
    with pytest.raises(BadInput, match="nothing published speaks of what is there"):
        check.touching([published], [box(50, 50, 51, 51), box(10, 10, 11, 11)], when)
    with pytest.raises(BadInput) as caught:
        check.touching([published], [box(34.9, 37.9, 34.95, 37.95)], when, ["field"])
    assert "are the two swapped?" in str(caught.value)
    assert "field" in str(caught.value)


def test_a_file_of_codes_holds_codes_alone(tmp_path: Path) -> None:
    file = tmp_path / "codes"
    file.write_text("# for December\nSYR-0003  # north\n\nSYR-B001\n")
    assert releasing.codes_of(file) == ["SYR-0003", "SYR-B001"]
    for line in ("36.2012, 37.1234", "Saint Mary hospital", "SYR-0003 SYR-0004"):
        file.write_text(line)
        with pytest.raises(BadInput, match="something else than a code") as caught:
            releasing.codes_of(file)
        assert line not in str(caught.value)


def test_a_draft_says_everything_that_is_signed(tmp_path: Path) -> None:
    with begun(tmp_path) as ledger:
        entered(ledger)
        draft = drafted(ledger)
    said = "\n".join(drafts.described(draft))
    for name, value in draft.items():
        assert name in ("kind", "signatures") or all(
            str(each) in said for each in (value if isinstance(value, list) else [value])
        ), name
