"""Doors to the store of protected sites: `holdfire protect site`.

Positions, names and recipients come from a file or a prompt, never from the command line, which other
programs and the shell's history see. What is printed of a site is printed by `open` alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfire.doors.handed import hand_over, line_of, trusted
from holdfire.doors.options import Json, Shred

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from holdfire.protecting.partition import Partition
    from holdfire.protecting.sites import Site
    from holdfire.sheltering.officers import Officer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Keep protected sites under two officers' keys; only codes of cells leave.",
)

Folder = Annotated[
    Path,
    typer.Option("--store", envvar="HOLDFIRE_SITES", help="Folder of the store, beside or outside the case."),
]
One = Annotated[Path, typer.Option("--key", help="File of an officer's keys.")]
Two = Annotated[list[Path], typer.Option("--key", help="File of an officer's keys; give two officers'.")]
Id = Annotated[str, typer.Argument(metavar="SITE", help="Id of the site.")]
Public = Annotated[Path, typer.Option("--partition", help="File of the partition in force.", dir_okay=False)]
Given = Annotated[
    Path | None, typer.Option("--file", help="File of `field: value` lines; without it, they are asked for.")
]
Why = Annotated[
    str,
    typer.Option("--why", help="Reason: release, notice, verify, owner, incident, audit, handover, mistake."),
]
Ref = Annotated[str, typer.Option("--ref", help="Number of a paper kept elsewhere, such as REL-12.")]


@app.command("key")
def key_(
    name: Annotated[str, typer.Argument(help="Name under which the officer acts; a pseudonym will do.")],
    out: Annotated[Path, typer.Option("--out", help="File to write; it must not be there yet.")],
) -> None:
    """Make an officer's keys, under a passphrase, on their own machine; print the public halves."""
    from holdfire.sheltering import officers

    made = officers.Officer.make(name)
    said = typer.prompt("passphrase", hide_input=True, confirmation_prompt=True, err=True)
    officers.write(out, made, str(said))
    line = f"{made.name}={made.public}"
    typer.echo(line)
    hand_over(out, line)


@app.command("init")
def init(
    store: Folder,
    officer: Annotated[
        list[str], typer.Option(help="NAME=KEYS or @FILE.pub of each officer, as `site key` gave it.")
    ],
    key: One,
    tolerance: Annotated[int, typer.Option(help="Within which two fixes agree [m].")] = 250,
) -> None:
    """Found a store that any two of its officers open together, and none alone."""
    from holdfire.errors import BadInput
    from holdfire.sheltering import officers, sitestore

    said = [officers.named(line_of(each, "--officer")) for each in officer]
    if len(dict(said)) < len(said):
        raise BadInput("one officer stands there twice", "--officer")
    made = sitestore.found(store, dict(said), tolerance, _one(key), _now())
    typer.echo(f"store {made.fingerprint}")
    typer.echo(
        "tell the other officers this fingerprint by another way than the store goes; each joins once:"
    )
    typer.echo("holdfire protect site join --store FOLDER --key FILE --trust FINGERPRINT")


@app.command("join")
def join(
    store: Folder,
    key: One,
    trust: Annotated[str, typer.Option(help="Fingerprint of the store, as its founder told it; or @FILE.")],
) -> None:
    """Say once, as an officer, that this is the store you were told of."""
    from holdfire.sheltering.sitestore import Store

    officer = _one(key)
    Store(store).join(officer, trusted(trust), _now())
    typer.echo(f"{officer.name} has joined")


@app.command("add")
def add(store: Folder, key: One, partition: Public, file: Given = None, shred: Shred = False) -> None:
    """Add a site; one officer adds it and cannot read it again alone.

    Fields: name, longitude, latitude (decimals, WGS 84), source, observer, observed; category, owner, note;
    for a group on the move from and until, the days of its window, which stay as they are.
    """
    from holdfire.sheltering import siterecords
    from holdfire.sheltering.sitestore import Store

    opened, land = Store(store), _partition(partition)
    said = _said(file, siterecords.SITE, ("name", *siterecords.POSITION))
    record = siterecords.site(said, land, opened.charter.tolerance, _today())
    site = opened.add(_one(key), record, _now())
    _gone(file, shred)
    typer.echo(f"site {site} is kept; unverified until a fix of another source and observer agrees")


@app.command("fix")
def fix(
    site: Id, store: Folder, key: One, partition: Public, file: Given = None, shred: Shred = False
) -> None:
    """Add a fix of a site: two of different sources and observers that agree make it verified.

    Fields: longitude, latitude, source, observer, observed.
    """
    from holdfire.sheltering import siterecords
    from holdfire.sheltering.sitestore import Store

    opened, land = Store(store), _partition(partition)
    said = _said(file, siterecords.POSITION, siterecords.POSITION)
    record = siterecords.fix(said, land, opened.charter.tolerance, _today())
    opened.write(site, [_one(key)], record, _now())
    _gone(file, shred)
    typer.echo(f"a fix of site {site} is kept")


