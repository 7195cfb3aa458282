"""Phrases around a verb, found by the letters of the tokens: its auxiliaries, its subject, what comes after.

Every function takes a sentence and token numbers and looks a bounded way left or right, so that the work
on a sentence is at most its length times a constant.
"""

from __future__ import annotations

from dataclasses import dataclass

from holdfire.reading.prose.words.tokens import Sentence

Range = tuple[int, int]

VERBS = frozenset("vzekng")
FINITE = frozenset("zkbhdM")
NOMINAL = frozenset("NEJ#'-Y")
_LINKS = frozenset(
    ("of", "for", "in", "at", "from", "with", "on", "against", "within", "near", "to", "behind")
)
_FURTHEST = 28


@dataclass(frozen=True, slots=True)
class Group:
    """A verb with what stands before it.

    Attributes:
        start: First token of the group.
        head: The verb.
        passive: Whether the subject is acted on.
        negated: Whether it is said not to be so.
        modal: The modal, as written; empty: none.
        infinitive: Whether it hangs on "to".
        progressive: Whether a form of be goes before an -ing form.
    """

    start: int
    head: int
    passive: bool = False
    negated: bool = False
    modal: str = ""
    infinitive: bool = False
    progressive: bool = False


def group(s: Sentence, i: int) -> Group:
    """Return the group of the verb at `i`."""
    tags, words = s.tags, s.words
    start, j = i, i - 1
    passive = negated = infinitive = progressive = False
    modal = ""
    near = ""  # the auxiliary next to the verb decides the voice
    while j >= 0 and i - j < 8:
        letter = tags[j]
        if letter == "X" or words[j].endswith("n't"):
            negated = True
        if letter in "bhdM":
            near = near or letter
            modal = words[j] if letter == "M" else modal
        elif letter == "O" and not infinitive and j == start - 1:
            infinitive = True
        elif letter == '"' and j and tags[j - 1] in "bhdM":
            pass  # had "expressed concern"
        elif letter not in "BX":
            break
        start = j
        j -= 1
    while start < i and tags[start] == "B":
        start += 1
    if near == "b":
        passive = tags[i] in "en"
        progressive = tags[i] == "g"
    return Group(start, i, passive, negated, modal, infinitive, progressive)


def phrase_left(s: Sentence, end: int) -> Range | None:
    """Return the noun phrase that ends before token `end`, or None."""
    tags, words = s.tags, s.words
    j = end - 1
    while j >= 0 and tags[j] == "B":
        j -= 1
    last = j + 1
    if j >= 0 and tags[j] == ")":
        j = _opening(s, j) - 1
    if j >= 0 and tags[j] == "R":
        if words[j] in ("himself", "herself", "themselves", "itself") and j:
            return phrase_left(s, j)
        counted = j >= 2 and words[j - 1] == "of" and tags[j - 2] in "DN#"
        return (j - 2 if counted else j), last
    if j > 0 and tags[j] in "en" and words[j - 1] in ("those", "all", "many"):
        return j - 1, last  # "those surveyed"
    first = _walk_left(s, j, last)
    while first < last and (tags[first] in "PCB'-Y" or (tags[first] == "T" and first + 1 < last)):
        first += 1
    if first >= last or all(tags[k] in "#TJPY-" for k in range(first, last)):
        counted = first < last and tags[first] == "#" and "T" not in tags[first:last]
        if not counted and j >= 0 and tags[j] in "D#":  # "another says", "some say"
            return j, last
        return (first, last) if counted else None
    return first, last


def _walk_left(s: Sentence, j: int, last: int) -> int:
    """Return where the noun phrase that ends before `last` begins, going left from `j`."""
    first = last
    while j >= 0 and last - j < _FURTHEST:
        if s.tags[j] == ")" and first < last and (named := initials_before(s, j + 1)) is not None:
            first, j = named, named - 1  # "the Liberation Front (LF) fighters"
            continue
        step = _left(s, j, first, last)
        if not step:
            break
        first = j
        j -= 1
        if step == 2:
            if j < 1 or not _linked(s, j, first):
                break
            first = j
            j -= 1
    return first


def initials_before(s: Sentence, end: int) -> int | None:
    """Return where initials in brackets begin that end before `end`, after a name, or a name after initials.

    None: neither stands there. "Liberation Front (LF)", "LF (Liberation Front)".
    """
    if end < 4 or s.tags[end - 1] != ")":
        return None
    start = _opening(s, end - 1)
    if start < 1 or s.tags[start] != "(" or s.tags[start - 1] not in "NE":
        return None
    short = s.raws[end - 2] if end - start == 3 else s.raws[start - 1]
    names = all(s.tags[k] in "NE-'" or s.words[k] in ("of", "the", "for") for k in range(start + 1, end - 1))
    most = 8 if end - start == 3 else 6
    return start if names and 1 < len(short) <= most and short.isupper() else None


