"""Which side of the day of publication a clause speaks of, by the verb nearest to its date."""

from __future__ import annotations

from holdfire.reading.time.items import Items
from holdfire.reading.time.vocabulary import Vocabulary, fold

REACH = 14
"""How many words from a date its verb may stand."""

_NAMES = {"1": "future", "3": "near", "4": "past"}


def tense(made: Items, known: Vocabulary, i: int, j: int) -> str:
    """Return what the verb nearest to the words from `i` to before `j` says: past, future, near or empty.

    The verb before a date counts first ("will be held on Monday", "said on Monday that it will"); a date that
    opens its clause takes the verb after it, but not where it owns a noun ("Monday's attack will").
    near: would, could, was to: a day on either side.
    """
    for k in range(i - 1, max(-1, i - REACH - 1), -1):
        if _ends(made, k):
            break
        if found := _tense_of(made, known, k):
            found = _helped(made, found, k)
            reported = "no_backshift" in known.flags and _dated(made, i)
            return _NAMES["3" if found == "1" and reported else found]
    if made.letter(j) == "'":
        return ""
    for k in range(j, min(len(made.letters), j + REACH)):
        if _ends(made, k):
            break
        if found := _tense_of(made, known, k):
            # Inside a noun's own words ("the attack on Monday will not") the verb is another's.
            return _NAMES["3" if found == "1" and not _fronted(made, i) else found]
    return ""


def _dated(made: Items, i: int) -> bool:
    """Return whether a day stands earlier in the sentence, from which a reported future may count."""
    for k in range(i - 1, max(-1, i - 2 * REACH), -1):
        if _ends(made, k):
            return False
        if made.letters[k] in "WwR":
            return True
    return False


def _fronted(made: Items, i: int) -> bool:
    """Return whether a date stands at the front of its clause."""
    k = i - 1
    while k >= 0 and made.letters[k] in "zteUpf7@":
        k -= 1
    return k < 0 or made.letters[k] in ",;.&(-" or not made.raw(k)[:1].isalnum()


def _helped(made: Items, found: str, k: int) -> str:
    """Return a tense with its auxiliaries: "will be held", "will resume", "was set to"."""
    helpers = made.letters[max(0, k - 3) : k]
    if found == "4":
        return next((letter for letter in reversed(helpers) if letter in "13"), "4")
    if found == "3" and "1" in helpers[-2:]:  # "will resume"
        return "3" if "41" in helpers else "1"  # "was set to begin"
    return "3" if found == "1" and "4" in helpers[-2:] else found


def _tense_of(made: Items, known: Vocabulary, k: int) -> str:
    letter = made.letters[k]
    if letter in "134":
        return letter
    if letter != "~" or (known.future is None and known.past is None):
        return ""
    raw = made.raw(k)
    word = fold(raw)
    if (
        not word[0].isalpha()
        or word in known.not_forms
        or (raw[0].isupper() and made.letter(k - 1) not in (";", "."))
    ):
        return ""
    if known.future is not None and known.future.match(word):
        return "1"
    if known.unclear is not None and known.unclear.match(word):
        return "3"
    return "4" if known.past is not None and known.past.match(word) else ""


def _ends(made: Items, k: int) -> bool:
    """Return whether a sentence ends at a mark; the point of an abbreviation goes on in small letters."""
    if made.letters[k] != ".":
        return made.letters[k] == ";"
    after = made.raw(k + 1)[:1]
    spaced = bool(after) and made.starts[k + 1] > made.ends[k]
    return spaced and not (after.islower() or after.isdigit())


def breaks(made: Items, i: int, j: int) -> int:
    """Return how many sentences end between two places."""
    return sum(_ends(made, k) for k in range(i, j))
