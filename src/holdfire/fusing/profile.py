"""What is compared when two records may be about one thing: written as data, one file a kind of record.

A profile names the columns of a table of features, the comparisons made of a pair, each with its levels from
best to worst, and the rules by which pairs are found at all. Conditions are SQL over one pair (`day_l`,
`day_r`), in the dialect of DuckDB, and hold on Spark too: whole numbers, ASCII text and lists, no floats
that are summed. What the levels weigh is not here but in parameters.Parameters, so that one profile serves
many trainings. Fellegi, I. P. and Sunter, A. B. (1969), A theory for record linkage, JASA 64(328).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pydantic import Field, model_validator

from holdfire.digests import Digest, canonical, digest
from holdfire.documents import Document, read


class Level(Document):
    """One way in which the two may stand to each other.

    Attributes:
        name: What a person reads in a chart or an explanation.
        when: Condition over the pair; the last level of a comparison has none.
        silent: Whether it means that one of them says nothing, which weighs nothing.
        term: Column whose value both share here, so that a rare value weighs more; empty: none.
    """

    name: str = Field(min_length=1)
    when: str = ""
    silent: bool = False
    term: str = ""


class Comparison(Document):
    """One question asked of a pair, answered by the first level whose condition holds."""

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    says: str = Field(min_length=1)
    levels: list[Level] = Field(min_length=2)

    @model_validator(mode="after")
    def _ends(self) -> Comparison:
        open_ = [level.name for level in self.levels if not level.when]
        if open_ != [self.levels[-1].name]:
            raise ValueError(f'only the last level of "{self.name}" has no condition: it holds for the rest')
        return self


class Rule(Document):
    """One way in which pairs are found: two records that share every key are compared.

    Attributes:
        name: What a person reads where pairs are counted.
        keys: SQL over the columns of one record; a null key meets nothing. A list meets by each element.
        order: SQL by which a block too large to compare whole is sorted; each then meets its neighbours.
        needs: SQL over one record; each must hold for one of the two at least, or they do not meet.
    """

    name: str = Field(min_length=1)
    keys: list[str] = Field(min_length=1)
    order: list[str] = Field(min_length=1)
    needs: list[str] = Field(default=[], max_length=7)


class Profile(Document):
    """One kind of record, and how two of them are compared.

    Attributes:
        name: `incident`, `person`, `place`, or that of a profile of one's own.
        says: What a link means.
        columns: Type of each column of the features, in SQL; `record` (its place in the fixed order, from 0),
            `source` (whole number) and `apart` (its source's records are never of one thing) come first and
            are not listed.
        comparisons: Questions asked of a pair; they are taken as independent given the truth.
        blocking: Rules by which pairs are found.
        training: Names of comparisons that are held fixed, in turn, while the others are trained; the pairs
            of a round agree on the first level of it.
    """

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    says: str = Field(min_length=1)
    columns: dict[str, str]
    comparisons: list[Comparison] = Field(min_length=1)
    blocking: list[Rule] = Field(min_length=1)
    training: list[str] = Field(min_length=1)

    @property
    def digest(self) -> Digest:
        """Return a digest of everything that decides how a pair is compared."""
        return digest(canonical(self.model_dump()))

    @property
    def terms(self) -> list[str]:
        """Return the columns whose rare values weigh more, in order of first use."""
        used = [level.term for each in self.comparisons for level in each.levels if level.term]
        return list(dict.fromkeys(used))


def read_profile(text: str, file: str = "profile") -> Profile:
    """Return the profile that a YAML text holds.

    Raises:
        HoldfireError: All problems of the text.
    """
    return read(Profile, text, file)


@cache
def profile(name: str) -> Profile:
    """Return a profile that comes with Holdfire: `incident`, `person` or `place`."""
    file = files("holdfire.fusing").joinpath(f"profiles/{name}.yaml")
    return read_profile(file.read_text(encoding="utf-8"), f"profiles/{name}.yaml")
