"""Sentences of tokens, each token with one letter that says what it can do.

No model tags the words: closed classes are listed, verb forms are made, and a form that is noun and verb
alike ("claims", "attacks") is told by its neighbours. The letters:

    D determiner   R pronoun     W who, which   H that       P preposition   O to
    b be   h have  d do          M modal        X not        C and, or       S if, when, as
    B adverb       J adjective   # number       T day, month, week           E capitalised   N other
    v verb, plain  z verb, -s    e verb, -ed    k past only  n participle only               g verb, -ing
    ' possessive   - hyphen      _ dash         " quotation  , : ; ( ) and . for what ends a sentence

Work grows with the length of the text: a sentence is never longer than `cutting.LONGEST` tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from holdfire.reading.prose.words.alike import SPEAKING, backs, noun_or_verb
from holdfire.reading.prose.words.cutting import cuts, quotations
from holdfire.reading.prose.words.lexicon import Lexicon, lexicon, page, plural_of, word_set, words

TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S., a.m.
    r"|\d+(?:[.,:٬٫]\d+)*"
    r"|[^\W\d_][^\W_]*(?:'[^\W\d_]+)*"
    r"|''|\.\.\.|--+|\S"
)

_MARKS = {
    ",": ",", "،": ",", ":": ":", ";": ";", "؛": ";", "(": "(", "[": "(", ")": ")", "]": ")",
    '"': '"', "''": '"', "—": "_", "–": "_", "-": "_", "...": ".", "…": ".", ".": ".", "!": ".", "?": ".",
    "؟": ".", "'": '"', "&": "C",
}  # fmt: skip

_ADJECTIVE = re.compile(r".{2,}(?:ous|ful|less|able|ible|ive|ical|ular|ese|ian|ish)$")


@dataclass(slots=True)
class Sentence:
    """One sentence of a text.

    Attributes:
        start: Of its first token in the shadow text.
        end: Of its last token.
        paragraph: Number of its paragraph.
        zone: What part of the page it stands in; see `zones`.
        raws: Its tokens as written.
        words: Its tokens in lower case.
        starts: Where each token begins in the shadow text.
        ends: Where each token ends.
        tags: One letter a token.
        lemmas: The plain form of each verb form; else the word.
        quoted: Whether each token stands inside quotation marks.
    """

    start: int
    end: int
    paragraph: int
    zone: str
    raws: list[str]
    words: list[str]
    starts: list[int]
    ends: list[int]
    tags: str
    lemmas: list[str]
    quoted: list[bool]

    def __len__(self) -> int:
        return len(self.words)

    def text(self, i: int, j: int) -> str:
        """Return tokens `i` to `j` (not included) as words apart by the spaces they had."""
        out: list[str] = []
        for k in range(i, j):
            if out and self.starts[k] > self.ends[k - 1]:
                out.append(" ")
            out.append(self.raws[k])
        return "".join(out)


def sentences(text: str, start: int, end: int, paragraph: int, zone: str) -> Iterator[Sentence]:
    """Yield the sentences of one paragraph of a shadow text."""
    spans = [found.span() for found in TOKEN.finditer(text, start, end)]
    if text.find("'", start, end) >= 0:
        spans = [part for i, j in spans for part in _parts(text, i, j)]
    raws = [text[i:j] for i, j in spans]
    starts = [i for i, _ in spans]
    ends = [j for _, j in spans]
    quotes = quotations(text, raws, starts, ends)
    known = lexicon()
    for i, j in cuts(raws, starts, ends, quotes):
        yield _sentence(known, paragraph, zone, raws[i:j], starts[i:j], ends[i:j], quotes[i:j])


_TAILS = ("'s", "'re", "'ve", "'ll", "'d", "'m", "'S")


def _parts(text: str, i: int, j: int) -> tuple[tuple[int, int], ...]:
    """Return where one token stands, its possessive or contraction apart."""
    raw = text[i:j]
    if "'" in raw and len(raw) > 2:
        tail = next((len(tail) for tail in _TAILS if raw.endswith(tail)), 0)
        if tail:
            return (i, j - tail), (j - tail, j)
    return ((i, j),)


def _sentence(
    known: Lexicon,
    paragraph: int,
    zone: str,
    raws: list[str],
    starts: list[int],
    ends: list[int],
    quoted: list[bool],
) -> Sentence:
    lowered = [raw.lower() for raw in raws]
    tags, lemmas = tag(known, raws, lowered, starts, ends)
    return Sentence(starts[0], ends[-1], paragraph, zone, raws, lowered, starts, ends, tags, lemmas, quoted)


def tag(
    known: Lexicon, raws: list[str], lowered: list[str], starts: list[int], ends: list[int]
) -> tuple[str, list[str]]:
    """Return the letter of each token, and its lemma."""
    letters = [r[0] for r in raws if r[0].isalpha()]
    titled = len(letters) > 3 and sum(map(str.isupper, letters)) > 0.7 * len(letters)
    tags: list[str] = []
    lemmas: list[str] = []
    count = len(raws)
    beside = {k + m for k, raw in enumerate(raws) if raw == "-" for m in (-1, 1)} if "-" in raws else ()
    before = ""
    for i, word in enumerate(lowered):
        # Nothing around most tokens matters yet: words in lower case that are no half of a compound.
        if "a" <= raws[i][0] <= "z" and i not in beside and len(word) < _LONG_WORD:
            letter, lemma = _in_lower(word, after_to=before == "to")
        else:
            letter, lemma = _first_guess(known, raws, lowered, starts, ends, i, titled)
        tags.append(letter)
        lemmas.append(lemma)
        before = word
    for i, letter in enumerate(tags):
        if letter in "Ne":
            tags[i] = _in_context(tags, raws, i) if i else letter
        elif letter in "RvzJ":
            tags[i], lemmas[i] = _by_neighbours(known, tags, lowered, lemmas, i)
        elif letter == "B" and lowered[i] == "back" and backs(tags, lowered, i):
            tags[i] = "v"  # "voters back her"
        elif letter == "." and i + 1 < count and raws[i] == "." and i and starts[i] == ends[i - 1]:
            tags[i] = "Y"  # the point of an abbreviation
    return "".join(tags), lemmas


def _by_neighbours(
    known: Lexicon, tags: list[str], lowered: list[str], lemmas: list[str], i: int
) -> tuple[str, str]:
    """Settle the letter and lemma of a pronoun, a plain or -s form or an adjective by its neighbours."""
    letter = tags[i]
    if letter == "R":
        may = lowered[i] in ("her", "one") and i + 1 < len(tags)
        return _determiner(known, tags, lowered, i) if may else letter, lemmas[i]
    if letter in "vz":
        letter = _verb_form(known, tags, lowered, lemmas, i)
        return letter, lowered[i] if letter == "N" else lemmas[i]
    if i and _does(tags, i) and (verb := known.verbs.get(lowered[i])):
        return verb[1], verb[0]
    return letter, lemmas[i]


def _determiner(known: Lexicon, tags: list[str], lowered: list[str], i: int) -> str:
    """Return D where "her" or "one" goes with the noun after it, else R."""
    following = tags[i + 1]
    alone = i + 2 >= len(tags) or tags[i + 2] in "PObhMzk,.HCS"
    noun = following in "NJ" or (following in "vz" and lowered[i + 1] in known.nouns_too and alone)
    return "D" if noun or (following == "E" and lowered[i] == "one") else "R"


def _verb_form(known: Lexicon, tags: list[str], lowered: list[str], lemmas: list[str], i: int) -> str:
    """Settle a plain or -s form by its neighbours: verb, noun, or the past of a verb that has one form."""
    if _before_particle(known, tags, lowered, lemmas, i):
        return tags[i]
    alike = tags[i] == "v" and lowered[i] in known.unmarked
    if alike and _after_be(tags, i):
        return "e"  # "was hit"
    if alike and i and tags[i - 1] in "NER)g" and i + 1 < len(tags) and tags[i + 1] in 'DROE#"P':
        return "e"  # "the shell hit a school"
    if tags[i] == "z" and i and tags[i - 1] == "J" and lemmas[i] in known.cues:
        return "z" if lemmas[i] not in known.nouns_too else "N"  # "an executive says"
    doubtful = lemmas[i] in known.nouns_too or (i and tags[i - 1] in ("DJP'#" if tags[i] == "v" else "DJ'"))
    told = noun_or_verb(tags, lowered, lemmas, i) if doubtful else tags[i]
    return "e" if alike and told == "v" and i and tags[i - 1] in "REN)BW," else told


def _does(tags: list[str], i: int) -> bool:
    """Return whether an adjective stands where a verb does: "to free the hostages", "will last"."""
    return tags[i - 1] == "M" or (tags[i - 1] == "O" and tags[i + 1 : i + 2] in (["D"], ["R"], ["#"]))


def _in_context(tags: list[str], raws: list[str], i: int) -> str:
    """Settle a noun or an -ed form by its neighbours."""
    before = tags[i - 1]
    if tags[i] == "N":  # "would deepen"
        return "v" if before in "MBX" and raws[i].islower() and _after_modal(tags, i) else "N"
    after = tags[i + 1] if i + 1 < len(tags) else ""
    if before in "DJ'#" and after and after in "NEJ":
        return "J"
    if before in "D'" and (not after or after in "HPObM.,"):
        return "e" if after == "H" and raws[i - 1].lower() in SPEAKING else "N"  # "the thought that"
    return "e"


def _before_particle(known: Lexicon, tags: list[str], lowered: list[str], lemmas: list[str], i: int) -> bool:
    """Return whether the next word makes a verb of the form: "calls on", "pointed to"."""
    if i + 1 >= len(tags) or not i or tags[i - 1] not in 'NE),"':
        return False
    if tags[i] != "z" and not (lowered[i - 1].endswith("s") and tags[i - 1] in "NE"):
        return False
    return any(tail[0] == lowered[i + 1] for tail, _ in known.phrasal.get(lemmas[i], ()))


def _after_be(tags: list[str], i: int) -> bool:
    j = i - 1
    while j > 0 and tags[j] in "BX":
        j -= 1
    return j >= 0 and tags[j] in "bh"


def _after_modal(tags: list[str], i: int) -> bool:
    j = i - 1
    while j and tags[j] in "BX":
        j -= 1
    return tags[j] == "M" and tags[i - 1] in "MBX"


def _first_guess(
    known: Lexicon,
    raws: list[str],
    lowered: list[str],
    starts: list[int],
    ends: list[int],
    i: int,
    titled: bool,
) -> tuple[str, str]:
    raw, word = raws[i], lowered[i]
    head = raw[0]
    if not head.isalnum():
        contracted = word == "'s" and i and lowered[i - 1] in _CONTRACTING
        return "b" if contracted else _mark(raw, raws, starts, ends, i), word
    capital = head.isupper()
    if head.isdigit() or (word in ("may", "march") and capital and _dated(lowered, i)):
        return "#" if head.isdigit() else "T", word
    before = i > 0 and raws[i - 1] == "-" and starts[i] == ends[i - 1]
    if before or (i + 1 < len(raws) and raws[i + 1] == "-" and starts[i + 1] == ends[i]):
        counted = known.classes.get(word) == "#"
        return "#" if counted else "E" if capital else "J", word  # half of a compound
    if capital:
        if len(raw) == 1 or titled or not raw.isupper():
            listed = _listed(known, word, i, capital=True, titled=titled)
            if listed is not None:
                return listed
        return _shouted(raw, word) if titled and raw.isupper() and len(raw) > 4 else ("E", word)
    return _guess_lower(word, after_to=i > 0 and lowered[i - 1] == "to")


@lru_cache(maxsize=65536)
def _in_lower(word: str, *, after_to: bool) -> tuple[str, str]:
    """Return the guess of a word in lower case, kept: most words come again and again."""
    return _guess_lower(word, after_to=after_to)


def _guess_lower(word: str, *, after_to: bool) -> tuple[str, str]:
    """Return the letter and lemma of a word in lower case that stands in no compound."""
    guess = _listed(lexicon(), word, 0, capital=False, titled=False) or _by_ending(word, after_to=after_to)
    return guess or ("J" if _ADJECTIVE.match(word) else "N", word)


_LONG_WORD = 40
"""A word longer than this is not kept: a hostile text is not to fill the memory."""


def _listed(known: Lexicon, word: str, i: int, *, capital: bool, titled: bool) -> tuple[str, str] | None:
    """Return the letter of a word that the lexicon knows."""
    closed = known.classes.get(word)
    if closed is not None and not (capital and i and closed in "JM#" and not titled):
        return closed, word
    verb = known.verbs.get(word)
    if verb is not None and (not capital or titled or (i == 0 and verb[1] not in "vz")):
        return verb[1], verb[0]
    return ("B", word) if word.endswith("ly") and len(word) > 4 and not capital else None


def _shouted(raw: str, word: str) -> tuple[str, str]:
    """Return the guess of a word in text all in capitals: listed nouns and an ending tell it from a name."""
    if word in _common_nouns():
        return "N", word
    return ("e", word[:-2]) if len(raw) > 5 and raw.endswith("ED") else ("E", word)


@lru_cache(maxsize=1)
def _common_nouns() -> frozenset[str]:
    """Return nouns of force and of people, which text all in capitals does not tell from names by itself."""
    listed = [entry.get(key, "") for entry in page("events")["types"].values() for key in _OF_FORCE]
    listed += [page("events")["harm"]["armed"], page("numbers")["people"]]
    single = {word for each in listed for word in words(each) if word.isalpha() and word not in _NAMING}
    return frozenset(single | {plural_of(word) for word in single})


_OF_FORCE = ("nouns", "weak_nouns", "weak_objects")
_NAMING = word_set("general major army force forces military air front party movement guard command")
"""Nouns that names of organisations and officers are made of."""


def _by_ending(word: str, *, after_to: bool) -> tuple[str, str] | None:
    """Guess a verb form nobody listed, by how it ends."""
    if len(word) > 4 and word.endswith("ed") and word[-3] not in "e":
        return "e", word[:-2]
    if len(word) > 5 and word.endswith("ing") and word not in _NOT_ING:
        return "g", word[:-3]
    if after_to and len(word) > 4 and word.endswith(("ize", "ise", "ify", "ate", "en")):
        return "v", word
    return None


_NOT_ING = word_set(
    "morning evening building nothing something anything everything meeting hearing ceiling string spring "
    "wedding setting during offspring sibling bearing darling clothing painting funding housing sterling "
    "polling lightning drawing briefing training upbringing ruling"
)

_CONTRACTING = word_set(
    "he she it that there here what who where how everybody everyone nobody somebody someone"
)


def _mark(raw: str, raws: list[str], starts: list[int], ends: list[int], i: int) -> str:
    if raw == "-" and i and starts[i] == ends[i - 1] and i + 1 < len(starts) and starts[i + 1] == ends[i]:
        return "-"
    if raw == "'" and i and starts[i] == ends[i - 1] and raws[i - 1].endswith("s") and "'" not in raws[:i]:
        return "'"  # "the voters' doubts"
    if raw[0] == "'" and len(raw) > 1 and raw != "''":
        return {"'s": "'", "'S": "'", "'d": "M", "'ll": "M", "'ve": "h", "'re": "b", "'m": "b"}.get(raw, "Y")
    if raw.startswith("--"):
        return "_"
    return _MARKS.get(raw, "Y")


def _dated(lowered: list[str], i: int) -> bool:
    """Return whether "May" or "March" here is the month."""
    before = lowered[i - 1] if i else ""
    after = lowered[i + 1] if i + 1 < len(lowered) else ""
    return before in _BEFORE_MONTH or before[:1].isdigit() or after[:1].isdigit()


_BEFORE_MONTH = word_set(
    "in of since until by early late last mid and through to from between this next during"
)
