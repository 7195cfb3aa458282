"""A WACZ file becomes its pages, each with what the archive states of it; one that lies is refused whole."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import zipfile

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

import archiving as make
from archiving import ADDRESS, CAPTURED, STORY
from holdfire.answers import Answer
from holdfire.errors import BadInput
from holdfire.reading import archives
from holdfire.reading.archives import Archive, Item, Limits
from holdfire.reading.formats.text import Text
from holdfire.reading.unpacking import content as unpacked
from holdfire.records.report import Report
from holdfire.tables import rows
from holdfire.testing import plain_context


def opened(content: bytes, name: str = "capture.wacz", limits: Limits | None = None) -> Archive:
    return archives.open_archive(name, io.BytesIO(content), len(content), limits)


def read(content: bytes, **given: object) -> list[Item]:
    return list(opened(content, **given).items())  # type: ignore[arg-type]


def problems(content: bytes, **given: object) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read(content, **given)
    return [each.problem for each in caught.value.problems]


def story(body: bytes = STORY, **fields: str) -> bytes:
    return make.record(ADDRESS, make.response(body, **fields))


def test_a_page_is_its_bytes_with_what_the_archive_says_of_them() -> None:
    (item,) = read(make.wacz([story()]))
    assert item.content == STORY
    assert item.made == ()
    assert item.readable
    assert item.about == {
        "published": "2031-05-02T16:30Z",
        "title": "Calm",
        "cite": ADDRESS,
        "language": "en",
    }
    assert item.captured == "2031-05-03T10:00Z"
    assert item.stated == {"sha256": hashlib.sha256(STORY).hexdigest()}
    assert item.matches is Answer.YES
    assert item.name == f"news.example-2031-05-strip-{hashlib.sha256(STORY).hexdigest()[:8]}.html"


def test_what_the_archive_says_of_itself_is_said() -> None:
    says = opened(make.wacz([story()])).says
    assert "datapackage.json is the one that datapackage-digest.json names" in says
    assert "1 of 1 pages have a record, among 1 records" in says
    assert "it is not signed" in says


def test_a_date_of_publication_after_the_capture_is_none() -> None:
    (item,) = read(make.wacz([story(STORY.replace(b"2031-05-02T18", b"2031-05-04T18"))]))
    assert item.published == ""


def test_a_payload_whose_digest_is_another_is_read_and_said_not_to_match() -> None:
    lied = make.record(ADDRESS, make.response(STORY), WARC_Payload_Digest=make.sha256(b"other"))
    assert [item.matches for item in read(make.wacz([lied]))] == [Answer.NO]
    lied = make.record(ADDRESS, make.response(STORY), WARC_Block_Digest=make.sha1(b"other"))
    assert [item.matches for item in read(make.wacz([lied]))] == [Answer.NO]
    silent = make.record(ADDRESS, make.response(STORY), WARC_Payload_Digest="", WARC_Block_Digest="md5:00")
    assert [item.matches for item in read(make.wacz([silent]))] == [Answer.UNCLEAR]


def test_of_two_captures_the_one_nearest_to_the_listed_time_is_taken() -> None:
    early = make.record(ADDRESS, make.response(STORY + b"early"), "2031-05-01T00:00:00Z")
    late = make.record(ADDRESS, make.response(STORY + b"late"), "2031-05-04T00:00:00Z")
    listed = [{"url": ADDRESS, "ts": "2031-05-03T12:00:00.123Z"}]
    (item,) = read(make.wacz([early, late], listed))
    assert item.content.endswith(b"late")
    assert item.captured == "2031-05-04T00:00Z"


def test_a_redirection_is_followed_and_a_circle_of_them_is_not() -> None:
    moved = make.record("https://short.example/x", make.response(b"", 301, Location=ADDRESS))
    listed = [{"url": "https://short.example/x", "ts": CAPTURED}]
    (item,) = read(make.wacz([moved, story()], listed))
    assert (item.content, item.cite) == (STORY, "https://short.example/x")
    circle = make.record(ADDRESS, make.response(b"", 302, Location="https://short.example/x"))
    archive = opened(make.wacz([moved, circle], listed))
    assert list(archive.items()) == []
    assert "no record answers for page 1 of the list: left out" in archive.says


def test_a_revisit_has_the_bytes_of_the_page_it_found_unchanged() -> None:
    again = make.record(
        ADDRESS + "/again", b"", "2031-05-05T00:00:00Z", "revisit", WARC_Payload_Digest=make.sha256(STORY)
    )
    listed = [{"url": ADDRESS + "/again", "ts": "2031-05-05T00:00:00Z"}]
    (item,) = read(make.wacz([story(), again], listed))
    assert (item.content, item.captured) == (STORY, "2031-05-05T00:00Z")


def test_chunks_are_joined_and_gzip_is_undone_and_both_are_said() -> None:
    packed = gzip.compress(STORY, mtime=0)
    cut = b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"
    (item,) = read(make.wacz([story(cut, Transfer_Encoding="chunked", Content_Encoding="gzip")]))
    assert item.content == STORY
    assert item.made == ("chunks joined", "gzip undone")
    assert item.matches is Answer.YES
    joined = make.record(
        ADDRESS, make.response(cut, Transfer_Encoding="chunked"), WARC_Payload_Digest=make.sha256(packed)
    )
    assert [i.matches for i in read(make.wacz([joined]))] == [Answer.YES]


def test_what_cannot_be_undone_is_left_and_not_read() -> None:
    (item,) = read(make.wacz([story(b"\x8b\x00\x80 not brotli", Content_Encoding="br")]))
    assert item.made == ("packed with br, which was not undone",)
    assert not item.readable


def test_a_page_in_another_encoding_is_written_as_utf_8_and_said_so() -> None:
    arabic = "<html lang=ar><p>سقطت قذيفتان</p>"
    block = make.response(arabic.encode("windows-1256"), media="text/html; charset=windows-1256")
    (item,) = read(make.wacz([make.record(ADDRESS, block)]))
    assert item.content.decode() == arabic
    assert item.made == ("windows-1256 written as UTF-8",)
    assert item.matches is Answer.YES  # of the bytes as they were
    assert (item.language, item.readable) == ("ar", True)


@pytest.mark.parametrize("media", ["text/html", "text/html; charset=utf-8", "text/html; charset=zlib"])
def test_an_encoding_is_never_guessed(media: str) -> None:
    body = "<p>سقطت</p>".encode("windows-1256")
    (item,) = read(make.wacz([make.record(ADDRESS, make.response(body, media=media))]))
    assert (item.content, item.readable) == (body, False)


def test_a_page_of_plain_text_is_read_and_a_picture_is_only_kept() -> None:
    text = make.record(ADDRESS, make.response(b"Two shells fell.", media="text/plain"))
    photo = make.record(ADDRESS + "/p", make.response(b"\xff\xd8", media="image/jpeg"))
    listed = [{"url": ADDRESS, "ts": CAPTURED}, {"url": ADDRESS + "/p", "ts": CAPTURED}]
    one, other = read(make.wacz([text, photo], listed))
    assert (one.readable, one.name[-4:]) == (True, ".txt")
    assert (other.readable, other.name[-4:], other.content) == (False, ".jpg", b"\xff\xd8")


def test_no_page_may_say_who_published_it() -> None:
    (item,) = read(make.wacz([story(b"---\nsource: the-un\n---\n<p>They broke it.</p>")]))
    assert not item.readable
    hidden = "---\nsource: the-un\n---\n".encode("utf-16")
    (item,) = read(make.wacz([make.record(ADDRESS, make.response(hidden, media="text/html"))]))
    assert not item.readable


def test_pages_of_other_lists_come_after_and_once() -> None:
    other = {"url": ADDRESS + "/2", "ts": CAPTURED}
    more = {"pages/extraPages.jsonl": make.pages([other, {"url": ADDRESS, "ts": CAPTURED}])}
    second = make.record(ADDRESS + "/2", make.response(STORY + b"2"))
    assert [i.cite for i in read(make.wacz([story(), second], more=more))] == [ADDRESS, ADDRESS + "/2"]


def signature(key: ec.EllipticCurvePrivateKey, named: str, flat: bool) -> dict[str, str]:
    signed = key.sign(named.encode(), ec.ECDSA(hashes.SHA256()))
    if flat:
        signed = b"".join(n.to_bytes(48, "big") for n in decode_dss_signature(signed))
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {
        "hash": named,
        "created": CAPTURED,
        "signature": base64.b64encode(signed).decode(),
        "publicKey": base64.b64encode(public).decode(),
    }


@pytest.mark.parametrize("flat", [True, False])
@pytest.mark.parametrize("field", ["signedData", "signatureData"])
def test_a_signature_is_one_more_claim_and_never_a_gate(flat: bool, field: str) -> None:
    with zipfile.ZipFile(io.BytesIO(make.wacz([story()]))) as packed:
        named = str(json.loads(packed.read("datapackage-digest.json"))["hash"])
    good = signature(ec.generate_private_key(ec.SECP384R1()), named, flat)
    archive = opened(make.wacz([story()], digest={field: good}))
    assert archive.says[-1] == (
        "it carries a signature under a key inside it, which says it was made 2031-05-03T10:00Z: "
        "the signature holds; whose it is is not shown by anything in it"
    )
    other = signature(ec.generate_private_key(ec.SECP384R1()), named, flat)
    for bad, says in [
        ({**good, "publicKey": other["publicKey"]}, "does not hold"),
        ({**good, "hash": make.sha256(b"")}, "does not hold"),
        ({**good, "publicKey": "AAAA"}, "not checked"),
        ({**good, "signature": "*"}, "not checked"),
    ]:
        archive = opened(make.wacz([story()], digest={field: bad}))
        assert says in archive.says[-1]
        assert len(list(archive.items())) == 1


def test_the_time_stamp_of_a_signature_is_handed_on_with_what_it_stamps() -> None:
    data = {"hash": "x", "signature": "c2ln", "timeSignature": base64.b64encode(b"token").decode()}
    (token,) = opened(make.wacz([story()], digest={"signedData": data})).tokens
    assert (token.kind, token.content, token.over) == (archives.RFC3161, b"token", b"c2ln")


def test_every_lie_of_the_lists_is_given_at_once() -> None:
    resources = [
        {"path": "archive/data.warc.gz", "hash": make.sha256(b"other"), "bytes": 1},
        {"path": "archive/gone.warc.gz", "hash": make.sha256(b"")},
        {"path": "pages/pages.jsonl", "hash": "crc32:00"},
    ]
    listed = [{"url": ADDRESS}, {"ts": CAPTURED}]
    found = problems(
        make.wacz(
            [story()],
            listed,
            more={"archive/slipped-in.warc.gz": b""},
            package={"resources": resources},
            digest={"hash": make.sha256(b"another package")},
        )
    )
    assert len(found) == 8
    assert sum("not the one whose digest is stated" in each for each in found) == 1
    assert sum("not as many as stated" in each for each in found) == 1
    assert sum("not in the zip" in each for each in found) == 1
    assert sum("a WARC file is not in datapackage.json" in each for each in found) == 1
    assert sum("not the one that datapackage-digest.json names" in each for each in found) == 1
    assert sum("a page has no address" in each for each in found) == 2


def test_one_changed_byte_of_a_record_refuses_the_archive() -> None:
    honest = make.wacz([story()])
    with zipfile.ZipFile(io.BytesIO(honest)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    files["archive/data.warc.gz"] = make.warc([story(STORY.replace(b"Two", b"Six"))])
    assert any("digest is stated" in each for each in problems(make.zipped(files)))


def test_a_page_larger_than_the_limit_is_refused_by_its_number() -> None:
    assert problems(make.wacz([story()]), limits=Limits(item=100)) == [
        f"a page has {len(make.response(STORY))} bytes; at most 100 are read"
    ]


def test_too_many_pages_or_records_are_refused() -> None:
    listed = [{"url": f"{ADDRESS}/{n}", "ts": CAPTURED} for n in range(4)]
    assert problems(make.wacz([story()], listed), limits=Limits(pages=3)) == [
        "the archive lists more than 3 pages"
    ]
    assert problems(make.wacz([story()] * 4), limits=Limits(records=3)) == [
        "the archive has more than 3 records"
    ]


def test_a_bomb_in_a_page_is_refused_before_it_is_held() -> None:
    bomb = gzip.compress(b"<p>" + b" " * (64 << 20), mtime=0)
    assert "unpack to more than" in problems(make.wacz([story(bomb, Content_Encoding="gzip")]))[0]


def test_a_bomb_in_a_warc_file_is_refused() -> None:
    bomb = make.record(ADDRESS, make.response(b" " * (64 << 20), media="video/mp4"))
    assert "is unpacked" in problems(make.wacz([bomb]))[0]


def test_no_problem_holds_an_address_or_a_title() -> None:
    address = "https://news.example/a-name-that-must-not-be-seen"
    listed = [{"url": address, "ts": "no time", "title": "a-name"}, {"url": address, "ts": CAPTURED}]
    with pytest.raises(BadInput) as caught:
        read(make.wacz([story()], listed))
    assert "a-name" not in str(caught.value)
    archive = opened(make.wacz([story()], listed[1:]))
    assert not [says for says in archive.says if "a-name" in says]


def test_claims_read_from_a_page_point_into_it() -> None:
    words = "Government forces shelled the village of Teir Maalah on 2 May 2031, killing three civilians."
    (item,) = read(
        make.wacz([story(STORY.replace(b"Two shells fell near the bridge on Friday", words.encode()))])
    )
    report = Report(id="0" * 64, source="sample", format="text", published=item.published)
    held = unpacked(item.name, lambda: io.BytesIO(item.content), len(item.content), 1 << 20)
    assert Text().recognises(item.name, item.content)
    claims = [
        row for table in Text().claims(report, held, plain_context(file=item.name)) for row in rows(table)
    ]
    assert claims
    text = item.content.decode()
    said = "".join(text[a:b] for claim in claims for a, b in claim["spans"])
    assert "shelled" in said