@app.command("consent")
def consent(site: Id, store: Folder, key: One, file: Given = None, shred: Shred = False) -> None:
    """Record an owner's consent to one recipient, or to `publication` of the cell.

    Fields: recipient, from (first day), until (first day on which it no longer holds; may be left out).
    """
    from holdfire.sheltering import siterecords
    from holdfire.sheltering.sitestore import Store

    record = siterecords.consent(_said(file, siterecords.CONSENT, ("recipient", "from")))
    Store(store).write(site, [_one(key)], record, _now())
    _gone(file, shred)
    typer.echo(f"a consent for site {site} is kept")


@app.command("revoke")
def revoke(site: Id, store: Folder, key: One, file: Given = None, shred: Shred = False) -> None:
    """Record that an owner revokes consent to a recipient, from a day on.

    Fields: recipient, from.
    """
    from holdfire.sheltering import siterecords
    from holdfire.sheltering.sitestore import Store

    record = siterecords.revocation(_said(file, siterecords.REVOKE, siterecords.REVOKE))
    Store(store).write(site, [_one(key)], record, _now())
    _gone(file, shred)
    typer.echo(f"a revocation for site {site} is kept")


@app.command("decide")
def decide(
    site: Id,
    store: Folder,
    key: Two,
    publish: Annotated[bool, typer.Option("--publish/--hold", help="Whether its cell is on unverified.")],
) -> None:
    """Decide, as two officers, whether the cell of a position that is not verified is published."""
    from holdfire.sheltering import siterecords
    from holdfire.sheltering.sitestore import Store

    Store(store).write(site, _all(key), siterecords.decision(publish), _now())
    typer.echo(f"a decision on site {site} is kept")


@app.command("cells")
def cells(
    store: Folder,
    key: Two,
    partition: Public,
    why: Why = "",
    ref: Ref = "",
    epoch: Annotated[str, typer.Option(help="A day of the epoch.", show_default="the next epoch")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="File of codes to write, for a release.")] = None,
    as_json: Json = False,
) -> None:
    """Print the codes that are on in an epoch and how many sites are on, to two officers.

    A site that came in under an earlier partition gives its old code: `holdfire protect release` carries it
    over. The number of sites is for the release's arithmetic; do not publish it.
    """
    from datetime import timedelta

    from holdfire.ledger.shelf import replace_file
    from holdfire.protecting.sites import epoch_of
    from holdfire.sheltering.sitestore import Store

    settings = _partition(partition).settings
    day = _day(epoch) if epoch else epoch_of(settings, _today())[1]
    starts, ends = epoch_of(settings, day)
    found = Store(store).cells(_all(key), why, ref, _now(), starts, ends)
    if out is not None:
        replace_file(out, "".join(f"{code}\n" for code in found.codes).encode())
    if as_json:
        said = {
            "starts": starts.isoformat(),
            "ends": ends.isoformat(),
            "codes": list(found.codes),
            "sites": found.sites,
            "partitions": dict(found.partitions),
            "left_out": dict(found.left_out),
        }
        typer.echo(json.dumps(said, indent=2))
        return
    last = ends - timedelta(days=1)
    codes = "1 code" if len(found.codes) == 1 else f"{len(found.codes)} codes"
    sites = "1 site is on" if found.sites == 1 else f"{found.sites} sites are on"
    typer.echo(f"epoch {starts} to {last}: {codes}, {sites}")
    for code in found.codes:
        typer.echo(code)
    for reason, count in found.left_out.items():
        typer.echo(f"left out: {count} ({reason})", err=True)


@app.command("open")
def open_(site: Id, store: Folder, key: Two, why: Why = "", ref: Ref = "", as_json: Json = False) -> None:
    """Print what is known of a site to two officers, once the log says who, why and when."""
    from holdfire.sheltering.sitestore import Store

    opened = Store(store)
    found = opened.open_(site, _all(key), why, ref, _now())
    standing = found.standing(opened.charter.tolerance).value
    if as_json:
        typer.echo(json.dumps({**_plain(found), "standing": standing}, ensure_ascii=False, indent=2))
        return
    for line in _lines(found):
        typer.echo(line)
    typer.echo(f"the position is {standing}")


