"""Numbers of people and things, each with how far it binds: exact, at least, at most, about.

A number that is a year, an age, a date, a distance or a part of a name counts nothing. A vague word
("dozens") gives the least that a careful writer would use it for, and is marked vague. A zero that is said
("no one was hurt") is a zero; silence is no amount at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from holdfire.reading.prose.words.lexicon import page, word_set, words
from holdfire.reading.prose.words.numerals import is_multiplier, multiplier, numeral
from holdfire.reading.prose.words.peoples import is_person
from holdfire.reading.prose.words.quantities import Amount
from holdfire.reading.prose.words.tokens import Sentence
from holdfire.reading.prose.words.uses import moves, used

Phrases = tuple[tuple[tuple[str, ...], str], ...]


@dataclass(frozen=True)
class _Words:
    vague: dict[str, tuple[tuple[tuple[str, ...], int], ...]]
    before: dict[str, Phrases]
    after: Phrases
    some_of: tuple[tuple[str, ...], ...]
    none_of: tuple[tuple[str, ...], ...]
    nobody: tuple[tuple[str, ...], ...]
    groups: frozenset[str]
    not_counted: frozenset[str]
    opens: frozenset[str]


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.strip('"').split()) for phrase in words(text))


@lru_cache(maxsize=1)
def _words() -> _Words:
    given = page("numbers")
    before: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in ("lower", "upper", "near", "exactly"):
        for phrase in _phrases(given[name]):
            bound = "exact" if name == "exactly" else name
            before.setdefault(phrase[-1], []).append((phrase, bound))
    after = [
        (phrase, name) for name in ("lower", "upper", "near") for phrase in _phrases(given[f"{name}_after"])
    ]
    vague: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for text, least in given["vague"].items():
        phrase = tuple(text.split())
        vague.setdefault(phrase[0], []).append((phrase, int(least)))
    some_of, none_of, nobody = (_phrases(given[key]) for key in ("some_of", "none_of", "nobody"))
    return _Words(
        {first: tuple(sorted(found, key=_longest)) for first, found in vague.items()},
        {last: tuple(sorted(found, key=_longest)) for last, found in before.items()},
        tuple(sorted(after, key=_longest)),
        tuple(sorted(some_of, key=len, reverse=True)),
        tuple(sorted(none_of, key=len, reverse=True)),
        tuple(sorted(nobody, key=len, reverse=True)),
        frozenset(words(given["groups"])),
        frozenset(words(given["not_counted"])),
        frozenset(
            (*vague, *(p[0] for p in (*some_of, *none_of, *nobody)), "a", "an", "half", "one", "three")
        ),
    )


def _longest(entry: tuple[tuple[str, ...], object]) -> int:
    return -len(entry[0])


def amounts(s: Sentence, taken: set[int]) -> list[Amount]:
    """Return the numbers of a sentence that count something.

    Args:
        s: The sentence.
        taken: Tokens that belong to expressions of time.
    """
    opens = _words().opens
    found: list[Amount] = []
    i = 0
    while i < len(s):
        may = s.tags[i] == "#" or s.words[i] in opens or s.words[i][:1].isdigit()
        read = _number(s, i, taken) if may and i not in taken else None
        made = _bounded(s, i, read) if read is not None else None
        if made is not None:
            found.append(made)
        i = max(made.end if made else 0, read.end if read else 0, i + 1)
    return used(s, found)


@dataclass(frozen=True, slots=True)
class _Read:
    """A number before its modifiers are read."""

    end: int
    value: int
    high: int | None = None
    vague: bool = False
    zero: bool = False


def _at(s: Sentence, i: int, phrase: tuple[str, ...]) -> bool:
    return s.words[i] == phrase[0] and tuple(s.words[i : i + len(phrase)]) == phrase


def _number(s: Sentence, i: int, taken: set[int]) -> _Read | None:
    """Return the number at token `i`, a range as one."""
    made = _zero(s, i) or _vague(s, i)
    if made is not None:
        return made
    first = numeral(s, i)
    if first is None:
        return None
    end, value = first
    ranged = _range(s, i, end, value, taken)
    return ranged or _Read(end, value)


def _zero(s: Sentence, i: int) -> _Read | None:
    """Read a zero that is said: "no civilians", "nobody"; "no reports of casualties" is none."""
    for phrase in _words().nobody:
        if _at(s, i, phrase) and s.words[i + len(phrase) : i + len(phrase) + 1] != ["of"]:
            return _Read(i + len(phrase), 0, zero=True)
    for phrase in _words().none_of:
        if not _at(s, i, phrase):
            continue
        for k in range(i + len(phrase), min(len(s), i + len(phrase) + 4)):
            if is_person(s.words[k]) or s.words[k] in _HARM_NOUNS:
                return _Read(i + len(phrase), 0, zero=True)
            if s.tags[k] not in "JeN,C" or s.words[k] in _HEARD:
                break
    return None


_HARM_NOUNS = word_set(
    "casualties deaths death injuries injury fatalities fatality victims killings violations breaches"
)
_HEARD = word_set(
    "report reports word information confirmation indication details claim mention news doubt evidence"
)


def _vague(s: Sentence, i: int) -> _Read | None:
    """Read "dozens", "tens of thousands", "several hundred"; "as many" is none."""
    if i and s.words[i - 1] in ("as", "so", "how", "too"):
        return None
    for phrase in _words().some_of:
        at = i + len(phrase)
        if _at(s, i, phrase) and at < len(s) and is_multiplier(s.words[at]):
            value = 2 * multiplier(s.words[at])
            while at + 1 < len(s) and is_multiplier(s.words[at + 1]):
                at += 1
                value *= multiplier(s.words[at])
            return _Read(_past_of(s, at + 1), value, vague=True)
    for phrase, least in _words().vague.get(s.words[i], ()):
        if _at(s, i, phrase):
            return _Read(_past_of(s, i + len(phrase)), least, vague=True)
    return None


def _past_of(s: Sentence, end: int) -> int:
    return end + 1 if end < len(s) and s.words[end] == "of" else end


def _range(s: Sentence, i: int, end: int, value: int, taken: set[int]) -> _Read | None:
    """Read "8 to 12", "8-12", "between 8 and 12", "two or three"."""
    mark, before = s.words[end] if end + 1 < len(s) else "", s.words[i - 1] if i else ""
    if mark not in ("-", "–", "to", "and", "or") or (mark == "and" and before != "between"):
        return None
    if end + 1 in taken or (before in ("from", "by") and mark == "to" and moves(s, i - 1)):
        return None  # "rose from 9 to 15" tells two counts, "rose by 6 to 15" a change and a count
    second = numeral(s, end + 1)
    if second is None or second[1] <= value or (mark == "or" and second[1] > 2 * value + 1):
        return None
    scale = multiplier(s.words[second[0] - 1])
    if scale > 1 and not is_multiplier(s.words[end - 1]) and value * scale < second[1]:
        value *= scale  # "two to three thousand"
    return _Read(second[0], value, high=second[1])


def _bounded(s: Sentence, i: int, read: _Read) -> Amount | None:
    start, bound = _before(s, i, "vague" if read.vague else "exact")
    end = read.end
    unit_at = _unit(s, i, end)
    for at in (end, unit_at + 1 if unit_at >= end else end):
        for phrase, name in _words().after:
            if at < len(s) and _at(s, at, phrase) and not read.vague:
                bound = name
                end = at + len(phrase) if at == end else end
                break
    if end != read.end:
        unit_at = _unit(s, i, end)
    if read.high is not None:
        bound = "near" if bound == "near" else "lower"
    if read.zero:
        bound = "exact"
    unit = s.words[unit_at] if unit_at >= 0 else ""
    if read.zero and any(word in _TOLD for word in s.words[end : end + 7]):
        bound = "vague"  # "no casualties were reported" says what was heard, not how many there were
    if not _counts(s, i, end, read, unit):
        return None
    return Amount(start, end, read.value, read.high, bound, unit, unit_at)


_TOLD = word_set("reported confirmed recorded announced registered")
_RANK = {"lower": 3, "upper": 3, "near": 2, "exact": 1}


def _before(s: Sentence, i: int, bound: str) -> tuple[int, str]:
    """Return where the modifiers before a number begin, and how far they make it bind."""
    start, best = i, 0
    for _ in range(2):
        entries = _words().before.get(s.words[start - 1], ()) if start else ()
        hit = next((e for e in entries if start >= len(e[0]) and _at(s, start - len(e[0]), e[0])), None)
        if hit is None or (best and hit[0] in (("the",), ("all",))):
            break
        if bound != "vague" and _RANK[hit[1]] > best:
            bound, best = hit[1], _RANK[hit[1]]
        if hit[0] == ("the",):
            best = best or 1
            before = start - 1
            if before and _words().before.get(s.words[before - 1]):
                start = before
                continue
            break
        start -= len(hit[0])
    return start, bound


def _unit(s: Sentence, i: int, end: int) -> int:
    """Return the token of the noun a number counts, or -1."""
    if i >= 2 and s.words[i - 1] == "of" and s.words[i - 2] in _words().groups:
        return i - 2
    last = -1
    for j in range(_past_link(s, i, end), min(len(s), end + 8)):
        letter = s.tags[j]
        if is_person(s.words[j]) and not _modifier(s, j):
            return j
        if letter in "NE":
            last = j
        elif s.words[j] not in _INNER and _stops(s, j, end, last):
            break
    return last


def _past_link(s: Sentence, i: int, end: int) -> int:
    """Return where the noun of a number may begin: past "of", "of them were", "of whom five were"."""
    j = end
    if i and s.words[i - 1] in ("whom", "them"):
        while j < len(s) and s.tags[j] in "bhB":
            j += 1
    j += s.words[j : j + 2] == [",", "of"]
    if s.words[j : j + 1] == ["of"]:
        j += 1
        if j < len(s) and s.words[j] in ("them", "whom", "those", "which"):
            j += 1
            while j < len(s) and s.tags[j] in "bhB":
                j += 1
    return j


def _stops(s: Sentence, j: int, end: int, last: int) -> bool:
    """Return whether a token ends the phrase of a number."""
    letter = s.tags[j]
    if letter in "eng":
        return last < 0 and j > end and s.tags[j + 1 : j + 2] not in ("N", "J", "E")
    return letter not in "J-'" and not (letter == "#" and j == end)


_PLURAL = word_set("people children police personnel staff youth dead wounded injured missing elderly")
_INNER = word_set("other more such the its his their these those")


def _modifier(s: Sentence, j: int) -> bool:
    """Return whether a noun of people only describes the next: "12 rebel positions", "three soldier son"."""
    plural = s.words[j].endswith(("s", "men")) or s.words[j] in _PLURAL
    if j + 1 >= len(s) or s.tags[j + 1] not in "NE" or s.words[j + 1] == "s":
        return False
    return not plural or is_person(s.words[j + 1])  # "women prisoners"


_NUMBERED = word_set(
    "resolution article aged age number no $ € £ us$ chapter paragraph decree law route highway km channel "
    "room flight section phase day page version figure group sector zone area point"
)


def _counts(s: Sentence, i: int, end: int, read: _Read, unit: str) -> bool:
    """Return whether a number counts something."""
    if read.zero:
        return True
    after = s.words[end] if end < len(s) else ""
    before = s.words[i - 1] if i else ""
    if {after, unit} & _words().not_counted or after in ("%", "/", "°") or before == "/":
        return False
    if before in _NUMBERED or _attached(s, i, end) or _is_age(s, i, end, read.value, unit):
        return False
    yearly = s.words[i].isdigit() and 1900 <= read.value <= 2100 and not unit
    if yearly and (before in _YEARLY or read.high is not None):
        return False
    if s.words[i] == "one" and (not unit or after in ("of", "in", "to", "another", "by")):
        return False
    return not (before == "in" and i > 1 and s.words[i - 2] in ("one", "two", "three"))  # "one in five"


def _attached(s: Sentence, i: int, end: int) -> bool:
    """Return whether a number is a piece of a word: "F-15", "45-year-old", "T-72M", "3rd"."""
    if i and s.tags[i - 1] in "-E" and s.starts[i] == s.ends[i - 1]:
        return True
    if end >= len(s) or s.starts[end] != s.ends[end - 1]:
        return False
    if s.tags[end] == "-":
        return s.words[end + 1 : end + 2] != ["strong"]
    return s.words[end][:1].isalpha() and s.words[i].isdigit()


def _is_age(s: Sentence, i: int, end: int, value: int, unit: str) -> bool:
    """Return whether a number is an age: "children under 15", "Smith, 45, said", "Smith (45)"."""
    if value >= 120 or i < 2:
        return False
    before, after = s.words[i - 1], s.words[end] if end < len(s) else ""
    if before in ("under", "over", "above", "below") and not unit:
        return is_person(s.words[i - 2])
    return (before, after) in ((",", ","), ("(", ")")) and s.tags[i - 2] == "E" and s.words[i].isdigit()


_YEARLY = word_set("in since of until by during to from and") | {""}
