"""What auto-archiver leaves behind becomes its posts and files, each with what is stated of it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping

import pytest

import archiving as make
from archiving import ADDRESS
from holdfire.answers import Answer
from holdfire.errors import BadInput
from holdfire.reading import archives
from holdfire.reading.archives import OPENTIMESTAMPS, RFC3161, Archive, Item, Limits, literals

VIDEO = b"\x00\x00\x00\x18ftypmp42" + b"invented" * 40
PHOTO = b"\xff\xd8\xff\xe0" + b"invented" * 30
OTS = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08"
CONTENT_TYPE = bytes.fromhex("060b2a864886f70d0109100104")


def opened(name: str, content: bytes, limits: Limits | None = None) -> Archive:
    return archives.open_archive(name, io.BytesIO(content), len(content), limits)


def folder(files: Mapping[str, bytes], limits: Limits | None = None) -> tuple[Archive, list[Item]]:
    archive = opened("run.zip", make.zipped(files), limits)
    return archive, list(archive.items())


def entry(*media: Mapping[str, object], **fields: object) -> bytes:
    return json.dumps(make.metadata(media, **fields), indent=4).encode()  # type: ignore[arg-type]


def stamp(content: bytes, algorithm: str = "sha512") -> bytes:
    """Return bytes that look like a token over some content, as far as finding it goes."""
    oid = {"sha256": "608648016503040201", "sha512": "608648016503040203"}[algorithm]
    value = hashlib.new(algorithm, content).digest()
    return (
        b"\x30\x82"
        + CONTENT_TYPE
        + b"\x06\x09"
        + bytes.fromhex(oid)
        + b"\x05\x00\x04"
        + bytes([len(value)])
        + value
    )


def test_a_post_and_its_file_come_from_a_metadata_json() -> None:
    # Storage gives files names of its own, which metadata.json does not know: the digest finds them.
    archive, found = folder({"x/metadata.json": entry(make.medium("a.mp4", VIDEO)), "x/f3Gk.mp4": VIDEO})
    text, video = found
    assert text.content.decode() == "\nA post\n\nTwo shells fell near the bridge on Friday.\n"
    assert (text.readable, text.matches) == (True, Answer.UNCLEAR)
    assert text.about == {"published": "2031-05-02T16:30Z", "title": "A post", "cite": ADDRESS}
    assert text.captured == "2031-05-03T10:00Z"
    assert (video.content, video.media, video.cite) == (VIDEO, "video/mp4", ADDRESS)
    assert (video.matches, video.readable) == (Answer.YES, False)
    assert video.stated == {"sha256": hashlib.sha256(VIDEO).hexdigest()}
    assert video.made == ()
    assert archive.says == ("1 entries, 1 files of theirs",)


def test_the_table_of_csv_db_says_the_same() -> None:
    files = {"archived/a.mp4": VIDEO}
    by_json = folder({**files, "metadata.json": entry(make.medium("a.mp4", VIDEO))})[1]
    by_table = folder({**files, "db.csv": make.table([make.metadata([make.medium("a.mp4", VIDEO)])])})[1]
    assert by_json == by_table


def test_an_entry_that_two_records_tell_of_is_one() -> None:
    one = make.metadata([make.medium("a.mp4", VIDEO)])
    again = make.metadata(address=ADDRESS + "/2")
    _, found = folder(
        {"a.mp4": VIDEO, "db.csv": make.table([one]), "metadata.json": json.dumps(one).encode(),
         "2/metadata.json": json.dumps(again).encode()}
    )  # fmt: skip
    assert [item.cite for item in found] == [ADDRESS, ADDRESS, ADDRESS + "/2"]


PAGE = """<!DOCTYPE html><title>x</title>
<h2>Archived media for <span class="copy">{address}</span> - <a href="#">open</a></h2>
<p><b>title:</b> '<span class="copy">A post &amp; more</span>'</p>
<table class="content"><td>
<ul><li><b>hash:</b> <span class="copy">SHA-256:{digest}</span></li></ul></td></table>
<h2 class="center">metadata</h2>
<table class="metadata">
 <tr><td>_processed_at</td><td><span class="copy">2031-05-03 10:00:00+00:00</span></td></tr>
 <tr><td>timestamp</td><td><span class="copy">2031-05-02 16:30:00+00:00</span></td></tr>
 <tr><td>content</td><td><span class="copy">Two shells fell &lt;there&gt;.</span></td></tr>
