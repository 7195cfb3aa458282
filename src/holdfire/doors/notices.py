"""What `holdfire run` says of what people wrote that does not fit the records, and what to do about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfire.keeping import Summary


def told(found: Summary) -> list[str]:
    """Return a line for each thing that people should look at; of a case where all fits, nothing."""
    said = []
    if found.lost:
        count = "1 judgement" if found.lost == 1 else f"{found.lost:,} judgements"
        said.append(
            f"{count} in hand/links.jsonl name records that are not found any more, and join or part nothing:"
            " `holdfire review links` says whose they are and shows the pairs of today, to judge them again"
        )
    said += [
        f"{source} is said to repeat nothing (`repeats: distinct`), yet {count:,} of its records are each"
        " equal to another in all that is compared, and all are counted: if they are repetitions,"
        f" set `repeats: mostly` or `repeats: repeats` for {source} in case.yaml"
        for source, count in sorted(found.repeated.items())
    ]
    return said
