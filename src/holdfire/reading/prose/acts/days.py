"""Where a text stands in time: the days on which it may have been published; see `reading.time.days`."""

from holdfire.reading.time.days import Anchor, anchor

__all__ = ["Anchor", "anchor"]
