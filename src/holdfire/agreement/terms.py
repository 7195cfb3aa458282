"""One duty with its clause: whom it binds, whom it protects, which acts, where, when."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from holdfire.agreement.parties import Role
from holdfire.documents import Cite, Document, When, Words


class TermType(StrEnum):
    """What sort of duty it is."""

    PROHIBITED_ACT = "prohibited_act"
    PERMITTED_ACT = "permitted_act"
    POSITIVE_OBLIGATION = "positive_obligation"


class Whom(Document):
    """Actors, by name or by the role they hold on the day."""

    roles: list[Role] = []
    actors: list[str] = []


class Value(Document):
    """A parameter's value from a date on, with its clause."""

    value: int | str | bool
    cite: Cite


class Term(Document):
    """One duty.

    Attributes:
        id: Short name used in files.
        kind: Which questions it asks: a kind of term, registered under `holdfire.terms`.
        type: What sort of duty.
        instrument: Id of the text it stands in; its windows are the term's.
        cite: The clause.
        text: The clause's words or a paraphrase, by language.
        binds: Whom it binds.
        protects: Whom an act must be against; empty: anyone.
        acts: Event types it speaks of; `attack.*` is a whole family.
        zone: Zone id; empty: everywhere.
        cites: A clause for a single question, where it stands elsewhere than `cite`.
        parameters: Values by name and date.
        met: For an obligation: how one would see that it was met.
    """

    id: str
    kind: str
    type: TermType
    instrument: str
    cite: Cite
    text: Words
    binds: Whom
    protects: Whom = Whom()
    acts: list[str] = Field(min_length=1)
    zone: str = ""
    cites: dict[str, Cite] = {}
    parameters: dict[str, dict[When, Value]] = {}
    settings: dict[str, Any] = {}
