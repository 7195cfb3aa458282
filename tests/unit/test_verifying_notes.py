"""Notes, checkpoints and proofs: the examples of the specifications, and every other spelling refused."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfire.ledger.verifying.notes import (
    LOG_KEY,
    WITNESS_KEY,
    Checkpoint,
    Line,
    Malformed,
    Note,
    Proof,
    cosigned,
    cosigned_message,
    from_base64,
    note_key_id,
    origin_of,
    signed,
    to_base64,
    to_number,
    valid_name,
)

# The example of the package golang.org/x/mod/sumdb/note, whose notes C2SP signed-note describes.
GO_NAME, GO_ID, GO_KEY = "PeterNeumann", "c74f20a3", "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()

# The example of C2SP tlog-cosignature.
C2SP_NOTE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
).encode()

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
TEXT = Checkpoint("holdfire/0011223344556677", 3, bytes(32)).written()


def _line(name: str = "north") -> Line:
    message = cosigned_message(TEXT, 1456531200)
    signature = (1456531200).to_bytes(8, "big") + KEY.sign(message)
    return Line(name, note_key_id(name, WITNESS_KEY, PUBLIC), signature)


def test_the_note_of_the_go_package_holds() -> None:
    key = from_base64(GO_KEY)
    assert key[:1] == LOG_KEY
    assert note_key_id(GO_NAME, LOG_KEY, key[1:]).hex() == GO_ID
    note = Note.parse(GO_NOTE)
    assert note.lines[0].name == GO_NAME
    assert note.lines[0].key_id.hex() == GO_ID
    assert signed(note, note.lines[0], key[1:])
    assert note.written() == GO_NOTE
    other = Note.parse(GO_NOTE.replace(b"problem is", b"problem was"))
    assert not signed(other, other.lines[0], key[1:])


def test_the_checkpoint_of_c2sp_is_read_and_written() -> None:
    note = Note.parse(C2SP_NOTE)
    assert note.written() == C2SP_NOTE
    checkpoint = Checkpoint.parse(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.written() == note.text
    witness = note.lines[1]
    assert len(witness.signature) == 72
    seconds = int.from_bytes(witness.signature[:8], "big")
    assert seconds == 1679315147
    assert cosigned_message(note.text, seconds) == (
        b"cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


def test_a_cosignature_holds_for_its_text_time_and_key_alone() -> None:
    line = _line()
    note = Note(TEXT, (line,))
    assert cosigned(note, line, PUBLIC) == 1456531200
    later = line._replace(signature=(1456531201).to_bytes(8, "big") + line.signature[8:])
    assert cosigned(note, later, PUBLIC) is None
    assert cosigned(Note(TEXT.replace("\n3\n", "\n4\n"), ()), line, PUBLIC) is None
    assert cosigned(note, line, Ed25519PrivateKey.generate().public_key().public_bytes_raw()) is None
    assert cosigned(note, line._replace(signature=line.signature + b"\x00"), PUBLIC) is None
    assert cosigned(note, line._replace(signature=line.signature[8:]), PUBLIC) is None


def test_a_time_beyond_what_c2sp_allows_is_refused() -> None:
    for seconds, holds in ((2**63 - 1, True), (2**63, False)):
        signature = seconds.to_bytes(8, "big") + KEY.sign(cosigned_message(TEXT, seconds))
        line = Line("north", b"1234", signature)
        assert (cosigned(Note(TEXT, ()), line, PUBLIC) is not None) is holds


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n\n",
        GO_NOTE[:-1],
        GO_NOTE + b"\n",
        GO_NOTE + b"x\n",
        GO_NOTE.replace("— ".encode(), b"- "),
        GO_NOTE.replace("— ".encode(), "—  ".encode()),
        GO_NOTE.replace(b"PeterNeumann x", b"PeterNeumann  x"),
        GO_NOTE.replace(b"PeterNeumann x", b"Peter Neumann x"),
        GO_NOTE.replace(b"PeterNeumann x", b"Peter+Neumann x"),
        GO_NOTE.replace(b"PeterNeumann x", "Peter\u2003Neumann x".encode()),
        GO_NOTE.replace(b"nAM=", b"nAN="),
        GO_NOTE.replace(b"nAM=", b"nAM"),
        GO_NOTE.replace(b"nAM=", b"nAM=="),
        GO_NOTE.replace(b"nAM=", b"n-M="),
        GO_NOTE.replace(b"nAM=", b"nAM= "),
        GO_NOTE.replace(b"problem,\n", b"problem,\r\n"),
        GO_NOTE.replace(b"problem,\n", b"problem,\t\n"),
        GO_NOTE.replace(b"problem,\n", b"problem,\x00\n"),
        GO_NOTE.replace(b"problem,\n", b"problem,\xff\n"),
        b"text\n\n\xe2\x80\x94 name AAAAAA==\n",
        b"x" * 70_000 + GO_NOTE,
        GO_NOTE + GO_NOTE.split(b"\n")[-2].join([b"", b"\n"]) * 100,
    ],
)
def test_any_other_form_of_a_note_is_refused(wrong: bytes) -> None:
    with pytest.raises(Malformed):
        Note.parse(wrong)


def test_kinds_of_keys_are_those_of_c2sp() -> None:
    assert (LOG_KEY, WITNESS_KEY) == (b"\x01", b"\x04")


def test_a_note_without_its_empty_line_or_its_last_end_is_refused() -> None:
    line = GO_NOTE.split(b"\n")[-2]
    for wrong in (b"x" + line + b"\n", b"text\n" + line + b"\n", GO_NOTE + line, GO_NOTE + b"x"):
        with pytest.raises(Malformed):
            Note.parse(wrong)
    assert len(Note.parse(GO_NOTE + line + b"\n").lines) == 2
    assert Note.parse(b"\n\n" + line + b"\n").text == "\n"


def test_a_hundred_lines_are_read_and_five_bytes_are_a_signature() -> None:
    line = GO_NOTE.split(b"\n")[-2] + b"\n"
    assert len(Note.parse(GO_NOTE + line * 99).lines) == 100
    assert Note.parse("text\n\n— name AAAAAAA=\n".encode()).lines[0].signature == b"\x00"
    text = b"x" * (65_536 - len(GO_NOTE)) + GO_NOTE
    assert len(text) == 65_536
    assert Note.parse(text).lines
    with pytest.raises(Malformed):
        Note.parse(b"x" + text)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "holdfire/x\n3\n",
        TEXT + "extension\n",
        TEXT + "x",
        TEXT + "\n",
        TEXT[:-1],
        TEXT.replace("\n3\n", "\n03\n"),
        TEXT.replace("\n3\n", "\n+3\n"),
        TEXT.replace("\n3\n", "\n-3\n"),
        TEXT.replace("\n3\n", "\n3 \n"),
        TEXT.replace("\n3\n", "\n\n"),
        TEXT.replace("\n3\n", "\n٣\n"),
        TEXT.replace("\n3\n", "\n9007199254740992\n"),
        TEXT.replace("\n3\n", "\n10000000000000000\n"),
        TEXT.replace("\n3\n", "\n²\n"),
        TEXT.replace("AAA=", "AAB="),
        TEXT.replace("AAA=", "AA=="),
        TEXT.replace("AAA=", "AAAA"),
        TEXT.replace("holdfire/", "hold fire/"),
        TEXT.replace("holdfire/0011223344556677", ""),
    ],
)
def test_any_other_form_of_a_checkpoint_is_refused(wrong: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(wrong)


def test_numbers_go_to_what_every_reader_keeps() -> None:
    assert to_number("0") == 0
    assert to_number("9007199254740991") == 2**53 - 1
    for wrong in ("", "00", "01", "9007199254740992", "1" * 17, "1e3", "0x1"):
        with pytest.raises(Malformed):
            to_number(wrong)


def test_a_proof_is_read_and_written() -> None:
    note = Note(TEXT, (_line(),)).written()
    proof = Proof(b'{"kind":"x"}', 2, (bytes(32), b"\x01" * 32), note)
    content = proof.written()
    assert content.startswith(b"c2sp.org/tlog-proof@v1\nextra eyJraW5kIjoieCJ9\nindex 2\nAAAA")
    assert Proof.parse(content) == proof
    assert Proof.parse(content).written() == content
    empty = Proof(b"x", 0, (), note)
    assert Proof.parse(empty.written()) == empty


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tlog-proof@v1", "tlog-proof@v2"),
        ("extra eyJraW5kIjoieCJ9\n", ""),
        ("extra eyJraW5kIjoieCJ9\n", "extra \n"),
        ("extra ", "extra  "),
        ("extra ", "Extra "),
        ("eyJraW5kIjoieCJ9", "eyJraW5kIjoieCJ9===="),
        ("index 2", "index 02"),
        ("index 2", "index -2"),
        ("index 2\n", ""),
        ("index 2", "Index 2"),
        ("AAA=\nAQ", "AAB=\nAQ"),
        ("AAA=\nAQ", "AAA=\r\nAQ"),
        ("AAA=\nAQ", "AA==\nAQ"),
        ("index 2\n", "index 2\n" + to_base64(bytes(32)).join(["", "\n"]) * 62),
        ("\n\n", "\n"),
        ("\n", "\n "),
    ],
)
def test_any_other_form_of_a_proof_is_refused(old: str, new: str) -> None:
    note = TEXT.encode()  # whatever follows the empty line is for Note to read
    content = Proof(b'{"kind":"x"}', 2, (bytes(32), b"\x01" * 32), note).written().decode()
    assert old in content
    with pytest.raises(Malformed):
        Proof.parse(content.replace(old, new, 1).encode())


def test_as_many_hashes_as_a_tree_may_have_are_read() -> None:
    proof = Proof(b"x", 0, (bytes(32),) * 63, b"")
    assert Proof.parse(proof.written()) == proof
    head = b"c2sp.org/tlog-proof@v1\nextra eA=="
    assert Proof.parse(head + b"\nindex 0\n\nnote").note == b"note"
    for wrong in (head + b"\n\n", head + b"\nindex 0", head + b"\nindex 0\n"):
        with pytest.raises(Malformed):
            Proof.parse(wrong)


def test_names_and_origins() -> None:
    assert origin_of(bytes(32)) == "holdfire/66687aadf862bd77"
    assert valid_name("example.com/w1")
    assert valid_name("شاهد")
    for wrong in ("", "a b", "a\u00a0b", "a+b", "a\x01b", "a\x1fb", "a\x7fb", "a\nb"):
        assert not valid_name(wrong)
