"""Who did what to whom, in a language that has a page, from where the phrases stand around a trigger.

In a verb-first language the doer follows its verb and the one it is done to comes after; a verb followed at
once by a number or by people who bear no arms is a passive, for without vowel signs the two look alike.
"""

from __future__ import annotations

from holdfire.reading.prose.acts.roles import Roles
from holdfire.reading.prose.names.actors import Cast
from holdfire.reading.prose.tongues.counting import is_person
from holdfire.reading.prose.tongues.forms import Found
from holdfire.reading.prose.tongues.habits import habits
from holdfire.reading.prose.tongues.lines import Line
from holdfire.reading.prose.tongues.parties import bare, is_agent, who
from holdfire.reading.prose.tongues.phrases import FINITE, core, group_start, left_phrase, right_phrase
from holdfire.reading.prose.tongues.standing import verb_inside
from holdfire.reading.prose.tongues.words import Pattern, Tongue, tongue
from holdfire.reading.prose.words.syntax import Range

_REACH = 10
"""Tokens on either side of a noun of an act in which its doer and its object are looked for."""


def roles(line: Line, hit: Found[Pattern], cast: Cast, *, verbal: bool) -> Roles:
    """Return who did what a trigger names, to whom; `verbal`: the trigger stands as a finite verb."""
    known = tongue(line.code)
    if hit.value.part == "phrase":
        hit = hit if known.verb_first else verb_inside(line, hit)
        verbal = hit.letter in FINITE
    made = Roles()
    if hit.value.type == "attack.armed_clash":
        _two_sides(line, known, hit, cast, made)
        if known.verb_first or not verbal or made.targets:
            return made
        made = Roles()
    if not verbal and (known.verb_first or hit.letter not in "vgn"):
        _of_noun(line, known, hit, cast, made)
    elif hit.value.part == "suffers":
        after, before = _phrase_after(line, known, hit.end), left_phrase(line, group_start(line, hit.start))
        if not known.verb_first:
            hurt = _hurt(line, known, before, after)
        else:
            hurt = (after or before) if not _follows(line, before, hit.start) else (before or after)
        made.done_to(line, who(line, hurt, cast), bare(line, hurt))
    elif known.verb_first:
        _verb_first(line, known, hit, cast, made)
    else:
        _subject_first(line, known, hit, cast, made)
    _by(line, known, hit, cast, made)
    made.directed = bool(made.actors) or not made.targets
    return made


def _verb_first(line: Line, known: Tongue, hit: Found[Pattern], cast: Cast, made: Roles) -> None:
    after = _phrase_after(line, known, hit.end)
    before = left_phrase(line, group_start(line, hit.start))
    inner = next((k for k in range(hit.start + 1, hit.end - 1) if is_agent(line, known, k, cast)), None)
    if inner is not None:  # "فتح مسلحون النار": the doer stands inside the phrase
        made.acted_by(line, who(line, (inner, hit.end - 1), cast))
        _target(line, known, hit, after, cast, made)
        return
    if _follows(line, before, hit.start) and before is not None:
        first = next((k for k in range(*before) if is_agent(line, known, k, cast)), None)
        if first is not None:  # the subject stands before its verb
            made.acted_by(line, who(line, (first, before[1]), cast))
            _target(line, known, hit, after, cast, made)
            return
        if after is None or is_person(line, known, before[1] - 1):
            made.done_to(line, who(line, before, cast), bare(line, before))
            return
    if after is None:
        _target(line, known, hit, None, cast, made)
        return
    i, j = after
    if hit.letter == "p" or not is_agent(line, known, i, cast):
        made.done_to(line, who(line, after, cast), bare(line, after))
        return
    split = _object(line, known, i, j, cast)
    made.acted_by(line, who(line, (i, split), cast))
    _target(line, known, hit, (split, j) if split < j else None, cast, made)


def _object(line: Line, known: Tongue, i: int, j: int, cast: Cast) -> int:
    """Return where the object begins in the phrase after a verb: at the second one who can be named."""
    states = 0
    for k in range(_name_end(line, i, cast), j):
        if line.tags[k] == "#" or known.numbers.at(line.readings, k):
            return k
        if known.states.at(line.readings, k) and not states:
            states += 1  # "القوات الإسرائيلية": whose they are
            continue
        if is_person(line, known, k) or is_agent(line, known, k, cast):
            return k
    return j


def _name_end(line: Line, i: int, cast: Cast) -> int:
    """Return the token after the name that a token stands in; after the token, where it is in none."""
    names = [(m.start, m.end) for m in cast.matches(line)] + [(h.start, h.end) for h in cast.hits(line)]
    return max((end for start, end in names if start <= i < end), default=i + 1)


