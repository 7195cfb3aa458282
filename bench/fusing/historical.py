"""English persons with errors, 50 thousand: the public demonstration set of Splink, its labels not used.

Its own profile is beside this file. Parameters are trained within the time, unsupervised. One source repeats
itself about ten times a person, so no rule of the sources helps, and a third of the many pairs of a person
are never found, so what a pair that is not there says depends on these records. It is sought as the offset
of draws is (`grouping.drawing.balance`): where as many of the found pairs are linked as their probabilities
sum to. Labels mark the answer and choose nothing. Names are never printed.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.figures import Figure
from bench.measuring import run
from holdfire.engine import Engine
from holdfire.fusing.comparing.scoring import pairs
from holdfire.fusing.grouping.clustering import Joining, Pairs, group
from holdfire.fusing.grouping.marking import mark
from holdfire.fusing.profile import read_profile
from holdfire.fusing.spelling import letters
from holdfire.fusing.training.learning import train
from holdfire.records.source import Repeats

FILE = Path("data/linkage/historical_figures_with_errors_50k.parquet")
FLOOR = -8000
ABSENT = (-8000, 0)
"""Between which the weight of a pair that is not there is sought: it is evidence against [millibits]."""
NEAR = 125
"""How nearly [millibits]."""
PART = 3
"""Training takes one in so many of the records, by a fixed mixing of their numbers."""
_LEFT_OUT = frozenset({"of", "the", "st", "nd", "rd", "th", "and", "de"})


def measure(shared: Path) -> Iterator[Figure]:
    """Yield the F1 and the time of linking."""
    file = shared / FILE
    if not file.is_file():
        raise FileNotFoundError(2, "no such file", str(file))
    with tempfile.TemporaryDirectory(prefix="holdfire-bench-") as scratch:
        answer = Path(scratch) / "answer.json"
        took = run([sys.executable, "-m", "bench.fusing.historical", str(file), str(answer)])
        found = json.loads(answer.read_text())
    peers = "recorded: Splink's demonstration 0.828 in 9 s, goldenmatch 0.840 in 35 s"
    chosen = f"no label is used; an absent pair weighs {found['absent']:.0f} millibits, by balance"
    note = f"P {found['precision']:.3f}, R {found['recall']:.3f}; {chosen}; {peers}"
    count = found["records"]
    name = "historical figures, 50 thousand: pairwise F1"
    yield Figure(name, found["f1"], count=count, reach="0.85", note=note)
    note = f"{took.cpu:.1f} s of CPU, training of it {found['training']:.1f} s; peak {took.peak:,.0f} MiB"
    yield Figure("historical figures: time [s]", took.wall, count=count, reach="10 at most", note=note)


def features(table: pa.Table) -> pa.Table:
    """Return what the profile `historical` compares."""
    count = len(table)
    names = [_words(each) for each in table["full_name"].to_pylist()]
    given, surname = (_each(table, name, letters) for name in ("first_name", "surname"))
    parts = zip(names, given, surname, strict=True)
    rest = [[word for word in words if word not in (one, other)] for words, one, other in parts]
    return pa.table(
        {
            "record": np.arange(count),
            "source": pa.array(np.zeros(count), pa.int32()),
            "apart": pa.array(np.zeros(count, bool)),
            "given": given,
            "surname": surname,
            "words": pa.array(names, pa.list_(pa.string())),
            "rest": pa.array(rest, pa.list_(pa.string())),
            "birth": _each(table, "dob", lambda text: text.replace("-", "")),
            "birth_place": _each(table, "birth_place", lambda text: " ".join(_words(text))),
            "postcode": _each(table, "postcode_fake", lambda text: "".join(text.split()).lower()),
            "district": _each(table, "postcode_fake", lambda text: text.split(" ")[0].lower()),
            "gender": _each(table, "gender", str),
            "occupation": _each(table, "occupation", str),
        }
    )


def _words(text: str | None) -> list[str]:
    """Return the words of a name, each once, without those that say nothing."""
    cut = (letters(each) for each in (text or "").replace(",", " ").replace("-", " ").split())
    return list(dict.fromkeys(each for each in cut if each and each not in _LEFT_OUT))


def _each(table: pa.Table, name: str, form: Callable[[str], str]) -> list[str | None]:
    """Return a column with each text in some form; each distinct text is looked at once."""
    coded = table[name].combine_chunks().dictionary_encode()
    known = [form(each) or None for each in coded.dictionary.to_pylist()]
    return [None if code is None else known[code] for code in coded.indices.to_pylist()]


def linked(table: pa.Table) -> tuple[np.ndarray, dict[str, float]]:
    """Return the group of each record, how long training took [s], and what an absent pair weighs."""
    profile = read_profile(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"), "historical.yaml")
    engine, made = Engine(threads=2, memory=2000), features(table)
    before = time.perf_counter()
    some = made.take(pa.array(np.flatnonzero(np.arange(len(made)) * 2654435761 % 2**32 < 2**32 // PART)))
    some = some.set_column(0, "record", pa.array(np.arange(len(some))))
    trained = train(some, profile, "a part of the records themselves", 1, engine)
    # among one in PART of the records, a record has one in PART of its partners
    trained = trained.model_copy(update={"partners": PART * trained.partners})
    took = time.perf_counter() - before
    with engine.session() as session:
        session.give("features", made)
        scored = pairs(session, profile, trained, FLOOR)
    groups, absent = balanced(Pairs.of(scored.pairs), len(table))
    return groups, {"training": took, "absent": absent}


def balanced(found: Pairs, count: int) -> tuple[np.ndarray, int]:
    """Return the groups in which as many found pairs are linked as their probabilities sum to.

    Also what a pair that is not there then weighs [millibits]; sought by halving, as linked pairs only grow.
    """
    expected = float((1 / (1 + np.exp2(-found.weight / 1000))).sum())
    low, high = ABSENT
    groups = np.arange(count)
    while high - low > NEAR:
        middle = (low + high) // 2
        tried = group(found, np.zeros(count, np.int64), [Repeats.REPEATS], settings=_joining(middle)).groups
        if (tried[found.a] == tried[found.b]).sum() <= expected:
            groups, low = tried, middle
        else:
            high = middle
    return groups, low


def _joining(absent: int) -> Joining:
    return Joining(floor=FLOOR, absent=absent)


def main(given: list[str]) -> int:
    """Link the records of a file and write how right that is."""
    table = pq.read_table(given[0])
    groups, told = linked(table)
    true = np.asarray(table["cluster"].combine_chunks().dictionary_encode().indices).astype(np.int64)
    marks = mark(groups, true)
    right = {"precision": marks.pairs.precision, "recall": marks.pairs.recall, "f1": marks.pairs.f1}
    Path(given[1]).write_text(json.dumps(right | told | {"records": len(table)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
