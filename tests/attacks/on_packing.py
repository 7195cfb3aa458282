"""Attacks on the shape of a bundle: links, names, sizes, and zips that say two things."""

from __future__ import annotations

import os
from pathlib import Path

from attacks.honest import Bundle
from attacks.registering import attack, shaping
from attacks.zipping import DEVICE, FILE, FOLDER, LINK, Member, deflated, members_of, zipped

CAFE = ("caf\u00e9.txt", "cafe\u0301.txt")

# In a folder.


@shaping("symbolic link in place of a file", "link", needs="symlink")
def link(folder: Path, bundle: Bundle) -> None:
    page = folder / "bulletin" / "index.html"
    outside = folder.parent / f"{folder.name}.outside"
    outside.write_bytes(page.read_bytes())
    page.unlink()
    page.symlink_to(outside)


@shaping("symbolic link in place of a folder", "link", needs="symlink")
def folder_link(folder: Path, bundle: Bundle) -> None:
    outside = folder.parent / f"{folder.name}.outside"
    (folder / "exports").rename(outside)
    (folder / "exports").symlink_to(outside)


@shaping("symbolic link to nowhere", "link", needs="symlink")
def dangling(folder: Path, bundle: Bundle) -> None:
    (folder / "bulletin" / "more.html").symlink_to("nowhere")


@shaping("pipe in place of a file", "link", needs="mkfifo")
def pipe(folder: Path, bundle: Bundle) -> None:
    (folder / "MIRRORS").unlink()
    os.mkfifo(folder / "MIRRORS")


@shaping("file larger than any may be", "size", needs="sparse")
def large(folder: Path, bundle: Bundle) -> None:
    with (folder / "bulletin" / "map.bin").open("wb") as file:
        file.truncate(512 * 2**20 + 1)


for _name, _paths, _code in (
    ("name with a backslash", ["bulletin\\evil.html"], "path"),
    ("name with a colon", ["bulletin/a:b.html"], "path"),
    ("name with a line end", ["bulletin/a\nb.html"], "path"),
    ("names that differ in case alone", ["bulletin/INDEX.html"], "path"),
    ("folders that differ in case alone", ["Bulletin/more.html"], "path"),
    ("names that differ in the form of an accent", [f"bulletin/{each}" for each in CAFE], "path"),
    ("path longer than 400 bytes", ["/".join(["bulletin", *["x" * 60] * 7])], "size"),
    ("part of a path longer than 240 bytes", ["bulletin/" + "x" * 241], "size"),
):

    @shaping(f"in a folder, {_name}", _code, needs="case")
    def named(folder: Path, bundle: Bundle, paths: list[str] = _paths) -> None:
        for path in paths:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(b"x\n")


# In a zip.


def _with(bundle: Bundle, *more: Member) -> bytes:
    return zipped([*members_of(bundle.files), *more])


for _name, _raw, _flags, _code in (
    ("path that climbs out", b"../evil.html", 0, "path"),
    ("path that climbs out in its middle", b"bulletin/../../evil.html", 0, "path"),
    ("absolute path", b"/etc/evil", 0, "path"),
    ("path with a drive letter", b"C:evil.html", 0, "path"),
    ("path with a drive letter and backslash", b"C:\\evil.html", 0, "path"),
    ("path with backslashes that climb out", b"..\\evil.html", 0, "path"),
    ("path with a NUL", b"bulletin/index.html\x00.txt", 0, "path"),
    ("path with an escape", b"bulletin/\x1b[2Jx.html", 0, "path"),
    ("path with an empty part", b"bulletin//x.html", 0, "path"),
    ("path with a dot", b"bulletin/./x.html", 0, "path"),
    ("member without a name", b"", 0, "path"),
    ("folder that climbs out", b"../", 0, "path"),
    ("name that is not UTF-8", b"bulletin/\xff.html", 0x0800, "path"),
    ("name that is not ASCII and does not say UTF-8", b"bulletin/\xc3\xa9.html", 0, "path"),
    ("name that differs in case alone", b"bulletin/INDEX.html", 0, "path"),
    ("file that is also a folder", b"MIRRORS/x", 0, "path"),
    ("path longer than 400 bytes", b"bulletin/" + b"x" * 200 + b"/" + b"y" * 200, 0, "size"),
):

    @attack(f"in a zip, {_name}", _code)
    def named_member(bundle: Bundle, raw: bytes = _raw, flags: int = _flags) -> bytes:
        folder = raw.endswith(b"/")
        outer = FOLDER if folder else FILE
        return _with(bundle, Member(name=raw, content=b"" if folder else b"x\n", flags=flags, outer=outer))