def _subject_first(line: Line, known: Tongue, hit: Found[Pattern], cast: Cast, made: Roles) -> None:
    start = group_start(line, hit.start)
    before, after = left_phrase(line, start), _phrase_after(line, known, hit.end)
    if hit.letter in "vg" or (hit.letter == "e" and _bare_infinitive(line, start, hit.start)):
        _target(line, known, hit, after, cast, made)
        return
    passive = hit.letter in "pn"
    if passive:
        held = _hurt(line, known, before, after)
        made.done_to(line, who(line, held, cast), bare(line, held))
        return
    if before is not None:
        made.acted_by(line, who(line, before, cast))
    _target(line, known, hit, after, cast, made)


def _bare_infinitive(line: Line, i: int, k: int) -> bool:
    """Return whether a verb group has no finite part, and so no subject of its own: "avoir tiré"."""
    return i < k and any(line.words[m] in ("avoir", "être", "ayant") for m in range(i, k))


def _target(
    line: Line, known: Tongue, hit: Found[Pattern], phrase: Range | None, cast: Cast, made: Roles
) -> None:
    """Name whom an act was done to: its object, or what stands after "on" or "against"."""
    if phrase is None:
        at = _after(line, known, "roles.on", hit.end)
        phrase = _phrase_after(line, known, at) if at is not None else None
    if phrase is not None:
        made.done_to(line, who(line, phrase, cast), bare(line, phrase))


def _of_noun(line: Line, known: Tongue, hit: Found[Pattern], cast: Cast, made: Roles) -> None:
    end = hit.end
    of = line.at("roles.of", end) if end < len(line) else []
    owner = (
        _owner(line, known, of[0].end if of else end, cast, made)
        if of or line.tags[end : end + 1] != "P"
        else None
    )
    if owner is not None:
        stop = min(owner[1], owner[0] + 5)
        first = next((k for k in range(owner[0], stop) if line.tags[k] not in "P#"), None)
        if first is not None and is_agent(line, known, first, cast):
            begun = first if known.verb_first else owner[0]
            made.acted_by(line, who(line, (begun, owner[1]), cast))
        elif _hurts(hit) or (not known.verb_first and hit.value.type in _STRUCK):
            made.done_to(line, who(line, owner, cast), bare(line, owner))
        elif states := who(line, (owner[0], min(owner[1], owner[0] + 2)), cast):
            made.acted_by(line, [party for party in states if party.agent and party.ids])
    if not made.actors:
        _doer_before(line, known, hit, cast, made)
    if not made.targets and not made.target_text:
        _undergone(line, known, hit, cast, made)
    if not made.targets and not made.target_text:
        at = _after(line, known, "roles.on", end)
        if at is not None:
            phrase = _phrase_after(line, known, at)
            made.done_to(line, who(line, phrase, cast), bare(line, phrase))


_HURTING = frozenset(("attack.violence", "detention.abduction", "detention.arrest"))


def _owner(line: Line, known: Tongue, k: int, cast: Cast, made: Roles) -> Range | None:
    """Return the phrase that a noun of an act belongs to; an agent that its case shows is named at once."""
    owner = right_phrase(line, k)
    if owner is None or known.verb_first:
        return owner
    if line.tags[owner[0]] in "bhMX":
        return None
    return _before_agent(line, cast, core(line, *owner), made)


_STRUCK = frozenset(("attack.bombardment", "attack.shelling", "control.territory"))


def _before_agent(line: Line, cast: Cast, owner: Range, made: Roles) -> Range | None:
    """Name the agent whose case says that it acts, and return what stands before it."""
    phrase = habits(line.code).agent(line.words, line.tags, *owner)
    found = [party for party in who(line, phrase, cast) if party.agent]
    if phrase is None or not found:
        return owner
    made.acted_by(line, found)
    return (owner[0], phrase[0]) if phrase[0] > owner[0] else None


def _hurts(hit: Found[Pattern]) -> bool:
    """Return whether what stands beside a noun of an act is whom it was done to: "the killing of ..."."""
    return hit.value.type in _HURTING


def _undergone(line: Line, known: Tongue, hit: Found[Pattern], cast: Cast, made: Roles) -> None:
    """Name who "came under" or "suffered" an act: the subject of such a verb before it."""
    for k in range(max(0, hit.start - _REACH), hit.start):
        for found in line.at("roles.undergoing", k):
            if hit.start - 4 <= found.end <= hit.start:
                phrase = left_phrase(line, group_start(line, k))
                made.acted_by(line, [])
                made.done_to(line, who(line, phrase, cast), bare(line, phrase))
                return


