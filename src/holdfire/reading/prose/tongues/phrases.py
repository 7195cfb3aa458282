"""Where phrases and clauses of a line begin and end, by the letters of its tokens."""

from __future__ import annotations

from holdfire.reading.prose.tongues.lines import Line
from holdfire.reading.prose.tongues.words import tongue
from holdfire.reading.prose.words.syntax import Range
from holdfire.records.claim import Kind

FINITE = frozenset("ezfcip")
"""Letters of finite verbs."""
_AUXILIARY = frozenset("bhdMBX")
_CLAUSE = 8
"""Tokens before a word in which the verb of its clause is looked for."""
_LONGEST = 24
"""Most tokens of a phrase."""


_CALLED = 4
"""Most tokens of a name in quotation marks."""


def clause_end(line: Line, k: int) -> int:
    """Return the token after what is said from token `k` on: the end of its quotation, or of the sentence."""
    if 0 < k < len(line) and line.tags[k - 1] == '"' and line.quoted[k]:
        m = k
        while m < len(line) and not (line.tags[m] == '"' and line.quoted[m]):
            m += 1
        return m
    end = len(line)
    while end > k and line.tags[end - 1] in '."':
        end -= 1
    return max(k, end)


def group_start(line: Line, k: int) -> int:
    """Return where the auxiliaries before a verb begin."""
    while k and line.tags[k - 1] in _AUXILIARY:
        k -= 1
    return k


def negated(line: Line, k: int) -> bool:
    """Return whether a negation stands in the verb group of token `k`."""
    known = tongue(line.code).list("guards.negation")
    return any(
        found.before in ("", "و", "ف")
        for m in range(max(0, group_start(line, k) - 1), k)
        for found in known.at(line.readings, m)
    )


def left_phrase(line: Line, k: int) -> Range | None:
    """Return the noun phrase that ends before token `k`; over an apposition between commas."""
    j = k
    if j and line.tags[j - 1] == ",":
        opened = next((m for m in range(j - 2, max(-1, j - 14), -1) if line.tags[m] == ","), -1)
        if opened <= 0:
            return None
        j = opened
    i = j
    while i and j - i < _LONGEST:
        if (opened := called(line, i - 1, -1)) >= 0:
            i = opened
        elif _stops(line, i - 1):
            break
        else:
            i -= 1
    while i < j and line.tags[i] in "BCP":
        i += 1
    return (i, k if j < k else j) if i < j else None


def right_phrase(line: Line, k: int) -> Range | None:
    """Return the noun phrase that begins at token `k`."""
    j = k
    while j < len(line) and j - k < _LONGEST:
        if (closed := called(line, j, 1)) >= 0:
            j = closed + 1
        elif _stops(line, j):
            break
        else:
            j += 1
    return (k, j) if j > k else None


def called(line: Line, k: int, step: int) -> int:
    """Return the other mark of a short name in quotation marks, from one of them: «Рейтер»; else -1."""
    if line.tags[k] != '"' or tongue(line.code).verb_first:
        return -1
    for n in range(2, _CALLED + 2):
        m = k + n * step
        if not 0 <= m < len(line) or line.tags[m - step] in ",;:.":
            return -1
        if line.tags[m] == '"':
            begins = line.raws[min(k, m) + 1][0].isupper()
            return (
                m if begins and not any(line.tags[x] in FINITE for x in range(min(k, m), max(k, m))) else -1
            )
    return -1


def core(line: Line, i: int, j: int) -> Range:
    """Return a noun phrase without what hangs on it by a preposition other than "of", or an adverb."""
    for k in range(i + 1, j):
        if line.tags[k] in "PB" and not line.at("roles.of", k):
            return i, k
    return i, j


def _stops(line: Line, k: int) -> bool:
    return line.tags[k] in ',:;".()_HSW' or line.tags[k] in FINITE


def noun_here(line: Line, k: int) -> bool:
    """Return whether a word that is verb and noun alike stands as a noun: after a preposition or a noun.

    After people ("a soldier was killed") or a definite noun it is a verb; written with "and" it is what the
    word before it is.
    """
    if not k:
        return False
    known = tongue(line.code)
    joined = any(r.before and r.before in known.verbal for r in line.readings[k])
    if joined:
        return any(f.letter not in FINITE and f.end == k for m in (k - 1, k - 2) if m >= 0
                   for f in known.triggers.at(line.readings, m))  # fmt: skip
    if line.tags[k - 1] in "PDR":
        return True
    for m in range(k - 1, max(-1, k - _CLAUSE), -1):
        if line.tags[m] in ',;:."HW':
            break
        if line.tags[m] in FINITE or line.at("guards.committing", m):
            return True  # its clause has a verb
    definite = line.words[k - 1].startswith(known.article) if known.article else False
    people = line.at("people.people", k - 1)
    return line.tags[k - 1] == "N" and not definite and not people


def subordinate(line: Line, k: int, reach: int) -> Kind | None:
    """Return how a clause that hangs on another carries its verb; None: the clause stands by itself.

    Args:
        line: The sentence.
        k: Token of the verb.
        reach: Tokens before it that are looked at: few where the verb opens its clause.
    """
    for m in range(k - 1, max(-1, k - reach), -1):
        if line.tags[m] in ',;:."H' or line.tags[m] in FINITE:
            return None
        if line.tags[m] == "W":
            return Kind.ATTRIBUTIVE
        if line.tags[m] == "S":
            return Kind.PRESUPPOSED
    return None
