"""Attacks by someone who holds a copy and no key: bytes changed, files moved, added, taken away."""

from __future__ import annotations

import base64

from attacks.assembling import b64, leaf, proof, root, sha, text_of, tile_files
from attacks.honest import DAY, IDS, NOON, Bundle, Making
from attacks.registering import attack


def _flip(bundle: Bundle, path: str, at: int = -1) -> None:
    content = bytearray(bundle.files[path])
    content[at] ^= 1
    bundle.files[path] = bytes(content)


def _swap(bundle: Bundle, path: str, old: str | bytes, new: str | bytes) -> None:
    was = old.encode() if isinstance(old, str) else old
    assert was in bundle.files[path], path
    bundle.files[path] = bundle.files[path].replace(was, new.encode() if isinstance(new, str) else new, 1)


def _other_hash(line: str) -> str:
    """Return base64 of 32 other bytes."""
    content = bytearray(base64.b64decode(line))
    content[5] ^= 4
    return b64(bytes(content))


def _first_hash(bundle: Bundle, path: str) -> None:
    line = bundle.files[path].decode().split("\n")[3]
    _swap(bundle, path, line, _other_hash(line))


for _path, _word in (
    ("bulletin/index.html", "a page of the bulletin"),
    ("bulletin/annex/incidents.csv", "an annex"),
    ("MIRRORS", "the addresses of copies"),
    ("verify.py", "the verifier that lies in the bundle"),
    ("verify.html", "the page that checks"),
    ("README.txt", "the readme"),
    ("exports/prov.json", "an export"),
    ("ro-crate-metadata.json", "the metadata for archives"),
):
    attack(f"flipped byte in {_word}", "digest")(lambda bundle, path=_path: _flip(bundle, path, 1))


@attack("flipped byte in an exhibit", "digest")
def exhibit(bundle: Bundle) -> None:
    _flip(bundle, next(path for path in bundle.files if path.startswith("exhibits/")))


@attack("flipped digit in MANIFEST", "digest", "mixed")
def manifest_digit(bundle: Bundle) -> None:
    name = sha(bundle.files["README.txt"])
    _swap(bundle, "MANIFEST", name, name[:-1] + ("0" if name[-1] != "0" else "1"))


@attack("flipped digit in the bulletin's manifest", "digest", "mixed")
def site_manifest(bundle: Bundle) -> None:
    name = sha(bundle.files["bulletin/index.html"])
    _swap(bundle, "bulletin/manifest.txt", name, name[:-1] + ("0" if name[-1] != "0" else "1"))


@attack("other hash in the release's proof", "proof")
def release_hash(bundle: Bundle) -> None:
    _first_hash(bundle, "RELEASE.tlog-proof")


@attack("other hash in the proof of keyset 1", "proof")
def keyset_hash(bundle: Bundle) -> None:
    _first_hash(bundle, "keys/1.tlog-proof")


@attack("other hash in the proof of a determination", "proof")
def determination_hash(bundle: Bundle) -> None:
    _first_hash(bundle, f"proofs/{IDS[3]}.tlog-proof")


@attack("other place in the proof of a determination", "proof")
def determination_place(bundle: Bundle) -> None:
    place = bundle.files[f"proofs/{IDS[3]}.tlog-proof"].decode().split("\n")[2]
    _swap(bundle, f"proofs/{IDS[3]}.tlog-proof", place, f"index {int(place[6:]) - 1}")


@attack("one hash more in a proof", "proof")
def longer_proof(bundle: Bundle) -> None:
    line = bundle.files["RELEASE.tlog-proof"].split(b"\n")[3] + b"\n"
    _swap(bundle, "RELEASE.tlog-proof", line, line + line)


@attack("changed entry in the release's proof", "proof")
def release_entry(bundle: Bundle) -> None:
    line = bundle.files["RELEASE.tlog-proof"].decode().split("\n")[1]
    entry = base64.b64decode(line[6:]).replace(b"2031-05-21", b"2041-05-21")
    _swap(bundle, "RELEASE.tlog-proof", line, f"extra {b64(entry)}")


@attack("flipped byte in the root of the checkpoint", "mixed")
def checkpoint_root(bundle: Bundle) -> None:
    line = bundle.files["checkpoint"].decode().split("\n")[2]
    _swap(bundle, "checkpoint", line, _other_hash(line))


