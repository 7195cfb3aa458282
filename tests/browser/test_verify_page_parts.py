"""The parts of verify.html against published vectors and Python's own: hashes, signatures, JSON, names."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from attacks.assembling import b64, canonical
from attacks.honest import Making
from browser.checking import Reader
from browsing import binary

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(binary() is None, reason="needs a Chromium on the machine"),
]

RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]
"""Public key, message, signature: RFC 8032 section 7.1, tests 1, 2, 3 and SHA(abc)."""

ORDER = 2**252 + 27742317777372353535851937790883648493
NOT_CANONICAL = [
    '{"a":1,"a":1}',
    '{"a":1.0}',
    '{"a":1e2}',
    '{"a": 1}',
    '{"b":1,"a":1}',
    '{"a":-0}',
    '{"a":01}',
    '{"a":9007199254740992}',
    '{"a":-9007199254740993}',
    '{"a":"\\ud800"}',
    '{"a":"\\ud83d\\ude00"}',
    '{"a":"\\/"}',
    '{"a":"\\u00e9"}',
    '{"a":"\\u000A"}',
    '{"a":"\\x41"}',
    '{"a":"\t"}',
    '{"a":NaN}',
    '{"a":Infinity}',
    '{"é":1}',
    '{"a":1,}',
    '{"a":[1,]}',
    '{"a":tru}',
    '{"a":1}\n',
    '\ufeff{"a":1}',
    "[]",
    '"a"',
    "1",
    "",
    "{",
    '{"a":' + "[" * 5000 + "]" * 5000 + "}",
]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    found = Reader(tmp_path_factory.mktemp("page"))
    found.open()
    yield found
    found.close()


def asked(reader: Reader, expression: str, values: object) -> Any:
    """Return what a function of the core gives for each of some values."""
    helpers = (
        "const { hex, sha256, sha512, signed, parsed, canonical } = holdfireCore;"
        "const { folded, secondsOf, entryOf, isShaped, tileName } = holdfireCore;"
        "const unhex = text => Uint8Array.from(text.match(/../g) || [], pair => parseInt(pair, 16));"
        "const utf8 = text => new TextEncoder().encode(text);"
    )
    return reader.browser.ask(f"(() => {{ {helpers} return {json.dumps(values)}.map({expression}) }})()")


def test_hashes_are_those_of_hashlib_at_every_length_about_a_block(reader: Reader) -> None:
    random_bytes = random.Random(7).randbytes
    contents = [random_bytes(n) for n in (*range(300), 1000, 70_000)]
    values = [each.hex() for each in contents]
    assert asked(reader, "text => hex(sha256(unhex(text)))", values) == [
        hashlib.sha256(each).hexdigest() for each in contents
    ]
    assert asked(reader, "text => hex(sha512(unhex(text)))", values) == [
        hashlib.sha512(each).hexdigest() for each in contents
    ]


def test_signatures_of_rfc_8032_hold_and_hold_for_nothing_else(reader: Reader) -> None:
    verify = "([key, message, signature]) => signed(unhex(key), unhex(message), unhex(signature))"
    assert asked(reader, verify, RFC_8032) == [True] * len(RFC_8032)
    changed = []
    for key, message, signature in RFC_8032:
        for place in range(0, 64, 3):
            wrong = bytearray.fromhex(signature)
            wrong[place] ^= 1 << place % 8
            changed.append((key, message, wrong.hex()))
        changed.append((key, message + "00", signature))
        changed.append((RFC_8032[0][0] if key != RFC_8032[0][0] else RFC_8032[1][0], message, signature))
    assert not any(asked(reader, verify, changed))


def test_signatures_that_only_a_lax_reader_takes_are_refused(reader: Reader) -> None:
    key, message, signature = RFC_8032[1]
    larger = int.from_bytes(bytes.fromhex(signature)[32:], "little") + ORDER
    other_s = signature[:64] + larger.to_bytes(32, "little").hex()
    neutral = (1).to_bytes(32, "little").hex()  # of order 1: R = S B holds for every message
    neutral_again = (2**255 - 19 + 1).to_bytes(32, "little").hex()
    signed_zero = (1 + 2**255).to_bytes(32, "little").hex()
    by_neutral = neutral + (0).to_bytes(32, "little").hex()
    verify = "([key, message, signature]) => signed(unhex(key), unhex(message), unhex(signature))"
    lax = [(key, message, other_s), (key, message, signature[:126]), (key[:62], message, signature)]
    lax += [(each, message, by_neutral) for each in (neutral, neutral_again, signed_zero)]
    assert asked(reader, verify, lax) == [False] * len(lax)


def test_json_that_is_not_canonical_is_refused(reader: Reader) -> None:
    read = "text => { try { parsed(utf8(text)); return 'read' } catch (e) { return e.constructor.name } }"
    found = dict(zip(NOT_CANONICAL, asked(reader, read, NOT_CANONICAL), strict=True))
    assert found == dict.fromkeys(NOT_CANONICAL, "NotCanonical")
    raw = [b'{"a":"\xff"}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\xc0\x80"}']
    read = read.replace("utf8(text)", "unhex(text)")
    assert asked(reader, read, [each.hex() for each in raw]) == ["NotCanonical"] * 3


def test_canonical_json_is_read_and_written_as_python_writes_it(reader: Reader) -> None:
    text = "".join(chr(n) for n in (*range(0x100), 0x2028, 0xD7FF, 0xE000, 0xFFFF, 0x1F600)) + '"\\/'
    value = {"z": [None, True, False, {}, []], "a": text, "B": -(2**53) + 1, "__proto__": 2**53 - 1, "": "é"}
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert asked(reader, "text => canonical(parsed(utf8(text)))", [written]) == [written]


def test_case_is_folded_as_unicode_folds_it(reader: Reader) -> None:
    letters = [
        chr(n)
        for n in range(0x80, 0x20000)
        if chr(n).casefold() != chr(n) and unicodedata.category(chr(n))[0] == "L"
    ]
    assert len(letters) > 1000
    wanted = [unicodedata.normalize("NFC", unicodedata.normalize("NFC", each).casefold()) for each in letters]
    found = asked(reader, "letter => folded(letter)", letters)
    # What matters is which names are one, not which letter stands for both.
    assert asked(reader, "letter => folded(letter)", wanted) == found


def test_tiles_are_named_as_the_specification_names_them(reader: Reader) -> None:
    tiles = [[0, 0, 256], [1, 999, 256], [0, 1000, 256], ["entries", 1234067, 256], [2, 1000000, 5]]
    assert asked(reader, "([level, number, width]) => tileName(level, number, width)", tiles) == [
        "log/tile/0/000",
        "log/tile/1/999",
        "log/tile/0/x001/000",
        "log/tile/entries/x001/x234/067",
        "log/tile/2/x001/x000/000.p/5",
    ]


def test_instants_are_those_of_the_calendar(reader: Reader) -> None:
    good = ["2016-02-29T00:00Z", "2016-02-29T23:59:59Z", "0001-01-01T00:00Z"]
    wrong = [
        "2015-02-29T00:00Z",
        "2016-02-27 00:00Z",
        "2016-02-27T24:00Z",
        "2016-02-27T00:00:60Z",
        "2016-00-01T00:00Z",
    ]
    found = asked(reader, "text => secondsOf(text)", good + wrong)
    assert found == [1456704000, 1456790399, -62135596800, *[None] * len(wrong)]


def other_spelling(text: str) -> str:
    """Return base64 that a lax reader takes for the same bytes: bits that do not count differ."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    bare = text.rstrip("=")
    other = bare[:-1] + letters[letters.index(bare[-1]) + 1] + text[len(bare) :]
    assert base64.b64decode(other) == base64.b64decode(text)
    return other


