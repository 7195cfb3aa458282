"""Print the table of zones: `python -m bench.protecting [NAME ...] [--write]`, all measures without a name.

`--write` puts the table into bench/RESULTS.md, in place of the section of the same names.
"""

from __future__ import annotations

import sys

import bench.protecting
from bench.measures import run

if __name__ == "__main__":
    sys.exit(run(bench.protecting, sys.argv[1:]))