@attack("flipped byte in the log's signature", "signature")
def log_signature(bundle: Bundle) -> None:
    line = bundle.files["checkpoint"].decode().split("\n")[4].split(" ")[2]
    content = bytearray(base64.b64decode(line))
    content[20] ^= 1
    _swap(bundle, "checkpoint", line, b64(bytes(content)))


@attack("flipped byte in an entry of the log", "log")
def entry_byte(bundle: Bundle) -> None:
    at = bundle.files["log/tile/entries/000"].index(b'"claim_id":"c-') + 14
    content = bytearray(bundle.files["log/tile/entries/000"])
    content[at] = ord("0") if content[at] != ord("0") else ord("1")
    bundle.files["log/tile/entries/000"] = bytes(content)


@attack("flipped byte in a tile of hashes", "log")
def hash_tile(bundle: Bundle) -> None:
    _flip(bundle, "log/tile/0/000", 77)


@attack("flipped byte in a partial tile of hashes", "log")
def partial_hash_tile(bundle: Bundle) -> None:
    _flip(bundle, "log/tile/0/001.p/44", 77)


@attack("flipped byte in a higher tile", "log")
def higher_tile(bundle: Bundle) -> None:
    _flip(bundle, "log/tile/1/000.p/1")


@attack("flipped byte in the root of a past checkpoint", "signature")
def past_root(bundle: Bundle) -> None:
    line = bundle.files["checkpoints/60"].decode().split("\n")[2]
    _swap(bundle, "checkpoints/60", line, _other_hash(line))


@attack("flipped byte in a witness's line of a past checkpoint", "signature")
def past_witness(bundle: Bundle) -> None:
    line = bundle.files["checkpoints/60"].decode().split("\n")[-2].split(" ")[2]
    content = bytearray(base64.b64decode(line))
    content[-1] ^= 1
    _swap(bundle, "checkpoints/60", line, b64(bytes(content)))


@attack("swapped proofs of two determinations", "mixed")
def swapped_proofs(bundle: Bundle) -> None:
    one, other = (f"proofs/{name}.tlog-proof" for name in IDS[:2])
    bundle.files[one], bundle.files[other] = bundle.files[other], bundle.files[one]


@attack("proofs of release and keyset swapped", "entry")
def swapped_kinds(bundle: Bundle) -> None:
    bundle.files["RELEASE.tlog-proof"] = bundle.files["keys/2.tlog-proof"]


@attack("proof of a claim in place of a determination", "entry")
def wrong_kind(bundle: Bundle) -> None:
    bundle.files[f"proofs/{IDS[2]}.tlog-proof"] = proof(bundle.contents, 70, bundle.files["checkpoint"])


@attack("proof of a bulletin in place of its release", "entry")
def bulletin_for_release(bundle: Bundle) -> None:
    place = max(n for n, each in enumerate(bundle.contents) if b'"kind":"bulletin"' in each)
    bundle.files["RELEASE.tlog-proof"] = proof(bundle.contents, place, bundle.files["checkpoint"])


@attack("proof without its entry", "note")
def no_extra(bundle: Bundle) -> None:
    line = bundle.files["RELEASE.tlog-proof"].split(b"\n")[1] + b"\n"
    _swap(bundle, "RELEASE.tlog-proof", line, b"")


for _path, _word in (
    ("keys/1.tlog-proof", "a keyset"),
    ("RELEASE.tlog-proof", "the release"),
    (f"proofs/{IDS[5]}.tlog-proof", "a determination"),
):

    @attack(f"proof of {_word} under a checkpoint that the log has not signed", "signature")
    def stripped_note(bundle: Bundle, path: str = _path) -> None:
        line = bundle.files["checkpoint"].decode().split("\n")[4] + "\n"
        _swap(bundle, path, line, "")


@attack("proof under an older checkpoint", "mixed")
def older_proof(bundle: Bundle) -> None:
    path = f"proofs/{IDS[0]}.tlog-proof"
    place = next(n for n, each in enumerate(bundle.contents) if IDS[0].encode() in each)
    size = max(int(each.split("/")[1]) for each in bundle.files if each.startswith("checkpoints/"))
    bundle.files[path] = proof(bundle.contents[:size], place, bundle.files[f"checkpoints/{size}"])


@attack("older checkpoint beside newer proofs", "mixed")
def older_checkpoint(bundle: Bundle) -> None:
    bundle.files["checkpoint"] = bundle.files["checkpoints/270"]


