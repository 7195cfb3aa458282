"""Doors to notices: `holdfire notify`, for the officer who tells and for those who are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfire.doors.handed import trusted
from holdfire.doors.keys import passphrase
from holdfire.doors.options import HERE, Json, Shred, Where
from holdfire.doors.reported import line, plain, reported
from holdfire.doors.storekeys import Officers, Ref, StoreOf, again

if TYPE_CHECKING:
    from holdfire.sheltering.notifying import Drafted

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Tell named recipients of a protected place, and prove later who was told, without giving it away.",
)

Notice = Annotated[str, typer.Argument(help="First digits of the notice, as `status` shows them.")]
Envelope = Annotated[Path, typer.Argument(help="File of the notice, as it arrived.")]
Key = Annotated[Path, typer.Option("--key", help="File of your key, as `holdfire notify keys` wrote it.")]
Trust = Annotated[
    str, typer.Option("--trust", help="Fingerprint of the sender's record, learned elsewhere; or @FILE.")
]
Receipt = Annotated[Path, typer.Option("--receipt", help="File to write the signed receipt to.")]
Out = Annotated[Path, typer.Option("--out", help="Folder to write the notices to, one file a recipient.")]
Partition = Annotated[Path | None, typer.Option("--partition", help="Partition whose cells are looked up.")]


@app.command("keys")
def keys(
    name: Annotated[str, typer.Argument(help="Name of the office that is told; it is published.")],
    out: Annotated[Path, typer.Option("--out", help="File to write; it must not be there yet.")],
    locked: Annotated[
        bool, typer.Option("--passphrase", help="Ask for a passphrase and encrypt the files with it.")
    ] = False,
) -> None:
    """Make a recipient's keys, on the recipient's own machine, and the card to hand over."""
    from holdfire.ledger.opening import read_card
    from holdfire.sheltering import receiving

    said = typer.prompt("passphrase", hide_input=True, confirmation_prompt=True, err=True) if locked else ""
    card = receiving.make_keys(name, out, said)
    typer.echo(f"hand over {card}; read this aloud to whoever takes it: {read_card(card.read_bytes()).id}")


@app.command("recipient")
def recipient(
    out: Annotated[Path, typer.Option("--out", help="File to write the draft to.")],
    card: Annotated[
        Path | None, typer.Argument(help="Card that the recipient handed over.", exists=True)
    ] = None,
    withdraw: Annotated[
        str,
        typer.Option("--withdraw", help="Name or key id of keys that are lost, stolen or out of use."),
    ] = "",
    case: Where = HERE,
) -> None:
    """Draw up the entry of a recipient's keys, for two people to sign who each compared the key id by voice.

    Then `holdfire sign`, each on their own machine, and `holdfire enter`. Once keys are withdrawn nothing is
    sealed to them, and no receipt of theirs is taken; what they signed before stands.
    """
    from holdfire.case import Case
    from holdfire.errors import BadInput
    from holdfire.ledger import drafts
    from holdfire.sheltering import recipients

    if (card is None) == (not withdraw):
        raise BadInput("give a card to enter, or --withdraw and whose keys to withdraw", "notify recipient")
    if card is None:
        found, going = recipients.draft_withdrawal(Case.open(case), withdraw)
        typer.echo(f"{found.name}  key {found.id}: ask the office by voice whether it is to go")
        drafts.save(out, going)
        typer.echo(f"two people sign it: holdfire sign {out} --key FILE; then: holdfire enter {out}")
        return
    found, drawn = recipients.draft(Case.open(case), card)
    typer.echo(f"{found.name}  key {found.id}: ask the recipient whether this is theirs")
    if drawn is None:
        typer.echo("this card is in the log already; nothing is left to sign")
        return
    drafts.save(out, drawn)
    typer.echo(f"two people sign it: holdfire sign {out} --key FILE; then: holdfire enter {out}")


@app.command("consent")
def consent(
    file: Annotated[
        Path | None, typer.Argument(help="YAML: subject, recipient, until, basis.", exists=True)
    ] = None,
    revoke: Annotated[str, typer.Option(help="First digits of a consent that the owner took back.")] = "",
    case: Where = HERE,
) -> None:
    """Keep the owner's consent that a recipient is told of a place, or log that it was taken back."""
    from holdfire.case import Case
    from holdfire.errors import BadInput
    from holdfire.sheltering import notifying

    if (file is None) == (not revoke):
        raise BadInput("a consent is given in a file, or revoked", hint="a file, or --revoke DIGITS")
    opened = Case.open(case)
    if file is not None:
        typer.echo(f"consent {notifying.consent(opened, file)}")
    else:
        typer.echo(f"revoked {notifying.revoke(opened, revoke)}; withdraw what it let you tell")


