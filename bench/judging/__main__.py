"""Print the table of judging: `python -m bench.judging [NAME ...] [--write]`, all measures without a name.

`--write` puts the table into bench/RESULTS.md, in place of the section of the same names.
"""

from __future__ import annotations

import sys

import bench.judging
from bench.measures import run

if __name__ == "__main__":
    sys.exit(run(bench.judging, sys.argv[1:]))
