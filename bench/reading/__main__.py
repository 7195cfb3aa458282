"""Print the table of the reader: `python -m bench.reading [NAME ...] [--write]`, all measures without a name.

`--write` puts the table into bench/RESULTS.md, in place of its section, and leaves the other sections.
"""

from __future__ import annotations

import sys

import bench.reading
from bench.measures import run

if __name__ == "__main__":
    # Speed first: its memory is that of a process which holds nothing else yet.
    sys.exit(run(bench.reading, sys.argv[1:], first=("speed",)))
