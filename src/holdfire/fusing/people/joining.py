"""Words of a name are joined and given their places: the inner loop of people.parts, on whole numbers.

The words of all names stand in one row, each as a number with its kind; a joined word is again a number: of
the word, of what is written before it and of what is written after it.
"""

from __future__ import annotations

from typing import Any

from holdfire.fusing.people.words import Words

NOTHING, WORD, ARTICLE, SUN, SON, SERVANT, FATHER, MOTHER, FAITH, GOD, TITLE, KNOWN_AS, NOBODY, NOT, BORNE = (
    range(15)
)
"""What a word does in a name."""

_KINDS = (
    ("article", ARTICLE), ("son", SON), ("servant", SERVANT), ("father", FATHER), ("mother", MOTHER),
    ("faith", FAITH), ("god", GOD), ("title", TITLE), ("known_as", KNOWN_AS), ("nobody", NOBODY),
    ("not", NOT), ("before_sun", SUN), ("given_kunya", BORNE),
)  # fmt: skip

BEFORE = (
    ("", ""), ("abd", "EBD"), ("abu", "ABW"), ("um", "AM"), ("abuabd", "ABWEBD"), ("umabd", "AMEBD"),
)  # fmt: skip
"""What may be written before a word, in Latin and in Arabic letters."""

AFTER = (("", ""), ("din", "DYN"), ("lah", "LO"))
"""What may be written after a word."""

BEARS, GIVEN = 1, 2
"""That a word has the article written onto it and is no common given name; that it is one."""

LEAVE, NAMELESS, JOIN, END, TAKE = range(5)
"""What is done with a word: left out, no name known, joined to the next, put to the last, taken as a part."""

AFTERS = 3
SLOTS = 12
"""Words of one name that are looked at."""


def kind(exact: str, known: Words) -> int:
    """Return what a word in letters does."""
    if not exact:
        return NOTHING
    return next((number for name, number in _KINDS if known.are(exact, name)), WORD)


def mark(exact: str, what: int) -> int:
    """Return the letter a word begins with, or that an article before a sun letter stands before."""
    return ord(exact[1 if what == SUN else 0]) if exact else 0


def part(tokens: Any, ends: Any, kinds: Any, marks: Any, bears: Any, ids: Any) -> None:
    """Fill in the parts of every name.

    Args:
        tokens: Numbers of the words of all names, one name after another.
        ends: Where each name begins and, last, where the last ends (names + 1).
        kinds: What each word does.
        marks: Letter each begins with; of an article before a sun letter, the letter it stands before.
        bears: BEARS where it has the article written onto it, GIVEN where it is a common given name, else 0.
        ids: Filled with numbers of joined words, -1: none (names, 6).
    """
    for name in range(len(ends) - 1):
        fill(tokens[ends[name] : ends[name + 1]], kinds, marks, bears, ids[name])


def fill(words: Any, kinds: Any, marks: Any, bears: Any, ids: Any) -> None:
    """Fill in the parts of one name: a row of numbers of joined words."""
    found = [0] * SLOTS
    before = [0] * SLOTS
    borne = [0] * SLOTS
    held, count, nobody, nickname, skipped, article = 0, 0, 0, -1, 0, 0
    for i in range(len(words)):
        word = words[i]
        more = following(words, kinds, i)
        does = done(kinds[word], more, count, held)
        sun = kinds[word] == SUN and more >= 0 and marks[words[more]] == marks[word]
        if skipped or sun or count == SLOTS:
            article = 1 if sun else article
            skipped = 0
        elif does == JOIN:
            held = joined(held, kinds[word])
        elif does == END:
            found[count - 1] = ended(found[count - 1], kinds[word], len(kinds))
        elif does == TAKE:
            found[count], before[count] = held * AFTERS * len(kinds) + word, held
            borne[count] = like(kinds[word], held, article, bears[word])
            count, held, article = count + 1, 0, 0
        elif kinds[word] == ARTICLE:
            article = 1
        elif kinds[word] == KNOWN_AS:
            nickname = count
        elif does == NAMELESS:
            nobody = 1 if count == 0 else nobody
            skipped = kinds[word] == NOT
    place(found, before, borne, count, nobody, nickname, ids)


def done(what: int, more: int, count: int, held: int) -> int:
    """Return what is done with a word of a kind.

    Args:
        what: Its kind.
        more: Where the next word that is more than an article stands; -1: nowhere.
        count: How many words were taken before it.
        held: What stands before it and is to be joined to it.
    """
    if what in (NOTHING, ARTICLE) or (what == TITLE and more >= 0 and count == 0 and held == 0):
        return LEAVE
    if what in (NOT, NOBODY, SON):
        return NAMELESS if held == 0 else LEAVE
    if what == KNOWN_AS and count > 0:
        return LEAVE
    if more >= 0 and (what == SERVANT or (what in (FATHER, MOTHER) and held == 0)):
        return JOIN
    return END if what in (FAITH, GOD) and count > 0 and held == 0 else TAKE


def joined(held: int, what: int) -> int:
    """Return what stands before the next word: an abd may itself follow an abu or an umm."""
    if what == FATHER:
        return 2
    if what == MOTHER:
        return 3
    return 4 if held == 2 else 5 if held == 3 else 1


def ended(number: int, what: int, distinct: int) -> int:
    """Return a joined word with din or Allah put to it, unless it has one."""
    if (number // distinct) % AFTERS != 0:
        return number
    return number + (1 if what == FAITH else 2) * distinct


def like(what: int, held: int, article: int, bears: int) -> int:
    """Return 1 for a word that makes an abu or umm a given name, 2 for one like a family name, else 0."""
    if held == 0 and bears != GIVEN and (article or bears == BEARS):
        return 2
    return 1 if what == BORNE else 0


def following(words: Any, kinds: Any, i: int) -> int:
    """Return where the next word that is more than an article stands; -1: nowhere."""
    for j in range(i + 1, len(words)):
        what = kinds[words[j]]
        if what not in (NOTHING, ARTICLE):
            return j
    return -1


def turn(found: Any, end: int) -> None:
    """Put the first of some words behind the others."""
    first = found[0]
    for i in range(end - 1):
        found[i] = found[i + 1]
    found[end - 1] = first


def place(found: Any, before: Any, borne: Any, count: int, nobody: int, nickname: int, ids: Any) -> None:
    """Fill in one row from the joined words of a name."""
    start = 0
    end = nickname if nickname >= 0 else count
    if nickname >= 0 and nickname < count:
        ids[4 if before[nickname] >= 2 else 5] = found[nickname]
    if end > 0 and before[0] >= 2 and borne[0] == 0 and nobody == 0:
        ids[4] = found[0]
        nobody, start = 1, 1
    elif end > 1 and borne[0] == 2 and borne[end - 1] != 2 and nobody == 0:
        turn(found, end)
    if nobody == 0 and end > 0:
        ids[0] = found[0]
        start += 1
    left = end - start
    if left >= 1:
        ids[3] = found[end - 1]
    if left >= 2:
        ids[1] = found[start]
    if left >= 3:
        ids[2] = found[start + 1]


LOOPS = ("following", "ended", "like", "done", "joined", "turn", "place", "fill", "part")
"""What is compiled, each after what it calls."""
