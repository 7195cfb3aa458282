"""What follows a cue: the clause, quotation, infinitive or phrase that it says.

`fill` tries the constructions a cue may stand in, surest first, and gives None where none is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from holdfire.reading.prose.sayings.ends import clause_end
from holdfire.reading.prose.sayings.objects import (
    about,
    as_something,
    faulted,
    gerund,
    shown,
    thing,
    told_about,
    valued,
)
from holdfire.reading.prose.words.lexicon import Cue, word_set
from holdfire.reading.prose.words.syntax import Range, clause_at, phrase_right, quotation_end, sentence_end
from holdfire.reading.prose.words.tokens import Sentence


@dataclass(slots=True)
class Filled:
    """A construction that was found after a cue.

    Attributes:
        cue: The cue whose frame it is.
        content: Token ranges of what is said.
        cue_end: The token after the cue.
        rule: Name of the construction.
        before: Content that stands before the cue.
        source: The voice, where it follows the cue.
    """

    cue: Cue
    content: list[Range]
    cue_end: int
    rule: str
    before: Range | None = None
    source: Range | None = None


def fill(s: Sentence, after: int, cues: tuple[Cue, ...]) -> Filled | None:
    """Return the construction after a cue that ends before token `after`, or None."""
    frames = "".join(cue.frames for cue in cues)

    def made(letter: str, content: list[Range], rule: str) -> Filled:
        return Filled(next(c for c in cues if letter in c.frames), content, after, rule)

    k = _past_setting(s, after)
    for letter, probe in _CONSTRUCTIONS:
        if letter not in frames:
            continue
        found = probe(s, k, frames)
        if found is not None:
            return made(letter, [found[0]], found[1])
    return None


Found = tuple[Range, str]


def _clause(s: Sentence, k: int, frames: str) -> Found | None:
    return _spoken(s, k)


def _only_that(s: Sentence, k: int, frames: str) -> Found | None:
    return _spoken(s, k) if k < len(s) and s.tags[k] == "H" else None


def _told(s: Sentence, k: int, frames: str) -> Found | None:
    """Return what someone is told: "told reporters that ...", "told him he was wrong"."""
    heard = phrase_right(s, k)
    if heard is None:
        return None
    j = _past_setting(s, heard[1])
    if found := _spoken(s, j):
        return found
    bare = "c" in frames and clause_at(s, j) and s.tags[heard[1] - 1] != "T" and s.tags[k] in "REN"
    return ((j, clause_end(s, j)), "bare") if bare and not clause_at(s, k) else None


def _whether(s: Sentence, k: int, frames: str) -> Found | None:
    while k + 1 < len(s) and s.tags[k] == "B":
        k += 1  # "knows just what"
    asks = k < len(s) and (s.tags[k] == "W" or s.words[k] in ("if", "whether"))
    return ((k, clause_end(s, k)), "wh") if asks else None


def _to_do(s: Sentence, k: int, frames: str) -> Found | None:
    start = _infinitive(s, k)
    return None if start is None else ((start, clause_end(s, start)), "infinitive")


def _without_that(s: Sentence, k: int, frames: str) -> Found | None:
    bare = _bare(s, k) or (not set(frames) & set("npt") and _long_clause(s, k))
    return ((k, clause_end(s, k)), "bare") if bare else None


def _long_clause(s: Sentence, k: int) -> bool:
    """Return whether a clause begins at `k` whose subject is long: "said shells that fell were ..."."""
    if k >= len(s) or s.tags[k] not in "DNERJ#gT" or s.quoted[k]:
        return False
    relatives = 0
    for j in range(k + 1, min(len(s), k + 40)):
        if s.tags[j] == "W" or (s.tags[j] == "H" and s.tags[j - 1] in "NE"):
            relatives += 1
        elif s.tags[j] in "zekbhMd" and not s.quoted[j] and s.tags[j - 1] not in "zekbhMdBX":
            if not relatives:
                return True
            relatives -= 1
    return False


def _somebody_to_do(s: Sentence, k: int, frames: str) -> Found | None:
    found = _object_infinitive(s, k)
    return None if found is None else (found, "object")


def _named(
    rule: str, probe: Callable[[Sentence, int], Range | None]
) -> Callable[[Sentence, int, str], Found | None]:
    def named(s: Sentence, k: int, frames: str) -> Found | None:
        found = probe(s, k)
        return None if found is None else (found, rule)

    return named


_YEAR = re.compile(r"(?:19|20)\d\d$")


def _past_setting(s: Sentence, after: int) -> int:
    """Return the token after "on Sunday", "in a statement", "late last week"."""
    k = _past_times(s, after)
    if k == after and k < len(s) and (s.tags[k] in "PTB," or s.tags[k : k + 2] in ("JT", "DT")):
        return _far_said(s, k)
    return k


def _far_said(s: Sentence, k: int) -> int:
    """Return where "that" or a quotation comes after phrases only: "said of it, in a call, that ..."."""
    for j in range(k, min(len(s) - 1, k + 20)):
        letter = s.tags[j]
        if letter == "H":
            return j if j > k and s.tags[j - 1] not in "PD" and clause_at(s, j + 1) else k
        if letter in ",:" and s.tags[j + 1] == '"' and s.quoted[j + 1]:
            return j
        if letter not in "PDNEJT#R'BOY-,geC()" or s.quoted[j]:
            return k
    return k


def _past_times(s: Sentence, k: int) -> int:
    count = len(s)
    for _ in range(4):
        j = k
        while j < count and s.tags[j] in "B":
            j += 1
        if j < count and s.tags[j] == "T":
            while j < count and (
                s.tags[j] in "T#" or (s.tags[j] == "," and j + 1 < count and s.tags[j + 1] == "#")
            ):
                j += 1
        elif j + 1 < count and s.tags[j] in "JD" and s.tags[j + 1] == "T":
            j += 2
        elif (j < count and s.tags[j] in "PO" and (found := _setting_phrase(s, j)) is not None) or (
            j < count and s.tags[j] == "," and (found := _comma_setting(s, j)) is not None
        ):
            j = found
        else:
            return j if j > k and j < count and s.tags[j] in 'H":,' else k
        if j == k:
            return k
        k = j
    return k


_SETTINGS = word_set(
    "statement interview speech tweet post letter report memo email address briefing conference message "
    "call telegram bulletin communique note release broadcast article column editorial testimony remarks"
)


def _setting_phrase(s: Sentence, j: int) -> int | None:  # noqa: PLR0911 - each return is one rule
    timed = "T" in s.tags[j + 1 : j + 4] or _YEAR.match(" ".join(s.words[j + 1 : j + 2]))
    if timed:
        k = j + 1
        while k < len(s) and s.tags[k] in "DJT#B":
            k += 1
        if s.tags[k : k + 1] != "'":
            return k
    if s.words[j] not in (
        "in",
        "at",
        "during",
        "on",
        "via",
        "through",
        "from",
        "to",
        "before",
        "after",
        "by",
        "with",
    ):
        return None
    found = phrase_right(s, j + 1)
    if found is None:
        return None
    end = found[1]
    rest = s.tags[end : end + 2]
    if rest[:1] in ("H", '"', ":") or rest == ',"':
        return end
    if s.words[end - 1] in _SETTINGS and rest[:1] in ("D", "R", "E", "N") and clause_at(s, end):
        return end  # "said in a statement the offer stands"
    if rest[:1] in ("P", "T", "J") and end - j < 12:
        further = _setting_phrase(s, end) if rest[:1] == "P" else end + 1
        if further is not None and (
            s.tags[further : further + 1] in ("H", '"', ":") or s.tags[further : further + 2] == ',"'
        ):
            return further
    return None


def _comma_setting(s: Sentence, comma: int) -> int | None:
    """Return where "said, in a statement, that" goes on."""
    for k in range(comma + 1, min(len(s) - 1, comma + 14)):
        if s.tags[k] == "," and s.tags[k + 1] in 'H"':
            return k + 1
        if s.tags[k] == '"':
            return None
    return None


def _spoken(s: Sentence, k: int) -> tuple[Range, str] | None:  # noqa: PLR0911 - each return is one rule
    """Return a that-clause or a quotation at token `k`."""
    count = len(s)
    if k >= count:
        return None
    if s.tags[k] == "H":
        finite = any(letter in "zekbhM" for letter in s.tags[k + 1 : k + 22])
        if (
            k + 1 < count
            and s.tags[k + 1] not in "bhMz"
            and (clause_at(s, k + 1) or s.tags[k + 1] in '",BSPDR' or finite)
        ):
            return (k, clause_end(s, k)), "that"
        if k + 1 < count and s.tags[k + 1] in "bhMz":  # "that" is the subject here
            return (k, clause_end(s, k)), "bare"
        return None
    j = k + 1 if s.tags[k] in ",:_" and k + 1 < count else k
    if s.tags[j] == '"' and s.quoted[j]:
        return (j, _quotations_end(s, j)), "quotation"
    if s.tags[k] == ":" and j < count and count - j > 2:
        return (j, sentence_end(s)), "colon"
    return None


def _quotations_end(s: Sentence, j: int) -> int:
    """Return where a quotation and what belongs to it end."""
    end = quotation_end(s, j)
    last = sentence_end(s)
    if end < last and s.tags[end] in "OPCHSNJ":  # a quotation that is only part of a clause
        return clause_end(s, end)
    return end


def _infinitive(s: Sentence, k: int) -> int | None:
    j = k
    while j < len(s) and s.tags[j] in "BX" and j - k < 3:
        j += 1
    if j + 1 < len(s) and s.tags[j] == "O":
        m = j + 1
        while m < len(s) and s.tags[m] in "BX" and m - j < 3:
            m += 1
        if m < len(s) and (s.tags[m] in "vbhde" or _unlisted(s, j, m)):
            return k if s.tags[k] == "X" else j
        if s.words[j + 1] == "back" and s.tags[j + 2 : j + 3] in ("D", "R", "E", "N", "J", "P"):
            return k if s.tags[k] == "X" else j  # "refused to back the motion"
    return None


def _unlisted(s: Sentence, j: int, m: int) -> bool:
    """Return whether the word at `m` is a verb nobody listed: "to veto the bill", "to swiftly deport"."""
    if s.tags[m] != "N" or not s.raws[m].islower() or s.words[m].endswith("s"):
        return False
    if (
        m > j + 1
        or s.tags[m + 1 : m + 2] in ("D", "R")
        or s.words[m + 1 : m + 2] in (["up"], ["out"], ["down"], ["off"])
    ):
        return True
    return j > 0 and s.lemmas[j - 1] in _WILLING and s.tags[m + 1 : m + 2] in ("N", "E", "J", "#")


_WILLING = word_set("want hope threaten vow plan seek refuse decline promise wish aim intend try decide")


def _object_infinitive(s: Sentence, k: int) -> Range | None:
    heard = phrase_right(s, k)
    if heard is None:
        return None
    if s.tags[heard[1] : heard[1] + 1] == "P":  # "urging people in the capital to vote"
        placed = phrase_right(s, heard[1] + 1)
        heard = placed if placed is not None and s.tags[placed[1] : placed[1] + 1] == "O" else heard
    for j in range(heard[1], min(len(s), heard[1] + 4)):
        if (start := _infinitive(s, j)) is not None:
            return start, clause_end(s, start)
        if s.tags[j] not in "BTX":
            return None
    return None


def _bare(s: Sentence, k: int) -> bool:
    """Return whether a clause without "that" begins at token `k`."""
    if k + 1 < len(s) and s.tags[k] == "g" and s.tags[k + 1] in "ezkbhM":
        return True  # "said shelling hit the town"
    if not clause_at(s, k):
        return False
    if s.tags[k] in 'gCSB"':
        return s.tags[k] in '"BSg' and clause_at(s, k + 1)
    return True


_CONSTRUCTIONS: tuple[tuple[str, Callable[[Sentence, int, str], Found | None]], ...] = (
    ("c", _clause),
    ("q", _clause),
    ("h", _only_that),
    ("i", _told),
    ("w", _whether),
    ("t", _to_do),
    ("c", _without_that),
    ("o", _somebody_to_do),
    ("x", _named("small-clause", shown)),
    ("b", _named("told-about", told_about)),
    ("m", _named("measured-at", valued)),
    ("f", _named("accuse-of", faulted)),
    ("s", _named("describe-as", as_something)),
    ("p", _named("noun-phrase", about)),
    ("g", _named("gerund", gerund)),
    ("n", _named("noun-phrase", thing)),
)
"""Constructions by their letter in `cues.yaml`, surest first."""
