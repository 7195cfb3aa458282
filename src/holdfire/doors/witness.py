"""Doors of a witness: `holdfire witness cosign`, `serve`, and at the case `request` and `add`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfire.doors.keys import passphrase
from holdfire.doors.options import HERE, Where

if TYPE_CHECKING:
    from holdfire.ledger.cosigning import Witness
    from holdfire.ledger.growth import Growth

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Watch a record: cosign it only while it grows, so that nobody is shown another history.",
)

KeyFile = Annotated[Path, typer.Option("--key", help="File of the witness's private key.")]
State = Annotated[
    Path, typer.Option("--state", help="What this witness remembers; keep it as you keep the key.")
]
_MOST = 1 << 20


@app.command("cosign")
def cosign(
    what: Annotated[Path, typer.Argument(help="A bundle, zip or folder; a checkpoint; or a request.")],
    key: KeyFile,
    state: State,
    trust: Annotated[
        str, typer.Option(help="Fingerprint of the record; needed the first time it is seen.")
    ] = "",
    proof: Annotated[
        Path | None, typer.Option(help="Consistency proof for a checkpoint alone, one hash a line.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the checkpoint with the cosignature here.")
    ] = None,
) -> None:
    """Cosign a checkpoint if its log only grew since the last one, and print the signature line."""
    from holdfire.ledger import checkpoints
    from holdfire.ledger.cosigning import Witness
    from holdfire.ledger.keyfiles import read
    from holdfire.ledger.shelf import replace_file
    from holdfire.ledger.verifying.notes import Note

    witness = Witness(read(key, passphrase), state)
    note, growth = _brought(what, witness, trust, proof)
    line = witness.cosign(note, growth, int(time.time()))
    if out is not None:
        own = checkpoints.opened(note)[0]
        replace_file(out, checkpoints.merged(own, Note(own.text, (line,))).written())
    typer.echo(line.written(), nl=False)


@app.command("serve")
def serve(
    key: KeyFile,
    state: State,
    log: Annotated[
        list[str] | None,
        typer.Option(help="Public key in base64 of a log to take up; it may be given again."),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0: any that is free.")] = 7380,
) -> None:
    """Answer POST /add-checkpoint as C2SP tlog-witness has it, for logs that are known or named here."""
    from holdfire.doors.witness_server import server
    from holdfire.ledger.cosigning import Witness
    from holdfire.ledger.keyfiles import read
    from holdfire.ledger.keys import public_key

    witness = Witness(read(key, passphrase), state)
    for each in log or []:
        witness.follow(public_key(each, "--log"))
    with server(witness, host, port) as listening:
        typer.echo(f"http://{host}:{listening.server_port}/add-checkpoint")
        listening.serve_forever()


@app.command("request")
def request(
    since: Annotated[int, typer.Option(help="Size of the last checkpoint that the witness cosigned.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="File to write; else it is printed.")] = None,
    case: Where = HERE,
) -> None:
    """Write what a witness needs to cosign the newest checkpoint: the proof since its last, and the note."""
    from holdfire import signing
    from holdfire.errors import BadInput
    from holdfire.folder import Folder
    from holdfire.ledger.log import Ledger
    from holdfire.ledger.shelf import replace_file

    made = Folder.find(case).made
    note = signing.newest(made / "checkpoints")
    if note is None:
        raise BadInput("no checkpoint was made yet", str(made / "checkpoints"), "holdfire checkpoint")
    with Ledger.open(made / "ledger.sqlite") as ledger:
        content = signing.growth_request(ledger, note, since)
    if out is not None:
        replace_file(out, content)
    else:
        typer.echo(content.decode(), nl=False)


@app.command("add")
def add(
    notes: Annotated[list[Path], typer.Argument(help="What witnesses sent back: notes or signature lines.")],
    case: Where = HERE,
) -> None:
    """Take cosignatures into the case; each is held against the log first."""
    from holdfire import signing
    from holdfire.folder import Folder
    from holdfire.ledger.log import Ledger

    made = Folder.find(case).made
    with Ledger.open(made / "ledger.sqlite") as ledger:
        for path in notes:
            names = signing.add_cosignatures(ledger, made / "checkpoints", _read(path))
            typer.echo(f"{path}: {', '.join(names)}")


def _brought(what: Path, witness: Witness, trust: str, proof: Path | None) -> tuple[bytes, Growth]:
    """Return the checkpoint that was brought, and what shows that its log only grew."""
    from holdfire.errors import BadInput
    from holdfire.ledger import checkpoints, growth

    if what.is_dir() or _begins(what, b"PK"):
        files = growth.files_in(what)
        note = files("checkpoint")
        if note is None:
            raise BadInput("there is no checkpoint in it", str(what), "give the folder or zip of a bundle")
        return note, growth.by_whole(lambda size: growth.entries_of(files, size), trust)
    content = _read(what)
    if content.startswith(b"old "):
        old, hashes, note = growth.request(content)
        return note, growth.by_proof(old, hashes)
    known = witness.known().get(checkpoints.opened(content, str(what))[1].origin)
    lines = _read(proof).decode("ascii", "replace").split() if proof is not None else []
    return content, growth.by_proof(known.size if known else 0, growth.proof_lines(lines))


def _begins(path: Path, mark: bytes) -> bool:
    return _read(path, len(mark)) == mark


def _read(path: Path, most: int = _MOST) -> bytes:
    from holdfire.errors import BadInput

    try:
        with path.open("rb") as opened:
            return opened.read(most)
    except OSError as error:
        raise BadInput(f"it cannot be read: {error.strerror}", str(path)) from None
