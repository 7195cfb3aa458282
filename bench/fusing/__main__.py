"""Print the table of fusing: `python -m bench.fusing [NAME ...] [--write]`, all measures without a name.

`--write` puts the table into bench/RESULTS.md, in place of the section of the same names.
"""

from __future__ import annotations

import sys

import bench.fusing
from bench.measures import run

if __name__ == "__main__":
    sys.exit(run(bench.fusing, sys.argv[1:]))
