"""A YAML text becomes a value, or all its problems with their lines.

People write YAML by hand, so every problem of a file is given at once, each with its line, and a
misspelt field or value is offered its nearest known name. A key given twice is refused: whichever
one were kept, half the readers of the file would be misled. The text may not use anchors, tags or
more than `DEEPEST` levels, so a small file cannot become a large value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from holdfire import times
from holdfire.errors import BadInput, HoldfireError, Problem
from holdfire.mistakes import problem
from holdfire.plainyaml import plain

DEEPEST = 20
LARGEST = 2_000_000
"""Most characters a hand-written file may have."""

SHORT = 20_000
"""Most characters of a text whose value is kept for the next who asks; each gets a copy of their own."""

_MARK = re.compile(r"(?m)(?:^|[\s\[{,])[&*!][\w!]")
"""What may be an anchor, an alias or a tag; only where it is found is the text parsed to make sure."""


class Document(BaseModel):
    """Base of everything written by hand: frozen, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


Words = dict[str, str]
"""A text by language code, such as {"en": ..., "ar": ...}."""


class _NoDateError(ValueError):
    """A text is no date; what to try comes with it."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.problem)
        self.hint = found.hint


def _when(value: object) -> object:
    """Refuse what is no date, so that the line of the field is shown."""
    if value is not None:
        try:
            times.parse(str(value), ZoneInfo("UTC"))
        except HoldfireError as error:
            raise _NoDateError(_whole(str(value), error.problems[0])) from None
        return str(value)
    return value


def _whole(text: str, found: Problem) -> Problem:
    """Return the problem as one of the whole text: `/` stands between two dates, so half was looked at."""
    if "/" not in text or "ends before" in found.problem:
        return found
    return Problem(f'"{text[:40]}" is neither a date nor two with a / between', hint=found.hint)


When = Annotated[str, BeforeValidator(_when)]
"""A date or time as written, ISO 8601; local to the agreement's zone unless it says otherwise."""

Cite = Annotated[str, Field(min_length=1)]
"""A clause, or where a statement was read. Never empty: a value without one cannot be defended."""

Model = TypeVar("Model", bound=BaseModel)


class _Words(RoundTripConstructor):
    """Leaves a date as the words that were written; `times.parse` gives them their zone."""


_Words.add_constructor("tag:yaml.org,2002:timestamp", lambda self, node: node.value)


def load(text: str, file: str) -> CommentedMap:
    """Return the mapping a YAML text holds, with the line of each key.

    Raises:
        BadInput: The text is not YAML, is no mapping, repeats a key or uses an anchor.
    """
    if len(text) > LARGEST:
        raise BadInput(f"the file has {len(text)} characters; at most {LARGEST} are read", file)
    if "\x00" in text:
        raise BadInput("the file holds a NUL character", file, "save it as UTF-8 text")
    yaml = YAML(typ="rt")
    yaml.Constructor = _Words
    yaml.allow_duplicate_keys = False
    try:
        _refuse_marks(text, file)
        value = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{file}, line {mark.line + 1}" if mark else file
        found = (error.problem or "not YAML").split("\n")[0].replace('with value "', 'beside "')
        if key := re.search(r'found duplicate key "([^"]*)"', found):
            raise BadInput(f'the key "{key[1]}" is given twice', where, "keep one") from None
        hint = "indent with spaces" if r"\t" in found else "check the indentation and the quotes"
        raise BadInput(f"this is not YAML: {found}", where, hint) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise BadInput(f"this is not YAML: {str(error).splitlines()[0]}", file) from None
    if value is None:
        value = CommentedMap()
    if not isinstance(value, CommentedMap):
        raise BadInput(
            "the file is a list or a single value; a mapping is expected", file, "begin with `key: value`"
        )
    if _depth(value) > DEEPEST:
        raise BadInput(f"the file is nested deeper than {DEEPEST} levels", file)
    return value


def ours(text: str, file: str) -> Mapping[str, Any]:
    """Return the mapping that a data file of this package holds: what `load` returns, without its lines.

    Raises:
        BadInput: As of `load`.
    """
    found = plain(text)
    return load(text, file) if found is None else found


def _refuse_marks(text: str, file: str) -> None:
    """Refuse an anchor, an alias or a tag: a name for a value hides what a reader would see."""
    if not _MARK.search(text):
        return
    for event in YAML().parse(text):
        where = f"{file}, line {event.start_mark.line + 1}"
        if getattr(event, "anchor", None):
            raise BadInput("anchors and aliases are not read", where, "write the value out")
        if getattr(event, "tag", None):
            raise BadInput("a tag (a word that begins with !) is not read", where, "put the text in quotes")


def read(model: type[Model], text: str, file: str) -> Model:
    """Return the value a YAML text describes.

    Raises:
        BadInput: All problems of the file, each with its line.
    """
    if len(text) > SHORT:
        return check(model, load(text, file), file)
    found: Model = _kept(model, text, file).model_copy(deep=True)
    return found


@lru_cache(maxsize=256)  # a run reads what people wrote more than once, and the parser is slow
def _kept(model: type[Model], text: str, file: str) -> Model:
    return check(model, load(text, file), file)


def check(model: type[Model], value: CommentedMap, file: str) -> Model:
    """Return the value a loaded mapping describes, or raise all its problems with their lines."""
    try:
        return model.model_validate(plain_of(value))
    except ValidationError as error:
        details = sorted(error.errors(), key=lambda detail: line_of(value, detail["loc"]))
        raise BadInput.of(
            [problem(d, f"{file}, line {line_of(value, d['loc'])}", model) for d in details]
        ) from None


def line_of(value: Any, path: tuple[str | int, ...]) -> int:
    """Return the line of a field inside a loaded mapping, or of the nearest thing that holds it."""
    line = 0
    for step in path:
        try:
            if isinstance(value, CommentedMap):
                line = value.lc.key(step)[0] if step in value else line
                value = value[step]
            elif isinstance(value, CommentedSeq) and isinstance(step, int):
                line = value.lc.item(step)[0]
                value = value[step]
            else:
                break
        except (KeyError, IndexError, TypeError):
            break
    return line + 1


def plain_of(value: Any) -> Any:
    """Return plain dicts, lists and scalars, without the marks that keep their lines."""
    if isinstance(value, dict):
        return {str(key): plain_of(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain_of(inner) for inner in value]
    for kind in (bool, str, int, float):
        if isinstance(value, kind):
            return kind(value)
    return value


def _depth(value: Any) -> int:
    inner: list[Any] = []
    if isinstance(value, dict):
        inner = list(value.values())
    elif isinstance(value, list):
        inner = list(value)
    return 1 + max((_depth(each) for each in inner), default=0)


def lines(model: type[Model], text: str, file: str, noun: str, hint: str) -> tuple[Model, ...]:
    """Return the values of a file of JSON lines that are added and never edited, in order.

    What stands after the last line end was cut short as it was written, and was never a line.

    Raises:
        HoldfireError: Every line that holds no such value, with its number.
    """
    found: list[Model] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n")[:-1], 1):
        if not line.strip():
            continue
        try:
            found.append(model.model_validate_json(line))
        except ValidationError as error:
            wrong = ", ".join(sorted({".".join(map(str, e["loc"])) or "the line" for e in error.errors()}))
            problems.append(Problem(f"this is no {noun}: {wrong}", f"{file}, line {number}", hint))
    if problems:
        raise HoldfireError.of(problems)
    return tuple(found)
