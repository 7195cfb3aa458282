"""Attacks by the log's operator: a second history, an older bulletin, a release of something else."""

# ruff: noqa: N801 (an attack is known by the words above it)

from __future__ import annotations

from typing import Any

from attacks.assembling import canonical, leaf, proof, root
from attacks.honest import IDS, NOON, Bundle, Making
from attacks.registering import made


class _Rewritten(Making):
    """A second history: one claim says something else."""

    witnesses: tuple[str, ...] = ("north", "south")

    def entries(self) -> None:
        super().entries()
        self.contents[100] = self.contents[100].replace(b'"negated":false', b'"negated":true')

    def newest(self) -> bytes:
        return self.checkpoint(len(self.contents), NOON, "log-2", self.witnesses)


@made("second history beside true past checkpoints", "fork", "witnesses")
class _(_Rewritten):
    witnesses = ()


@made("second history that all witnesses cosigned, beside true past checkpoints", "fork")
class _(_Rewritten):
    pass


@made("second history against a reader's memory", "fork")
class _(_Rewritten):
    def bundle(self) -> Bundle:
        true = Making().bundle()
        made = super().bundle()
        for path in [each for each in made.files if each.startswith("checkpoints/")]:
            del made.files[path]
        made.memory = (250, root([leaf(each) for each in true.contents[:250]]))
        return made


@made("past checkpoint that is larger than the newest", "fork")
class _(Making):
    def entries(self) -> None:
        super().entries()
        self.contents.append(canonical({"kind": "case", "files": [], "at": "2031-05-08T00:00:00Z"}))
        self.keep(0, "log-2", ("north", "south"))
        self.contents.pop()


@made("past checkpoint of another history at the newest's size", "fork")
class _(Making):
    def newest(self) -> bytes:
        kept = list(self.contents)
        self.contents[100] = self.contents[100].replace(b'"negated":false', b'"negated":true')
        self.keep(0, "log-2", ("north", "south"))
        self.contents[:] = kept
        return super().newest()


@made("older release under a newer checkpoint", "replay")
class _(Making):
    def bundle(self) -> Bundle:
        made = super().bundle()
        for path in [each for each in made.files if each.startswith(("bulletin/", "proofs/"))]:
            if path.startswith("bulletin/") or path[7:-11] in IDS[2:]:
                del made.files[path]
        made.files.update({**self.parts(1), "MANIFEST": self.manifest(1)})
        place = self.places("release")[0]
        made.files["RELEASE.tlog-proof"] = proof(self.contents, place, made.files["checkpoint"])
        return made


@made("older release appended again as if it were new", "log", "replay")
class _(Making):
    def after(self) -> None:
        self.claims(299)
        self.contents.append(self.contents[self.places("release")[0]])

    def bundle(self) -> Bundle:
        made = super().bundle()
        for path in [each for each in made.files if each.startswith(("bulletin/", "proofs/"))]:
            if path.startswith("bulletin/") or path[7:-11] in IDS[2:]:
                del made.files[path]
        made.files.update({**self.parts(1), "MANIFEST": self.manifest(1)})
        return made


@made("one entry twice in the log", "log")
class _(Making):
    def after(self) -> None:
        self.claims(299)
        self.contents.append(self.contents[10])


@made("release that does not name the one before", "replay")
class _(Making):
    def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
        return {**super().release(bulletin, contents, size), "before": ""}


@made("release of a bulletin that disagrees with it", "mixed")
class _(Making):
    def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
        return {**super().release(bulletin, contents, size), "number": 3}


@made("release of a bulletin that is not in the log", "mixed")
class _(Making):
    def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
        return {**super().release(bulletin, contents, size), "bulletin": "0" * 64}


@made("release that claims more entries than there were", "mixed")
class _(Making):
    def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
        return {**super().release(bulletin, contents, size), "size": size + 5}

    def bulletin(self, number: int, site: bytes, size: int) -> dict[str, Any]:
        return {**super().bulletin(number, site, size), "size": size + 5}


@made("determination that the log holds only after the release", "mixed")
class _(Making):
    def determination(self, name: str) -> dict[str, Any]:
        return super().determination(name if name != IDS[5] else "d-early")

    def after(self) -> None:
        self.add(super().determination(IDS[5]))
        super().after()

    def bundle(self) -> Bundle:
        made = super().bundle()
        del made.files["proofs/d-early.tlog-proof"]
        return made


@made("release of another MANIFEST", "mixed")
class _(Making):
    def release(self, bulletin: dict[str, Any], contents: bytes, size: int) -> dict[str, Any]:
        return {**super().release(bulletin, contents + b"\n", size), "number": bulletin["number"]}