def _left(s: Sentence, j: int, first: int, last: int) -> int:  # noqa: PLR0911 - each return is one rule
    """Return 0 to stop before token `j`, 1 to take it, 2 to take it as the beginning of a phrase."""
    tags, words = s.tags, s.words
    letter = tags[j]
    if letter in NOMINAL:
        return 1
    if letter == "D":
        return 2
    if letter == "T":
        following = tags[first] if first < last else ""
        dated = j > 0 and tags[j - 1] == "P" and all(t in "#T" for t in tags[first:last])
        return 1 if following == "'" or first == last or dated else 0
    if letter == "P":
        return 1 if _linked(s, j, first) else 0
    if letter == "O":
        return 1 if j and tags[j - 1] in "NE" and first < last and tags[first] in "DEN" else 0
    if letter == "C":
        joined = words[j] in ("and", "&") and j and tags[j - 1] in "NE'" and first < last
        return 1 if joined and tags[first] in 'NEDJ#"' and not _verb_left(s, j) else 0
    if letter == '"':
        return 1 if _quoted_word(s, j, first, last) else 0
    if letter == "g" and j and tags[j - 1] in "DJ'":
        return 1  # "the shelling"
    if letter in "eng" and first < last:
        return 1 if j and tags[j - 1] in "DJ" and tags[first] in "NEJ" else 0
    return 0


def _quoted_word(s: Sentence, j: int, first: int, last: int) -> bool:
    """Return whether a mark is one of a pair around a word or two: the so-called "terrorists"."""
    before = s.tags[max(0, j - 4) : j]
    after = s.tags[j + 1 : min(j + 5, last)]
    inside = (
        before[before.rfind('"') + 1 :] if '"' in before else after[: after.find('"')] if '"' in after else ""
    )
    return bool(inside) and all(t in "NEJ-" for t in inside)


def _linked(s: Sentence, j: int, first: int) -> bool:
    """Return whether the preposition at `j` joins what follows to a noun before it."""
    if s.tags[j] not in "PO" or j == 0 or s.words[j] not in _LINKS:
        return False
    if s.tags[j - 1] not in "NE)RD#" or (s.tags[j - 1] in "RD" and s.words[j] != "of"):
        return False
    return not (s.words[j] in ("in", "on", "at") and first < len(s) and s.tags[first] == "T")


def _verb_left(s: Sentence, j: int) -> bool:
    for k in range(j - 1, max(-1, j - 16), -1):
        if s.tags[k] in "vzekbhM":
            return True
        if s.tags[k] in ';:_"SH':
            return False
    return False


def _opening(s: Sentence, j: int) -> int:
    for k in range(j - 1, max(-1, j - 12), -1):
        if s.tags[k] == "(":
            return k
    return j


def subject(s: Sentence, start: int) -> Range | None:  # noqa: PLR0911 - each return is one rule
    """Return the subject of a verb group that begins at `start`, appositions and all, or None."""
    tags = s.tags
    j = start - 1
    while j >= 0 and tags[j] in "BX":
        j -= 1
    j = _before_time(s, j)
    if j < 0:
        return None
    if tags[j] == "W" and s.words[j] in ("who", "which"):
        if j and tags[j - 1] == ",":
            j -= 1
        found = phrase_left(s, j)
        return (found[0], start) if found else (start - 1, start)
    if s.words[j] == "whom" and j > 1 and s.words[j - 1] == "of":
        return j - 2, j + 1  # "all of whom"
    if tags[j] == "H" and j and tags[j - 1] in "NE":
        found = phrase_left(s, j)
        return (found[0], j) if found else None
    if tags[j] in ",_":
        return _before_apposition(s, j)
    if tags[j] == "C":
        return None
    return phrase_left(s, j + 1)


def _before_time(s: Sentence, j: int) -> int:
    """Return the last token of the subject in "X on Friday said", "X late last week said"."""
    m = j
    while m >= 0 and s.tags[m] in "T#":
        m -= 1
    if m == j or "T" not in s.tags[m + 1 : j + 1]:
        return j
    while m > 0 and s.tags[m] in "JDB":
        m -= 1
    if m > 0 and s.tags[m] == "P" and s.words[m] in ("on", "in", "at", "since", "by"):
        m -= 1
    return m if m >= 0 and s.tags[m] in "NER)" else j


def _before_apposition(s: Sentence, comma: int) -> Range | None:
    """Return "X, a spokesman for Y" of "X, a spokesman for Y, said"."""
    mark = s.tags[comma]
    for k in range(comma - 1, max(-1, comma - 40), -1):
        if s.tags[k] != mark or k + 1 >= comma:
            continue
        if s.tags[k + 1] in "DWNEJP#engTB" and s.words[k + 1] not in ("and", "but"):
            found = phrase_left(s, k)
            if found and found[1] == k and not (s.tags[k + 1] == "P" and _verb_left(s, k)):
                return found[0], comma
        if s.tags[k + 1] in "CS":
            return None
    return None


