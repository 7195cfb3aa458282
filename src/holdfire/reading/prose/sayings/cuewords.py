"""Cues that are no verbs: "according to", headlines, nouns ("X's claim that"), adjectives, hearsay."""

from __future__ import annotations

from holdfire.reading.prose.sayings.ends import thing_end
from holdfire.reading.prose.sayings.voices import SAYS, Reader, apposed, be_start
from holdfire.reading.prose.words.lexicon import Cue, word_set
from holdfire.reading.prose.words.syntax import (
    Range,
    clause_at,
    group,
    phrase_left,
    phrase_right,
    sentence_end,
    subject,
)
from holdfire.reading.prose.words.tokens import Sentence

_PRODUCTS = word_set("report statement study survey count document article estimate analysis tally paper")


def according(r: Reader) -> None:
    """Read "according to X"."""
    s = r.s
    for i, word in enumerate(s.words):
        if word not in ("according", "in", "as", "per"):
            continue
        phrase = next((p for p in r.known.according if tuple(s.words[i : i + len(p)]) == p), None)
        if phrase is None or (word == "per" and (i == 0 or s.tags[i - 1] in "#NE")):
            continue
        source = phrase_right(s, i + len(phrase))
        if source is None:
            continue
        by = source[1] + 1
        if by < len(s) and s.words[by - 1] in ("by", "from") and s.words[by - 2] in _PRODUCTS:
            written = phrase_right(s, by)
            source = (source[0], written[1]) if written else source  # "a February report by X"
        source = apposed(s, source)
        end = sentence_end(s)
        after = source[1]
        if i == 0 or s.tags[i - 1] in "\"'(" or (s.tags[i - 1] in "CH," and not _said_before(s, i)):
            content = [(after, end)]
        elif after < end and s.tags[after] == "," and i and s.tags[i - 1] == ",":
            content = [(0, i), (after + 1, end)]
        else:
            content = [(_clause_start(s, i), i)]
        r.add(SAYS, (i, i + len(phrase)), source, content, "according-to")


_POLLS = word_set("poll polls survey surveys polling")


def polled(r: Reader) -> None:
    """Read "in a poll by X, ...": what those asked have said, added up."""
    s = r.s
    if _POLLS.isdisjoint(s.words):
        return
    for i, word in enumerate(s.words):
        found = phrase_right(s, i + 1) if word == "in" and i not in r.used else None
        if found is None or _POLLS.isdisjoint(s.words[found[0] : found[1]]):
            continue
        if s.words[found[1] - 1] not in _POLLS and s.tags[found[1] - 1] not in "NE":
            continue
        end = sentence_end(s)
        after = next((k for k in range(found[1], min(end, found[1] + 12)) if s.tags[k] == ","), None)
        if i == 0 or (i == 1 and s.tags[0] in "CB"):
            if after is not None and clause_at(s, after + 1):
                r.add(SAYS, (i, i + 1), (i + 1, after), [(after + 1, end)], "polled")
        elif (found[1] >= end or s.tags[found[1]] in ",eT") and _clause_before(s, i):
            r.add(SAYS, (i, i + 1), found, [(_clause_start(s, i), i)], "polled")


def _clause_before(s: Sentence, i: int) -> bool:
    """Return whether a whole main clause stands before token `i`: "X leads by five points" in a poll."""
    first = 1 if s.tags[:1] == "C" else 0
    if s.tags[first] in "SPg" or s.tags[i - 1] == "," or "," in s.tags[first:i] or "W" in s.tags[first:i]:
        return False
    return any(letter in "zekbh" for letter in s.tags[first : i - 1])


_JUDGING = word_set("view opinion words judgment judgement eyes estimation mind telling assessment account")


def in_view(r: Reader) -> None:
    """Read "in X's view, ...": whose judgement what follows rests on."""
    s = r.s
    if _JUDGING.isdisjoint(s.words):
        return
    for i, word in enumerate(s.words):
        if word not in ("in", "by") or i in r.used:
            continue
        found = phrase_right(s, i + 1)
        if found is None or found[1] > len(s):
            continue
        last = next((k for k in range(found[0], found[1]) if s.words[k] in _JUDGING), -1)
        owner = _owner(s, last) if last > 0 else None
        if owner is None or owner[0] <= i:
            continue
        end = sentence_end(s)
        before = i == 0 or (s.tags[i - 1] in ",C" and not _said_before(s, i))
        content = [(last + 1, end)] if before else [(_clause_start(s, i), i), (last + 1, end)]
        r.add(SAYS, (last, last + 1), owner, content, "in-view")


def _said_before(s: Sentence, i: int) -> bool:
    return any(letter in "zekbhMd" for letter in s.tags[:i])


def _clause_start(s: Sentence, i: int) -> int:
    for k in range(i - 1, -1, -1):
        if s.tags[k] in ";:":
            return k + 1
    return 0


