"""Maps of the bulletin: where incidents are recorded, as vaguely as they are.

Five rules hold, and tests/unit/test_map.py tries to break each:

* no circle is narrower than 8 km, and none is narrower than the incidents it holds are uncertain;
* every incident handed in is either in exactly one circle or counted among those not drawn;
* no position of a force, no launch point and no bearing can be drawn: there is no field for one;
* a zone is drawn as it was published, with the words that it asserts no site and promises nothing;
* the same values give the same bytes, and nothing is fetched.
"""

from __future__ import annotations

from holdfire.publishing.drawing.dots import Dot
from holdfire.publishing.drawing.mappage import page
from holdfire.publishing.drawing.outlines import Outline, countries_of, outline, polygons
from holdfire.publishing.drawing.paper import Town
from holdfire.publishing.drawing.stillmap import Shape, svg

__all__ = ["Dot", "Outline", "Shape", "Town", "countries_of", "outline", "page", "polygons", "svg"]
