"""Who says what, sentence by sentence: source, cue and content as token ranges.

A cue opens a frame (that-clause, quotation, infinitive, noun phrase, ...) and is kept only if the frame is
filled; a bare word is never enough. Sources and contents follow from the letters of the tokens. What a
cue does with its content (its stance) comes with the cue and is settled later.
"""

from __future__ import annotations

from dataclasses import replace

from holdfire.reading.prose.sayings.amid import as_noted, content_first, gapped, inverted
from holdfire.reading.prose.sayings.cuewords import (
    according,
    adjective,
    headline,
    hearsay,
    in_state,
    in_view,
    noun,
    polled,
)
from holdfire.reading.prose.sayings.ends import clause_end, thing_end
from holdfire.reading.prose.sayings.frames import Filled, fill
from holdfire.reading.prose.sayings.settling import AMID, embedded_end, settled
from holdfire.reading.prose.sayings.voices import ANNOUNCED, SAYS, Attribution, Reader, be_start
from holdfire.reading.prose.words.lexicon import Cue, lexicon, word_set
from holdfire.reading.prose.words.syntax import (
    Group,
    Range,
    clause_at,
    group,
    phrase_left,
    phrase_right,
    sentence_end,
    subject,
)
from holdfire.reading.prose.words.tokens import Sentence


def attributions(s: Sentence) -> list[Attribution]:
    """Return the attributions of one sentence, in the order of their cues."""
    reader = Reader(s, lexicon())
    according(reader)
    headline(reader)
    in_view(reader)
    polled(reader)
    for i, letter in enumerate(s.tags):
        if letter in "vzekng":
            if letter not in "en" or s.words[i] not in reader.known.adjectives or not adjective(reader, i):
                _verb(reader, i)
        elif s.words[i] in reader.known.adjectives:
            adjective(reader, i)
        elif letter == "N" and s.words[i] in reader.known.nouns:
            noun(reader, i)
        elif letter in "PJ" and s.words[i] in reader.known.states and i and s.tags[i - 1] in "bBX":
            in_state(reader, i)
        elif letter == "B" and s.words[i] in reader.known.hearsay:
            hearsay(reader, i)
    return settled(s, sorted(reader.found, key=lambda each: each.cues[0]))


def _verb(r: Reader, i: int) -> None:
    s = r.s
    g = _going_on(s, group(s, i))
    source = _source(r, g)
    if s.tags[i] != "g" or g.progressive:
        r.subjects.append((i, source))
    if _quoted_as_saying(r, i, g, source):
        return
    if g.passive:
        _passive(r, i, g)
    elif s.lemmas[i] in _SEEMING:
        _seeming(r, i, g)
    elif not _with_particle(r, i, g, source) and not _express(r, i, g, source):
        _active(r, i, g, source)


_ASPECT = word_set("continue begin start tend proceed come rush go cease stop keep")


def _going_on(s: Sentence, g: Group) -> Group:
    """Return the group with the verb that says only that it goes on: "continued to insist"."""
    if (
        not g.infinitive
        or g.start == 0
        or s.lemmas[g.start - 1] not in _ASPECT
        or s.tags[g.start - 1] not in "vzekn"
    ):
        return g
    outer = group(s, g.start - 1)
    negated = g.negated or outer.negated
    return Group(outer.start, g.head, g.passive, negated, outer.modal, outer.infinitive, outer.progressive)