def headline(r: Reader) -> None:
    """Read "X: ..." and "...: Report" in a title."""
    s = r.s
    if s.zone != "title":
        return
    marks = [k for k, letter in enumerate(s.tags) if letter == ":"]
    if len(marks) != 1:
        return
    k, end = marks[0], sentence_end(s)
    if 0 < k <= 5 and end - k > 3 and all(letter in "NEJD'-#" for letter in s.tags[:k]):
        r.add(SAYS, (k, k + 1), (0, k), [(k + 1, end)], "headline")
    elif k >= 3 and 0 < end - k - 1 <= 4 and all(letter in "NEJD'-#vz" for letter in s.tags[k + 1 : end]):
        r.add(SAYS, (k, k + 1), (k + 1, end), [(0, k)], "headline")


_MATTER = {
    "asserts": word_set("about on"),
    "supports": word_set("of for"),
    "opposes": word_set("of on over about against"),
    "denies": word_set("about"),
    "warns": word_set("about over"),
    "demands": word_set("for"),
    "intends": word_set("for"),
}
"""What a noun of saying nobody owns takes for its matter: "criticism of", "calls for"."""

_NEVER_THAT = word_set(
    "account accounts word words speech speeches take takes stance stances case cases emphasis stress "
    "question questions inquiry inquiries tale tales joke jokes description descriptions depiction "
    "depictions order orders request requests tweet tweets passion enthusiasm love respect sympathy "
    "affection affinity offer offers preference defense defence tribute"
)
"""Nouns of saying that take no that-clause: after them "that" is a relative."""

_TO_ABOUT = word_set("of for about over that to against on")


def noun(r: Reader, i: int) -> None:
    """Read "X's claim that ..." and "X's support for ..."."""
    s = r.s
    cue = r.known.nouns.get(s.words[i])
    if cue is None or i in r.used or i + 1 >= len(s):
        return
    if any(i + 1 in (a.content[0][0], a.content[0][0] - 1) for a in r.found):
        return  # "said in a statement that": a verb has it
    after = s.tags[i + 1]
    owner = _owner(s, i)
    if after == "H" and s.words[i] not in _NEVER_THAT and cue.group != "opposes" and clause_at(s, i + 2):
        r.add(cue, (i, i + 1), owner, [(i + 1, thing_end(s, i + 1))], "noun-that")
    elif (held := _among(s, i + 1)) is not None:
        r.add(cue, (i, i + 2), held, [(held[1], thing_end(s, held[1]))], "noun-that")
    elif (
        after == "b"
        and s.words[i + 1] in ("is", "was")
        and i + 3 < len(s)
        and _is_that(s, i + 2, owned=owner is not None)
    ):
        r.add(cue, (i, i + 2), owner, [(i + 2, thing_end(s, i + 2))], "noun-is")
    elif owner is not None and s.words[i + 1] in _TO_ABOUT and s.tags[i + 1] in "PO":
        if cue.group == "asserts" and s.words[i + 1] == "of":
            return
        if s.words[i + 1] == "on" and (s.tags[i + 2 : i + 3] == "T" or cue.group in ("warns", "demands")):
            return  # "his speech on Monday"
        start = i + 1 if s.tags[i + 1] == "O" else i + 2
        r.add(cue, (i, i + 1), owner, [(start, thing_end(s, start))], "noun-of")
    elif owner is None and after == "P" and s.words[i + 1] in _MATTER.get(cue.group, ()):
        start, who = _holder(r, i)
        rule = "noun-about" if who is None else "noun-held"
        r.add(cue, (start, i + 2), who, [(i + 2, thing_end(s, i + 2))], rule)


def _among(s: Sentence, k: int) -> Range | None:
    """Return who has the thought of "concern among officials that ...", where `k` is at "among"."""
    held = phrase_right(s, k + 1) if s.words[k] == "among" else None
    return held if held is not None and s.tags[held[1] : held[1] + 1] == "H" else None


def _is_that(s: Sentence, k: int, *, owned: bool) -> bool:
    """Return whether what a noun says follows its form of be: "the hope is that ...", "his aim is to ..."."""
    if s.tags[k] == "H":
        return clause_at(s, k + 1) or s.tags[k + 1] in "DRE"
    if s.words[k] in ("whether", "if", "how", "why", "what"):
        return True
    return owned and s.tags[k] == "O" and s.tags[k + 1] in "vbhd"


_UNDERGOING = word_set(
    "draw spark face win receive get attract meet prompt trigger provoke fuel hear shut see do"
)
"""Verbs whose subject hears the words and does not say them: "drew criticism of"."""


def _holder(r: Reader, i: int) -> tuple[int, Range | None]:
    """Return who has or makes what the noun at `i` says, and where the verb begins: "had no praise for"."""
    s = r.s
    v = i - 1
    while (
        v > 0 and s.tags[v] in "DJNE#'-BgeC" and i - v < 7 and not (s.tags[v] == "e" and s.tags[v + 1] == "D")
    ):
        v -= 1
    if v < 0 or s.tags[v] not in "zekvhb" or s.lemmas[v] in _UNDERGOING or v in r.used:
        return i, None
    g = group(s, v)
    if g.passive:
        return i, None
    said = next((who for k, who in r.subjects if k == v), None)
    who = said or (None if g.infinitive else subject(s, g.start))
    if who is None or s.words[who[0]] in ("there", "it"):
        return i, None
    return g.start, who