@app.command("log")
def log(store: Folder, as_json: Json = False) -> None:
    """Print who did what, why and when, and the head to keep elsewhere; needs no key."""
    from holdfire.sheltering.sitestore import Store

    opened = Store(store)
    if as_json:
        lines = [json.loads(line.text) for line in opened.lines]
        typer.echo(json.dumps({"store": opened.fingerprint, "head": opened.head, "lines": lines}, indent=2))
        return
    for line in opened.lines:
        words = (line.at, " and ".join(line.by), line.act, line.site, line.why, line.ref)
        typer.echo("  ".join(word for word in words if word))
    typer.echo(f"store {opened.fingerprint}\nhead {opened.head}")


@app.command("destroy")
def destroy(site: Id, store: Folder, key: Two, why: Why = "", ref: Ref = "") -> None:
    """Destroy a site's key and records, as two officers; the log says that it was done."""
    from holdfire.sheltering.sitestore import Store

    Store(store).destroy(site, _all(key), why, ref, _now())
    typer.echo(f"site {site} is destroyed; copies of the store that were made before still hold it")


@app.command("check")
def check(
    store: Folder,
    head: Annotated[str, typer.Option(help="Head of the log that you kept.")] = "",
    tidy: Annotated[bool, typer.Option("--tidy", help="Remove files that no line of the log names.")] = False,
) -> None:
    """Hold every file against the log, and the log against its signatures; exit 1 if anything is wrong."""
    from holdfire.sheltering import sitestore

    opened = sitestore.Store(store)
    if tidy:
        typer.echo(f"{opened.tidy()} files removed")
    sitestore.refuse_problems(opened.check(head))
    typer.echo(f"{len(opened.lines)} lines, no problem\nhead {opened.head}")


@app.command("clock")
def clock(store: Folder, key: Two) -> None:
    """Say, as two officers, that the time of the log's last line was wrong, and go on from now."""
    from holdfire.sheltering.sitestore import Store

    Store(store).set_clock(_all(key), _now())
    typer.echo("the log goes on from now")


def _one(key: Path) -> Officer:
    return _all([key])[0]


def _all(keys: Sequence[Path]) -> list[Officer]:
    from holdfire.doors.keys import passphrase
    from holdfire.sheltering import officers

    return officers.read_all(keys, passphrase)


def _said(file: Path | None, known: Sequence[str], needed: Sequence[str]) -> dict[str, str]:
    """Return the fields that an officer gives, in a file or at the prompt."""
    from holdfire.errors import BadInput
    from holdfire.sheltering import siterecords

    if file is None:
        asked = {name: _asked(name, name in needed) for name in known}
        text = "\n".join(f"{name}: {' '.join(str(value).split())}" for name, value in asked.items())
        return siterecords.fields(text, known, needed, "what was entered")
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"the file cannot be read: {error.strerror}", str(file)) from None
    except UnicodeDecodeError:
        raise BadInput("the file is no text in UTF-8", str(file)) from None
    return siterecords.fields(text, known, needed, file.name)


def _asked(name: str, needed: bool) -> str:
    return str(typer.prompt(name, default=None if needed else "", show_default=False, err=True))


def _gone(file: Path | None, shred: bool) -> None:
    """Remove the file that was read, or say that it is still there."""
    from holdfire.ledger import blobfiles

    if file is not None and shred:
        blobfiles.shred(file)
    elif file is not None:
        typer.echo(f"{file} still says it in clear: destroy it, or give --shred", err=True)


def _partition(path: Path) -> Partition:
    from holdfire.sheltering.partitioning import opened

    return opened(path)


def _plain(site: Site) -> dict[str, Any]:
    from dataclasses import asdict

    said = asdict(site)
    window = said.pop("window")
    said["window"] = "" if window is None else f"{window[0]} up to {window[1]}"
    return said


def _lines(site: Site) -> Iterator[str]:
    """Yield what is known of a site in words, for the two who opened it."""
    said = _plain(site)
    for name in ("id", "name", "category", "owner", "note", "window"):
        if said[name]:
            yield f"{name}: {said[name]}"
    for fix in site.fixes:
        yield f"fix: longitude {fix.lon}, latitude {fix.lat}, in {fix.cell} of {fix.block}"
        yield f"  of {fix.observed}, from {fix.source}; seen or measured by {fix.observer}"
    for each in site.consents:
        until = f" until {each.ends}" if each.ends else ""
        revoked = f"; revoked from {each.revoked} on" if each.revoked else ""
        yield f"consent: to {each.recipient} from {each.starts}{until}{revoked}"
    if site.decided:
        yield "two officers decided: its cell is on though the position is not verified"


def _day(text: str) -> date:
    from datetime import date

    from holdfire.errors import BadInput

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("an epoch is named by a day of it", "--epoch", "2031-05-02") from None


def _now() -> datetime:
    from holdfire.clock import clock

    return clock()


def _today() -> date:
    return _now().date()
