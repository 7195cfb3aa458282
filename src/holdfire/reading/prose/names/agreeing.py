"""Whether words agree with what they may take up: by person, number, gender and sort."""

from __future__ import annotations

from holdfire.reading.prose.names.discourse import DOCUMENT, PERSON, STATEMENT, Mention, taken_up
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.tokens import Sentence

HE = word_set("he she him her his hers himself herself")
_SHE = word_set("she her hers herself")
IT = word_set("it its itself")
THEY = word_set("they them their theirs themselves")
ACTS = frozenset(("group", "coalition", "state", "organisation", "umbrella", "recorder"))
ISSUE = frozenset(("outlet", "recorder", DOCUMENT))
_THINGS = ACTS | {"outlet", "unknown", DOCUMENT, STATEMENT}


def plain(s: Sentence, i: int, j: int) -> bool:
    """Return whether a phrase names nobody: no capital but in "Britain-based", no phrase that hangs on it."""
    for k in range(i + 1, j):
        based = s.tags[k + 1 : k + 2] == "-" and k + 2 < j
        if (s.tags[k] == "E" and not based) or s.tags[k] in "PO'C,":
            return False
    return True


def issued(m: Mention, noun: str) -> bool:
    """Return whether a mention is of a report, or of whoever issued one."""
    if DOCUMENT in m.kinds or ("outlet" in m.kinds and noun in m.nouns):
        return True
    return m.spoke and (noun in m.nouns or bool(m.nouns & taken_up()["documents"]))


def as_report(s: Sentence, start: int, end: int) -> bool:
    """Return whether an outlet stands for its report: "the X report", "a report by X", "X reported"."""
    documents = taken_up()["documents"]
    after = s.words[end : end + 2]
    before = s.words[max(0, start - 3) : start]
    owned = after[:1] and (
        after[0] in documents or (after[0] == "'s" and after[1:] and after[1] in documents)
    )
    told = after[:1] and s.lemmas[end] in ("report", "say", "reveal", "write")
    by = any(w in documents for w in before) and any(w in ("by", "in", "from") for w in before)
    return bool(owned or told or by)


def agrees(m: Mention, word: str) -> bool:
    """Return whether a pronoun may stand for a mention, by person, number and gender."""
    if word in HE:
        return PERSON in m.kinds and m.plural is not True and _gender(m, word)
    if word in IT:
        return bool(m.kinds & _THINGS) and m.plural is not True
    return m.plural is not False


def _gender(m: Mention, word: str) -> bool:
    lists = taken_up()
    if word in _SHE:
        return not m.nouns & lists["men"]
    return not m.nouns & lists["women"]