def _doer_before(line: Line, known: Tongue, hit: Found[Pattern], cast: Cast, made: Roles) -> None:
    """Name who "carried out" or "launched" an act that is the object of such a verb."""
    for k in range(hit.start - 1, max(-1, hit.start - _REACH), -1):
        if line.tags[k] in ".;":
            return
        for found in line.at("guards.committing", k):
            phrase: Range | None = (found.end, hit.start) if found.end < hit.start else None
            if not known.verb_first or phrase is None:
                phrase = left_phrase(line, group_start(line, k))
            if phrase is not None and any(is_agent(line, known, m, cast) for m in range(*phrase)):
                made.acted_by(line, who(line, phrase, cast))
            return


def _hurt(line: Line, known: Tongue, before: Range | None, after: Range | None) -> Range | None:
    """Return which of two phrases around a passive names whom it was done to: people before things."""
    if before is not None and after is not None and habits(line.code).agent(line.words, line.tags, *after):
        return before
    hangs = before is not None and before[0] > 0 and line.tags[before[0] - 1] == "P"
    for phrase in (before, after):
        if phrase is not None and any(is_person(line, known, k) for k in range(*phrase)):
            return phrase
    return (after or before) if hangs else (before or after)


def _by(line: Line, known: Tongue, hit: Found[Pattern], cast: Cast, made: Roles) -> None:
    """Name the agent that "by" names."""
    if made.actors:
        return
    at = _after(line, known, "roles.by", hit.end)
    if at is not None:
        found = who(line, right_phrase(line, at), cast)
        made.acted_by(line, found if known.verb_first else [party for party in found if party.agent])
        return
    stop = min(len(line), hit.end + _REACH)
    if hit.letter in "pN" and (phrase := habits(line.code).agent(line.words, line.tags, hit.end, stop)):
        made.acted_by(line, who(line, phrase, cast))


def _after(line: Line, known: Tongue, name: str, k: int) -> int | None:
    """Return the token after a word of a list that stands in the same clause after token `k`."""
    for m in range(k, min(len(line), k + _REACH)):
        if line.tags[m] in ".;HW" or (line.tags[m] in FINITE and not line.at(name, m)):
            return None
        for found in line.at(name, m):
            return found.end
    return None


def _two_sides(line: Line, known: Tongue, hit: Found[Pattern], cast: Cast, made: Roles) -> None:
    """Name the two sides of a fight: between X and Y."""
    made.directed = False
    at = _after(line, known, "roles.between", hit.end)
    phrase = right_phrase(line, at) if at is not None else left_phrase(line, group_start(line, hit.start))
    if phrase is None:
        return
    found = who(line, phrase, cast)
    if len(found) == 1 and not known.states.at(line.readings, found[0].start):
        split = next(
            (k for k in range(phrase[0] + 1, phrase[1]) if is_agent(line, known, k, cast)
             and any(r.before in ("و", "وال") or line.tags[k - 1] == "C" for r in line.readings[k])),
            phrase[1],
        )  # fmt: skip
        found = who(line, (phrase[0], split), cast) + (
            who(line, (split, phrase[1]), cast) if split < phrase[1] else []
        )
    made.acted_by(line, found[:1])
    made.done_to(line, found[1:])


def _phrase_after(line: Line, known: Tongue, k: int) -> Range | None:
    """Return the noun phrase after a verb, over words that bound a number and a negligible preposition."""
    if k < len(line) and line.tags[k] == "P" and not _bounds_number(line, known, k):
        return None
    while not known.verb_first and k < len(line) and line.tags[k] in "XB":
        k += 1
    bounds = ("numbers.lower", "numbers.near", "numbers.upper") if known.verb_first and k < len(line) else ()
    j = max((found.end for name in bounds for found in line.at(name, k)), default=k)
    while j < len(line) and j - k < 14 and line.tags[j] not in ',;:".()_HSWezfcip':
        if line.tags[j] == "P" and j > k and not line.at("numbers.near", j):
            break
        j += 1
    return (k, j) if j > k else None


def _bounds_number(line: Line, known: Tongue, k: int) -> bool:
    """Return whether a preposition only bounds a number: "до 60 мирных жителей"."""
    if known.verb_first:
        return bool(line.at("numbers.near", k))
    held = [f for name in ("near", "lower", "upper") for f in line.at(f"numbers.{name}", k)]
    return any(
        f.end < len(line) and (line.tags[f.end] == "#" or known.numbers.at(line.readings, f.end))
        for f in held
    )


def _follows(line: Line, before: Range | None, k: int) -> bool:
    """Return whether a phrase stands right before a verb that nothing joins to the clause before."""
    return before is not None and not any(
        r.before[:1] in ("و", "ف") and r.before for r in line.readings[k][:1]
    )