@app.command("draft")
def draft(  # noqa: PLR0913, PLR0917 - an option for each thing that is decided
    file: Annotated[Path, typer.Argument(help="YAML or JSON of what is told.", exists=True, dir_okay=False)],
    to: Annotated[list[str], typer.Option("--to", help="Name or key id of a recipient; again for more.")],
    partition: Partition = None,
    site: Annotated[str, typer.Option("--site", help="Id of a site in the store: tell of it.")] = "",
    outside: Annotated[
        bool,
        typer.Option(
            "--outside-store",
            help="FILE says all of it, in clear: a movement, or a place that is in no store. No two officers"
            " opened it, and no second fix verified it; the owner's consent is asked of the case.",
        ),
    ] = False,
    shred: Shred = False,
    store: StoreOf = None,
    key: Officers = None,
    ref: Ref = "",
    case: Where = HERE,
) -> None:
    """Draft a notice of a site or a movement; the log gets a salted commitment, and no place.

    A site is told of from the store: its position, name and consents come from there, opened by two officers,
    and FILE says from, to, reply_by and words. What is in no store is told of by --outside-store.
    """
    from holdfire.case import Case
    from holdfire.errors import BadInput
    from holdfire.ledger import blobfiles
    from holdfire.sheltering import notifying, officers, partitioning, sitenotices
    from holdfire.sheltering.sitestore import Store

    opened = Case.open(case)
    if bool(site) == outside:
        hint = (
            "--site ID tells of a site in the store; --outside-store of what is in none, such as a movement"
        )
        raise BadInput("it is not said whether this is of a site in the store, or of none", hint=hint)
    if outside:
        cells = partitioning.opened(partition) if partition is not None else None
        found = notifying.draft(opened, file, to, cells)
        if shred:
            blobfiles.shred(file)
        else:
            typer.echo(f"{file} still says it in clear: destroy it, or give --shred", err=True)
    elif store is None:
        raise BadInput("the store of the site is not named", hint="--store FOLDER")
    else:
        two = officers.read_all(key or (), passphrase)
        found = sitenotices.draft_site(opened, Store(store), site, two, ref, file, to)
    _drafted(found)


def _drafted(found: Drafted) -> None:
    """Say which notice it is, and what is to be done with it."""
    whom = "1 recipient" if len(found.to) == 1 else f"{len(found.to)} recipients"
    typer.echo(f"notice {found.notice} to {whom}")
    typer.echo(f"now hand it over: holdfire notify send {found.notice[:12]} --out FOLDER")


@app.command("send")
def send(
    notice: Notice,
    out: Out,
    to: Annotated[list[str] | None, typer.Option("--to", help="Only these of its recipients.")] = None,
    store: StoreOf = None,
    key: Officers = None,
    ref: Ref = "",
    case: Where = HERE,
) -> None:
    """Write the notice for each recipient, sealed to them, and log that it was sent; again: the same.

    One of a site in the store asks the owner's consent there once more: two officers give --store and --key.
    """
    from holdfire.case import Case
    from holdfire.sheltering import handing

    opened = Case.open(case)
    site = again(opened, notice, store, key, ref)
    for each in handing.send(opened, notice, out, to or (), site):
        before = "  (sent before: the same bytes)" if each.again else ""
        typer.echo(f"{each.to.name}  {each.file}{before}")


@app.command("receive")
def receive(
    file: Envelope,
    key: Key,
    receipt: Receipt,
    trust: Trust = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="New file to keep what it says in, to show it later.")
    ] = None,
) -> None:
    """Open a notice that arrived, show it, and sign that it was delivered; needs no case and no network."""
    from holdfire.clock import clock
    from holdfire.sheltering import receiving

    found, signer = receiving.receive(file, key, clock(), trust=trusted(trust), ask=passphrase)
    if out is not None:
        receiving.keep(found, out)
    receiving.receipt(found, signer, "delivered", clock(), receipt)
    for said in receiving.told(found):
        typer.echo(said)
    typer.echo(f"hand back {receipt}; when someone has taken note: holdfire notify acknowledge")


@app.command("acknowledge")
def acknowledge(file: Envelope, key: Key, receipt: Receipt, trust: Trust = "") -> None:
    """Sign that your side took note of a notice; it grants nothing and changes no duty."""
    from holdfire.clock import clock
    from holdfire.sheltering import receiving

    found, signer = receiving.receive(file, key, clock(), trust=trusted(trust), ask=passphrase)
    receiving.receipt(found, signer, "acknowledged", clock(), receipt)
    typer.echo(f"hand back {receipt}")


@app.command("enter")
def enter(
    receipts: Annotated[list[Path], typer.Argument(help="Receipts that came back.", exists=True)],
    case: Where = HERE,
) -> None:
    """Enter receipts in the log; one that is there already changes nothing."""
    from holdfire.case import Case
    from holdfire.precaution.notified import register
    from holdfire.sheltering import handing

    opened = Case.open(case)
    for path in receipts:
        entry, again = handing.enter(opened, path)
        said = entry.value
        with opened.ledger() as ledger:
            name = register(ledger).cards[said["by"]].name
        words = "was there already" if again else f"entry {entry.seq}"
        typer.echo(f"{said['step']} {said['at']} by {name} (key {said['by']}): {words}")


