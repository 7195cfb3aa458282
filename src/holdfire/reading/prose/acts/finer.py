"""The type of an act made finer: by what it is done with, by what it strikes, by whom it takes."""

from __future__ import annotations

from holdfire.reading.prose.acts.triggers import Trigger, head_of
from holdfire.reading.prose.names.nounphrases import is_agent
from holdfire.reading.prose.words.lexicon import word_set
from holdfire.reading.prose.words.peoples import is_civilian
from holdfire.reading.prose.words.syntax import group, phrase_right, subject
from holdfire.reading.prose.words.tokens import Sentence

_AIRCRAFT = word_set(
    "warplane warplanes jet jets aircraft plane planes helicopter helicopters bomber bombers drone drones "
    "airstrike airstrikes gunship gunships"
)
_EXPLOSIVES = word_set("dynamite explosives explosive grenade grenades mine mines landmine")
_GUNS = word_set(
    "artillery mortar mortars rocket rockets tank tanks howitzer howitzers shell shells missile missiles"
)
_ON_FOOT = word_set(
    "troops soldiers police policemen gunmen militants fighters rebels guerrillas guerillas infantry settlers"
)


def finer(s: Sentence, trigger: Trigger) -> str:
    """Return the type of an act, made finer by what does it or what it strikes."""
    if trigger.type == "control.territory" and trigger.part == "verb" and _of_people(s, trigger):
        return "detention.arrest"
    if not trigger.type.startswith("attack."):
        return trigger.type
    return "aid.convoy_attacked" if _on_convoy(s, trigger) else _by_means(s, trigger)


def _on_convoy(s: Sentence, trigger: Trigger) -> bool:
    """Return whether an attack is on a convoy that carries aid."""
    if trigger.type not in ("attack.violence", "attack.bombardment", "attack.airstrike", "attack.bombing"):
        return False
    after = s.words[trigger.end : trigger.end + 6]
    before = s.words[max(0, trigger.start - 6) : trigger.start]
    convoy = {"convoy", "convoys"}.intersection(after) or ("convoy" in before and trigger.part == "verb")
    near = set(s.words[max(0, trigger.start - 8) : trigger.end + 8])
    return bool(convoy) and bool(near & {"aid", "humanitarian", "un", "relief", "food"})


def _by_means(s: Sentence, trigger: Trigger) -> str:
    """Return the type of an attack by what it is done with, where its own word does not say."""
    means = _means(s, trigger)
    if trigger.type == "attack.airstrike" and trigger.weak and trigger.part == "noun":
        on_foot = means & _ON_FOOT and not means & _AIRCRAFT
        return "attack.violence" if on_foot else trigger.type  # "raids by troops"
    if trigger.type == "attack.armed_clash" and s.lemmas[trigger.start] == "fire" and means & _GUNS:
        return "attack.shelling"
    if trigger.type not in ("attack.violence", "attack.bombardment") or s.lemmas[trigger.start] == "shoot":
        return trigger.type
    if means & _AIRCRAFT:
        return "attack.airstrike"
    if means & _GUNS:
        return "attack.shelling"
    return "attack.bombing" if means & _EXPLOSIVES and trigger.type == "attack.violence" else trigger.type


def _of_people(s: Sentence, trigger: Trigger) -> bool:
    """Return whether those captured are people: "captured two soldiers"."""
    if s.lemmas[trigger.start] not in ("capture", "seize"):
        return False
    acted = phrase_right(s, trigger.end)
    if group(s, trigger.start).passive:
        acted = subject(s, group(s, trigger.start).start)
    head = s.words[head_of(s, acted)] if acted is not None else ""
    return is_agent(head) or is_civilian(head) or head in _HELD


_HELD = word_set(
    "officials official men people officers pilot pilots crew leader leaders commanders prisoners hostages"
)


def _means(s: Sentence, trigger: Trigger) -> set[str]:
    """Return the words that may say what an act was done with: before it, and after "by" or "with"."""
    held = set(s.words[max(0, trigger.start - 8) : trigger.start])
    after = s.words[trigger.end : trigger.end + 9]
    for k, word in enumerate(after):
        if word in ("by", "with", "from"):
            held |= set(after[k:])
            break
    return held - {"bomber", "bombers"} if "suicide" in held else held