def _active(r: Reader, i: int, g: Group, source: Range | None) -> None:
    """Read a verb of saying in the active, by what stands before and after it."""
    s = r.s
    cues = r.known.cues.get(s.lemmas[i])
    modifier = s.tags[i] == "g" and i and s.tags[i - 1] in "DJ'" and s.tags[i + 1 : i + 2] in ("N", "E", "J")
    if not cues or i in r.used or modifier:  # "a cheering crowd"
        return
    if s.tags[i] in "en" and _reduced(r, i, g, cues):
        return
    filled = inverted(s, i, g, cues) or as_noted(s, i, g, source, cues) or gapped(s, i, g, source, cues)
    filled = filled or fill(s, i + 1, cues) or content_first(s, i, g, cues) or _announced(s, i, cues)
    if filled is not None and filled.source is not None:
        source = filled.source
    if filled is None or not _sayable(r, g, source, filled):
        return
    if filled.before is not None and source is not None:
        filled.content.insert(0, filled.before)
    hung = None if filled.rule in AMID else embedded_end(s, g.start, source, filled.content[0][0])
    if (end := hung) is not None and filled.rule != ANNOUNCED:
        filled.content = [(x, min(y, end)) for x, y in filled.content if x < end]  # "X, who say ..., are"
    if g.start == 0 and s.tags[i] == "g" and source is not None and source[0] > i:
        filled.content = [(x, min(y, source[0])) for x, y in filled.content]  # "Claiming it cannot, X ..."
    made = r.add(filled.cue, (g.start, filled.cue_end), source, filled.content, filled.rule)
    if made is not None:
        made.negated = g.negated
        _join_quotation(r, made)


def _announced(s: Sentence, i: int, cues: tuple[Cue, ...]) -> Filled | None:
    """Read "X said:" at the end of a paragraph: the colon stands for what comes in the next."""
    cue = next((c for c in cues if set(c.frames) & set("cq")), None)
    last = len(s) - 1
    if cue is None or s.tags[last] != ":" or any(letter in "zekbhMd" for letter in s.tags[i + 1 : last]):
        return None
    return Filled(cue, [(last, last + 1)], i + 1, ANNOUNCED)


def _sayable(r: Reader, g: Group, source: Range | None, filled: Filled) -> bool:
    """Return whether the verb is one that somebody does here."""
    s = r.s
    if s.tags[g.head] == "v" and source is None and not g.infinitive and filled.rule != "quotation":
        return False  # an imperative, or a noun taken for a verb
    if filled.rule in ("object", "noun-phrase") and source is None and s.tags[g.head] != "g":
        return False
    if filled.rule in _OF_THINGS and _unreal(s, g):
        return False
    return not (filled.rule == "bare" and source is None and s.tags[g.head] != "g")


_OF_THINGS = frozenset(("noun-phrase", "gerund", "bare", "object", "small-clause", "told-about"))


_UNREAL = word_set("would could may might should must can wouldn't couldn't can't cannot shouldn't 'd")


def _unreal(s: Sentence, g: Group) -> bool:
    """Return whether nobody is said to have spoken: "would reject it", "to accept it", "of praising it"."""
    if g.modal in _UNREAL or g.infinitive:
        return True
    return (
        s.tags[g.head] == "g"
        and not g.progressive
        and g.start > 0
        and s.tags[g.start - 1] == "P"
        and s.words[g.start - 1] not in ("by", "besides")
    )


def _source(r: Reader, g: Group) -> Range | None:
    s = r.s
    start = g.start
    if g.infinitive:
        return _governor(r, start)
    if s.tags[g.head] == "g" and not g.progressive:
        return _of_participle(r, start)
    found = subject(s, start)
    if found is not None:
        return found
    j = start - 1
    while j >= 0 and s.tags[j] in "B,":
        j -= 1
    if j >= 0 and s.tags[j] == "C":
        spoken = next(
            (a for a in reversed(r.found) if a.source is not None and a.content[-1][1] <= j + 1), None
        )
        last = r.subjects[-1][1] if r.subjects else None
        return last or (spoken.source if spoken else None)
    return None


def _governor(r: Reader, start: int) -> Range | None:
    """Return who does what an infinitive says: the subject of the verb it hangs on."""
    s = r.s
    for j in range(start - 1, max(-1, start - 4), -1):  # "is ready to", "were quick to"
        if s.tags[j] == "b":
            return subject(s, be_start(s, j))
        if s.tags[j] not in "JNB":
            break
    return r.subjects[-1][1] if r.subjects else None


