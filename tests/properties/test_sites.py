"""What holds for every site: verification, consent, codes; and for every pair of officers, wrapping."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.protecting.sites import PUBLICATION, Consent, Fix, LeftOut, Site, Standing, codes
from holdfire.sheltering.officers import Officer
from holdfire.sheltering.wrapping import SIZE, seal, unseal, unwrap, wrap
from sheltered import partition

LAND = partition()
OFFICERS = [Officer.make(name) for name in ("Ada", "Ben", "Cleo", "Dana")]
PUBLIC = {each.name: each.public for each in OFFICERS}
DAY = date(2031, 5, 1)
TOLERANCE = 250

spots = st.tuples(st.integers(0, 1), st.integers(1, 14), st.integers(1, 14))
people = st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"))


def fix(spot: tuple[int, int, int], who: tuple[str, str]) -> Fix:
    cell, east, north = LAND.cells[spot[0]], spot[1], spot[2]
    lon, lat = cell.box.west / 60 + east / 3600, cell.box.south / 60 + north / 3600
    return Fix(
        lon=f"{lon:.6f}", lat=f"{lat:.6f}", source=who[0], observer=who[1], observed="2031-04-01",
        partition=LAND.digest, partition_name=LAND.name, cell=cell.code, block=cell.block,
    )  # fmt: skip


fixes = st.builds(fix, spots, people)
days = st.integers(-60, 60).map(lambda n: (DAY + timedelta(days=n)).isoformat())
consents = st.builds(
    Consent, recipient=st.just(PUBLICATION), starts=days, ends=days | st.just(""), revoked=days | st.just("")
)


def site(*given: Fix, **more: object) -> Site:
    return Site(id="0" * 16, name="A place", fixes=given, **more)  # type: ignore[arg-type]


@given(st.lists(fixes, min_size=1, max_size=6))
def test_verified_needs_two_of_different_sources_and_observers_that_agree(given_: list[Fix]) -> None:
    """And none since the later of the two that does not agree with both."""
    pairs = [
        (n, old, new) for n, new in enumerate(given_) for old in given_[:n]
        if old.source != new.source and old.observer != new.observer and old.agrees(new, TOLERANCE)
        and (old.lon, old.lat) != (new.lon, new.lat)
    ]  # fmt: skip
    last = [pair for pair in pairs if pair[0] == pairs[-1][0]][:1]
    since = given_[last[0][0] + 1 :] if last else []
    verified = bool(last) and all(each.agrees(one, TOLERANCE) for each in since for one in last[0][1:])
    assert (site(*given_).standing(TOLERANCE) is Standing.VERIFIED) == verified


@given(st.lists(fixes, min_size=1, max_size=6), fixes)
def test_one_fix_more_moves_no_site_that_two_agree_on(given_: list[Fix], more: Fix) -> None:
    """It may take verification away; another cell takes a second fix that agrees with it."""
    before, after = site(*given_), site(*given_, more)
    if before.standing(TOLERANCE) is Standing.VERIFIED and after.standing(TOLERANCE) is Standing.UNVERIFIED:
        assert after.code(TOLERANCE) == before.code(TOLERANCE)


@given(st.lists(fixes, min_size=1, max_size=5), st.integers(1, 59), st.integers(1, 59))
def test_moving_a_site_within_its_cell_changes_no_code(given_: list[Fix], east: int, north: int) -> None:
    """Every fix lies in one cell: wherever in it they lie, the code is that cell's."""
    box = LAND.by_code[given_[0].cell].box
    lon, lat = f"{box.west / 60 + east / 3600:.6f}", f"{box.south / 60 + north / 3600:.6f}"
    inside = [replace(each, lon=lon, lat=lat, cell=given_[0].cell, block=given_[0].block) for each in given_]
    yes = (Consent(recipient=PUBLICATION, starts="2031-01-01"),)
    for held in (given_[:1], inside):
        one = site(*held, consents=yes, decided=True)
        assert codes([one], DAY, DAY + timedelta(days=28), TOLERANCE).codes == (given_[0].cell,)


@given(fixes, st.lists(people, min_size=1, max_size=4), st.integers(0, 100))
def test_a_later_fix_that_agrees_switches_on_no_other_cell(
    first: Fix, others: list[tuple[str, str]], east: int
) -> None:
    near = [
        replace(first, lon=f"{float(first.lon) + east / 1e5:.6f}", source=a, observer=b, cell="MADE-9999",
                partition="f" * 64, partition_name="LATER")
        for a, b in others
    ]  # fmt: skip
    assert site(first, *near).code(TOLERANCE)[2] == first.cell