def wrong_forms(value: object) -> list[object]:
    """Return values that are like one of an entry and not in its form."""
    always: list[object] = [None, True, [], ["x"], -1]
    if isinstance(value, int):
        return [*always, "1", {}]
    if isinstance(value, dict):
        key = next(iter(value.values()))
        wrong = (7, "", b64(bytes(31)), b64(bytes(33)), key[:-1], key + "=", other_spelling(key))
        return [*always, 7, "x", *({**value, "07c9553a7d74d553": each} for each in wrong)]
    assert isinstance(value, str)
    found = [*always, 7, {}]
    if len(value) == 64:
        return [*found, value[:-1], value + "0", value.upper(), "g" + value[1:]]
    if value.endswith("Z"):
        return [
            *found,
            value[:-1],
            value.replace("T", " "),
            value.replace("2031-05", "2031-13"),
            value + "\n",
        ]
    return [*found, b64(bytes(31)), value[:-1]] if len(value) == 44 else found


def test_every_field_of_what_editors_sign_must_be_in_its_form(reader: Reader) -> None:
    making = Making()
    making.entries()
    entries = [
        json.loads(making.contents[making.places(kind)[-1]]) for kind in ("keyset", "redaction", "release")
    ]
    shaped = (
        "text => { const entry = entryOf(utf8(text)); return !!entry && isShaped(entry, entry.get('kind')) }"
    )
    assert asked(reader, shaped, [canonical(each).decode() for each in entries]) == [True] * 3
    tried = []
    for entry in entries:
        tried.append({**entry, "more": 1})
        for field in sorted(set(entry) - {"kind"}):
            tried.append({name: value for name, value in entry.items() if name != field})
            tried += [{**entry, field: wrong} for wrong in wrong_forms(entry[field])]
    keyset = entries[0]
    tried += [{**keyset, "editors": {**keyset["editors"], "": keyset["log"]}}]
    tried += [{**keyset, "witnesses": {name: keyset["log"]}} for name in ("", "a b", "a+b", "a\tb")]
    tried += [
        {**entries[2], "signatures": {"07C9553A7D74D553": next(iter(entries[2]["signatures"].values()))}}
    ]
    optional = {name: value for name, value in entries[1].items() if name != "by"}
    assert asked(reader, shaped, [canonical(optional).decode()]) == [True]
    tried.remove(optional)
    taken = asked(reader, shaped, [canonical(each).decode() for each in tried])
    assert [each for each, good in zip(tried, taken, strict=True) if good] == []