@attack("files of the first bulletin under the second release", "mixed")
def mixed_issues(bundle: Bundle) -> None:
    other = Making()
    other.entries()
    for path in [each for each in bundle.files if each.startswith(("bulletin/", "proofs/"))]:
        if path.startswith("bulletin/") or path[7:-11] in IDS[2:]:
            del bundle.files[path]
    bundle.files.update({**other.parts(1), "MANIFEST": other.manifest(1)})


@attack("log cut inside its last tile", "log")
def cut_tile(bundle: Bundle) -> None:
    path = "log/tile/entries/001.p/44"
    bundle.files[path] = bundle.files[path][:-1]


@attack("log cut by one entry", "missing", "unlisted")
def cut_log(bundle: Bundle) -> None:
    for path in [each for each in bundle.files if each.startswith("log/")]:
        del bundle.files[path]
    bundle.files.update(tile_files(bundle.contents[:-1]))


@attack("entries in another order, every tile made anew", "log")
def reordered(bundle: Bundle) -> None:
    contents = list(bundle.contents)
    contents[10], contents[11] = contents[11], contents[10]
    bundle.files.update(tile_files(contents))


@attack("entry taken out and another put in its place", "log")
def replaced_entry(bundle: Bundle) -> None:
    contents = list(bundle.contents)
    contents[20] = contents[20].replace(b'"negated":false', b'"negated":true')
    bundle.files.update(tile_files(contents))


@attack("bytes behind the entries of a tile", "log")
def trailing_entries(bundle: Bundle) -> None:
    bundle.files["log/tile/entries/000"] += b"\x00\x00"


@attack("bytes behind a tile of hashes", "log")
def trailing_hashes(bundle: Bundle) -> None:
    bundle.files["log/tile/0/000"] += bytes(32)


@attack("missing tile of entries", "missing")
def missing_entries(bundle: Bundle) -> None:
    del bundle.files["log/tile/entries/000"]


@attack("missing tile of hashes", "missing")
def missing_hashes(bundle: Bundle) -> None:
    del bundle.files["log/tile/1/000.p/1"]


@attack("partial tile of another width", "missing", "unlisted")
def other_width(bundle: Bundle) -> None:
    bundle.files["log/tile/0/001.p/43"] = bundle.files.pop("log/tile/0/001.p/44")[:-32]


@attack("one more partial tile", "unlisted")
def more_tiles(bundle: Bundle) -> None:
    bundle.files["log/tile/0/000.p/9"] = bundle.files["log/tile/0/000"][: 9 * 32]


@attack("file that nothing lists", "unlisted")
def unlisted(bundle: Bundle) -> None:
    bundle.files["bulletin/extra.html"] = b"<h1>Bulletin 3</h1>\n"


@attack("file in the log's folder that is no tile", "unlisted")
def unlisted_log(bundle: Bundle) -> None:
    bundle.files["log/readme.txt"] = b"x\n"


@attack("proof of a determination that the bulletin has no page of", "unlisted")
def unlisted_proof(bundle: Bundle) -> None:
    bundle.files["proofs/d-0000000000000000.tlog-proof"] = bundle.files[f"proofs/{IDS[0]}.tlog-proof"]


@attack("checkpoint under a name that is no size", "unlisted")
def unlisted_checkpoint(bundle: Bundle) -> None:
    bundle.files["checkpoints/060"] = bundle.files["checkpoints/60"]


@attack("past checkpoint under the name of another size", "note")
def renamed_checkpoint(bundle: Bundle) -> None:
    bundle.files["checkpoints/61"] = bundle.files["checkpoints/60"]


for _path, _word in (
    ("bulletin/index.html", "listed file"),
    ("MANIFEST", "MANIFEST"),
    ("RELEASE.tlog-proof", "release"),
    ("checkpoint", "checkpoint"),
    ("keys/1.tlog-proof", "keyset 1"),
    ("bulletin/manifest.txt", "manifest of the bulletin"),
    (f"proofs/{IDS[4]}.tlog-proof", "proof of a determination"),
):

    @attack(f"missing {_word}", "missing")
    def missing(bundle: Bundle, path: str = _path) -> None:
        del bundle.files[path]


@attack("last keyset left out", "missing", "signature")
def hidden_keyset(bundle: Bundle) -> None:
    del bundle.files["keys/2.tlog-proof"]