def _of_participle(r: Reader, start: int) -> Range | None:
    s = r.s
    if start == 0 or (start == 1 and s.tags[0] in "BSP"):
        for k in range(start, min(len(s), start + 40)):
            if s.tags[k] == "," and k + 1 < len(s) and s.tags[k + 1] in "EDRN":
                return phrase_right(s, k + 1)
        return None
    if r.subjects and r.subjects[-1][1] is not None and s.tags[start - 1] in ",PCS":
        return r.subjects[-1][1]
    if s.tags[start - 1] in "NE":
        return phrase_left(s, start)
    return r.subjects[-1][1] if r.subjects else None


def _quoted_as_saying(r: Reader, i: int, g: Group, source: Range | None) -> bool:
    """Read "the report quoted an official as saying ..." and "X was quoted as saying"."""
    s = r.s
    if s.lemmas[i] not in ("quote", "cite"):
        return False
    for k in range(i + 1, min(len(s) - 1, i + 30)):
        if s.words[k] == "as" and s.lemmas[k + 1] in ("say", "tell", "write", "state", "claim", "add"):
            voice = source if g.passive else (i + 1, k)
            filled = fill(s, k + 2, r.known.cues["say"])
            content = (
                filled.content if filled else [(0, (source or (g.start, 0))[0])] if not g.passive else []
            )
            said = replace(SAYS, group="quoted")
            r.add(said, (k, k + 2) if not g.passive else (g.start, k + 2), voice, content, "quoted-as-saying")
            if not g.passive and source is not None and content:
                outer = r.add(SAYS, (g.start, i + 1), source, [*content, (i + 1, k + 2)], "quoted")
                if outer is not None:
                    outer.content = sorted(outer.content)
            return True
    return False


def _passive(r: Reader, i: int, g: Group) -> None:  # noqa: C901 - one construction a branch
    """Read "is said to ...", "was praised by X", "it is believed that ..."."""
    s, lemma = r.s, r.s.lemmas[i]
    cues = r.known.cues.get(lemma, ())
    if not cues or i in r.used:
        return
    acted = subject(s, g.start) or (r.subjects[-2][1] if len(r.subjects) > 1 else None)
    end = sentence_end(s)
    by = next((k for k in range(i + 1, min(end, i + 4)) if s.words[k] == "by"), None)
    agent = phrase_right(s, by + 1) if by is not None else None
    if agent is None and by is not None and s.words[by + 1 : by + 2] and s.words[by + 1] in _SOME:
        agent = (by + 1, by + 2)  # "was seen by some as"
    if agent is not None and by is not None:
        if s.lemmas[i] in ("tell", "know", "cast", "call", "find", "hold", "project", "post", "calculate"):
            return
        rest = (agent[1], end) if agent[1] < end and s.tags[agent[1]] in "OSPDg" else None
        content = [each for each in (acted, rest) if each is not None]
        r.add(cues[0], (g.start, by + 1), agent, content, "passive-by")
        return
    if (
        s.tags[g.start] == "b"
        and acted is not None
        and (
            i + 1 >= end
            or (
                s.tags[i + 1] not in 'OHWPR"DN'
                and not (s.words[i + 1] == "as" and lemma in r.known.agentless)
            )
        )
    ):
        if cues[0].group not in ("count", "observe", "support"):
            r.add(cues[0], (g.start, i + 1), None, [acted], "passive")
        return
    if lemma not in r.known.agentless:
        return
    k = i + 1
    if acted is not None and _held_to_be(s, i, end):
        r.add(cues[0], (g.start, k), None, [acted, (k, thing_end(s, k))], "agentless-as")
        return
    if k < end and (
        s.tags[k] in 'OHW"'
        or s.tags[k : k + 2] == ',"'
        or s.words[k] in ("that", "as", "of", "for", "if", "about")
        or (s.words[k] in ("with", "over") and cues[0].group in ("accuse", "question", "oppose", "urge"))
    ):
        anticipated = acted is not None and s.words[acted[0]] == "it"
        if g.start > 1 and s.tags[g.start - 1] == "W" and s.tags[g.start - 2] == ",":
            end = next((m for m in range(k, end) if s.tags[m] == ","), end)
        content = [(k, end)] if anticipated or acted is None else [acted, (k, end)]
        agentive = lemma in ("ask", "tell", "remind")
        r.add(cues[0], (g.start, i + 1), None, [(k, end)] if agentive else content, "agentless")