@given(st.lists(consents, max_size=4))
def test_consent_covers_each_day_of_an_epoch_or_the_site_is_out(given_: list[Consent]) -> None:
    ends = DAY + timedelta(days=28)

    def on(each: Consent, day: date) -> bool:
        limits = [one for one in (each.ends, each.revoked) if one]
        return each.starts <= day.isoformat() and all(day.isoformat() < one for one in limits)

    spread = [DAY + timedelta(days=n) for n in range(28)]
    covered = any(all(on(each, day) for day in spread) for each in given_)
    out = site(fix((0, 5, 5), ("a", "x")), consents=tuple(given_), decided=True).left_out(
        DAY, ends, TOLERANCE
    )
    assert out is (None if covered else LeftOut.CONSENT)


@given(st.lists(st.tuples(fixes, st.booleans()), max_size=8))
def test_what_leaves_is_a_sorted_set_of_codes_whatever_the_order(given_: list[tuple[Fix, bool]]) -> None:
    yes = (Consent(recipient=PUBLICATION, starts="2031-01-01"),)
    sites = [site(each, consents=yes if agrees else (), decided=True) for each, agrees in given_]
    found = codes(sites, DAY, DAY + timedelta(days=28), TOLERANCE)
    assert found == codes(sites[::-1], DAY, DAY + timedelta(days=28), TOLERANCE)
    assert found.codes == tuple(sorted({each.cell for each, agrees in given_ if agrees}))
    assert found.sites == sum(agrees for _, agrees in given_)


@settings(max_examples=20)
@given(st.binary(min_size=32, max_size=32), st.data())
def test_each_pair_opens_and_nothing_else_does(secret: bytes, data: st.DataObject) -> None:
    store, name = "a" * 64, "1" * 16
    public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    wrapped = wrap(secret, PUBLIC, store, name, public)
    assert len(wrapped) == 6
    for one, other in combinations(OFFICERS, 2):
        assert unwrap(wrapped, (other, one), store, name, public) == secret
        assert unwrap(wrapped, (one, one), store, name, public) is None
        assert unwrap(wrapped, (one, other), "b" * 64, name, public) is None
        assert unwrap(wrapped, (one, other), store, "2" * 16, public) is None
        stranger = Officer(other.name, Officer.make("Eve").opening, other.signing)
        assert unwrap(wrapped, (one, stranger), store, name, public) is None
    first, second = data.draw(st.sampled_from(list(combinations(sorted(wrapped), 2))))
    moved = wrapped | {first: wrapped[second]}
    pair = tuple(each for each in OFFICERS if each.name in first)
    assert unwrap(moved, (pair[0], pair[1]), store, name, public) is None
    at = data.draw(st.integers(0, len(wrapped[first]) - 1))
    changed = bytearray(wrapped[first])
    changed[at] ^= 1
    assert unwrap(wrapped | {first: bytes(changed)}, (pair[0], pair[1]), store, name, public) is None


@given(st.text(max_size=1500), st.text(max_size=1500))
def test_records_of_any_length_are_of_one_size_and_open_as_they_were(one: str, other: str) -> None:
    key = X25519PrivateKey.generate()
    public, secret = key.public_key().public_bytes_raw(), key.private_bytes_raw()
    sealed = [seal({"note": each}, "a" * 64, "1" * 16, public) for each in (one, other)]
    assert len(sealed[0]) == len(sealed[1]) == SIZE + 48
    assert unseal(sealed[0], secret, "a" * 64, "1" * 16) == {"note": one}
    assert unseal(sealed[0], secret, "a" * 64, "2" * 16) is None
    assert unseal(sealed[0][:-1], secret, "a" * 64, "1" * 16) is None


def test_the_control_a_store_of_one_key_for_all_is_found() -> None:
    """What the first test of wrapping asks, asked of a store that wraps one key to each officer alone."""
    secret, store, name = b"k" * 32, "a" * 64, "1" * 16
    public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    alone = {each.name: each.public for each in OFFICERS} | {"Ada again": OFFICERS[0].public}
    wrapped = wrap(secret, alone, store, name, public)
    twice = Officer("Ada again", OFFICERS[0].opening, OFFICERS[0].signing)
    assert unwrap(wrapped, (OFFICERS[0], twice), store, name, public) == secret


def test_the_control_records_that_are_not_padded_differ_by_size() -> None:
    from holdfire.digests import canonical
    from holdfire.ledger import opening

    public = X25519PrivateKey.generate().public_key().public_bytes_raw()
    sizes = {len(opening.seal(public, canonical({"note": note}), b"")) for note in ("", "a hospital")}
    assert len(sizes) == 2
