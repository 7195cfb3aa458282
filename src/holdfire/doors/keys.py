"""Doors to keys and signatures: `holdfire keys`, `holdfire sign`, `holdfire enter`."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfire.doors.handed import hand_over, line_of
from holdfire.doors.options import HERE, Json, Where

if TYPE_CHECKING:
    from holdfire.ledger.keysets import Keyset
    from holdfire.ledger.log import Ledger

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Make keys, and say who may sign for a case."
)

Keys = Annotated[list[Path], typer.Option("--key", help="File of a private key; may be given again.")]


def passphrase(path: Path) -> str:
    """Ask the person at the terminal for the passphrase of a key file.

    Raises:
        BadInput: There is no terminal to ask at.
    """
    from holdfire.errors import BadInput

    if not sys.stdin.isatty():
        raise BadInput("the key is encrypted and there is no terminal to ask for its passphrase", str(path))
    return str(typer.prompt(f"passphrase of {path.name}", hide_input=True, err=True))


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Name under which its holder acts; it is published.")],
    out: Annotated[Path, typer.Option("--out", help="File to write; it must not be there yet.")],
    locked: Annotated[
        bool, typer.Option("--passphrase", help="Ask for a passphrase and encrypt the file with it.")
    ] = False,
) -> None:
    """Make a key for an editor or a witness, on their own machine; its public half is printed and written."""
    from holdfire.ledger import keyfiles
    from holdfire.ledger.keys import PrivateKey, checked_name, written

    key = PrivateKey.make(checked_name(name))
    said = typer.prompt("passphrase", hide_input=True, confirmation_prompt=True, err=True) if locked else ""
    keyfiles.write(out, key, said)
    line = f"{key.name}={written(key.public)}"
    typer.echo(line)
    hand_over(out, line)


@app.command("draft")
def draft(
    out: Annotated[Path, typer.Option("--out", help="File to write the draft to.")],
    editor: Annotated[
        list[str] | None,
        typer.Option(help="NAME=KEY or @FILE.pub of each editor; all, or none to keep them."),
    ] = None,
    threshold: Annotated[
        int | None, typer.Option(help="How many editors must sign.", show_default="as before, or 2")
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option(help="NAME=KEY or @FILE.pub of each witness; all, or none to keep them."),
    ] = None,
    quorum: Annotated[
        int | None, typer.Option(help="How many witnesses must cosign.", show_default="as before, or 0")
    ] = None,
    fresh_hours: Annotated[
        int | None,
        typer.Option(help="Age at which a cosignature is stale; 0: never.", show_default="as before, or 48"),
    ] = None,
    new_log_key: Annotated[bool, typer.Option("--new-log-key", help="Change the log's own key.")] = False,
    case: Where = HERE,
) -> None:
    """Draw up the next keyset, for its editors to sign; what is not given stays as it is."""
    from holdfire import signing
    from holdfire.ledger import drafts, keysets
    from holdfire.times import utc

    made = _made(case)
    with _ledger(made) as ledger:
        old = keysets.last(ledger.entries("keyset"))
        log = _log_key(made / "keys", old, new_log_key)
        drawn = signing.draft_keyset(
            ledger,
            log=log,
            at=utc(_now()),
            editors=_pairs(editor) if editor else dict(old.editors) if old else {},
            threshold=_first(threshold, old.threshold if old else 2),
            witnesses=_pairs(witness, True) if witness else dict(old.witnesses) if old else {},
            quorum=_first(quorum, old.quorum if old else 0),
            fresh_hours=_first(fresh_hours, old.fresh_hours if old else 48),
        )
    drafts.save(out, drawn)
    _say(drafts.described(drawn))
    typer.echo(f"its editors sign it: holdfire sign {out} --key FILE; then: holdfire enter {out}")


@app.command("show")
def show(case: Where = HERE, as_json: Json = False) -> None:
    """Print who may sign, the record's fingerprint and its short code, and which witnesses have cosigned."""
    from holdfire import signing

    made = _made(case)
    with _ledger(made) as ledger:
        keyset, mark = signing.keyset_in_force(ledger), signing.fingerprint(ledger)
    seen = signing.seen_since(made / "checkpoints", keyset)
    shown: dict[str, Any] = {
        "fingerprint": mark,
        "short_code": signing.short_code(mark),
        "keyset": keyset.number,
        "leaf": keyset.leaf,
        "at": keyset.at,
        "threshold": keyset.threshold,
        "editors": _texts(keyset.editors),
        "quorum": keyset.quorum,
        "witnesses": _texts(keyset.witnesses),
        "fresh_hours": keyset.fresh_hours,
        "log": base64.b64encode(keyset.log).decode(),
        "cosigned": {name: [each.isoformat() for each in times] for name, times in seen.items()},
    }
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    typer.echo(f"fingerprint  {mark}\nshort code   {shown['short_code']}")
    typer.echo(f"keyset {keyset.number}, drawn up {keyset.at}: {keyset.threshold} editors must sign")
    _say(f"  {name}  {key}" for name, key in shown["editors"].items())
    typer.echo(f"{keyset.quorum} witnesses must cosign")
    for name, key in shown["witnesses"].items():
        first, last = shown["cosigned"].get(name, ("", ""))
        typer.echo(
            f"  {name}  {key}  " + (f"since {first}, last {last}" if first else "has not cosigned yet")
        )