def _owner(s: Sentence, i: int) -> Range | None:
    """Return whose claim it is: "the ministry's claim", "his claim"."""
    j = i - 1
    while j > 0 and s.tags[j] in "JNe" and i - j < 4:
        j -= 1
    if j < 0:
        return None
    if s.tags[j] == "'":
        found = phrase_left(s, j)
        return (found[0], j + 1) if found else None
    if s.tags[j] == "E" and j + 1 == i and s.tags[i + 1 : i + 2] == "O":
        return j, j + 1  # "a US pledge to"
    if s.words[j] in ("his", "her", "its", "their", "my", "our"):
        return j, j + 1
    return None


_COPULAS = word_set(
    "seem seems seemed appear appears appeared feel feels felt become becomes became "
    "grow grows grew get gets got "
    "remain remains remained stay stays stayed look looks looked sound sounds sounded"
)
_OF_FEELING = word_set("about of with to in at by for over against")
_PLAIN = word_set("certain sure clear ready prepared committed dedicated positive bent mad curious blunt")
"""Adjectives that say something of a thing as often as of a mind."""


def adjective(r: Reader, i: int) -> bool:
    """Read "X is confident that ...", "X, wary of ..., ..."; return whether it is there."""
    s = r.s
    cue = r.known.adjectives.get(s.words[i])
    if cue is None or i in r.used or i + 1 >= len(s):
        return False
    after, word = s.tags[i + 1], s.words[i + 1]
    filled = after in "HOS" or (after in "PO" and word in _OF_FEELING)
    if not filled and not clause_at(s, i + 1):
        return False
    if s.words[i] in _PLAIN and after == "O":
        return False
    j = i - 1
    while j >= 0 and s.tags[j] in "BX":
        j -= 1
    if s.words[i] in _OF_MATTERS:
        return _of_matter(r, cue, i, j)
    found = _feels(s, i, j)
    if found is None:
        return False
    start, source = found
    content = i + 1 if after not in "P" else i + 2
    rule = "adjective" if start < i else "adjective-after"
    return r.add(cue, (start, i + 1), source, [(content, thing_end(s, content))], rule) is not None


def _feels(s: Sentence, i: int, j: int) -> tuple[int, Range] | None:
    """Return where an adjective at `i` begins as a cue, and who feels so; `j` stands before its adverbs."""
    source: Range | None
    if j >= 0 and (s.tags[j] == "b" or s.words[j] in _COPULAS):
        start = be_start(s, j) if s.tags[j] == "b" else group(s, j).start
        source = subject(s, start)
        start = j
    elif j > 0 and s.tags[j] in "NE," and s.tags[i + 1] in "OHP" and s.words[i] not in _PLAIN:
        start, source = i, phrase_left(s, j + 1 if s.tags[j] != "," else j)
    else:
        return None
    if source is None or s.words[source[0]] in ("it", "this", "that", "there"):
        return None
    return start, source


_OF_MATTERS = word_set("unclear unknown debatable questionable arguable")
"""Adjectives that say of a matter how far it is known: "it is unclear whether"."""


def _of_matter(r: Reader, cue: Cue, i: int, j: int) -> bool:
    s = r.s
    asked = s.words[i + 1] in ("if", "whether") or s.tags[i + 1] in "WH"
    if not asked or j < 1 or (s.tags[j] != "b" and s.words[j] not in _COPULAS):
        return False
    content = [(i + 1, thing_end(s, i + 1))]
    return r.add(cue, (be_start(s, j), i + 1), None, content, "adjective") is not None


def in_state(r: Reader, i: int) -> None:
    """Read "X is against ...", "X is in favour of ...", "X is at odds with ..."."""
    s = r.s
    j = i - 1
    while j > 0 and s.tags[j] in "BX":
        j -= 1
    if j < 1 or s.tags[j] != "b" or i in r.used:
        return
    for phrase, cue in r.known.states[s.words[i]]:
        k = i + len(phrase)
        if tuple(s.words[i:k]) != phrase or (
            phrase_right(s, k) is None and s.tags[k : k + 1] not in ("g", "W", "S")
        ):
            continue
        start = be_start(s, j)
        source = subject(s, start)
        if source is not None and s.words[source[0]] not in ("it", "this", "that", "there"):
            r.add(cue, (start, k), source, [(k, thing_end(s, k))], "state")
        return


def hearsay(r: Reader, i: int) -> None:
    """Read "reportedly"."""
    s = r.s
    end = sentence_end(s)
    accuses = Cue("hearsay", "accuses" if s.words[i] == "allegedly" else "asserts", "", "c", distant=True)
    start = next((k + 1 for k in range(i - 1, -1, -1) if s.tags[k] in ',;:"H'), 0)
    content = [(start, i), (i + 1, thing_end(s, i + 1))] if i + 1 < end else [(start, i)]
    r.add(accuses, (i, i + 1), None, content, "hearsay")
