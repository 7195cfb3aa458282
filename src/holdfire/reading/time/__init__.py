"""The grammar of time: one for all languages, with a file of words each.

`find` reads a plain text and gives each expression of time as fine as its words and never finer: no day is
given that the text does not give.
"""

from holdfire.reading.time.days import Anchor, anchor
from holdfire.reading.time.expression import Anchored, Expression, Kind
from holdfire.reading.time.finding import find
from holdfire.reading.time.vocabulary import LANGUAGES

__all__ = ["LANGUAGES", "Anchor", "Anchored", "Expression", "Kind", "anchor", "find"]