def sign(
    draft: Annotated[Path, typer.Argument(help="File of the draft; the signature is added to it.")],
    key: Keys,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; for scripts.")] = False,
) -> None:
    """Show in plain words what a draft says, and sign it; this needs no case and no network."""
    from holdfire.ledger import drafts, keyfiles

    found = drafts.read(draft)
    _say(drafts.described(found))
    if not yes and sys.stdin.isatty():
        typer.confirm("sign this?", abort=True, err=True)
    for path in key:
        found = drafts.add_signature(found, keyfiles.read(path, passphrase))
    drafts.save(draft, found)
    typer.echo(f"signed with {len(key)} {'key' if len(key) == 1 else 'keys'}; pass {draft} on")


def enter(
    draft: Annotated[Path, typer.Argument(help="File of the draft, with its signatures.")],
    case: Where = HERE,
) -> None:
    """Enter a signed draft in the ledger, or say who still must sign; again finishes what was cut short."""
    from holdfire import signing
    from holdfire.case import Case
    from holdfire.ledger import drafts
    from holdfire.redacting import destroyer

    found = drafts.read(draft)
    opened = Case.open(case)
    if found["kind"] == "zones":
        from holdfire.sheltering.releasing import refuse_entering

        with opened.ledger() as ledger:
            refuse_entering(ledger, found, opened.now())
    with opened.ledger(write=True) as ledger:
        if found["kind"] == "redaction":
            with opened.vault(write=True) as vault:
                entry = signing.enter(ledger, found, destroyer(opened.folder, ledger, vault))
                for backup in vault.lingering(found["of"]):
                    typer.echo(f"a backup out of reach still holds its key: {backup.folder}", err=True)
        else:
            entry = signing.enter(ledger, found)
    typer.echo(f"entry {entry.seq}: {found['kind']} {entry.leaf}")
    if found["kind"] == "keyset" and found["number"] == 1:
        typer.echo(f"fingerprint  {entry.leaf}\nshort code   {signing.short_code(entry.leaf)}")


def _made(case: Path) -> Path:
    from holdfire.folder import Folder

    return Folder.find(case).made


def _ledger(made: Path) -> Ledger:
    from holdfire.ledger.log import Ledger

    return Ledger.open(made / "ledger.sqlite")


def _now() -> Any:
    from holdfire.clock import clock

    return clock()


def _log_key(folder: Path, old: Keyset | None, new: bool) -> bytes:
    from holdfire.ledger import keyfiles

    if new and old is not None:
        return keyfiles.new_log_key(folder).public
    return old.log if old is not None else keyfiles.log_key(folder).public


def _pairs(given: list[str], witness: bool = False) -> dict[str, bytes]:
    from holdfire.errors import BadInput
    from holdfire.ledger.keys import checked_name, named

    pairs = [named(line_of(each, "--witness" if witness else "--editor")) for each in given]
    for name, _ in pairs:
        checked_name(name, witness)
        if sum(name == other for other, _ in pairs) > 1:
            raise BadInput("a name is given twice", name)
    return dict(pairs)


def _first(given: int | None, standing: int) -> int:
    return standing if given is None else given


def _texts(keys: Any) -> dict[str, str]:
    return {name: base64.b64encode(key).decode() for name, key in sorted(keys.items())}


def _say(lines: Any) -> None:
    for line in lines:
        typer.echo(line)