@app.command("withdraw")
def withdraw(notice: Notice, case: Where = HERE) -> None:
    """Log that a notice no longer holds, and draft the word of it to those who were told."""
    from holdfire.case import Case
    from holdfire.sheltering import notifying

    found = notifying.withdraw(Case.open(case), notice)
    if found is None:
        typer.echo("withdrawn; it was sent to nobody")
    else:
        typer.echo(
            f"withdrawn; now tell those who were told: holdfire notify send {found.notice[:12]} --out FOLDER"
        )


@app.command("renew")
def renew(
    notice: Notice,
    start: Annotated[str, typer.Option("--from", help="Start of the new window, ISO 8601, UTC.")],
    end: Annotated[str, typer.Option("--to", help="End of it.")],
    reply_by: Annotated[str, typer.Option("--reply-by", help="By when an acknowledgement is asked for.")],
    store: StoreOf = None,
    key: Officers = None,
    ref: Ref = "",
    case: Where = HERE,
) -> None:
    """Draft a notice that says the same for a new window, to the same recipients.

    One of a site in the store asks the owner's consent there once more: two officers give --store and --key.
    """
    from holdfire import times
    from holdfire.case import Case
    from holdfire.sheltering import notifying

    starts, ends, by = (times.instant(each, times.zone("UTC")) for each in (start, end, reply_by))
    opened = Case.open(case)
    site = again(opened, notice, store, key, ref)
    found = notifying.renew(opened, notice, starts=starts, ends=ends, reply_by=by, opened=site)
    _drafted(found)


@app.command("expire")
def expire(case: Where = HERE) -> None:
    """Log of every notice whose window has ended that it expired."""
    from holdfire.case import Case
    from holdfire.sheltering import notifying

    found = notifying.expire(Case.open(case))
    for each in found:
        typer.echo(f"expired {each}")
    if not found:
        typer.echo("no notice has ended since")


@app.command("status")
def status(case: Where = HERE, as_json: Json = False) -> None:
    """Show each notice and how it stands for each recipient; no place and no name of one."""
    from holdfire.case import Case
    from holdfire.precaution import notified
    from holdfire.sheltering import noticed

    opened = Case.open(case)
    with opened.ledger() as ledger:
        names = notified.register(ledger).names
    found = noticed.status(opened)
    if as_json:
        shown = [{"notice": name, "told": [plain(each) for each in told]} for name, _, told in found]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for name, _, told in found:
        typer.echo(f"notice {name}")
        for each in told:
            typer.echo(f"  {names[each.to]:<24} {line(each)}")


@app.command("reveal")
def reveal(
    notice: Notice,
    to: Annotated[str, typer.Option("--to", help="Name or key id of the reader, entered as a recipient.")],
    out: Out,
    store: StoreOf = None,
    key: Officers = None,
    ref: Ref = "",
    case: Where = HERE,
) -> None:
    """Open one notice to one reader, such as a court, with the owner's consent; the log says so.

    One of a site in the store asks the owner's consent there once more: two officers give --store and --key.
    """
    from holdfire.case import Case
    from holdfire.sheltering import handing

    opened = Case.open(case)
    site = again(opened, notice, store, key, ref)
    typer.echo(f"{handing.reveal(opened, notice, to, out, site).file}")


@app.command("prove")
def prove(
    notice: Notice,
    out: Annotated[Path, typer.Option("--out", help="File to write the proof to.")],
    log: Annotated[
        Path | None, typer.Option("--log", help="Folder to write the log to, for who has no bundle.")
    ] = None,
    case: Where = HERE,
) -> None:
    """Write one file that proves who was told of a notice, when, and who was not; it holds no place."""
    from holdfire.case import Case
    from holdfire.sheltering import proving

    typer.echo(f"{proving.prove(Case.open(case), notice, out, log)}  {out}")


@app.command("verify")
def verify(
    proof: Annotated[Path, typer.Argument(help="File that `holdfire notify prove` wrote.", exists=True)],
    trust: Annotated[
        str, typer.Option("--trust", help="Fingerprint of the record, learned elsewhere; or @FILE.")
    ],
    log: Annotated[
        Path | None, typer.Option("--log", help="Bundle, or folder of the log: shows who was not told.")
    ] = None,
    opened: Annotated[
        Path | None, typer.Option("--opened", help="What was said, kept by `receive --out`.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check a proof with published files alone: who was told, when, and with the log, who was not."""
    from holdfire.clock import clock
    from holdfire.sheltering import proving
    from holdfire.times import utc

    found = proving.verify(proof, trusted(trust), clock(), log=log, opened=opened)
    if as_json:
        told = [plain(each) | {"name": found.cards[each.to].name} for each in found.told]
        shown = {
            "notice": found.notice,
            "record": found.record,
            "size": found.size,
            "as_of": utc(found.as_of),
            "reply_by": utc(found.reply_by),
            "witnesses": list(found.witnesses),
            "ended": {step: utc(at) for step, at in found.ended},
            "complete": found.complete,
            "opened": found.opened,
            "told": [each for each in told if found.complete or each["sent"]],
        }
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for said in proving.lines(found):
        typer.echo(said)


app.command("reported")(reported)