@attack("in a zip, names that differ in the form of an accent", "path")
def accents(bundle: Bundle) -> bytes:
    more = [Member(name=f"bulletin/{each}".encode(), content=b"x\n", flags=0x0800) for each in CAFE]
    return _with(bundle, *more)


@attack("in a zip, symbolic link", "link")
def zipped_link(bundle: Bundle) -> bytes:
    return _with(bundle, Member(name=b"bulletin/more.html", content=b"/etc/passwd", outer=LINK))


@attack("in a zip, device", "link")
def zipped_device(bundle: Bundle) -> bytes:
    return _with(bundle, Member(name=b"bulletin/null", outer=DEVICE))


@attack("in a zip, two members of one name", "zip")
def twice(bundle: Bundle) -> bytes:
    return _with(bundle, Member(name=b"bulletin/index.html", content=b"<h1>other</h1>\n"))


@attack("zip bomb: one member of a thousand times its size", "size")
def ratio(bundle: Bundle) -> bytes:
    return _with(bundle, Member(name=b"bulletin/map.bin", content=bytes(16 * 2**20)))


@attack("zip bomb: member that unpacks to more than it says", "size")
def lying(bundle: Bundle) -> bytes:
    members = members_of(bundle.files)
    page = next(each for each in members if each.name == b"MIRRORS")
    page.packed = deflated(page.content + bytes(8 * 2**20))
    page.packed_size = len(page.packed)
    return zipped(members)


@attack("zip bomb: members that claim more than four gigabytes", "size")
def gigabytes(bundle: Bundle) -> bytes:
    packed = deflated(bytes(2**20)) * 500
    many = [Member(name=b"bulletin/%d" % n, packed=packed, size=500 * 2**20, content=b"") for n in range(9)]
    return _with(bundle, *many)


@attack("zip bomb: one member larger than any may be", "size")
def one_large(bundle: Bundle) -> bytes:
    packed = deflated(bytes(2**20)) * 600
    return _with(bundle, Member(name=b"bulletin/map.bin", packed=packed, size=513 * 2**20))


@attack("zip bomb: members that share their data", "zip")
def overlapping(bundle: Bundle) -> bytes:
    """Like the overlapping bombs of Fifield 2019: headers in the directory that point at one local header."""
    content = zipped([*members_of(bundle.files), Member(name=b"bulletin/a.bin", content=bytes(2**16))])
    end = content[-22:]
    start = int.from_bytes(end[16:20], "little")
    directory = content[start:-22]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    count = int.from_bytes(end[8:10], "little") + 1
    directory += last.replace(b"bulletin/a.bin", b"bulletin/b.bin")
    new = end[:8] + count.to_bytes(2, "little") * 2 + len(directory).to_bytes(4, "little") + end[16:]
    return content[:start] + directory + new


@attack("zip bomb: a member inside another member's data", "zip")
def nested(bundle: Bundle) -> bytes:
    inner = Member(name=b"bulletin/b.bin", content=b"inner\n", method=0)
    quoted = zipped([inner])[: 30 + len(inner.name) + 6]
    outer = Member(name=b"bulletin/a.bin", content=quoted, method=0)
    content = zipped([*members_of(bundle.files), outer, inner])
    place = content.index(quoted)
    last = content.rindex(b"PK\x01\x02")
    return content[: last + 42] + place.to_bytes(4, "little") + content[last + 46 :]


@attack("zip with more members than it may have", "zip")
def many(bundle: Bundle) -> bytes:
    return zipped([Member(name=b"bulletin/%d" % n, method=0) for n in range(65_535)])


@attack("zip that claims more members than there are", "zip")
def claimed(bundle: Bundle) -> bytes:
    return zipped(members_of(bundle.files), count=1000)


for _name, _local in (
    ("another name", {"name": b"bulletin/other.html"}),
    ("another size", {"size": 5}),
    ("another packed size", {"packed_size": 5}),
    ("another CRC", {"crc": 5}),
    ("another method", {"method": 0}),
    ("other flags", {"flags": 1}),
    ("no signature", {"sign": b"PK\x07\x08"}),
):

    @attack(f"local header with {_name}", "zip")
    def local(bundle: Bundle, local: dict[str, int | bytes] = _local) -> bytes:
        members = members_of(bundle.files)
        next(each for each in members if each.name == b"bulletin/index.html").local = local
        return zipped(members)


def _changed(bundle: Bundle, **fields: object) -> bytes:
    """Return a zip whose member MIRRORS has other fields, local header included."""
    members = members_of(bundle.files)
    at = next(n for n, each in enumerate(members) if each.name == b"MIRRORS")
    members[at] = Member(**{"name": b"MIRRORS", "content": members[at].content, **fields})  # type: ignore[arg-type]
    return zipped(members)


