"""Attacks by someone who holds a key or two: one editor, one who was replaced, a stolen key of the log.

Each is the honest making with one step done otherwise. The reader trusts the record's own fingerprint.
"""

# ruff: noqa: N801 (an attack is known by the words above it)

from __future__ import annotations

from typing import Any

from attacks.assembling import b64, public, sha
from attacks.honest import NOON, Making
from attacks.registering import made

# One editor, or someone who is none.


@made("release signed by one editor", "editors")
class _(Making):
    def sign_release(self, value: dict[str, Any]) -> dict[str, Any]:
        return self.signed(value, "amber")


@made("release signed by no one", "editors")
class _(Making):
    def sign_release(self, value: dict[str, Any]) -> dict[str, Any]:
        return self.signed(value)


@made("one editor signing twice, once under a colleague's key id", "editors")
class _(Making):
    def sign_release(self, value: dict[str, Any]) -> dict[str, Any]:
        done = self.signed(value, "amber")
        other = sha(public(self.key("dune")))[:16]
        return {**done, "signatures": {**done["signatures"], other: next(iter(done["signatures"].values()))}}


@made("one editor signing twice, once under the same key id in capitals", "entry")
class _(Making):
    def sign_release(self, value: dict[str, Any]) -> dict[str, Any]:
        done = self.signed(value, "amber")
        ((name, signature),) = done["signatures"].items()
        return {**done, "signatures": {name: signature, name.upper(): signature}}


@made("release signed by someone unknown beside two editors", "editors")
class _(Making):
    def sign_release(self, value: dict[str, Any]) -> dict[str, Any]:
        return self.signed(value, "amber", "dune", "stranger")


@made("release signed by an editor who was replaced", "editors")
class _(Making):
    def sign_release(self, value: dict[str, Any]) -> dict[str, Any]:
        return self.signed(value, "amber", "cedar")


@made("release signed by the log's key and an editor", "editors")
class _(Making):
    def sign_release(self, value: dict[str, Any]) -> dict[str, Any]:
        return self.signed(value, "amber", "log-2")


@made("release changed after it was signed", "editors")
class _(Making):
    def sign_release(self, value: dict[str, Any]) -> dict[str, Any]:
        return {**self.signed(value, "amber", "dune"), "expires": "2041-05-21T11:00:00Z"}


@made("release under the keyset before the one in force", "editors")
class _(Making):
    def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
        return {**super().release(bulletin, contents, size), "keyset": self.keysets[0]}


@made("release with a field that a release has not", "entry")
class _(Making):
    def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
        return {**super().release(bulletin, contents, size), "note": "trust me"}


@made("release with a time of no calendar", "entry")
class _(Making):
    def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
        return {**super().release(bulletin, contents, size), "expires": "2031-02-30T11:00:00Z"}


@made("redaction signed by one editor", "editors")
class _(Making):
    def sign_redaction(self, value: dict[str, Any]) -> dict[str, Any]:
        return self.signed(value, "birch")


@made("redaction signed by no editor", "editors")
class _(Making):
    def sign_redaction(self, value: dict[str, Any]) -> dict[str, Any]:
        return self.signed(value, "north", "south")


@made("redaction before the first keyset", "editors")
class _(Making):
    def entries(self) -> None:
        self.keysets.append("0" * 64)
        self.add(self.sign_redaction(self.redaction()))
        self.keysets.clear()
        super().entries()


# Keysets.


class _OtherSecond(Making):
    other: dict[str, Any] = {}

    def second_keyset(self) -> dict[str, Any]:
        return {**super().second_keyset(), **self.other}


@made("threshold lowered to one", "keyset")
class _(_OtherSecond):
    other = {"threshold": 1}


@made("threshold above the number of editors", "keyset")
class _(_OtherSecond):
    other = {"threshold": 4}


@made("quorum above the number of witnesses", "keyset")
class _(_OtherSecond):
    other = {"quorum": 4}


@made("keyset number skipped", "keyset")
class _(_OtherSecond):
    other = {"number": 3}


@made("keyset that does not name the one before", "keyset")
class _(_OtherSecond):
    other = {"before": "0" * 64}


@made("keyset with a field that a keyset has not", "entry")
class _(_OtherSecond):
    other = {"motto": "trust me"}


@made("keyset with a key of 31 bytes", "entry")
class _(_OtherSecond):
    other = {"log": b64(bytes(31))}


@made("keyset with a witness whose name breaks a line", "entry")
class _(Making):
    def second_keyset(self) -> dict[str, Any]:
        value = super().second_keyset()
        return {**value, "witnesses": {**value["witnesses"], "a\nb": self.written("mission-2")}}


@made("first keyset with a threshold of one", "keyset")
class _(Making):
    def first_keyset(self) -> dict[str, Any]:
        return {**super().first_keyset(), "threshold": 1}


@made("first keyset signed by one editor", "keyset")
class _(Making):
    def sign_first_keyset(self, value: dict[str, Any]) -> dict[str, Any]:
        return self.signed(value, "amber")


@made("one person with two keys that are one", "keyset")
class _(Making):
    def second_keyset(self) -> dict[str, Any]:
        value = super().second_keyset()
        return {**value, "editors": {**value["editors"], "birch": self.written("amber")}}

    def sign_second_keyset(self, value: dict[str, Any]) -> dict[str, Any]:
        return self.signed(value, "amber", "cedar")


@made("editor's key that is also the log's", "keyset")
class _(_OtherSecond):
    def second_keyset(self) -> dict[str, Any]:
        return {**super().second_keyset(), "log": self.written("amber")}


@made("editor's key that is also a witness's", "keyset")
class _(Making):
    def second_keyset(self) -> dict[str, Any]:
        value = super().second_keyset()
        return {**value, "witnesses": {**value["witnesses"], "south": self.written("birch")}}


@made("keyset not signed by the old set", "keyset")
class _(Making):
    def sign_second_keyset(self, value: dict[str, Any]) -> dict[str, Any]:
        return self.signed(value, "birch", "dune")


@made("keyset not signed by the new set", "keyset")
class _(Making):
    def sign_second_keyset(self, value: dict[str, Any]) -> dict[str, Any]:
        return self.signed(value, "amber", "cedar")


@made("keyset with a signature of someone unknown", "keyset")
class _(Making):
    def sign_second_keyset(self, value: dict[str, Any]) -> dict[str, Any]:
        return self.signed(value, "amber", "cedar", "dune", "stranger")


@made("keyset changed after it was signed", "keyset")
class _(Making):
    def sign_second_keyset(self, value: dict[str, Any]) -> dict[str, Any]:
        return {**super().sign_second_keyset(value), "fresh_hours": 0}


@made("keyset that no editor signed, in the log and not shown", "keyset")
class _(Making):
    def after(self) -> None:
        self.claims(299)
        rogue = {**self.second_keyset(), "number": 3, "log": self.written("rogue")}
        self.add(self.signed(rogue, "stranger"))

    def places(self, kind: str) -> list[int]:
        return super().places(kind)[: 2 if kind == "keyset" else None]


@made("checkpoint signed by the log's key of before the change", "signature")
class _(Making):
    def newest(self) -> bytes:
        return self.checkpoint(len(self.contents), NOON, "log-1", ("north", "south"))


@made("checkpoint under another origin", "foreign")
class _(Making):
    @property
    def origin(self) -> str:
        return "holdfire/" + sha(public(self.key("log-2")))[:16]
