"""Who acted and on whom, from where the phrases stand around a trigger."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from holdfire.reading.prose.acts.reality import Reality
from holdfire.reading.prose.acts.triggers import Trigger, head_of, taxonomy
from holdfire.reading.prose.names.actors import Cast, Party
from holdfire.reading.prose.words.lexicon import page, word_set, words
from holdfire.reading.prose.words.syntax import (
    VERBS,
    Range,
    group,
    initials_before,
    phrase_left,
    phrase_right,
    subject,
)
from holdfire.reading.prose.words.tokens import Sentence
from holdfire.records.claim import Kind

_TWO_SIDED = frozenset(
    ("attack.armed_clash", "diplomacy.negotiate", "ceasefire.agree", "military.cooperation")
)
_AGAINST = word_set("on against at targeting over upon")


@dataclass(slots=True)
class Roles:
    """Who acted and on whom.

    Attributes:
        actors: Those said to have acted; of a fight between two, the first side.
        targets: Those acted on; of a fight, the second side.
        actor_text: The whole phrase that names the actors; empty: none.
        target_text: The whole phrase that names the targets.
        directed: Whether the text says who acted.
        itself_acts: The actor is a pronoun: "it", "its aircraft".
        itself_suffers: The target is a pronoun.
        actor_spans: Where the actors are named, in code points of the shadow text, one span a name. Not
            tokens: a denial takes its roles from the sentence of the charge.
        target_spans: Where the targets are named.
    """

    actors: list[Party] = field(default_factory=list)
    targets: list[Party] = field(default_factory=list)
    actor_text: str = ""
    target_text: str = ""
    directed: bool = True
    itself_acts: bool = False
    itself_suffers: bool = False
    actor_spans: list[Range] = field(default_factory=list)
    target_spans: list[Range] = field(default_factory=list)

    def acted_by(self, s: Sentence, parties: list[Party]) -> None:
        """Name who acted."""
        self.actors, self.actor_spans = parties, spans_of(s, parties)
        self.actor_text = s.text(parties[0].start, parties[-1].end) if parties else ""

    def done_to(self, s: Sentence, parties: list[Party], phrase: Range | None = None) -> None:
        """Name who or what was acted on: those a phrase names, or where it names no one, the phrase."""
        self.targets, self.target_spans, self.target_text = parties, spans_of(s, parties), ""
        if parties:
            self.target_text = s.text(parties[0].start, parties[-1].end)
        elif phrase is not None and phrase[1] > phrase[0]:
            self.target_text = s.text(*phrase)
            self.target_spans = [(s.starts[phrase[0]], s.ends[phrase[1] - 1])]


def spans_of(s: Sentence, parties: list[Party]) -> list[Range]:
    """Return where parties are named, in code points of the shadow text."""
    return [(s.starts[p.start], s.ends[p.end - 1]) for p in parties]


def roles(s: Sentence, trigger: Trigger, told: Reality, cast: Cast) -> Roles:
    """Return who did what the trigger names, to whom."""
    if trigger.type in _TWO_SIDED:
        both = _two_sides(s, trigger, cast)
        if both is not None:
            return both
    if trigger.type in actorless():
        return Roles(directed=False)
    if trigger.type.startswith("relation."):
        return _relation(s, trigger, cast)
    by_verb = trigger.part == "verb" or (trigger.part == "phrase" and s.tags[trigger.start] in VERBS)
    actor, target = _of_verb(s, trigger, told) if by_verb else _of_noun(s, trigger, told, cast)
    if trigger.type.startswith(("position.", "toll.")):
        target = None
    made = Roles()
    _fill(s, made, actor, target, cast)
    if target is not None and not made.targets and s.words[head_of(s, target)] in taxonomy().weapons:
        _aimed(s, made, target, cast)
    if trigger.type == "military.intel_sharing" and not made.targets:
        made.done_to(s, [])  # what is shared is no one
    if trigger.type == "attack.armed_clash":
        made.directed = False
    return made


def _aimed(s: Sentence, made: Roles, weapon: Range, cast: Cast) -> None:
    """Read "fired rockets at X": what is fired is no target; what it is fired at is."""
    made.done_to(s, [])
    for k in range(weapon[0], min(len(s), weapon[1] + 8)):
        if s.words[k] in _AGAINST or s.words[k] in ("into", "toward", "towards"):
            at = phrase_right(s, k + 1)
            if at is not None and "T" not in s.tags[at[0] : at[1]]:
                made.done_to(s, cast.who(s, at), _plain(s, at))
            return
        if s.tags[k] in ",;:W":
            return


@lru_cache(maxsize=1)
def actorless() -> frozenset[str]:
    """Return the event types that nobody does: a truce enters into force, a war goes on."""
    return frozenset(kind for kind, entry in page("events")["types"].items() if entry.get("actors") == "none")


def _relation(s: Sentence, trigger: Trigger, cast: Cast) -> Roles:
    """Read "US-backed militants": who backs, and whom."""
    made = Roles()
    joints = (k for k in range(trigger.end - 1, trigger.start, -1) if s.tags[k] == "-")
    hyphen = next(joints, trigger.end)
    if hyphen == trigger.end and trigger.part == "noun":  # "al-Qaeda branch", "a branch of al-Qaeda"
        of = phrase_right(s, trigger.end + 1) if s.words[trigger.end : trigger.end + 1] == ["of"] else None
        made.acted_by(s, cast.who(s, of or _owner(s, trigger.start, cast), owner=of is None, anyone=False))
        return made
    made.acted_by(
        s,
        cast.half(s, trigger.start, hyphen) or cast.who(s, phrase_left(s, trigger.start), anyone=False),
    )
    if not made.actors:
        made.actor_text = s.text(trigger.start, hyphen)
        made.actor_spans = [(s.starts[trigger.start], s.ends[hyphen - 1])]
    backed = phrase_right(s, trigger.end)
    made.done_to(s, cast.who(s, backed), _plain(s, backed) if backed else None)
    return made


def _fill(s: Sentence, made: Roles, actor: Range | None, target: Range | None, cast: Cast) -> None:
    before = actor is not None and actor[1] < len(s) and s.tags[actor[1]] in "NgJ"
    made.acted_by(s, cast.who(s, actor, owner=before))
    made.done_to(s, cast.who(s, target), _plain(s, target) if target is not None else None)
    made.itself_acts = actor is not None and s.words[actor[0]] in _SELF
    made.itself_suffers = target is not None and s.words[target[0]] in _SELF


_SELF = frozenset(("it", "its", "they", "them", "their"))


def _plain(s: Sentence, phrase: Range) -> Range:
    """Return a phrase cut before the clauses that hang on it."""
    i, j = phrase
    for k in range(i + 1, j):
        if s.tags[k] in "W,(" or (
            s.tags[k] == "P" and s.words[k] in ("in", "on", "at", "near", "by", "during", "after")
        ):
            return i, k
    return i, j


def _of_verb(s: Sentence, trigger: Trigger, told: Reality) -> tuple[Range | None, Range | None]:
    g = group(s, trigger.start)
    after = trigger.end if trigger.part == "verb" else trigger.start + 1
    if g.passive or (
        s.tags[trigger.start] in "en" and g.start == trigger.start and _by(s, after) is not None
    ):
        acted = subject(s, g.start) or phrase_left(s, g.start)
        return _by(s, after), acted
    dies = s.lemmas[trigger.start] in ("die", "perish")
    if trigger.part == "verb" and (dies or _suffers(s, trigger.start, after)):
        return None, subject(s, g.start) or _main_subject(s, g.start)
    if any(rule in ("governed-accuse", "governed-suspect", "governed-blame") for rule in told.rules):
        return _accused(s, g.start), _object(s, after)
    if told.kind == Kind.ATTRIBUTIVE and s.tags[trigger.start] in "en":
        return None, phrase_left(s, g.start)  # "militants targeted in ..."
    who = subject(s, g.start)
    if s.tags[trigger.start] == "g" and g.start and s.tags[g.start - 1] == "P":
        who = _main_subject(s, g.start) if s.words[g.start - 1] == "by" else None
    elif g.infinitive and s.tags[g.start] not in "Mbhd":
        who = _doer(s, g.start)
    elif s.tags[trigger.start] == "g" and g.start and s.tags[g.start - 1] in VERBS:
        who = _doer(s, group(s, g.start - 1).start)  # "pressure X to stop bombing"
    elif (who is None and s.tags[trigger.start] == "g") or (
        who is None and g.start and s.tags[g.start - 1] in "CB,"
    ):
        who = _main_subject(s, g.start)
    if trigger.type.startswith(_ADDRESSED) and s.words[after : after + 1] == ["to"]:
        return who, phrase_right(s, after + 1)  # "made an offer to X"
    return who, _object(s, after)


_ADDRESSED = ("diplomacy.", "position.", "aid.", "military.intel_sharing")


def _suffers(s: Sentence, i: int, after: int) -> bool:
    """Return whether a verb of harm without an object tells of its subject: "two patients killed"."""
    harmed = s.lemmas[i] in ("kill", "wound", "injure", "hurt", "maim") and s.tags[i] in "en"
    alone = s.tags[after : after + 1] in ("", "P", ".", ",", ";", "C", "S", "b")
    return harmed and alone and group(s, i).start == i


def _accused(s: Sentence, start: int) -> Range | None:
    """Return whom an accusation names: "accused X of shelling"."""
    for k in range(start - 1, max(-1, start - 14), -1):
        if s.lemmas[k] in ("accuse", "suspect", "blame"):
            if group(s, k).passive:
                return subject(s, group(s, k).start)
            return phrase_right(s, k + 1)
    return None


def _object(s: Sentence, after: int) -> Range | None:
    k = after
    if k < len(s) and s.tags[k] == "P" and s.words[k] in ("with", "on", "at", "against", "from", "into"):
        k += 1
    return phrase_right(s, k)


def _by(s: Sentence, after: int) -> Range | None:
    for k in range(after, min(len(s), after + 14)):
        if s.words[k] == "by":
            return phrase_right(s, k + 1)
        if s.tags[k] in "zkeb.;:" or (s.tags[k] == "," and k > after + 6):
            return None
    return None


def _doer(s: Sentence, start: int) -> Range | None:
    """Return who is to do what an infinitive says: the object before it, else who governs it."""
    before = phrase_left(s, start)
    if before is not None and before[0] > 0 and s.tags[before[0] - 1] in "vzekngPO" and before[1] == start:
        return before
    return _main_subject(s, start)


def _main_subject(s: Sentence, start: int) -> Range | None:
    """Return the subject of the nearest finite verb before a token."""
    for k in range(start - 1, max(-1, start - 40), -1):
        if s.tags[k] in "zekb" or (s.tags[k] in "vng" and k and s.tags[k - 1] in "bhMBd"):
            found = subject(s, group(s, k).start)
            if found is not None:
                return found
        if s.tags[k] in ';"':
            return None
    return None


def _of_noun(s: Sentence, trigger: Trigger, told: Reality, cast: Cast) -> tuple[Range | None, Range | None]:
    owner = _owner(s, trigger.start, cast)
    target = by = None
    for k in range(trigger.end, min(len(s), trigger.end + 14)):
        joins = s.tags[k] == "C" and s.tags[k + 1 : k + 2] in ("e", "v", "z", "k")
        if s.tags[k] in ';:._"WzkbM' or joins:
            break
        if s.words[k] == "by" and by is None:
            by = phrase_right(s, k + 1)
        elif target is None and _leads_to_target(s, trigger, k):
            target = phrase_right(s, k + 1)
    if target is not None and "T" in s.tags[target[0] : target[1] + 1]:
        target = None  # "on 27 February"
    of = target is not None and target[0] > 0 and s.words[target[0] - 1] == "of"
    if trigger.type.startswith("position.") and of and by is None and owner is None:
        by, target = target, None  # "the support of X" is X's
    actor = by or owner
    return _by_governing(s, trigger, told, actor, target)


def _by_governing(
    s: Sentence, trigger: Trigger, told: Reality, actor: Range | None, target: Range | None
) -> tuple[Range | None, Range | None]:
    """Return who and whom, what is missing taken from the verb that tells of a noun."""
    if told.verb >= 0 and s.lemmas[told.verb] in _watching():
        return actor, target  # who records an attack did not attack
    if told.verb >= 0 and told.verb < trigger.start:
        g = group(s, told.verb)
        if not g.passive and actor is None:
            actor = subject(s, g.start) if not g.infinitive else _doer(s, g.start)
            actor = actor or _main_subject(s, told.verb)
    elif told.verb > trigger.end and actor is None:
        actor = _by(s, told.verb + 1)
    if told.verb > trigger.end and target is None and not group(s, told.verb).passive:
        target = phrase_right(s, told.verb + 1)
        target = None if target and "T" in s.tags[target[0] : target[1]] else target
    return actor, target


@lru_cache
def _watching() -> frozenset[str]:
    return frozenset(words(page("guards")["watching"]))


def _leads_to_target(s: Sentence, trigger: Trigger, k: int) -> bool:
    """Return whether the word at `k`, after a noun, stands before whom its act is done to."""
    if s.words[k] == "to":
        addressed = trigger.type.startswith(_ADDRESSED)
        return addressed and s.tags[k + 1 : k + 2] not in ("v", "b", "h", "M")
    if s.words[k] == "of":
        return s.words[trigger.end - 1] != "number"
    return s.words[k] in _AGAINST


def _owner(s: Sentence, start: int, cast: Cast) -> Range | None:
    """Return "Russian" of "Russian air strikes", "the regime" of "the regime's shelling"."""
    j = start
    while j and start - j < 12:
        if (named := initials_before(s, j)) is not None:
            j = named
        elif s.tags[j - 1] in "JNE#'-YT" and start - j < 9:
            j -= 1
        else:
            break
    if j and s.tags[j - 1] == "D":
        j -= 1
    while j > 1 and s.tags[j - 1] == "C" and s.tags[j - 2] in "EJ" and start - j < 12:
        j -= 2
    if j >= start:
        return None
    return (j, start) if cast.who(s, (j, start), owner=True) else None


def _two_sides(s: Sentence, trigger: Trigger, cast: Cast) -> Roles | None:
    """Read "clashes between X and Y", "X clashed with Y", "fighting with Y"."""
    for k in range(trigger.end, min(len(s), trigger.end + 12)):
        if s.tags[k] in ';."' or s.words[k] in ("after", "when", "while"):
            break
        if s.words[k] == "between":
            return _pair(s, k + 1, cast)
    if trigger.part != "verb" and not any(
        s.words[k] == "with" for k in range(trigger.end, min(len(s), trigger.end + 3))
    ):
        return None
    made = Roles(directed=False)
    first = (
        subject(s, group(s, trigger.start).start)
        if trigger.part == "verb"
        else _owner(s, trigger.start, cast)
    )
    k = trigger.end
    if k < len(s) and s.words[k] in ("with", "against"):
        k += 1
    _fill(s, made, first, phrase_right(s, k), cast)
    return made if made.actors or made.targets else None


def _pair(s: Sentence, k: int, cast: Cast) -> Roles | None:
    joint = next((m for m in range(k + 1, min(len(s), k + 16)) if s.words[m] in ("and", "with")), None)
    if joint is None:
        return None
    made = Roles(directed=False)
    _fill(s, made, (k, joint), phrase_right(s, joint + 1), cast)
    if not made.actors and not made.targets:
        return None
    if not made.actor_text:
        made.actor_text, made.actor_spans = s.text(k, joint), [(s.starts[k], s.ends[joint - 1])]
    return made
