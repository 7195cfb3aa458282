"""Attacks on the one form of an entry and of MANIFEST, signed as they stand."""

# ruff: noqa: N801 (an attack is known by the words above it)

from __future__ import annotations

from attacks.assembling import canonical, sha
from attacks.honest import Bundle, Making
from attacks.registering import attack, made
from attacks.zipping import members_of, zipped

# Entries that are not in their one form, appended by the log's operator.


class _Raw(Making):
    raw = b""

    def after(self) -> None:
        self.claims(299)
        self.contents.append(self.raw)


for _name, _raw in (
    ("a key given twice", b'{"kind":"claim","kind":"claim"}'),
    ("a float", b'{"kind":"claim","n":1.5}'),
    ("a float that is whole", b'{"kind":"claim","n":1.0}'),
    ("NaN", b'{"kind":"claim","n":NaN}'),
    ("an integer that not every reader keeps", b'{"kind":"claim","n":9007199254740992}'),
    ("minus zero", b'{"kind":"claim","n":-0}'),
    ("keys in another order", b'{"n":1,"kind":"claim"}'),
    ("a space", b'{"kind": "claim"}'),
    ("a key that is not ASCII", '{"é":1,"kind":"claim"}'.encode()),
    ("half of a surrogate pair", b'{"kind":"claim","n":"\\ud800"}'),
    ("an escape that is not needed", b'{"kind":"claim","n":"\\u0041"}'),
    ("an escaped slash", b'{"kind":"claim","n":"a\\/b"}'),
    ("bytes that are not UTF-8", b'{"kind":"claim","n":"\xff"}'),
    ("no kind", b'{"n":1}'),
    ("no object", b'["kind"]'),
    ("no bytes", b""),
    ("nesting without end", b'{"kind":"claim","n":' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
):
    made(f"entry with {_name}", "entry")(type("_", (_Raw,), {"raw": _raw}))


@made("entry too large for its length", "log")
class _(Making):
    def after(self) -> None:
        self.claims(299)
        self.contents.append(canonical({"kind": "claim", "n": "x" * 65_000}))

    def bundle(self) -> Bundle:
        made = super().bundle()
        path = "log/tile/entries/001.p/44"
        large = canonical({"kind": "claim", "n": "x" * 70_000})
        last = made.contents[-1]
        made.files[path] = made.files[path].replace(
            len(last).to_bytes(2, "big") + last, (len(large) & 0xFFFF).to_bytes(2, "big") + large
        )
        return made


# MANIFEST, signed as it stands.


class _Manifest(Making):
    def changed(self, content: bytes) -> bytes:
        return content

    def manifest(self, number: int) -> bytes:
        content = super().manifest(number)
        return self.changed(content) if number == 2 else content


@made("MANIFEST that is not sorted", "manifest")
class _(_Manifest):
    def changed(self, content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        return b"".join([*lines[1:], lines[0]])


@made("MANIFEST with the line ends of another system", "manifest")
class _(_Manifest):
    def changed(self, content: bytes) -> bytes:
        return content.replace(b"\n", b"\r\n")


@made("MANIFEST with a path twice", "manifest")
class _(_Manifest):
    def changed(self, content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        return b"".join([lines[0], *lines])


@made("MANIFEST in capitals", "manifest")
class _(_Manifest):
    def changed(self, content: bytes) -> bytes:
        return content[:64].upper() + content[64:]


@made("MANIFEST with the mark of a binary file", "manifest")
class _(_Manifest):
    def changed(self, content: bytes) -> bytes:
        return content[:65] + b"*" + content[66:]


@made("MANIFEST without its last line end", "manifest")
class _(_Manifest):
    def changed(self, content: bytes) -> bytes:
        return content[:-1]


@made("MANIFEST that is not UTF-8", "manifest")
class _(_Manifest):
    def changed(self, content: bytes) -> bytes:
        return content.replace(b"MIRRORS", b"MIRRORS\xff")


@made("MANIFEST that lists a file of the log", "manifest")
class _(_Manifest):
    def manifest(self, number: int) -> bytes:
        content = super().manifest(number)
        if number == 1:
            return content
        extra = f"{sha(self.past[60])}  checkpoints/60\n".encode()
        lines = sorted([*content.splitlines(keepends=True), extra], key=lambda each: each[66:-1])
        return b"".join(lines)


@made("MANIFEST that lists a path that climbs out", "path")
class _(_Manifest):
    def changed(self, content: bytes) -> bytes:
        return f"{sha(b'x')}  ../evil\n".encode() + content


@made("exhibit that is not named by its digest", "digest")
class _(Making):
    def parts(self, number: int) -> dict[str, bytes]:
        return {**super().parts(number), "exhibits/" + sha(b"other words"): b"these words\n"}


@made("file of the bulletin that its two manifests name otherwise", "digest")
class _(Making):
    def parts(self, number: int) -> dict[str, bytes]:
        return {**super().parts(number), "bulletin/index.html": b"<h1>other words</h1>\n"}


@made("file of the bulletin that only its own manifest names", "missing")
class _(Making):
    def parts(self, number: int) -> dict[str, bytes]:
        found = super().parts(number)
        del found["bulletin/index.html"]
        return found


@made("two signed files whose names differ in case alone", "path")
class _(Making):
    def parts(self, number: int) -> dict[str, bytes]:
        return {**super().parts(number), "exports/PROV.json": b"{}\n"}


class _Heavy(Making):
    """Editors who signed a file of nothing but zeros."""

    def parts(self, number: int) -> dict[str, bytes]:
        return {**super().parts(number), "exports/zeros.bin": bytes(2**21)}


@attack("zip bomb that the editors signed", "size")
def signed_bomb(bundle: Bundle) -> bytes:
    made = _Heavy().bundle()
    bundle.fingerprint = made.fingerprint
    return zipped(members_of(made.files))
