"""Who is in the agreement, in which role, from when to when; and who is outside it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from holdfire.documents import Cite, Document, When, Words


class Role(StrEnum):
    """What an actor is to the agreement. One actor may hold several at once, each dated."""

    SPONSOR = "sponsor"
    GUARANTOR = "guarantor"
    SIGNATORY = "signatory"
    ADHERENT = "adherent"
    NON_ADHERENT = "non_adherent"
    EXCLUDED = "excluded"
    UNAFFILIATED = "unaffiliated"


class Party(Document):
    """One role that one actor holds.

    `certainty: unclear` says that sources differ or are silent on whether it holds the role.
    """

    actor: str
    role: Role
    starts: When = Field(alias="from")
    until: When | None = None
    certainty: Literal["yes", "unclear"] = "yes"
    cite: Cite
    basis: str = ""


class Exclusion(Document):
    """Someone who is outside the truce, by name or by reference to an outside list."""

    by: Literal["name", "reference"]
    actor: str | None = None
    list: str | None = None
    starts: When = Field(alias="from")
    until: When | None = None
    certainty: Literal["yes", "unclear"] = "yes"
    cite: Cite
    note: Words = {}

    @model_validator(mode="after")
    def _one(self) -> Exclusion:
        if (self.by == "name") != bool(self.actor) or (self.by == "reference") != bool(self.list):
            raise ValueError("an exclusion by name needs `actor`; one by reference needs `list`")
        return self


class Entry(Document):
    """One line of an outside list: whom it names, under which name, since when."""

    actor: str
    name: str
    starts: When = Field(alias="from")
    until: When | None = None
    certainty: Literal["yes", "unclear"] = "yes"
    cite: Cite


class OutsideList(Document):
    """A list kept by someone else that the agreement refers to, as of a date."""

    id: str
    title: Words
    keeper: str
    as_of: When
    source: Cite
    entries: list[Entry]


class Descent(Document):
    """How one actor came out of others: who split off, merged or was renamed, and on which day.

    Whether it takes over their roles is what the text or the actor itself says. Where nothing says so it is
    unclear: a faction that splits off later does not inherit in silence. A new name alone changes nothing.
    """

    actor: str
    of: list[str] = Field(min_length=1)
    how: Literal["split", "merge", "rename"]
    on: When
    inherits: Literal["yes", "no", "unclear"] | None = None
    cite: Cite
    note: Words = {}

    @property
    def takes_over(self) -> Literal["yes", "no", "unclear"]:
        """Return whether the roles pass on, silence read as it must be."""
        return self.inherits or ("yes" if self.how == "rename" else "unclear")


class Parties(Document):
    """The file `parties.yaml`."""

    parties: list[Party]
    lineage: list[Descent] = []


class Exclusions(Document):
    """The file `exclusions.yaml`."""

    exclusions: list[Exclusion]
