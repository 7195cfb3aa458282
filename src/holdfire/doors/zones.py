"""Doors to releases of zones: `holdfire protect release`, `publish`, `show`, `check`, `convert`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfire.doors.options import Json

if TYPE_CHECKING:
    from datetime import datetime

    from holdfire.protecting.release import Release
    from holdfire.sheltering.asking import Answered

File = Annotated[
    Path, typer.Option("--partition", help="File of the partition.", exists=True, dir_okay=False)
]
Case = Annotated[
    Path, typer.Option("--case", help="The case folder, or any folder in it.", show_default="here")
]
Trust = Annotated[
    str,
    typer.Option(
        "--trust", help="Fingerprint of the record, 64 digits; or @ and a file that begins with it."
    ),
]
Beside = Annotated[
    Path | None,
    typer.Option(
        "--partition", help="File of the partition.", show_default="partition.json beside the release"
    ),
]
Keys = Annotated[
    list[Path] | None, typer.Option("--key", help="Sign at once with this private key; may be given again.")
]
Exact = Annotated[
    bool, typer.Option("--exact", help="Coordinates with few decimals are meant as they stand.")
]


def release(  # noqa: PLR0913, PLR0917 - an option for each thing that is decided
    partition: File,
    out: Annotated[Path, typer.Option("--out", help="File to write the draft to.")],
    codes: Annotated[
        Path,
        typer.Option(
            "--codes", help="File of codes of cells and blocks, one a line.", exists=True, dir_okay=False
        ),
    ],
    sites: Annotated[
        int,
        typer.Option(
            "--sites",
            min=0,
            prompt="how many places they stand for",
            help="How many places they stand for; it is not written down. Left out, it is asked for: a shell"
            " keeps what is typed after a command.",
        ),
    ],
    starts: Annotated[
        str, typer.Option("--epoch", help="Day the epoch begins.", show_default="the next that is free")
    ] = "",
    earlier: Annotated[
        list[Path] | None,
        typer.Option(
            "--earlier", help="An earlier partition that codes are of; may be given again.", exists=True
        ),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="The partition changed, and no place stays on.")
    ] = False,
    others: Annotated[
        bool,
        typer.Option(
            "--another-group",
            help="A block that comes on is for another group than the one that goes off: of one group, blocks"
            " that follow each other point at where they meet.",
        ),
    ] = False,
    limit: Annotated[
        float | None, typer.Option("--limit", help="Largest belief in a candidate.", show_default="1.5/k")
    ] = None,
    key: Keys = None,
    case: Case = Path(),
) -> None:
    """Draw up the next release of zones, for two people to sign: `holdfire sign`, then `holdfire enter`."""
    from holdfire.case import Case as Opened
    from holdfire.ledger import drafts
    from holdfire.sheltering import releasing

    opened = Opened.open(case)
    asked = releasing.asked(
        codes=releasing.codes_of(codes), sites=sites, partition=partition, earlier=earlier or (),
        starts=starts, fresh=fresh, others=others, limit=limit,
    )  # fmt: skip
    with opened.ledger() as ledger:
        drawn = releasing.draft(ledger, asked, opened.now())
    drawn = _signed(drawn, key or [])
    drafts.save(out, drawn)
    for line in drafts.described(drawn):
        typer.echo(line)
    typer.echo(f"two people sign it: holdfire sign {out} --key FILE; then: holdfire enter {out}")


def _signed(drawn: dict[str, Any], keys: list[Path]) -> dict[str, Any]:
    from holdfire.doors.keys import passphrase
    from holdfire.ledger import drafts, keyfiles

    for path in keys:
        drawn = drafts.add_signature(drawn, keyfiles.read(path, passphrase))
    return drawn


def publish(
    partition: File,
    out: Annotated[Path, typer.Argument(help="Folder to write.")],
    case: Case = Path(),
) -> None:
    """Write the last release that two people signed: its file, a page with a map, and exports for others.

    The case keeps the release and its partition: what is reported in its areas goes out at the cell.
    """
    from holdfire import signing
    from holdfire.case import Case as Opened
    from holdfire.precaution import held, released
    from holdfire.sheltering import releasing

    opened = Opened.open(case)
    with opened.ledger() as ledger:
        said = releasing.publish(ledger, partition, out).release
        mark = signing.fingerprint(ledger)
    held.bring(opened.folder, released.bytes_of(out / released.RELEASE), released.read_partition(partition))
    typer.echo(f"{out}: release {said.number} of {said.name}, from {said.starts} to {said.ends}")
    typer.echo(f"the page: {out / 'index.html'}")
    typer.echo(f"check it: holdfire protect show {out} --trust {mark}")


def add(
    path: Annotated[
        Path, typer.Argument(metavar="RELEASE", help="File or folder of a release.", exists=True)
    ],
    case: Case = Path(),
    trust: Trust = "",
    partition: Beside = None,
) -> None:
    """Keep a published release in a case: what is reported in its areas goes out at the cell from then on."""
    from holdfire.case import Case as Opened
    from holdfire.precaution import held, released
    from holdfire.sheltering import asking

    opened = Opened.open(case)
    found, published = released.read(path, asking.trusted(trust), partition)
    file = path / released.RELEASE if path.is_dir() else path
    kept = held.bring(opened.folder, released.bytes_of(file), published.partition)
    said = found.release
    typer.echo(f"release {said.number} of {said.name}, from {said.starts} to {said.ends}, signed by")
    typer.echo(f"  {', '.join(found.signers)}")
    typer.echo(f"of the record {found.fingerprint}" + ("" if trust else f"  {asking.UNTRUSTED}"))
    for each in kept:
        typer.echo(f"  {each.relative_to(opened.folder.path)}")
    typer.echo("from the next holdfire run, incidents in its areas are published at the cell")


def show(
    path: Annotated[
        Path, typer.Argument(metavar="RELEASE", help="File or folder of a release.", exists=True)
    ],
    trust: Trust = "",
    partition: Beside = None,
    as_json: Json = False,
) -> None:
    """Check who signed a release, with no case and no network, and say which areas are on, and when.

    Of a folder every file is held against the release, the page and the maps too: exit 1 if one was changed.
    """
    from holdfire.clock import clock
    from holdfire.precaution import released
    from holdfire.sheltering import asking, publishedfolder

    found, published = released.read(path, asking.trusted(trust), partition)
    files = publishedfolder.held(path, found, published) if path.is_dir() else 1
    said = found.release
    standing = _standing(said, clock())
    if as_json:
        _print(
            {
                **said.value,
                "digest": said.digest,
                "fingerprint": found.fingerprint,
                "signed_by": found.signers,
                "files": files,
                "standing": standing,
            }
        )
        return
    typer.echo(f"release {said.number} of {said.name}, from {said.starts} to {said.ends}: {standing}")
    typer.echo(f"signed by {', '.join(found.signers)}; digest {said.digest}")
    typer.echo(f"of the record     {found.fingerprint}" + ("" if trust else f"  {asking.UNTRUSTED}"))
    typer.echo(f"before it         {said.before or 'none, this is the first'}")
    if path.is_dir():
        typer.echo(f"files             {files}, each as the release makes it")
    for cell in published.cells:
        typer.echo(f"  {cell.code}  {said.wording}")


def _standing(said: Release, now: datetime) -> str:
    """Say whether a release speaks of now: an old one may be offered as new."""
    starts, ends = said.when.start, said.when.end
    if ends is not None and ends <= now:
        return "OVER, and says nothing of today; get the one that followed"
    return "not yet begun" if starts is not None and now < starts else "in force"


def check(
    start: Annotated[str, typer.Option("--from", help="Start of the time asked about, ISO 8601.")],
    end: Annotated[str, typer.Option("--to", help="End of it.")],
    area: Annotated[
        Path,
        typer.Option(
            "--area", help="Areas asked about: GeoJSON, KML, or CSV of corners.", exists=True, dir_okay=False
        ),
    ],
    release: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[RELEASE]...", help="Files or folders of releases that cover the time.", exists=True
        ),
    ] = None,
    case: Annotated[
        Path | None,
        typer.Option(
            "--case",
            help="Ask about the zones of this case's agreement too.",
            show_default="none; without a release, here",
        ),
    ] = None,
    trust: Trust = "",
    partition: Beside = None,
    exact: Exact = False,
    as_json: Json = False,
) -> None:
    """Say which published areas an area touches; never a distance, a count or a nearest one.

    It is a function of published files alone and needs no network: times are in UTC, unless they carry an
    offset or a case says otherwise. Exit 0: none touched; 1: one is; 2: asked wrongly, or nothing published
    speaks of that time or place.
    """
    from holdfire.sheltering import asking

    found = asking.answer(
        area, start, end, releases=release or (), case=case, trust=trust, partition=partition, exact=exact
    )
    _tell(found, trust, as_json)
    if any(each.touches or each.zones for each in found.areas):
        raise typer.Exit(1)


def _tell(found: Answered, trust: str, as_json: bool) -> None:
    from holdfire.protecting.check import CLEARANCE
    from holdfire.sheltering.asking import UNTRUSTED

    if as_json:
        _print(found.value)
        return
    for each in found.areas:
        before = f"{each.name}: " if len(found.areas) > 1 else ""
        for code in each.touches:
            typer.echo(f"{before}touches precaution area {code}")
        for touch in each.zones:
            name = touch.name.get("en", touch.zone)
            typer.echo(f"{before}touches zone {touch.zone} ({name}); in force then: {touch.in_force}")
        if not each.touches and not each.zones:
            typer.echo(f"{before}{CLEARANCE}")
    for fingerprint in found.fingerprints if not trust else ():
        typer.echo(f"by the record {fingerprint}  {UNTRUSTED}", err=True)


def convert(
    area: Annotated[
        Path, typer.Argument(help="GeoJSON, KML, or CSV of corners.", exists=True, dir_okay=False)
    ],
    form: Annotated[
        str, typer.Option("--as", help="geojson, kml, csv-decimal, csv-dm, csv-dms or csv-mgrs.")
    ] = "geojson",
    out: Annotated[Path | None, typer.Option("--out", help="File to write.", show_default="print it")] = None,
    exact: Exact = False,
) -> None:
    """Write areas in another form: for a map, for an aircraft, or for reading over a radio."""
    from holdfire.ledger.shelf import replace_file
    from holdfire.protecting.areas import files

    content = files.write(files.read(area.read_bytes(), area.name, exact), form)
    if out is None:
        typer.echo(content.decode(), nl=False)
    else:
        replace_file(out, content)


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
