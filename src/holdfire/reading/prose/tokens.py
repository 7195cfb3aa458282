"""Sentences of tokens, each token with one letter that says what it can do.

No model tags the words: closed classes are listed, verb forms are made, and a form that is noun and verb
alike ("claims", "attacks") is told by its neighbours. The letters:

    D determiner   R pronoun     W who, which   H that       P preposition   O to
    b be   h have  d do          M modal        X not        C and, or       S if, when, as
    B adverb       J adjective   # number       T day, month, week           E capitalised   N other
    v verb, plain  z verb, -s    e verb, -ed    k past only  n participle only               g verb, -ing
    ' possessive   - hyphen      _ dash         " quotation  , : ; ( ) and . for what ends a sentence

Work grows with the length of the text: a sentence is never longer than `LONGEST` tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from holdfire.reading.prose.lexicon import Lexicon, lexicon, word_set

LONGEST = 240
"""Most tokens of a sentence; a longer one is cut, so that no step is quadratic in a hostile line."""

TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S., a.m.
    r"|\d+(?:[.,:٬٫]\d+)*"
    r"|[^\W\d_][^\W_]*(?:'[^\W\d_]+)*"
    r"|''|\.\.\.|--+|\S"
)

_ENDERS = frozenset(".!?…؟。") | {"..."}
_CLOSERS = frozenset("\"')]") | {"''"}
_MARKS = {
    ",": ",", "،": ",", ":": ":", ";": ";", "؛": ";", "(": "(", "[": "(", ")": ")", "]": ")",
    '"': '"', "''": '"', "—": "_", "–": "_", "-": "_", "...": ".", "…": ".", ".": ".", "!": ".", "?": ".",
    "؟": ".", "'": '"', "&": "C",
}  # fmt: skip

_ABBREVIATED = word_set(
    "mr mrs ms dr prof gen col lt sgt capt maj brig cmdr adm st sen rep gov jr sr no vs etc inc ltd co "
    "corp jan feb mar apr jun jul aug sep sept oct nov dec fig approx dept est hon rev ft mt art para op "
    "al lieut pres sec supt messrs cf ca pp vol"
)

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
    raws: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in TOKEN.finditer(text, start, end):
        raw, at = found[0], found.start()
        if "'" in raw and len(raw) > 2:
            _add(raw, at, raws, starts, ends)
            continue
        raws.append(raw)
        starts.append(at)
        ends.append(at + len(raw))
    quotes = quotations(text, raws, starts, ends)
    known = lexicon()
    for i, j in _cuts(raws, starts, ends, quotes):
        yield _sentence(known, paragraph, zone, raws[i:j], starts[i:j], ends[i:j], quotes[i:j])


_TAILS = ("'s", "'re", "'ve", "'ll", "'d", "'m", "'S")


def _add(raw: str, at: int, raws: list[str], starts: list[int], ends: list[int]) -> None:
    """Add one token, its possessive or contraction apart."""
    apart = next((len(tail) for tail in _TAILS if raw.endswith(tail)), 0)
    for part, offset in ((raw[: len(raw) - apart], 0), (raw[len(raw) - apart :], len(raw) - apart)):
        if part:
            raws.append(part)
            starts.append(at + offset)
            ends.append(at + offset + len(part))


def quotations(text: str, raws: list[str], starts: list[int], ends: list[int]) -> list[bool]:
    """Return whether each token lies inside quotation marks; a mark never closed opens nothing."""
    inside = [False] * len(raws)
    opened = -1
    for i, raw in enumerate(raws):
        if raw not in ('"', "''"):
            continue
        before = text[starts[i] - 1] if starts[i] else " "
        after = text[ends[i]] if ends[i] < len(text) else " "
        if opened >= 0 and not (before.isspace() and not after.isspace()):
            inside[opened : i + 1] = [True] * (i + 1 - opened)
            opened = -1
        elif not after.isspace():
            opened = i
    if opened == 0:  # a quotation that goes on in the next paragraph opens again there
        inside = [True] * len(raws)
    elif opened > 0 and raws[opened - 1] in (",", ":"):
        inside[opened:] = [True] * (len(raws) - opened)
    return inside


def _cuts(
    raws: list[str], starts: list[int], ends: list[int], quoted: list[bool]
) -> Iterator[tuple[int, int]]:
    first, i, count = 0, 0, len(raws)
    while i < count:
        raw = raws[i]
        if i - first >= LONGEST:
            yield first, i
            first = i
        ender = raw in _ENDERS or (len(raw) > 2 and raw[-1] == "." and raw[1:2] == ".")
        if not ender:
            i += 1
            continue
        j = i + 1
        while j < count and raws[j] in _CLOSERS and starts[j] == ends[j - 1] and j - first < LONGEST:
            j += 1
        if j < count and _ends_here(raws, starts, ends, quoted, i, j):
            yield first, j
            first = j
        i = j
    if first < count:
        yield first, count


def _ends_here(  # noqa: PLR0911 - each return is one rule
    raws: list[str], starts: list[int], ends: list[int], quoted: list[bool], i: int, j: int
) -> bool:
    following = raws[j]
    if starts[j] == ends[j - 1]:
        return False
    if quoted[i] and j < len(quoted) and quoted[j] and raws[j - 1] not in ('"', "''"):
        return False  # inside one quotation
    if following[0].islower():
        return False
    if raws[i] in "?!" and raws[j - 1] in ('"', "''") and _asks(raws[j : j + 6]):
        return False
    before = raws[i - 1] if i else ""
    if raws[i] == "." and starts[i] == (ends[i - 1] if i else -1):
        if before.lower() in _ABBREVIATED and not (before.lower() in ("no", "al") and following[0].isupper()):
            return False
        if len(before) == 1 and before.isupper():
            return False
    if len(raws[i]) > 2 and raws[i] != "...":  # initials end a sentence only before a word that begins one
        return following.lower() in lexicon().classes
    return True


def _asks(following: list[str]) -> bool:
    """Return whether "X asked" goes on after a quotation that ends with its own mark."""
    for raw in following:
        if not raw[0].isalnum():
            return False
        verb = lexicon().verbs.get(raw)
        if verb and verb[1] in "zek":
            return any("q" in cue.frames for cue in lexicon().cues.get(verb[0], ()))
    return False


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
    hyphened = "-" in raws
    for i, raw in enumerate(raws):
        plain = raw.islower() and raw.isalpha() and len(raw) < _LONG_WORD
        plain = plain and not (hyphened and "-" in raws[max(0, i - 1) : i + 2])
        letter, lemma = _plain_guess(raw) if plain else ("", raw)
        if not plain or (letter in "NJ" and i and lowered[i - 1] == "to"):
            letter, lemma = _first_guess(known, raws, lowered, starts, ends, i, titled)
        tags.append(letter)
        lemmas.append(lemma)
    for i in range(count):
        if tags[i] == "R" and lowered[i] in ("her", "one") and i + 1 < count:
            tags[i] = _determiner(known, tags, lowered, i)
        elif tags[i] in "vz":
            tags[i] = _verb_form(known, tags, lowered, lemmas, i)
            if tags[i] == "N":
                lemmas[i] = lowered[i]
        elif tags[i] == "." and i + 1 < count and raws[i] == "." and i and starts[i] == ends[i - 1]:
            tags[i] = "Y"  # the point of an abbreviation
        elif tags[i] in "Ne" and i:
            tags[i] = _in_context(tags, raws, i)
        elif tags[i] == "J" and i and _does(tags, i) and (verb := known.verbs.get(lowered[i])):
            tags[i], lemmas[i] = verb[1], verb[0]
    return "".join(tags), lemmas


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
    doubtful = lemmas[i] in known.nouns_too or (i and tags[i - 1] in ("DJP'#" if tags[i] == "v" else "DJ'"))
    told = _noun_or_verb(tags, lowered, lemmas, i) if doubtful else tags[i]
    return "e" if alike and told == "v" and i and tags[i - 1] in "REN)BW," else told


def _does(tags: list[str], i: int) -> bool:
    """Return whether an adjective stands where a verb does: "to free the hostages", "will last"."""
    return tags[i - 1] == "M" or (tags[i - 1] == "O" and tags[i + 1 : i + 2] in (["D"], ["R"], ["#"]))


def _in_context(tags: list[str], raws: list[str], i: int) -> str:
    """Settle a noun or an -ed form by its neighbours."""
    before, after = tags[i - 1], tags[i + 1] if i + 1 < len(tags) else ""
    if tags[i] == "N":
        return "v" if raws[i].islower() and _after_modal(tags, i) else "N"  # "would deepen"
    if before in "DJ'#" and after and after in "NEJ":
        return "J"
    if before in "D'" and (not after or after in "HPObM.,"):
        return "N"  # "the thought that", "the wounded"
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
        return "b" if contracted else _mark(raw, starts, ends, i), word
    capital = head.isupper()
    if head.isdigit() or (word in ("may", "march") and capital and _dated(lowered, i)):
        return "#" if head.isdigit() else "T", word
    before = i > 0 and raws[i - 1] == "-" and starts[i] == ends[i - 1]
    if before or (i + 1 < len(raws) and raws[i + 1] == "-" and starts[i + 1] == ends[i]):
        counted = known.classes.get(word) == "#"
        return "#" if counted else "E" if capital else "J", word  # half of a compound
    if not (capital and len(raw) > 1 and raw.isupper() and not titled):
        listed = _listed(known, word, i, capital=capital, titled=titled)
        if listed is not None:
            return listed
    if capital:  # where all is in capitals, only an ending can tell a verb from a name
        shouted = titled and raw.isupper() and len(raw) > 5 and raw.endswith("ED")
        return ("e", word[:-2]) if shouted else ("E", word)
    guess = _by_ending(word, lowered[i - 1] if i else "")
    return guess or ("J" if _ADJECTIVE.match(word) else "N", word)


_LONG_WORD = 40
"""A word longer than this is not kept: a hostile text is not to fill the memory."""


@lru_cache(maxsize=1 << 16)
def _plain_guess(word: str) -> tuple[str, str]:
    """Return the letter and lemma of a word in lower case that stands in no compound."""
    guess = _listed(lexicon(), word, 0, capital=False, titled=False) or _by_ending(word, "")
    return guess or ("J" if _ADJECTIVE.match(word) else "N", word)


def _listed(known: Lexicon, word: str, i: int, *, capital: bool, titled: bool) -> tuple[str, str] | None:
    """Return the letter of a word that the lexicon knows."""
    closed = known.classes.get(word)
    if closed is not None and not (capital and i and closed in "JM#" and not titled):
        return closed, word
    verb = known.verbs.get(word)
    if verb is not None and (not capital or titled or (i == 0 and verb[1] not in "vz")):
        return verb[1], verb[0]
    return ("B", word) if word.endswith("ly") and len(word) > 4 and not capital else None


def _by_ending(word: str, before: str) -> tuple[str, str] | None:
    """Guess a verb form nobody listed, by how it ends."""
    if len(word) > 4 and word.endswith("ed") and word[-3] not in "e":
        return "e", word[:-2]
    if len(word) > 5 and word.endswith("ing") and word not in _NOT_ING:
        return "g", word[:-3]
    if before == "to" and len(word) > 4 and word.endswith(("ize", "ise", "ify", "ate", "en")):
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


def _mark(raw: str, starts: list[int], ends: list[int], i: int) -> str:
    if raw == "-" and i and starts[i] == ends[i - 1] and i + 1 < len(starts) and starts[i + 1] == ends[i]:
        return "-"
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


def _noun_or_verb(tags: list[str], lowered: list[str], lemmas: list[str], i: int) -> str:  # noqa: C901, PLR0911, PLR0912
    """Tell whether a form that may be either is a noun or a verb, by its neighbours."""
    form = tags[i]
    j = i - 1
    while j >= 0 and tags[j] == "B":
        j -= 1
    before = tags[j] if j >= 0 else "^"
    after = tags[i + 1] if i + 1 < len(tags) else "."
    opens = after in 'HDROW"E#' or (after == "S" and lowered[i + 1] in ("if", "whether", "as"))
    if before in "OMdX":
        return form if form == "v" else "N"
    if before in "#D" and opens and lemmas[i] not in lexicon().nouns_too:
        return form  # "four in ten say they", "another says it"
    if before in "J'-b":
        return "N"
    if before == "D":
        speaks = lowered[j] in ("some", "many", "most", "few", "both", "all", "several")
        return form if speaks and form == "v" and opens else "N"
    if before == "#" and form == "v" and opens:
        return form  # "men under 35 support it": a number wants a plural
    if before in "P#":
        return "N"
    if before == "h":
        return "N"
    if before in "RW":
        return form
    if before == "H":
        return form if form == "z" and after not in "PbhdM" else "N"
    if after in "bhM" and form == "z" and before in "NE" and any(t in "WH" for t in tags[max(0, i - 6) : i]):
        return form if lemmas[i] in lexicon().cues else "N"  # "a move that the mission hopes will"
    if after in "bhMdkz" or (after == "e" and form != "v"):
        return "N"
    if before == "^":
        return "N"
    if before == "C":
        return form if j >= 1 and tags[j - 1] in "vzeknN" and opens and _verb_before(tags, j) else "N"
    if form == "z":
        if opens or (after in ",:" and lemmas[i] in lexicon().cues):
            return "z" if before in 'NETgY)",' else "N"
        return "z" if before == "E" and after in "JNg" else "N"
    plural = before in "NE" and lowered[j].endswith("s") and len(lowered[j]) > 3
    return "v" if plural and (opens or after in "JN:g") else "N"


def _verb_before(tags: list[str], j: int) -> bool:
    return any(letter in "vzek" for letter in tags[max(0, j - 8) : j])