_SOME = word_set("some many most several few others both all")


_DEEMING = word_set(
    "consider deem regard label dub judge rate perceive think believe find call view see rule"
)


def _held_to_be(s: Sentence, i: int, end: int) -> bool:
    """Return whether a passive says what something is held to be: "is considered a moderate"."""
    if i + 1 >= end or (s.lemmas[i] != "ask" and s.lemmas[i] not in _DEEMING):
        return False
    return s.tags[i + 1] in ("D" if s.lemmas[i] in ("ask", "find", "see") else "DJ")


def _reduced(r: Reader, i: int, g: Group, cues: tuple[Cue, ...]) -> bool:
    """Read "the plan proposed by X": a participle after its noun."""
    s = r.s
    if i + 1 >= len(s) or s.words[i + 1] != "by" or g.start != i:
        return False
    agent, acted = phrase_right(s, i + 2), phrase_left(s, i)
    if acted is None and agent is not None and (i == 0 or s.tags[i - 1] in "S,") and _asks(cues):
        end = next((k for k in range(agent[1], len(s)) if s.tags[k] == ","), sentence_end(s))
        made = r.add(cues[0], (i, i + 2), agent, [(agent[1], end)], "participle-by")
        return made is not None  # "Asked by X if ..., Y said"
    if agent is None or acted is None or s.tags[i + 2 : i + 3] == "g":
        return False
    r.add(cues[0], (i, i + 2), agent, [acted], "participle-by")
    return True


def _asks(cues: tuple[Cue, ...]) -> bool:
    return any(cue.group in ("question", "tell", "urge") for cue in cues)


def _with_particle(r: Reader, i: int, g: Group, source: Range | None) -> bool:
    """Read "called on Russia to ...", "pointed out that ..."."""
    s = r.s
    for tail, cue in r.known.phrasal.get(s.lemmas[i], ()):
        end = _past_tail(s, i, tail)
        if end is None:
            continue
        filled = fill(s, end, (cue,)) or _direct(s, end, cue)
        if filled is None and set(cue.frames) & set("cq"):
            filled = content_first(s, end - 1, g, (cue,))  # "...," X shot back
        if filled is None or (source is None and s.tags[i] != "g"):
            continue
        made = r.add(filled.cue, (g.start, end), source, filled.content, "particle")
        if made is not None:
            made.negated = g.negated
            return True
    return False


def _past_tail(s: Sentence, i: int, tail: tuple[str, ...]) -> int | None:
    """Return the token after the particles of a verb: "spoke out sharply against", "talked to them about"."""
    k = i + 1
    if k < len(s) and s.words[k] in ("to", "with") and tail[0] in ("about", "of", "on"):
        heard = phrase_right(s, k + 1)
        k = heard[1] if heard else k
    for word in tail:
        last = k + 3
        while k < len(s) and k < last and s.tags[k] in "BT" and s.words[k] != word:
            k += 1
        if s.words[k : k + 1] != [word]:
            return None
        k += 1
    return k


def _direct(s: Sentence, k: int, cue: Cue) -> Filled | None:
    """Return what follows a particle that is not clause, infinitive or noun phrase: an -ing form."""
    if k < len(s) and (s.tags[k] in "gW" or s.tags[k : k + 2] == "Xg") and "n" in cue.frames:
        return Filled(cue, [(k, sentence_end(s))], k, "particle")
    return None


_SEEMING = word_set("seem appear")
_SEEMS = Cue("seem", "asserts", "conditional", "t")


