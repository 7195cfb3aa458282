"""Ed25519 as the verifier checks it, against the vectors of RFC 8032 and another library."""

from __future__ import annotations

import hashlib
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfire.ledger.verifying import ed25519
from holdfire.ledger.verifying.ed25519 import ORDER, PRIME, valid_key, verify

VECTORS = [  # RFC 8032 section 7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]

SMALL = [  # the points of small order in their one form (IACR ePrint 2020/1244, table 1)
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
]

OTHER_FORMS = [  # the same points and others, written otherwise: y not below p, or the sign of x = 0 set
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # p + 3, y of a point of full order
]


def _signed(seed: int, message: bytes) -> tuple[bytes, bytes]:
    key = Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big"))
    return key.public_key().public_bytes_raw(), key.sign(message)


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_rfc_8032_hold(key: str, message: str, signature: str) -> None:
    assert verify(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS[:2])
def test_any_flipped_bit_is_refused(key: str, message: str, signature: str) -> None:
    k, m, s = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    for at in range(0, 512, 7):
        wrong = bytearray(s)
        wrong[at // 8] ^= 1 << at % 8
        assert not verify(k, m, bytes(wrong))
    for at in range(0, 256, 7):
        wrong = bytearray(k)
        wrong[at // 8] ^= 1 << at % 8
        assert not verify(bytes(wrong), m, s)
    assert not verify(k, m + b"\x00", s)


@pytest.mark.parametrize("seed", range(1, 41))
def test_what_another_library_signs_holds_and_nothing_near_it(seed: int) -> None:
    dice = random.Random(seed)
    message = dice.randbytes(dice.randrange(200))
    key, signature = _signed(seed, message)
    assert verify(key, message, signature)
    assert not verify(key, message + b"x", signature)
    other, _ = _signed(seed + 1000, message)
    assert not verify(other, message, signature)


def test_a_signature_with_the_order_added_to_s_is_refused() -> None:
    key, signature = _signed(7, b"text")
    s = int.from_bytes(signature[32:], "little")
    for more in (ORDER, 2 * ORDER, 8 * ORDER):
        if s + more < 2**256:
            again = signature[:32] + (s + more).to_bytes(32, "little")
            assert not verify(key, b"text", again)


def test_s_equal_to_the_order_is_refused() -> None:
    key, _ = _signed(7, b"")
    assert not verify(key, b"", (1).to_bytes(32, "little") + ORDER.to_bytes(32, "little"))
    assert not verify(key, b"", bytes(32) + bytes(32))


@pytest.mark.parametrize("key", SMALL)
def test_keys_of_small_order_are_refused(key: str) -> None:
    content = bytes.fromhex(key)
    assert not valid_key(content)
    for message in range(64):  # under such a key R = S B holds for one message in a few
        assert not verify(content, bytes([message]), (1).to_bytes(32, "little") + bytes(32))


@pytest.mark.parametrize("key", OTHER_FORMS)
def test_keys_in_another_form_are_refused(key: str) -> None:
    assert not valid_key(bytes.fromhex(key))


def test_a_y_that_is_on_no_point_is_refused() -> None:
    refused = sum(not valid_key(y.to_bytes(32, "little")) for y in range(2, 202))
    assert 70 < refused < 130  # half of all y are on the curve


def test_other_lengths_are_refused() -> None:
    key, signature = _signed(3, b"a")
    assert valid_key(key)
    assert not valid_key(key + b"\x00")
    assert not valid_key(key[:31])
    assert not verify(key + b"\x00", b"a", signature)
    assert not verify(key, b"a", signature + b"\x00")
    assert not verify(key, b"a", signature[:63])
    assert not verify(b"", b"a", signature)


def test_a_point_written_in_another_form_in_the_signature_is_refused() -> None:
    key, signature = _signed(9, b"a")
    y = int.from_bytes(signature[:32], "little")
    assert not verify(key, b"a", (y ^ 1 << 255).to_bytes(32, "little") + signature[32:])
    assert (1 << 255) - PRIME == 19


def test_sums_of_points_agree_with_one_another() -> None:
    base = ed25519._BASE
    for s, k in ((0, 0), (1, 0), (0, 1), (15, 16), (ORDER - 1, 1), (ORDER, 0), (2**252, 2**252 - 1)):
        whole = ed25519._sum_of_two((s + k) % ORDER, base, 0, base)
        assert ed25519._written(ed25519._sum_of_two(s, base, k, base)) == ed25519._written(whole)


def test_a_key_with_a_byte_more_is_refused_even_where_it_signed_as_that() -> None:
    seed = bytes(31) + b"\x07"
    hashed = hashlib.sha512(seed).digest()
    a = int.from_bytes(hashed[:32], "little") & (1 << 254) - 8 | 1 << 254
    point = ed25519._written(ed25519._sum_of_two(a % ORDER, ed25519._BASE, 0, ed25519._BASE))
    assert point == _signed(7, b"")[0]
    r = int.from_bytes(hashed[32:], "little") % ORDER
    nonce = ed25519._written(ed25519._sum_of_two(r, ed25519._BASE, 0, ed25519._BASE))
    for key, holds in ((point, True), (point + b"\x00", False)):
        k = int.from_bytes(hashlib.sha512(nonce + key + b"text").digest(), "little") % ORDER
        signature = nonce + ((r + k * a) % ORDER).to_bytes(32, "little")
        assert verify(key, b"text", signature) is holds


def test_the_keys_that_are_kept_in_memory_are_not_without_end() -> None:
    assert ed25519._powers_of_minus.cache_info().maxsize == 256
