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


class Parties(Document):
    """The file `parties.yaml`."""

    parties: list[Party]


class Exclusions(Document):
    """The file `exclusions.yaml`."""

    exclusions: list[Exclusion]
