"""A table of who was on which lists becomes overlaps, one for each stratum, or all of its problems.

A row is a pattern of lists with the number of people who carry it, or one person. Five rules hold, and
tests/unit/test_tabled.py tries to break each:

* what is no number of people, no 0 or 1, or a number for people on no list is refused with its row;
* a pattern given twice is refused unless strata tell the two apart: nobody is added unasked;
* a missing label is a stratum of its own;
* the order of rows and columns changes nothing but the order of lists and strata;
* no word repeats a cell of a label or a list that is no number: it may be a name.
"""

from holdfire.counting.tabled.mapping import ListsFile, Within, read_mapping
from holdfire.counting.tabled.strata import Stratum, Tabled, tabled

__all__ = ["ListsFile", "Stratum", "Tabled", "Within", "read_mapping", "tabled"]
