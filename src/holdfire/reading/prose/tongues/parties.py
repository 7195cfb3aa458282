"""Whom a phrase names, in a language with a page: an actor of the case, a state, civilians, or someone else.

A loaded label stays text and names no group.
"""

from __future__ import annotations

from holdfire.reading.dictionary import dictionary
from holdfire.reading.prose.names.actors import Cast, Party
from holdfire.reading.prose.tongues.counting import is_person
from holdfire.reading.prose.tongues.lines import Line
from holdfire.reading.prose.tongues.phrases import core
from holdfire.reading.prose.tongues.words import Tongue, tongue
from holdfire.reading.prose.words.syntax import Range
from holdfire.records.actor import CIVILIANS, UNDESCRIBED, fold


def who(  # noqa: PLR0911 - each return is one rule
    line: Line, phrase: Range | None, cast: Cast
) -> list[Party]:
    """Return whom the tokens of a phrase name, the first first; those of the case before all others."""
    if phrase is None:
        return []
    known = tongue(line.code)
    i, j = phrase if known.verb_first else core(line, *phrase)
    found = _of_case(line, i, j, cast) or _public(line, i, j, cast) or _of_states(line, known, i, j, cast)
    if found:
        return found
    head = head_of(line, known, i, j)
    if head is None:
        return []
    i, j = _bare(line, i, j) if known.verb_first else (i, j)
    text = line.text(*_bare(line, i, j))
    if any(line.at("people.labels", k) for k in range(i, j)):
        return [Party(i, j, text, (), agent=True)]
    if line.at("people.civilian", head):
        return [Party(i, j, text, (CIVILIANS,), agent=False)]
    if line.at("people.agents", head):
        return [Party(i, j, text, (UNDESCRIBED + fold(text),), agent=True)]
    return []


def speaker(line: Line, phrase: Range | None, cast: Cast) -> list[Party]:
    """Return whom a phrase names as one who acts; a name that nobody has described is taken as it stands."""
    found = [party for party in who(line, phrase, cast) if party.agent and party.ids]
    if found or phrase is None or tongue(line.code).verb_first:
        return found
    i, j = _bare(line, *phrase)
    if not any(line.tags[k] == "E" for k in range(i, j)):
        return []
    text = line.text(i, j)
    return [Party(i, j, text, (UNDESCRIBED + fold(text),), agent=True)]


def head_of(line: Line, known: Tongue, i: int, j: int) -> int | None:
    """Return the first token of a phrase that names people or someone armed or in power."""
    for k in range(i, j):
        if line.at("people.agents", k) or line.at("people.labels", k):
            return k
        if is_person(line, known, k):
            return k
    return None


def is_agent(line: Line, known: Tongue, k: int, cast: Cast) -> bool:
    """Return whether a token names someone who acts: armed, in power, a state or an actor of the case."""
    if line.at("people.agents", k) or known.states.at(line.readings, k):
        return True
    if any(h.start <= k < h.end and h.found.entity.kind != "outlet" for h in cast.hits(line)):
        return True
    return any(m.start <= k < m.end and "actor" in m.kinds for m in cast.matches(line))


def bare(line: Line, phrase: Range | None) -> Range | None:
    """Return a phrase without the numbers, bounds and times around the one it names."""
    if phrase is None or not tongue(line.code).verb_first:
        return phrase
    return _bare(line, *phrase)


_BOUNDS = ("numbers.lower", "numbers.near", "numbers.upper")


def _bare(line: Line, i: int, j: int) -> Range:
    known = tongue(line.code)
    if known.verb_first:
        i, j = _past_numbers(line, known, i, j), min(_end(line, i, j), j)
        i = min(i, max(j - 1, 0))
    while i < j - 1 and line.tags[i] in "D#PB,":
        i += 1
    while j > i + 1 and line.tags[j - 1] in ",B:;":
        j -= 1
    return i, j


def _past_numbers(line: Line, known: Tongue, i: int, j: int) -> int:
    """Return the first token of a phrase after its number and what bounds it; the number's own noun stays."""
    while i < j - 1:
        ends = [f.end for name in _BOUNDS for f in line.at(name, i)]
        ends += [f.end for f in known.numbers.at(line.readings, i) if not f.value.unit]
        ends += [i + 1] if line.tags[i] in "D#PB" else []
        if not ends or max(ends) >= j:
            return i
        i = max(ends)
    return i


def _end(line: Line, i: int, j: int) -> int:
    """Return where a phrase ends: before a time, a bound after its number, or a part of it."""
    marks = ("time.words", "numbers.lower_after", "people.including")
    return next((k for k in range(i + 1, j) if any(k in line.where(name) for name in marks)), j)


def _of_case(line: Line, i: int, j: int, cast: Cast) -> list[Party]:
    found: list[Party] = []
    for match in cast.matches(line):
        if match.start < i or match.end > j or "actor" not in match.kinds or "place" in match.kinds:
            continue
        actor = cast.meant(match)
        text = line.text(match.start, match.end)
        if actor is None and match.key in cast.matcher.labels:
            found.append(Party(match.start, match.end, text, (), agent=True))
        else:
            found.append(Party(match.start, match.end, text, (actor or UNDESCRIBED + match.key,), agent=True))
    return [party for party in found if party.ids] or found


def _public(line: Line, i: int, j: int, cast: Cast) -> list[Party]:
    """Return whom the dictionaries know by a name in the phrase; an outlet does not act."""
    found: dict[str, Party] = {}
    for hit in cast.hits(line):
        if hit.start < i or hit.end > j or hit.found.entity.kind == "outlet":
            continue
        if hit.start > i and line.tags[hit.start - 1] == "P":
            continue  # "in Syria": a place
        actor = cast.entity(hit.found.entity)
        first = _called_by(line, i, hit.start)
        text = line.text(first, hit.end)
        found.setdefault(actor, Party(first, hit.end, text, (actor,), agent=True))
    return sorted(found.values(), key=lambda party: party.start)


def _called_by(line: Line, i: int, k: int) -> int:
    """Return where "les rebelles du M23" begins: a word for those who act, joined to their name by "of"."""
    known = tongue(line.code)
    if not known.verb_first and k - 1 >= i and line.at("people.agents", k - 1):
        return k - 1
    if known.verb_first or k - 2 < i or not line.at("roles.of", k - 1):
        return k
    return k - 2 if line.at("people.agents", k - 2) else k


def _of_states(line: Line, known: Tongue, i: int, j: int, cast: Cast) -> list[Party]:
    found: dict[str, Party] = {}
    for k in range(i, j):
        for hit in known.states.at(line.readings, k):
            if k and line.tags[k - 1] == "P" and k > i:
                break  # "in Syria": a place
            if any(line.at("people.civilian", m) for m in range(i, k)):
                break  # "مدنيين سوريين": of the state, not the state
            actor = cast.entity(dictionary().entities[hit.value])
            first, end = k, hit.end
            while not known.verb_first and end < j and line.at("people.agents", end):
                end += 1
            while first > i and line.tags[first - 1] in "NE" and k - first < 3:
                first -= 1
            found.setdefault(actor, Party(first, end, line.text(first, end), (actor,), agent=True))
            break
    return sorted(found.values(), key=lambda party: party.start)
