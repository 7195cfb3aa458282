"""Public ids for what texts made up: an actor no one has described, a voice that only a report names.

Such an id holds words of a report, and these may be a person's name. An actor whose words are all known and
harmless keeps them; any other is called by a pseudonym that only the vault's secret could make again, so
the same voice is one voice in every report and nobody can confirm a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from holdfire.agreement.document import Agreement
from holdfire.folder import Folder
from holdfire.publishing.redaction import (
    ALIAS,
    OPEN,
    Redactor,
    given_names,
    masked_actor,
    printable_names,
)
from holdfire.records.actor import UNDESCRIBED, fold
from holdfire.records.claim import ROOTS

VOICE = "voice"
"""Begins the independence group of a voice that a text names; a dataset names offices and wires."""


COUNTED_BY = " as counted by "
"""Stands in a counting rule before who counts."""


@dataclass(frozen=True)
class Aliases:
    """Gives tables public ids.

    Attributes:
        actors: Public id by undescribed actor.
        known: Ids of actors and sources that people described.
        pseudonym: Returns the pseudonym of some words.
    """

    actors: dict[str, str]
    known: frozenset[str]
    pseudonym: Callable[[str], str]

    @classmethod
    def of(
        cls, claims: pa.Table, folder: Folder, agreement: Agreement, pseudonym: Callable[[str], str]
    ) -> Aliases:
        """Return the aliases that some claims need.

        An undescribed actor that a dataset names is a side, and keeps its name.
        """
        prose = claims.filter(pc.is_null(claims["row"]))
        sides = _undescribed(claims.filter(pc.is_valid(claims["row"])))
        names = printable_names(folder.names, folder.sources, agreement)
        redactor = Redactor(names | {name for name, _ in folder.gazetteer.spellings()})
        actors = {}
        for name in sorted(_undescribed(prose) - sides):
            shown = masked_actor(name, redactor)
            actors[name] = ALIAS + pseudonym(name) if OPEN in shown else UNDESCRIBED + shown
        return cls(actors, frozenset(folder.names.actors) | frozenset(folder.sources), pseudonym)

    def apply(self, table: pa.Table) -> pa.Table:
        """Return a table of claims, incidents or determinations with public ids."""
        for name in ("actors", "targets", "attribution"):
            if name in table.column_names and self.actors:
                table = _changed(
                    table, name, pa.array(list(map(self._listed, table[name].to_pylist())), _LIST)
                )
        changes = (("root", self._root), ("voice", self._one), ("counting_rule", self._rule))
        for name, change in changes:
            if name in table.column_names:
                table = _mapped(table, name, change)
        if "chain" in table.column_names and _any_link(table["chain"]):
            links = [
                chain and [{**link, "source": self._one(link["source"])} for link in chain]
                for chain in table["chain"].to_pylist()
            ]
            table = _changed(table, "chain", pa.array(links, table.schema.field("chain").type))
        return table

    def _listed(self, names: list[str] | None) -> list[str] | None:
        return None if names is None else [self.actors.get(name, name) for name in names]

    def _one(self, name: str | None) -> str | None:
        if name is None or name in self.known:
            return name
        return self.actors.get(name) or (name if name.startswith(ALIAS) else ALIAS + self.pseudonym(name))

    def _root(self, root: str | None) -> str | None:
        return root and ROOTS.join(map(self._group, root.split(ROOTS)))

    def _rule(self, rule: str | None) -> str | None:
        """Return a counting rule; who counts, if only a text names them, by a pseudonym."""
        what, counted, who = (rule or "").partition(COUNTED_BY)
        return f"{what}{counted}{self._one(who)}" if counted else rule

    def _group(self, group: str) -> str:
        kind, colon, words = group.partition(":")
        if not colon or words in self.known or words.startswith(ALIAS):
            return group
        person = kind == VOICE or not given_names().isdisjoint(fold(words).split())
        return f"{kind}:{ALIAS}{self.pseudonym(words)}" if person else group


_LIST = pa.list_(pa.string())


def _any_link(chains: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.greater(pc.list_value_length(chains), 0)).as_py())


def _undescribed(claims: pa.Table) -> set[str]:
    found: set[str] = set()
    for name in ("actors", "targets"):
        found |= _strings(pc.list_flatten(claims[name]))
    return {each for each in found if each.startswith(UNDESCRIBED)}


def _strings(column: pa.ChunkedArray | pa.Array) -> set[str]:
    return {each for each in pc.unique(column).to_pylist() if each is not None}


def _mapped(table: pa.Table, name: str, change: Callable[[str | None], str | None]) -> pa.Table:
    """Return the table with each distinct value of a text column changed once."""
    column = table[name].combine_chunks()
    coded = column.dictionary_encode() if not isinstance(column, pa.DictionaryArray) else column
    values: Iterable[str | None] = coded.dictionary.to_pylist()
    changed = pa.array([change(value) for value in values], pa.string())
    return _changed(table, name, changed.take(coded.indices))


def _changed(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    place = table.column_names.index(name)
    return table.set_column(place, table.schema.field(place), column)
