"""Places that a sentence of a language with a page names and no gazetteer of the case knows, as strings.

A name with a capital after a word of `roles.place` is a place, unless it names someone who acts. It has no
coordinates, and none are guessed.
"""

from __future__ import annotations

from collections.abc import Sequence

from holdfire.places import GeoPrecision
from holdfire.reading.prose.acts.dates import When
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.places.toponyms import Where
from holdfire.reading.prose.tongues.lines import Line
from holdfire.reading.prose.tongues.words import tongue

_LONGEST = 5


def named_places(line: Line, cast: Cast, found: Sequence[Where], whens: Sequence[When]) -> list[Where]:
    """Return the places found, and those after a word of place that nobody knows, in order."""
    known = tongue(line.code)
    before = known.list("roles.place")
    if not before:
        return list(found)
    taken = {k for each in found for k in range(each.start, each.end)}
    taken |= {k for each in whens for k in range(each.start, each.end)}
    taken |= {k for m in cast.matches(line) if "actor" in m.kinds for k in range(m.start, m.end)}
    taken |= {k for h in cast.hits(line) if h.found.entity.kind != "state" for k in range(h.start, h.end)}
    out = list(found)
    for k in range(len(line)):
        for hit in before.at(line.readings, k):
            i = hit.end
            while i < len(line) and line.tags[i] == "D":
                i += 1
            j = _name_end(line, i)
            if j == i or taken.intersection(range(i, j)):
                continue
            if k and known.cues.at(line.readings, k - 1) and line.tags[k - 1] != "N":
                continue  # "заявили в Белграде": who says it
            first = k + 1 if hit.end - k == 1 else k
            text = line.text(first if first < i else i, j)
            out.append(Where(min(first, i), j, text, None, None, None, GeoPrecision.UNKNOWN, None))
            taken.update(range(k, j))
            break
    return sorted(out, key=lambda each: each.start)


def struck(line: Line, cast: Cast, k: int, kind: str) -> Where | None:
    """Return the name right after an act done to places: "took Rutshuru"; None: none, or someone's."""
    known = tongue(line.code)
    if known.verb_first or not kind.startswith(("attack.", "control.")):
        return None
    i = k
    for name in ("roles.on", "roles.of"):
        for hit in line.at(name, i) if i < len(line) else ():
            i = hit.end
            break
    j = _name_end(line, i)
    taken = [m for m in cast.matches(line) if "actor" in m.kinds] + list(cast.hits(line))
    if j == i or known.states.at(line.readings, i) or any(m.start < j and i < m.end for m in taken):
        return None
    return Where(i, j, line.text(i, j), None, None, None, GeoPrecision.UNKNOWN, None)


def _name_end(line: Line, i: int) -> int:
    """Return the token after a name with capitals that begins at a token."""
    j = i
    while j < len(line) and j - i < _LONGEST:
        if (line.tags[j] == "E" and line.raws[j][0].isupper()) or (j > i and _joins(line, j)):
            j += 1
        elif j > i and line.tags[j] == "-" and j + 1 < len(line) and line.starts[j + 1] == line.ends[j]:
            j += 2
        else:
            break
    return min(j, len(line))


def _joins(line: Line, k: int) -> bool:
    """Return whether "of" joins a name to the name after it: "État de Shan"."""
    of = tongue(line.code).list("roles.of")
    return bool(of.at(line.readings, k)) and line.tags[k + 1 : k + 2] == "E"
