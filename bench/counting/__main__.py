"""Print the table of counting: `python -m bench.counting [NAME ...] [--write]`, all measures without a name.

`--write` puts the table into bench/RESULTS.md, in place of the section of the same names.
"""

from __future__ import annotations

import sys

import bench.counting
from bench.measures import run

if __name__ == "__main__":
    sys.exit(run(bench.counting, sys.argv[1:]))
