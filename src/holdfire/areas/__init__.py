"""Which areas points lie in, tens of millions at once, and with what probability where a place is uncertain.

`Cover` answers for points, `Blur` for points known to within a normal error; both take the outlines of many
areas and lay a grid over them. A cell that lies wholly in an area answers at once; in any other the outline
itself is asked. Both take longitudes and latitudes in degrees (WGS 84).
"""

from holdfire.areas.blur import Blur
from holdfire.areas.cover import Cover

__all__ = ["Blur", "Cover"]
