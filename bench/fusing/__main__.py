"""Print the table of fusing: `python -m bench.fusing [NAME ...] [--write]`, all measures without a name.

`--write` puts the table into bench/RESULTS.md, in place of the section of the same names. `--links FILE`
scores other links between GED and Airwars than those of the shared folder.
"""

from __future__ import annotations

import sys
from pathlib import Path

import bench.fusing
from bench.fusing import ged_airwars
from bench.measures import run

if __name__ == "__main__":
    given = sys.argv[1:]
    if "--links" in given:
        at = given.index("--links")
        ged_airwars.links_file = Path(given[at + 1])
        del given[at : at + 2]
    sys.exit(run(bench.fusing, given))