def phrase_right(s: Sentence, i: int) -> Range | None:  # noqa: C901 - one token class a branch
    """Return the noun phrase that begins at token `i`, or None."""
    tags = s.tags
    count = len(s)
    j = i
    while j < count and tags[j] == "B":
        j += 1
    begun = j
    if j < count and tags[j] == "R":
        return j, j + 1
    seen = ever = False
    if j + 1 < count and tags[j] == "H" and tags[j + 1] in "NJ#":
        j += 1  # "that report": a determiner
    while j < count and j - begun < _FURTHEST:
        letter = tags[j]
        if letter in "NE" or (letter == "g" and j > begun and tags[j - 1] in "DJ'"):
            seen = True
        elif letter == "C" and seen and _conjoined(s, j):
            seen, ever = False, True
        elif letter == "(" and seen:
            j = _closing(s, j)
        elif not _within_phrase(s, j, begun, seen=seen):
            break
        j += 1
    if not seen and s.words[begun : begun + 1] in (["$"], ["€"], ["£"]) and j > begun + 1:
        return begun, j
    while j > begun and tags[j - 1] in "BDPOC#J" and not seen:
        j -= 1
    while j > begun and tags[j - 1] in "BPOCD":
        j -= 1
    return (begun, j) if j > begun and (seen or ever or tags[begun] in "D#") else None


def _conjoined(s: Sentence, j: int) -> bool:
    """Return whether "and" at `j` joins another noun phrase, and not another clause."""
    joins = s.words[j] in ("and", "or") and j + 1 < len(s) and s.tags[j + 1] in "DENJ#"
    return joins and not _verb_after(s, j + 1)


def _within_phrase(s: Sentence, j: int, begun: int, *, seen: bool) -> bool:
    """Return whether token `j` goes on with a noun phrase; `seen`: its noun has been met."""
    tags, letter = s.tags, s.tags[j]
    if letter == "D":
        return not seen
    if letter in "J#'-YB" or (letter == "T" and not seen):
        return True
    if letter in "eng":
        return not seen and j + 1 < len(s) and tags[j + 1] in "NEJ"
    if letter == "P" and s.words[j] == "of" and j > begun and tags[j - 1] == "#":
        return True
    links = letter in "PO" and seen and s.words[j] in ("of", "for", "to", "at") and _goes_on(s, j + 1)
    return links and (s.words[j] in ("of", "for") or tags[j - 1] in "NE")


def _goes_on(s: Sentence, j: int) -> bool:
    return j < len(s) and s.tags[j] in "DNEJ#RT"


def _verb_after(s: Sentence, j: int) -> bool:
    """Return whether a noun phrase at `j` is the subject of a clause of its own."""
    for k in range(j, min(len(s), j + 8)):
        if s.tags[k] in "zkbhdM" or (s.tags[k] == "e" and k > j):
            return True
        if s.tags[k] not in "DNEJ#'-RT":
            return False
    return False


def _closing(s: Sentence, j: int) -> int:
    for k in range(j + 1, min(len(s), j + 12)):
        if s.tags[k] == ")":
            return k
    return j


def clause_at(s: Sentence, i: int) -> bool:
    """Return whether a clause of its own, subject and finite verb, begins at token `i`."""
    tags = s.tags
    count = len(s)
    if i >= count or (tags[i] not in 'DRNEJ#TgCS"B' and s.words[i] not in ("being", "having")):
        return False
    nominal = tags[i] in "NERJ#T"
    relatives, k, last = 0, i + 1, min(count, i + 16)
    while k < last:
        letter = tags[k]
        if letter in "zkbhdM" or (letter in "ev" and nominal and tags[k - 1] != "O"):
            if not relatives:
                return True
            relatives -= 1  # the verb of "who ..."
            while k + 1 < last and tags[k + 1] in "zkbhdMenvgXB":
                k += 1
        elif letter == "W" and tags[k - 1] in "NE,":
            relatives += 1
        elif letter in ";:_." or (letter == "," and (k - i > 6 or k + 1 >= count or tags[k + 1] not in "DW")):
            return False
        if letter in "NER":
            nominal = True
        k += 1
    return False


def sentence_end(s: Sentence) -> int:
    """Return the token after the last that says something: full stops and closing marks left out."""
    end = len(s)
    while end and s.tags[end - 1] == ".":
        end -= 1
    return end


def quotation_end(s: Sentence, i: int) -> int:
    """Return the token after the quotation that is open at `i`."""
    j = i
    while j < len(s) and s.quoted[j]:
        j += 1
        if j < len(s) and s.tags[j - 1] == '"' and j - 1 > i:
            break
    return j