</table><p>Made with <a href="https://github.com/bellingcat/auto-archiver">bellingcat/auto-archiver</a></p>"""


def test_the_page_alone_is_enough() -> None:
    page = PAGE.format(address=ADDRESS, digest=hashlib.sha256(VIDEO).hexdigest()).encode()
    _, (text, video) = folder({"formatted.html": page, "zzz.mp4": VIDEO})
    assert text.content.decode() == "\nA post & more\n\nTwo shells fell <there>.\n"
    assert (text.published, text.captured) == ("2031-05-02T16:30Z", "2031-05-03T10:00Z")
    assert (video.content, video.media, video.matches) == (VIDEO, "video/mp4", Answer.YES)


def test_a_file_that_is_not_the_one_stated_is_kept_and_said_not_to_match() -> None:
    _, (_, video) = folder({"metadata.json": entry(make.medium("a.mp4", VIDEO)), "a.mp4": VIDEO + b"!"})
    assert video.matches is Answer.NO
    assert video.content == VIDEO + b"!"


def test_sha3_is_known_and_no_digest_is_unclear() -> None:
    sha3 = make.medium("a.mp4", VIDEO, hash="SHA3-512:" + hashlib.sha3_512(VIDEO).hexdigest())
    none = make.medium("b.jpg", PHOTO, hash="not-calculated")
    _, found = folder({"metadata.json": entry(sha3, none), "q.mp4": VIDEO, "b.jpg": PHOTO})
    assert [item.matches for item in found[1:]] == [Answer.YES, Answer.UNCLEAR]


def test_what_is_missing_or_belongs_to_no_entry_is_counted() -> None:
    archive, found = folder({"metadata.json": entry(make.medium("a.mp4", VIDEO)), "other.png": PHOTO})
    assert len(found) == 1
    assert "a file of entry 1 is not here" in archive.says
    assert any(says.startswith("1 files belong to no entry") for says in archive.says)


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_a_token_over_the_list_of_digests_goes_to_every_file_it_names(algorithm: str) -> None:
    listed = "\n".join(hashlib.sha256(c).hexdigest() for c in (VIDEO, PHOTO)).encode()
    token = stamp(listed, algorithm)
    media = [make.medium("a.mp4", VIDEO), make.medium("b.jpg", PHOTO)]
    hashes = make.medium("hashes.txt", listed, id="timestamped_hashes")
    _, (_, video, photo) = folder(
        {"m/metadata.json": entry(*media, hashes), "1.mp4": VIDEO, "2.jpg": PHOTO, "h.txt": listed,
         "timestamp_token_http-tsa-example": token}
    )  # fmt: skip
    for item in (video, photo):
        assert [(t.kind, t.content, t.over) for t in item.tokens] == [(RFC3161, token, listed)]


def test_a_proof_goes_to_the_file_whose_digest_it_names() -> None:
    proof = OTS + hashlib.sha256(PHOTO).digest() + b"rest"
    media = [make.medium("a.mp4", VIDEO), make.medium("b.jpg", PHOTO)]
    _, (_, video, photo) = folder(
        {"metadata.json": entry(*media), "1.mp4": VIDEO, "2.jpg": PHOTO, "x.ots": proof}
    )
    assert video.tokens == ()
    assert [(t.kind, t.content, t.over) for t in photo.tokens] == [(OPENTIMESTAMPS, proof, None)]


def test_a_table_alone_gives_the_texts_and_says_what_is_not_here() -> None:
    archive = opened("db.csv", make.table([make.metadata([make.medium("a.mp4", VIDEO)])]))
    assert [item.media for item in archive.items()] == ["text/plain"]
    assert any(says.startswith("1 files are named and not here") for says in archive.says)
    archive = opened("metadata.json", entry())
    assert len(list(archive.items())) == 1


def test_a_sheet_gives_what_was_archived_and_passes_over_what_was_not() -> None:
    sheet = (
        "Link,Archive status,Archive location,Archive date,Upload timestamp,Upload title,Text content,Hash\n"
        f"{ADDRESS},telegram: success,https://store.example/a.html,2031-05-03T10:00:00+00:00,"
        "2031-05-02T16:30:00+00:00,A post,Calm,SHA-256:00\n"
        "https://other.example/,Archive failed,,,,,,\n"
    )
    (item,) = opened("sheet.csv", sheet.encode()).items()
    assert item.content == b"\nA post\n\nCalm\n"
    assert (item.published, item.captured) == ("2031-05-02T16:30Z", "2031-05-03T10:00Z")


def test_no_post_may_say_who_published_it() -> None:
    _, (text,) = folder({"metadata.json": entry(title="", content="---\nsource: the-un\n---\nThey did.")})
    assert text.content.startswith(b"\n---")


def test_an_entry_of_nothing_has_no_text() -> None:
    assert folder({"metadata.json": entry(title=None, content=" ")})[1] == []


def test_all_problems_of_all_records_are_given_at_once() -> None:
    table = make.table([make.metadata(), make.metadata()]).replace(b"datetime.datetime(", b"os.system(", 1)
    with pytest.raises(BadInput) as caught:
        folder(
            {
                "db.csv": table,
                "a/metadata.json": b'{"status": 1, "metadata": {}, ',
                "b/metadata.json": entry(url=""),
            }
        )
    assert [p.problem for p in caught.value.problems] == [
        "metadata.json is not JSON",
        "an entry names no address",
        "a cell is not as auto-archiver prints it",
    ]
    assert "row 1" in caught.value.problems[2].where


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "open('x')", "1 + 1", "[" * 50 + "]" * 50, "x", "f'{1}'", "", "{**{}}", "b'x'",
     "datetime.datetime(2031, 1, 32)", "datetime.datetime(2031, 1, 1, tzinfo=other)",
     "datetime.datetime.now()", "(" * 9_000_000],
)  # fmt: skip
def test_nothing_that_python_printed_is_run(text: str) -> None:
    with pytest.raises(ValueError, match=r"no |too long|out of range"):
        literals.parse(text)


def test_a_zip_of_anything_else_is_refused() -> None:
    with pytest.raises(BadInput, match="neither a WACZ archive nor"):
        opened("x.zip", make.zipped({"a.txt": b"x", "b.csv": b"date,actor\n", "c.json": b"{}"}))


def test_limits_hold_for_files_and_entries() -> None:
    with pytest.raises(BadInput, match="at most 100 are read"):
        folder({"metadata.json": entry(make.medium("a.mp4", VIDEO)), "a.mp4": VIDEO}, Limits(item=100))
    with pytest.raises(BadInput, match="more than 1 rows"):
        opened("db.csv", make.table([make.metadata()] * 2), Limits(pages=1))
    with pytest.raises(BadInput, match="more than 1 entries"):
        folder({f"{n}/metadata.json": entry(url=f"{ADDRESS}/{n}") for n in range(2)}, Limits(pages=1))
