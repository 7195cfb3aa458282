"""Measure the main job: `python -m bench [NAME ...]`, or `make bench`.

    help       holdfire --help
    ged        16,566 UCDP GED rows, from file to bulletin
    again      a second run with nothing new
    million    a million GED rows through add, fuse and judge, and a one-day bulletin
    log        a million entries of the log: append, prove, check, rebuild

Baselines run in turn with each: starting Python, reading the same file with the standard csv module, and
pymerkle where it is installed. Data of GED come from the shared folder beside the project; without it only
`help` and `log` run. Figures go to the screen; `--write` puts them into bench/RESULTS.md with the machine and
the command, in place of the section of the same command, and leaves the other sections.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.log import Line, log
from bench.make_ged import main as make_ged
from bench.measuring import Row, machine, pair
from bench.results import replace_section

ROOT = Path(__file__).resolve().parent.parent
GED = ROOT.parent / "shared" / "data" / "events" / "ucdp_ged_syria" / "ged_syria_2016_2019.csv.gz"
HOLDFIRE = str(Path(sys.executable).with_name("holdfire"))
CSV = (
    "import csv,gzip,sys;n=sum(1 for _ in csv.reader(gzip.open(sys.argv[1],'rt',encoding='utf-8')));assert n"
)
HEAD = ["what", "wall", "cpu", "peak", "ratio", "to reach", "runs"]


def _case(folder: Path, report: Path) -> Path:
    """Return a copy of the shipped case with one more report in its inbox."""
    case = folder / "case"
    ignored = shutil.ignore_patterns(".holdfire", "bulletins")
    shutil.copytree(ROOT / "examples" / "syria-2016", case, ignore=ignored)
    shutil.copyfile(report, case / "inbox" / report.name)
    note = "source: ucdp\npublished: 2019-12-15\nlicence: CC BY 4.0\n"
    (case / "inbox" / f"{report.name}.about.yaml").write_text(note)
    return case


def _forget(case: Path) -> Callable[[], None]:
    def forget() -> None:
        for made in (case / ".holdfire", case / "bulletins"):
            shutil.rmtree(made, ignore_errors=True)

    return forget


def help_(_: Path) -> Iterator[Row]:
    """Yield how long the help takes."""
    yield pair(
        "holdfire --help",
        [HOLDFIRE, "--help"],
        [sys.executable, "-c", "pass"],
        "starting Python",
        "0.3 s",
        runs=9,
    )


def ged(folder: Path) -> Iterator[Row]:
    """Yield how long it takes from a dataset to a bulletin of the two truces, and again with nothing new."""
    case = _case(folder, GED)
    reading = [sys.executable, "-c", CSV, str(GED)]
    for period, name in (("2016-02-27/2016-03-05", "a week"), ("2016-02-01/2016-09-30", "eight months")):
        command = [HOLDFIRE, "run", "--case", str(case), "--period", period]
        yield pair(
            f"16,566 GED rows to the bulletin of {name}",
            command,
            reading,
            "csv.reader of it",
            "20 s, 1 GiB",
            prepare=_forget(case),
        )
        yield pair("the same again, nothing new", command, reading, "csv.reader of it", "1 s")


def million(folder: Path) -> Iterator[Row]:
    """Yield how long a million rows take."""
    large = folder / "ged_1m.csv.gz"
    make_ged([str(GED), str(large), "--rows", "1000000"])
    case = _case(folder, large)
    yield pair(
        "1,000,000 GED rows: add, fuse, judge, a bulletin of one day",
        [HOLDFIRE, "run", "--case", str(case), "--period", "2016-03-01"],
        [sys.executable, "-c", CSV, str(large)],
        "csv.reader of it",
        "120 s, 4 GiB",
        runs=1,
        prepare=_forget(case),
    )


MEASURES: dict[str, Callable[[Path], Iterator[Row] | Iterator[Line]]] = {
    "help": help_,
    "ged": ged,
    "million": million,
    "log": log,
}
WITHOUT_DATA = ("help", "log")


def main(names: list[str]) -> None:
    """Measure what is named, or everything."""
    write = "--write" in names
    wanted = [n for n in names if not n.startswith("-")] or list(MEASURES)
    if not GED.is_file():
        print("the shared data folder is not beside the project; GED is not measured", file=sys.stderr)
        wanted = [n for n in wanted if n in WITHOUT_DATA]
    rows: list[Row | Line] = []
    for name in wanted:
        with tempfile.TemporaryDirectory(prefix="holdfire-bench-") as scratch:
            for row in MEASURES[name](Path(scratch)):
                print(" | ".join(row.cells), flush=True)
                rows.append(row)
    if write:
        lines = [
            f"`python -m bench {' '.join(wanted)} --write` on {datetime.now(UTC):%Y-%m-%d}; {machine()}.",
            "Each line is a process of its own, in turn with a baseline. The machine is shared"
            f" (load {os.getloadavg()[0]:.0f} at the end): read processor times and ratios.",
        ]
        replace_section(" ".join(wanted), lines, HEAD, [row.cells for row in rows])


if __name__ == "__main__":
    main(sys.argv[1:])
