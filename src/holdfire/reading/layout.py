"""The column layouts and closed value lists of the datasets we know, as data.

They stand in `layouts/`, one YAML file a dataset, each with where it was taken from, so that a change of
a codebook is a change of data and can be reviewed beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from holdfire import documents
from holdfire.errors import Problems, nearest


@dataclass(frozen=True)
class Layout:
    """What is known of one dataset.

    Attributes:
        layouts: The columns of each release, by its name.
        read: Columns that claims are made of.
        show: Columns that may be shown beside a claim: no free text, no exact coordinates.
        values: Closed lists by column, and what each value means to us.
    """

    name: str
    layouts: dict[str, tuple[str, ...]]
    read: tuple[str, ...]
    show: tuple[str, ...]
    values: dict[str, Any]

    def recognises(self, header: Collection[str]) -> bool:
        """Return whether a file of these columns is of this dataset, even if a few are misspelt."""
        given = set(header)
        return any(4 * len(given & set(columns)) >= 3 * len(columns) for columns in self.layouts.values())

    def check(self, header: Sequence[str], file: str) -> frozenset[str]:
        """Return the columns of the file, which must be those of one known release.

        Raises:
            BadInput: All columns that are unknown or missing, against the release that is closest.
        """
        given = set(header)
        release = min(self.layouts, key=lambda name: (len(given ^ set(self.layouts[name])), name))
        columns = self.layouts[release]
        problems = Problems(file)
        for number, column in enumerate(header, 1):
            if column not in columns:
                problems.add(
                    f'"{column}" is no column of {self.name} {release}',
                    f"header, cell {number}",
                    nearest(column, set(columns) - given) if set(columns) - given else "take it out",
                )
        for column in columns:
            if column not in given:
                problems.add(f'the column "{column}" of {self.name} {release} is missing', "header")
        problems.raise_any()
        return frozenset(given)


@cache
def load(dataset: str) -> Layout:
    """Return the layout that stands in `layouts/{dataset}.yaml`."""
    return _layout(raw(dataset))


@cache
def raw(dataset: str) -> dict[str, Any]:
    """Return a file of `layouts/` as it stands."""
    text = (files("holdfire.reading") / "layouts" / f"{dataset}.yaml").read_text(encoding="utf-8")
    return dict(documents.ours(text, f"{dataset}.yaml"))


def _layout(held: dict[str, Any]) -> Layout:
    return Layout(
        name=str(held["name"]),
        layouts={str(k): tuple(str(columns).split()) for k, columns in held["layouts"].items()},
        read=tuple(str(held["read"]).split()),
        show=tuple(str(held["show"]).split()),
        values={str(k): v for k, v in held["values"].items()},
    )