def _seeming(r: Reader, i: int, g: Group) -> None:
    """Read "X seems to ...", "it appears that ...": somebody who is not named judges by what shows."""
    s = r.s
    k, end = i + 1, sentence_end(s)
    acted = subject(s, g.start)
    if k >= end or acted is None or g.infinitive or s.tags[i] == "g":
        return
    if s.tags[k] == "O" and s.tags[k + 1 : k + 2] in "vbhdB":
        r.add(_SEEMS, (g.start, i + 1), None, [acted, (k, clause_end(s, k))], "seeming")
    elif s.tags[k] in "Je" or (s.tags[k] == "B" and s.tags[k + 1 : k + 2] in ("J", "e")):
        r.add(_SEEMS, (g.start, i + 1), None, [acted, (k, thing_end(s, k))], "seeming-so")
    elif s.words[acted[0]] == "it" and (s.tags[k] == "H" or s.words[k : k + 2] == ["as", "if"]):
        r.add(_SEEMS, (g.start, i + 1), None, [(k, clause_end(s, k))], "seeming")


_EXPRESSING = word_set(
    "express voice raise repeat reiterate make issue offer share have state announce give show convey "
    "lodge deliver release air register draw spark face win receive take earn get attract provoke prompt "
    "gain hold harbour harbor advance"
)


def _express(r: Reader, i: int, g: Group, source: Range | None) -> bool:
    """Read "expressed concern about ..." and "made the claim that ..."."""
    s = r.s
    if s.lemmas[i] not in _EXPRESSING:
        return False
    for k in range(i + 1, min(len(s), i + 7)):
        if s.tags[k] == "N" and s.words[k] in r.known.nouns:
            return _expressed(r, i, g, source, k)
        if s.tags[k] not in "DJNEB'-#C\"e":
            return False
    return False


_MATTERS = word_set("about over for of at with against")
_UNDERGOING = word_set("draw spark face win receive have give take earn get attract provoke prompt gain meet")
"""Verbs whose subject hears the words and does not say them: "drew criticism"."""
_FACING = word_set("draw spark face win receive earn get attract provoke prompt meet")


def _expressed(r: Reader, i: int, g: Group, source: Range | None, k: int) -> bool:
    """Take the noun at `k` for the cue, if its matter follows."""
    s, noun = r.s, r.s.words[k]
    after = k + 1
    if after + 1 < len(s) and s.tags[after] == '"':
        after += 1  # "expressed strong concerns" about
    if after >= len(s) or s.tags[after] not in "PHO" or source is None:
        return False
    held = s.tags[after] == "H" and clause_at(s, after + 1) and s.lemmas[i] not in _FACING
    if s.lemmas[i] in _UNDERGOING and not held:
        voice = phrase_right(s, after + 1) if s.words[after] in ("from", "by", "among") else None
        if voice is None or g.modal or r.known.nouns[noun].group == "asserts":
            return False
        return r.add(r.known.nouns[noun], (g.start, after + 1), voice, [source], "drawn") is not None
    if s.tags[after] == "P" and s.words[after] not in _MATTERS:
        return False
    start = after if s.tags[after] in "HO" else after + 1
    content = [(start, thing_end(s, start))]
    if r.known.nouns[noun].mute and s.lemmas[i] in r.known.cues and s.lemmas[i] not in ("make", "offer"):
        return False  # "announced plans to": the verb says it
    return r.add(r.known.nouns[noun], (g.start, after), source, content, "express") is not None


def _join_quotation(r: Reader, made: Attribution) -> None:
    """Add the quotation before "X said" to what X goes on to say after it."""
    s = r.s
    if made.source is None or made.content[0][0] < made.cues[0][0] or s.quoted[made.cues[0][0]]:
        return
    first = min(made.source[0], made.cues[0][0])
    if (
        first >= 2
        and s.quoted[0]
        and s.quoted[first - 1]
        and s.tags[first - 1] == '"'
        and made.content[0][0] > first
    ):
        made.content.insert(0, (0, first))
