"""Make a large UCDP GED file of a small one: the same rows again and again, with later dates and new ids.

    python bench/make_ged.py SOURCE.csv.gz OUT.csv.gz --rows 1000000

Each copy lies `--days` after the one before, so that by default events stay as dense in time and place
as they are in four years of the source, and a larger file is more of the same work and not other work.
The output is the same bytes for the same arguments.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

DATES = ("date_start", "date_end")


def copies(source: Path, rows: int, days: int) -> Iterator[list[str]]:
    """Yield the header, then `rows` rows."""
    with gzip.open(source, "rt", encoding="utf-8-sig", newline="") as stream:
        header, *kept = csv.reader(stream)
    yield header
    place = {name: header.index(name) for name in ("id", "year", *DATES)}
    first = max(int(float(row[place["id"]])) for row in kept) + 1
    for number in range(rows):
        copy, which = divmod(number, len(kept))
        row = list(kept[which])
        if copy:
            for name in DATES:
                moved = date.fromisoformat(row[place[name]]) + timedelta(days=copy * days)
                row[place[name]] = moved.isoformat()
            row[place["id"]] = str(first + number)
            row[place["year"]] = row[place["date_start"]][:4]
        yield row


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the file."""
    plain = argparse.RawDescriptionHelpFormatter
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    reader.add_argument("source", type=Path)
    reader.add_argument("out", type=Path)
    reader.add_argument("--rows", type=int, default=1_000_000)
    reader.add_argument("--days", type=int, default=1461, help="from one copy to the next")
    given = reader.parse_args(arguments)
    with (
        given.out.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        csv.writer(text, lineterminator="\n").writerows(copies(given.source, given.rows, given.days))


if __name__ == "__main__":
    main()