@attack("gap in the keysets", "missing")
def keyset_gap(bundle: Bundle) -> None:
    bundle.files["keys/3.tlog-proof"] = bundle.files.pop("keys/2.tlog-proof")


@attack("proof of a keyset under a name that is no number", "unlisted")
def keyset_name(bundle: Bundle) -> None:
    bundle.files["keys/01.tlog-proof"] = bundle.files["keys/1.tlog-proof"]


def _note(bundle: Bundle, old: str, new: str) -> None:
    """Change the checkpoint and every note that has its text."""
    for path in bundle.files:
        if path == "checkpoint" or path.endswith(".tlog-proof"):
            _swap(bundle, path, old, new)


@attack("root in another spelling of base64", "note")
def loose_base64(bundle: Bundle) -> None:
    line = bundle.files["checkpoint"].decode().split("\n")[2]
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    _note(bundle, line, line[:-2] + last[last.index(line[-2]) + 1] + "=")


@attack("signature line without padding", "note")
def no_padding(bundle: Bundle) -> None:
    line = bundle.files["checkpoint"].decode().split("\n")[4]
    _note(bundle, line, line.rstrip("="))


@attack("extension line in the checkpoint", "note")
def extension(bundle: Bundle) -> None:
    line = bundle.files["checkpoint"].decode().split("\n")[2] + "\n"
    _note(bundle, line, line + "extension\n")


@attack("size with a leading zero", "note")
def leading_zero(bundle: Bundle) -> None:
    _note(bundle, "\n300\n", "\n0300\n")


@attack("checkpoint with the line ends of another system", "note")
def crlf_note(bundle: Bundle) -> None:
    bundle.files["checkpoint"] = bundle.files["checkpoint"].replace(b"\n", b"\r\n")


@attack("checkpoint with too many lines", "note")
def too_many_lines(bundle: Bundle) -> None:
    line = bundle.files["checkpoint"].decode().split("\n")[4] + "\n"
    bundle.files["checkpoint"] += (line * 120).encode()


@attack("unsigned checkpoint", "note")
def unsigned(bundle: Bundle) -> None:
    bundle.files["checkpoint"] = bundle.files["checkpoint"].split(b"\n\n")[0] + b"\n\n"


@attack("release that has expired", "expired")
def expired(bundle: Bundle) -> None:
    bundle.at = NOON + 15 * DAY


@attack("release still to come", "future")
def still_to_come(bundle: Bundle) -> None:
    bundle.at = NOON - 3 * DAY


@attack("reader without a fingerprint", "trust", fingerprint=False)
def no_fingerprint(bundle: Bundle) -> None:
    assert bundle.fingerprint


@attack("whole bundle of another record", "foreign")
def foreign(bundle: Bundle) -> Bundle:
    other = Making(2).bundle()
    other.fingerprint = bundle.fingerprint
    return other


@attack("keyset 1 of another record", "mixed")
def foreign_keyset(bundle: Bundle) -> None:
    bundle.files["keys/1.tlog-proof"] = Making(2).bundle().files["keys/1.tlog-proof"]


@attack("older than what the reader saw", "rollback")
def rollback(bundle: Bundle) -> None:
    bundle.memory = (301, bytes(32))


@attack("another history than the reader saw", "fork")
def fork_against_memory(bundle: Bundle) -> None:
    bundle.memory = (200, root([leaf(each) for each in bundle.contents[:199]]))


@attack("another root than the reader saw at this very size", "fork")
def fork_at_size(bundle: Bundle) -> None:
    bundle.memory = (300, bytes(32))


@attack("past checkpoint that is no note", "note")
def broken_past(bundle: Bundle) -> None:
    bundle.files["checkpoints/60"] = b"60 entries, believe me\n"


@attack("past checkpoint of another record", "foreign")
def foreign_past(bundle: Bundle) -> None:
    other = Making(2)
    other.entries()
    bundle.files["checkpoints/60"] = other.past[60]


@attack("past checkpoint of a log before its first keyset", "foreign")
def before_keysets(bundle: Bundle) -> None:
    making = Making()
    text = text_of(making.origin, bundle.contents[:1])
    bundle.files["checkpoints/1"] = bundle.files["checkpoints/60"].replace(
        bundle.files["checkpoints/60"].split(b"\n\n")[0] + b"\n", text.encode()
    )