@attack("encrypted member", "zip")
def encrypted(bundle: Bundle) -> bytes:
    return _changed(bundle, flags=1)


@attack("member with its sizes behind its data", "zip")
def descriptor(bundle: Bundle) -> bytes:
    return _changed(bundle, flags=8)


@attack("member packed in another way", "zip")
def other_method(bundle: Bundle) -> bytes:
    return _changed(bundle, method=12, packed=b"BZh9")


@attack("member that fails its CRC", "zip")
def crc(bundle: Bundle) -> bytes:
    return _changed(bundle, crc=12345)


@attack("member that unpacks to less than it says", "zip")
def less(bundle: Bundle) -> bytes:
    return _changed(bundle, size=len(bundle.files["MIRRORS"]) + 1)


@attack("member whose packed data is cut", "zip")
def cut(bundle: Bundle) -> bytes:
    return _changed(bundle, packed=deflated(bundle.files["MIRRORS"])[:-3])


@attack("member whose packed data is none", "zip")
def garbage(bundle: Bundle) -> bytes:
    return _changed(bundle, packed=b"\xff" * 40)


@attack("bytes behind a member's packed data", "zip")
def behind(bundle: Bundle) -> bytes:
    return _changed(bundle, packed=deflated(bundle.files["MIRRORS"]) + b"hidden")


@attack("stored member with two sizes", "zip")
def stored(bundle: Bundle) -> bytes:
    return _changed(bundle, method=0, size=5)


@attack("member with another name in an extra field", "zip")
def unicode_path(bundle: Bundle) -> bytes:
    return _changed(bundle, extra=b"\x75\x70\x09\x00\x01\x00\x00\x00\x00evil")


@attack("member with another name in an extra field of its local header", "zip")
def local_unicode_path(bundle: Bundle) -> bytes:
    return _changed(bundle, local_extra=b"\x75\x70\x09\x00\x01\x00\x00\x00\x00evil")


@attack("member with Zip64 sizes", "zip")
def zip64(bundle: Bundle) -> bytes:
    return _changed(bundle, extra=b"\x01\x00\x08\x00" + bytes(8))


@attack("member on another disk", "zip")
def disk(bundle: Bundle) -> bytes:
    return _changed(bundle, disk=1)


@attack("folder that holds bytes", "zip")
def full_folder(bundle: Bundle) -> bytes:
    return _with(bundle, Member(name=b"hidden/", content=b"x\n", outer=FOLDER))


@attack("bytes before the first member", "zip")
def prefix(bundle: Bundle) -> bytes:
    members = members_of(bundle.files)
    members[0].before = b"#!/bin/sh\n"
    return zipped(members)


@attack("bytes between two members", "zip")
def between(bundle: Bundle) -> bytes:
    members = members_of(bundle.files)
    members[5].after = b"hidden"
    return zipped(members)


@attack("member that the directory does not list", "zip")
def hidden_member(bundle: Bundle) -> bytes:
    members = members_of(bundle.files)
    members[5].after = zipped([Member(name=b"bulletin/x.html", content=b"x\n", method=0)])[:47]
    return zipped(members)


@attack("bytes before the directory", "zip")
def before_directory(bundle: Bundle) -> bytes:
    return zipped(members_of(bundle.files), before_directory=b"hidden")


@attack("bytes behind the archive", "zip")
def trailing(bundle: Bundle) -> bytes:
    return zipped(members_of(bundle.files)) + b"\n"


@attack("comment that holds another archive", "zip")
def commented(bundle: Bundle) -> bytes:
    return zipped(members_of(bundle.files), comment=zipped([Member(name=b"x", content=b"x")]))


@attack("archive cut short", "zip")
def truncated(bundle: Bundle) -> bytes:
    return zipped(members_of(bundle.files))[:-40]


@attack("archive cut in its middle", "zip")
def halved(bundle: Bundle) -> bytes:
    content = zipped(members_of(bundle.files))
    return content[: len(content) // 2] + content[-22:]


@attack("no archive at all", "zip")
def no_archive(bundle: Bundle) -> bytes:
    return b"This is a bundle, believe me.\n" * 10


@attack("empty file", "zip")
def empty(bundle: Bundle) -> bytes:
    return b""


@attack("in a zip, unlisted file", "unlisted")
def zipped_unlisted(bundle: Bundle) -> bytes:
    return _with(bundle, Member(name=b"bulletin/more.html", content=b"x\n"))


@attack("in a zip, flipped byte in a tile", "log")
def zipped_flip(bundle: Bundle) -> bytes:
    files = dict(bundle.files)
    tile = bytearray(files["log/tile/0/000"])
    tile[100] ^= 1
    return zipped(members_of({**files, "log/tile/0/000": bytes(tile)}))
