"""A file of JSON objects, one a line, becomes batches of text cells.

Numbers are kept as written. An object inside an object is read as `outer.inner`; a list of words as words
with `; ` between. A key given twice, a NaN or a line that is no object is refused with its line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa

from holdfire.errors import BadInput
from holdfire.reading import unpacking
from holdfire.reading.cells import CellError
from holdfire.reading.format import Content
from holdfire.reading.tabular import TYPED, Batch, Faults, Memory

AT_ONCE = 5000
DEEPEST = 8
"""Objects inside objects."""
WIDEST = 5000
"""Keys of a file."""


class JsonLines:
    """A file of JSON lines, opened. Its keys are found in a first pass, since any line may bring one."""

    def __init__(self, source: Content) -> None:
        """Open the file and find its keys.

        Raises:
            BadInput: Every line that is no object of plain values.
        """
        self.name = source.name
        self._source = source
        self.header = self._keys()

    def __enter__(self) -> JsonLines:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def _keys(self) -> list[str]:
        keys: dict[str, None] = {}
        faults = Faults(self.name)
        with unpacking.text(self._source) as stream:
            for number, line in enumerate(stream, 1):
                try:
                    keys.update(dict.fromkeys(_record(line)))
                except CellError as error:
                    for problem, hint in error.faults:
                        faults.note(number, problem, hint)
                if len(keys) > WIDEST:
                    raise BadInput(f"the file has more than {WIDEST} keys", self.name, "is it a table?")
        faults.raise_any()  # a broken line may hide a key, so what the columns are is not known
        return list(keys)

    def batches(
        self,
        columns: Collection[str],
        faults: Faults,
        progress: Callable[[int], None] = lambda _: None,
        missing: Collection[str] = (),
    ) -> Iterator[Batch]:
        """Yield the records with these keys; the number of a record is that of its line.

        Raises:
            BadInput: The file has no records.
        """
        memory: Memory = {}
        wanted = [name for name in self.header if name in set(columns)]
        done = taken = 0
        with unpacking.text(self._source) as stream:
            records = ((number, _record(line)) for number, line in enumerate(stream, 1) if line.strip())
            while some := list(islice(records, AT_ONCE)):
                cells = {
                    name: pa.array([_cell(record.get(name), missing) for _, record in some], pa.string())
                    for name in wanted or [TYPED]
                }
                numbers = np.array([number for number, _ in some], dtype=np.int64)
                yield Batch(numbers, pa.table(cells), faults, memory)
                done += len(some)
                progress(unpacking.taken(stream) - taken)
                taken = unpacking.taken(stream)
        if not done:
            raise BadInput("the file has no records", self.name, "was all of it saved?")


def _cell(value: str | None, missing: Collection[str]) -> str | None:
    return None if value is None or value in missing or not value.strip() else value


def _record(line: bytes) -> dict[str, str | None]:
    """Return one line's keys and values, objects laid flat.

    Raises:
        CellError: It is no object of plain values.
    """
    if not line.strip():
        return {}
    try:
        value = json.loads(
            line,
            parse_float=lambda text: TYPED + text,
            parse_int=lambda text: TYPED + text,
            parse_constant=_refuse,
            object_pairs_hook=_pairs,
        )
    except CellError:
        raise
    except (ValueError, RecursionError):
        raise CellError("the line is not JSON", 'one object a line, such as {"date": "2016-02-27"}') from None
    if not isinstance(value, dict):
        raise CellError("the line is no object", 'one object a line, such as {"date": "2016-02-27"}')
    flat: dict[str, str | None] = {}
    _flatten(value, "", flat, 0)
    return flat


def _refuse(word: str) -> NoReturn:
    raise CellError(f"a value is {word}, which is no number", "leave the key out, or write null")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise CellError(f'the key "{key[:40]}" is given twice', "keep one")
        found[key] = value
    return found


def _flatten(value: dict[str, Any], before: str, flat: dict[str, str | None], depth: int) -> None:
    if depth > DEEPEST:
        raise CellError(f"objects lie more than {DEEPEST} deep")
    for key, inner in value.items():
        name = before + key
        if isinstance(inner, dict):
            _flatten(inner, f"{name}.", flat, depth + 1)
        elif isinstance(inner, list):
            if any(isinstance(each, dict | list) for each in inner):
                raise CellError(f'the key "{name[:40]}" holds a list of lists or objects')
            flat[name] = "; ".join(_word(each).removeprefix(TYPED) for each in inner if each is not None)
        else:
            flat[name] = None if inner is None else _word(inner)


def _word(value: Any) -> str:
    return TYPED + str(value).lower() if isinstance(value, bool) else str(value).strip()
