"""`holdfire vault`: look at the vault, back it up, let backups expire, bring it back.

Nothing here prints a key, a salt or a label. The vault of a case is `.holdfire/vault` in its folder; its key
file, if it has one, is named by the environment variable HOLDFIRE_VAULT_KEY.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfire.doors.options import HERE, Json, Where

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from holdfire.folder import Folder
    from holdfire.ledger.backups import Backup
    from holdfire.ledger.vault import Vault

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Look after the bytes of reports: back them up, restore them, let backups expire.",
)

_WAIT = re.compile(r"(\d{1,4})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}


@app.command()
def status(case: Where = HERE, as_json: Json = False) -> None:
    """Say what the vault holds, how its keys are kept, and which backups live until when."""
    with _open(case) as vault:
        names = vault.all()
        size = sum(vault.size_of(each) for each in names)
        backups, wrapped = vault.backups(), vault.wrapped
    if as_json:
        _print(
            {
                "blobs": len(names),
                "bytes": size,
                "keys": "wrapped" if wrapped else "plain",
                "backups": [_shown(each) for each in backups],
            }
        )
        return
    typer.echo(f"{len(names):,} blobs, {size:,} bytes")
    typer.echo(
        "keys: wrapped; a stolen disk is not enough"
        if wrapped
        else "keys: plain; whoever has the disk can read all (`holdfire vault rekey --to FILE` wraps them)"
    )
    for each in backups:
        typer.echo(_line(each))


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Folder of the backup, best on another disk.")],
    key: Annotated[Path, typer.Option(help="New file for the one-off key; keep it apart from the folder.")],
    expires: Annotated[str, typer.Option(help="How long its keys may live: 12h, 30d, 8w.")] = "30d",
    case: Where = HERE,
) -> None:
    """Copy new blobs, and write the keys sealed under a one-off key that expires.

    Whoever has the folder and the one-off key can bring back all it holds, also what is redacted later. So
    destroy the key file when the backup expires, and run `holdfire vault expire`.
    """
    from holdfire.ledger.vaultkeys import make_key

    made = _now()
    lives = _span(expires)
    _apart(key, folder)
    with _open(case, write=True) as vault:
        kept, secret = vault.backup(folder, made=made, expires=made + lives)
    make_key(key, secret)
    typer.echo(f"backup {kept.id}: {kept.count:,} blobs in {folder}")
    typer.echo(f"its key is {key}; both expire on {kept.expires:%Y-%m-%d %H:%M} UTC")


@app.command()
def expire(
    gone: Annotated[
        str, typer.Option("--gone", help="Id of a backup whose file you destroyed by hand.")
    ] = "",
    case: Where = HERE,
) -> None:
    """Destroy the key backups whose time is over, and name those out of reach."""
    with _open(case, write=True) as vault:
        if gone:
            vault.forget(gone)
            typer.echo(f"backup {gone} is struck from the register")
        over = vault.expire(_now())
        left = {each.id for each in vault.backups()}
    for each in over:
        where = f"out of reach: destroy {each.folder} by hand, then --gone {each.id}"
        typer.echo(f"backup {each.id}: {where if each.id in left else 'destroyed'}")
    if not over and not gone:
        typer.echo("no backup is over")
    if any(each.id in left for each in over):
        raise typer.Exit(1)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="Folder of the backup.", exists=True, file_okay=False)],
    key: Annotated[Path, typer.Option(help="The one-off key of the backup.", exists=True, dir_okay=False)],
    name: Annotated[str, typer.Option("--backup", help="Id of the backup, if the folder has several.")] = "",
    case: Where = HERE,
    as_json: Json = False,
) -> None:
    """Bring back what a backup holds and the vault does not; what was redacted stays away.

    Restore the ledger first: it says what was redacted.
    """
    from holdfire.ledger.log import Ledger
    from holdfire.ledger.vaultkeys import read_key

    found = _folder(case)
    with Ledger.open(found.made / "ledger.sqlite") as ledger:
        size = ledger.size
        gone = [str(entry.value["of"]) for entry in ledger.entries() if entry.kind == "redaction"]
    with _open(case, write=True) as vault:
        restored = vault.restore(folder, name or _only(folder), read_key(key), gone)
    if as_json:
        _print(
            {
                "restored": len(restored.back),
                "held": restored.held,
                "redacted": list(restored.redacted),
                "problems": [str(each) for each in restored.problems],
            }
        )
    else:
        for problem in restored.problems:
            typer.echo(str(problem), err=True)
        typer.echo(
            f"{len(restored.back):,} blobs restored, {restored.held:,} were held, "
            f"{len(restored.redacted):,} stay redacted, {len(restored.problems):,} problems"
        )
        if not size:
            typer.echo("the ledger is empty, so nothing says what was redacted: restore it too", err=True)
    if restored.problems:
        raise typer.Exit(1)


@app.command()
def check(case: Where = HERE, as_json: Json = False) -> None:
    """Read every blob against its commitment, and every row of the table of keys."""
    with _open(case) as vault:
        problems = vault.check()
        count = len(vault.all()) if not problems else 0
    if as_json:
        _print({"checked": count, "problems": [str(each) for each in problems]})
    else:
        for problem in problems:
            typer.echo(str(problem), err=True)
        typer.echo(f"{len(problems)} problems" if problems else f"{count:,} blobs read, no problem")
    if problems:
        raise typer.Exit(1)


@app.command()
def tidy(case: Where = HERE) -> None:
    """Remove what a killed run left, and finish what a destruction began."""
    with _open(case, write=True) as vault:
        removed = vault.tidy()
        owing = [each for each in vault.backups() if each.owed]
    typer.echo(f"{len(removed)} files removed")
    for each in owing:
        typer.echo(_line(each))


@app.command("key")
def key_(
    file: Annotated[Path, typer.Argument(help="New file, best on a stick that is taken out.")],
) -> None:
    """Make a key file for HOLDFIRE_VAULT_KEY: 32 random bytes that only its owner may read."""
    import os

    from holdfire.ledger.sealing import KEY
    from holdfire.ledger.vaultkeys import NAMED_BY, make_key

    make_key(file, os.urandom(KEY))
    typer.echo(f"{file} is made; let {NAMED_BY} name it, and keep a copy: without it the vault is lost")


@app.command()
def rekey(
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Key file to wrap the keys under.", exists=True, dir_okay=False),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Leave the keys plain.")] = False,
    case: Where = HERE,
) -> None:
    """Seal the table of keys anew under another key; no blob is written.

    Old copies of the table no longer open with the new key; destroy the old key file, and they never will.
    """
    from holdfire.errors import BadInput
    from holdfire.ledger.vaultkeys import NAMED_BY, read_key

    if (to is None) != plain:
        raise BadInput("name one of --to FILE and --plain", "holdfire vault rekey")
    with _open(case, write=True) as vault:
        vault.rekey(None if to is None else read_key(to))
    typer.echo("the keys are plain now" if to is None else f"done; let {NAMED_BY} name {to} from now on")


def _folder(case: Path) -> Folder:
    from holdfire.folder import Folder

    return Folder.find(case)


def _open(case: Path, write: bool = False) -> Vault:
    import os

    from holdfire.ledger.vault import Vault
    from holdfire.ledger.vaultkeys import from_environment

    return Vault.open(_folder(case).made / "vault", write=write, key=from_environment(os.environ))


def _now() -> datetime:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def _span(text: str) -> timedelta:
    """Return how long `30d` is."""
    from datetime import timedelta

    from holdfire.errors import BadInput

    if not (found := _WAIT.fullmatch(text)) or not int(found[1]):
        raise BadInput(f'"{text:.20}" is not how long a backup may live', "--expires", "12h, 30d or 8w")
    return timedelta(hours=int(found[1]) * _HOURS[found[2]])


def _apart(key: Path, folder: Path) -> None:
    """Refuse a key that would lie beside what it opens, or over something."""
    from holdfire.errors import BadInput

    if key.resolve().is_relative_to(folder.resolve()):
        raise BadInput("the key would lie in the backup it opens", str(key), "keep it apart")
    if key.exists() or not key.parent.is_dir():
        raise BadInput("the key needs a new file in a folder that is there", str(key))


def _only(folder: Path) -> str:
    """Return the id of the one backup in a folder."""
    from holdfire.errors import BadInput

    found = sorted(path.stem for path in (folder / "keys").glob("*.sealed"))
    if len(found) != 1:
        raise BadInput(
            f"the folder has {len(found)} key backups", str(folder), f"--backup: {', '.join(found)}"
        )
    return found[0]


def _line(backup: Backup) -> str:
    if backup.forgotten:
        state = "over, its key destroyed here; its file was out of reach"
    else:
        state = f"lives until {backup.expires:%Y-%m-%d %H:%M} UTC" + (
            "" if backup.reached else ", out of reach"
        )
    owed = f"; still holds {len(backup.owed)} that were destroyed" if backup.owed else ""
    return f"backup {backup.id} of {backup.count:,} blobs in {backup.folder}: {state}{owed}"


def _shown(backup: Backup) -> dict[str, Any]:
    return {
        "id": backup.id,
        "folder": str(backup.folder),
        "made": backup.made.isoformat(),
        "expires": backup.expires.isoformat(),
        "blobs": backup.count,
        "owed": list(backup.owed),
        "forgotten": backup.forgotten,
        "reached": backup.reached,
    }


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
