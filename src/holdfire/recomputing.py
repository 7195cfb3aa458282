"""Make a bulletin again from the log and its exhibits, and compare it byte for byte with what was issued.

No vault, clock or network is touched: what is handed in is an open ledger and the exhibits, so the same
call works on a case and on anyone's copy of a bundle. tests/unit/test_recomputing.py takes the vault, the
inbox and the bulletins away first, and changes time zone, hash seed and threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from holdfire import plugins
from holdfire.digests import Digest, digest
from holdfire.engine import Engine
from holdfire.errors import BadInput
from holdfire.exhibits import Exhibits
from holdfire.folder import Folder
from holdfire.issuing import Desk, Issue, issue
from holdfire.ledger import checkpoints, tiles
from holdfire.ledger.entry import Entry, decode
from holdfire.ledger.log import Ledger
from holdfire.ledger.shelf import Staged
from holdfire.method import method
from holdfire.precaution.held import held
from holdfire.publishing.extracts import Extracts
from holdfire.publishing.site import MANIFEST
from holdfire.recording import state
from holdfire.version import VERSION


@dataclass(frozen=True)
class Rebuilt:
    """One bulletin made again.

    Attributes:
        entry: Its entry in the log.
        files: How many files it has.
        size: Of all of them [bytes].
        manifest: Digest of the manifest that came out.
        why: What kept it from being the same, in words; empty: it is the same, byte for byte.
    """

    entry: Entry
    files: int
    size: int
    manifest: Digest
    why: str

    @property
    def same(self) -> bool:
        """Return whether every byte is as issued."""
        return not self.why

    @property
    def name(self) -> str:
        """Return what the bulletin is called: its period and version."""
        body = self.entry.value
        return f"{body['period']} v{body.get('version', 1)}"


def bulletins(ledger: Ledger, wanted: str = "") -> list[Entry]:
    """Return the bulletins of a log: all, those of one period (`A_B`), or one version of it (`A_B@2`).

    Raises:
        BadInput: None is called so.
    """
    period, _, version = wanted.replace("/", "_").partition("@")
    found = [
        entry
        for entry in ledger.entries("bulletin")
        if (not period or entry.value["period"] == period)
        and (not version or str(entry.value.get("version", 1)) == version)
    ]
    if wanted and not found:
        known = sorted({str(entry.value["period"]) for entry in ledger.entries("bulletin")})
        raise BadInput(f'no bulletin is called "{wanted}"', hint=f"there are {', '.join(known) or 'none'}")
    return found


@contextmanager
def made_again(ledger: Ledger, exhibits: Exhibits, entry: Entry, engine: Engine) -> Iterator[Issue]:
    """Give the bulletin of an entry, made of the log before it.

    Raises:
        BadInput: An exhibit is missing or changed, or the entry says too little.
    """
    body: dict[str, Any] = entry.value
    if missing := [name for name in ("size", "extracts", "case") if name not in body]:
        raise BadInput(f"entry {entry.seq} does not say {', '.join(missing)}")
    then = state(ledger, engine, int(body["size"]))
    if then.case_entry != body["case"]:
        raise BadInput(f"entry {entry.seq} names what people wrote in another entry than the last before it")
    first, _, last = str(body["period"]).partition("_")
    with exhibits.laid_out(then.case) as folder:
        desk = Desk(folder, folder.check(plugins.kinds()), engine, held(folder))
        words = Extracts.read(exhibits.read(body["extracts"]))
        yield issue(desk, then, words, date.fromisoformat(first), date.fromisoformat(last or first), ledger)


def recompute(ledger: Ledger, exhibits: Exhibits, entry: Entry, engine: Engine) -> Rebuilt:
    """Make one bulletin again and hold it against its entry.

    Raises:
        BadInput: It cannot be made: an exhibit is missing or changed.
    """
    body, files, size, manifest = entry.value, 0, 0, ""
    with made_again(ledger, exhibits, entry, engine) as made:
        for path, content in made.files():
            files, size = files + 1, size + len(content)
            if path == MANIFEST:
                manifest = digest(content)
        number, version = made.material.number, made.material.version
    why = ""
    if manifest != body["manifest"]:
        why = f"its manifest is {manifest[:12]}, issued was {body['manifest'][:12]}"
        if body.get("method", "") != method():
            why += (
                f"; it was made by another method ({body.get('method', '')[:12]}), this is Holdfire {VERSION}"
            )
    elif (number, version) != (body["number"], body.get("version", 1)):
        why = f"it comes out as number {number}, version {version}"
    return Rebuilt(entry, files, size, manifest, why)


def again(case: Path, bundle: Path | None, wanted: str, out: Path | None) -> Iterator[Rebuilt]:
    """Yield every wanted bulletin of a case or of a bundle made again.

    Args:
        case: A case, or a folder in it.
        bundle: A bundle's folder; None: the case is worked from.
        wanted: A period, or one version of it; empty: all. Of a bundle: the bulletin it holds.
        out: Folder to write the bulletin made again into; None: nothing is written.

    Raises:
        BadInput: There is no such bulletin, or it cannot be made: an exhibit is missing or changed.
    """
    with opened_bundle(bundle) if bundle else opened_case(case) as (ledger, exhibits, engine):
        found = bulletins(ledger, wanted)
        if bundle and not wanted:
            found = [entry for entry in found if entry.value["extracts"] in exhibits][-1:]
        for entry in found:
            if out is not None:
                with made_again(ledger, exhibits, entry, engine) as made, Staged(out / made.name) as staged:
                    for path, content in made.files():
                        staged.write(path, content)
            yield recompute(ledger, exhibits, entry, engine)


@contextmanager
def opened_case(path: Path) -> Iterator[tuple[Ledger, Exhibits, Engine]]:
    """Give the log, the exhibits and the engine of a case; its vault stays shut."""
    made = Folder.find(path).made
    with Ledger.open(made / "ledger.sqlite") as ledger:
        yield ledger, Exhibits(made / "exhibits"), Engine()


@contextmanager
def opened_bundle(folder: Path) -> Iterator[tuple[Ledger, Exhibits, Engine]]:
    """Give the log of a bundle, read anew from its tiles and held against its checkpoint.

    Raises:
        BadInput: The tiles do not lead to the checkpoint.
    """
    note = (folder / "checkpoint").read_bytes() if (folder / "checkpoint").is_file() else b""
    checkpoint = checkpoints.opened(note, str(folder / "checkpoint"))[1]
    with TemporaryDirectory(prefix="holdfire-") as made:
        with Ledger.open(Path(made) / "ledger.sqlite", write=True) as ledger:
            for number, width in tiles.widths(checkpoint.size):
                path = folder / "log" / tiles.path(tiles.ENTRIES, number, width)
                if not path.is_file():
                    raise BadInput("a tile of entries is not there", str(path), "fetch the bundle again")
                contents = tiles.unpack(path.read_bytes())
                for content in contents:
                    decode(content)
                ledger.append_encoded(contents)
            if ledger.size != checkpoint.size or bytes.fromhex(ledger.head) != checkpoint.root:
                raise BadInput(
                    "the entries do not lead to the checkpoint", str(folder), "`holdfire verify` it"
                )
        with Ledger.open(Path(made) / "ledger.sqlite") as ledger:
            yield ledger, Exhibits(folder / "exhibits"), Engine()
