"""From a bulletin to a bundle: what is let out, the draft that two editors sign, and the sealed folder.

The parts of a bundle are worked out twice, before the release is signed and when the bundle is written,
from the same files; were they to differ, the bundle would not be written. Nothing here holds an editor's
key.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from holdfire import signing
from holdfire.case import Case
from holdfire.courtesies import Courtesies
from holdfire.digests import Digest, digest
from holdfire.errors import BadInput
from holdfire.ledger import checkpoints
from holdfire.ledger.bundle import Parts, contents, write
from holdfire.ledger.drafts import Draft
from holdfire.ledger.entry import Entry
from holdfire.ledger.log import Ledger
from holdfire.ledger.packing import pack
from holdfire.ledger.page.page import verify_html
from holdfire.ledger.shelf import Staged, make_folder, replace_file
from holdfire.ledger.verifying.contents import MANIFEST_PATH
from holdfire.publishing.courtesies import rocrate
from holdfire.recomputing import bulletins
from holdfire.times import utc


def the_bulletin(ledger: Ledger, wanted: str = "") -> Entry:
    """Return the entry of a bulletin by its period (`A_B`, `A_B@2`), or of the last one issued.

    Raises:
        BadInput: None is called so, or none was issued.
    """
    found = bulletins(ledger, wanted)
    if not found:
        raise BadInput("no bulletin was issued yet", hint="`holdfire run`")
    return found[-1]


def parts(case: Case, ledger: Ledger, bulletin: Entry) -> Parts:
    """Return what lies in the bundle of a bulletin beside the log.

    Raises:
        BadInput: The bulletin's files are not those that were issued, or an exhibit is missing.
    """
    body = bulletin.value
    site = case.bulletins / str(body["period"])
    manifest = site / "manifest.txt"
    if not manifest.is_file() or digest(manifest.read_bytes()) != body["manifest"]:
        raise BadInput(
            "the files of this bulletin are not those that were issued",
            str(body["period"]),
            "release the version that stands there, or make this again: `holdfire recompute --out`",
        )
    case_entry = ledger.find(body["case"])
    written = [name for _, name in case_entry.value["files"]] if case_entry else []
    courtesies = Courtesies(case, ledger, bulletin, site)
    loose = Parts(
        bulletin=site,
        page=verify_html(),
        exhibits={name: case.exhibits.read(name) for name in sorted({body["extracts"], *written})},
        extras=list(courtesies.files()),
        mirrors=case.folder.head.mirrors,
    )
    return replace(loose, extras=[*loose.extras, (rocrate.NAME, courtesies.crate(loose))])


def draft(case: Case, ledger: Ledger, bulletin: Entry, lasts: timedelta) -> Draft:
    """Return the draft of the release of a bulletin, for two editors to sign.

    Args:
        case: The case.
        ledger: Its log.
        bulletin: The bulletin's entry.
        lasts: How long until readers are told to look for a newer one.

    Raises:
        BadInput: There is no keyset yet, or the bulletin's files are not those that were issued.
    """
    now, body = case.now(), bulletin.value
    return signing.draft_release(
        ledger,
        bulletin=bulletin,
        version=int(body.get("version", 1)),
        size=int(body["size"]),
        contents=digest(contents(parts(case, ledger, bulletin))),
        at=utc(now),
        expires=utc(now + lasts),
    )


@dataclass(frozen=True)
class Sealed:
    """A bundle about to be written.

    Attributes:
        release: Entry of its release.
        size: Entries that its checkpoint covers.
        files: Every file, path and bytes.
    """

    release: Entry
    size: int
    files: Iterator[tuple[str, bytes]]


def seal(case: Case, ledger: Ledger) -> Sealed:
    """Return the bundle of the last release, under the newest checkpoint that covers it.

    Where none does, one is made and kept; witnesses cosign it before the bundle is of much use.

    Raises:
        BadInput: Nothing was released, or its files are not those that were signed.
    """
    found = list(ledger.entries("release"))
    if not found:
        raise BadInput(
            "nothing was released yet", hint="`holdfire release` draws one up for two editors to sign"
        )
    release = found[-1]
    bulletin = ledger.find(release.value["bulletin"])
    if bulletin is None:
        raise BadInput("the release names a bulletin that is not in the log", f"entry {release.seq}")
    note = covering(case, ledger, release.seq + 1)
    size = checkpoints.opened(note)[1].size
    past = {each: kept for each, kept in checkpoints.kept(checkpoint_folder(case)) if each < size}
    return Sealed(release, size, write(ledger, note, past, parts(case, ledger, bulletin)))


@dataclass(frozen=True)
class Written:
    """A bundle that was written.

    Attributes:
        path: The folder or zip.
        name: Period and version of its bulletin.
        files: How many files it holds.
        size: Of all of them, or of the zip [bytes].
        entries: How many entries its checkpoint covers.
        fingerprint: Of the record, for whoever checks it.
    """

    path: Path
    name: str
    files: int
    size: int
    entries: int
    fingerprint: Digest


def write_bundle(case: Case, out: Path | None = None, packed: bool = False) -> Written:
    """Write the bundle of the last release, whole or not at all.

    Args:
        case: The case.
        out: A folder, or a file that ends in `.zip`; None: `bundles/PERIOD-vVERSION` in the case.
        packed: Whether to write one zip where `out` does not say.

    Raises:
        BadInput: Nothing was released, its files are not those that were signed, or something that is no
            bundle stands in the way.
    """
    with case.ledger() as ledger:
        sealed, fingerprint = seal(case, ledger), signing.fingerprint(ledger)
        body = sealed.release.value
        name = f"{body['period']}-v{body['version']}"
        path = out or case.folder.path / "bundles" / (f"{name}.zip" if packed else name)
        if path.suffix == ".zip" or packed:
            files, size = _zipped(sealed, path)
        else:
            files, size = _laid_out(sealed, path)
    return Written(path, name, files, size, sealed.size, fingerprint)


def _laid_out(sealed: Sealed, path: Path) -> tuple[int, int]:
    if path.is_dir() and any(path.iterdir()) and not (path / MANIFEST_PATH).is_file():
        raise BadInput(
            "the folder is not empty and is no bundle", str(path), "name one that does not exist yet"
        )
    files = size = 0
    with Staged(path) as staged:
        for name, content in sealed.files:
            staged.write(name, content)
            files, size = files + 1, size + len(content)
    return files, size


def _zipped(sealed: Sealed, path: Path) -> tuple[int, int]:
    listed, buffer = list(sealed.files), io.BytesIO()
    pack(listed, buffer)
    make_folder(path.parent)
    replace_file(path, buffer.getvalue())
    return len(listed), len(buffer.getvalue())


def checkpoint_folder(case: Case) -> Path:
    """Return the folder that a case keeps its checkpoints in."""
    return case.folder.made / "checkpoints"


def covering(case: Case, ledger: Ledger, least: int) -> bytes:
    """Return the newest kept checkpoint if it covers at least so many entries; else make one and keep it."""
    folder = checkpoint_folder(case)
    newest = signing.newest(folder)
    if newest is not None and checkpoints.opened(newest)[1].size >= least:
        return newest
    return signing.save_checkpoint(folder, signing.checkpoint(ledger, case.folder.made / "keys"))
