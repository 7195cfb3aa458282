"""Whether what a verb tells is said to have happened: by its auxiliaries and what it hangs on."""

from __future__ import annotations

from dataclasses import replace

from holdfire.reading.prose.acts.reality import MODALS, Reality, governing
from holdfire.reading.prose.words.syntax import FINITE, VERBS, Group, group, subject
from holdfire.reading.prose.words.tokens import Sentence
from holdfire.records.claim import Kind, Modality


def of_verb(s: Sentence, i: int) -> Reality:  # noqa: PLR0911 - each return is one rule
    """Return how the event of the verb at `i` stands."""
    g = group(s, i)
    if g.modal:
        modality = MODALS.get(g.modal, Modality.CONDITIONAL)
        if g.infinitive:
            return _infinitive(s, i, g)
        return Reality(modality, g.negated or g.modal.endswith("n't"), verb=i, rules=(f"modal-{g.modal}",))
    if g.infinitive:
        return _infinitive(s, i, g)
    if (s.tags[i] == "g" and not g.progressive) or s.words[g.start] == "being":
        return _gerund(s, i, g)
    if s.tags[i] in "en" and g.start == i and (_is_reduced(s, i) or _joins_reduced(s, i)):
        return Reality(Modality.ACTUAL, kind=Kind.ATTRIBUTIVE, verb=i, rules=("reduced-relative",))
    if s.tags[i] == "v" and g.start == i and (let := _let(s, i)) is not None:
        return let
    if s.tags[i] == "v" and g.start == i and not _has_subject(s, g):
        return Reality(Modality.REQUESTED, g.negated, verb=i, rules=("bare-verb",))
    if s.tags[i] in "vz" and g.start and s.tags[g.start - 1] in "HW":
        return Reality(Modality.ACTUAL, g.negated, Kind.ATTRIBUTIVE, i, ("relative",))  # "groups that accept"
    nobody = s.words[i + 1 : i + 2] in (["no"], ["neither"], ["nobody"], ["none"], ["nothing"])
    return Reality(Modality.ACTUAL, g.negated or nobody or _never(s, g), verb=i)


def habitual(s: Sentence, i: int) -> bool:
    """Return whether a verb tells what is done again and again, and so no one event."""
    known = governing()
    g = group(s, i)
    near = range(max(0, g.start - 2), min(len(s), i + 4))
    if any(s.words[k] in known.habit for k in near):
        return True
    dated = any(s.tags[k] in "T#" and k and s.tags[k - 1] in "P^" for k in range(len(s)))
    if not dated and any(s.words[k] in known.repeated for k in near):
        return True
    after = s.words[i + 1 : i + 14]
    return any(
        after[k : k + len(each)] == each
        for each in known.recurring
        if each[0] in after
        for k in range(len(after))
    )


def _joins_reduced(s: Sentence, i: int) -> bool:
    """Return whether "and" joins a participle to one that hangs on a noun: "held by X and targeted in Y"."""
    if i < 3 or s.tags[i - 1] != "C" or s.tags[i + 1 : i + 2] != "P":
        return False
    for k in range(i - 2, max(-1, i - 14), -1):
        if s.tags[k] in "en":
            return _is_reduced(s, k)
        if s.tags[k] in "zkbhM;:":
            return False
    return False


def _let(s: Sentence, i: int) -> Reality | None:
    """Return how a plain verb stands after "let X", "help X", "make X": what is let may never happen."""
    for k in range(i - 1, max(-1, i - 8), -1):
        if s.lemmas[k] in ("let", "help", "make") and s.tags[k] in VERBS:
            outer = of_verb(s, k)
            actual = outer.modality == Modality.ACTUAL
            modality = Modality.CONDITIONAL if actual and s.lemmas[k] != "make" else outer.modality
            return replace(outer, modality=modality, verb=i, rules=(f"governed-{s.lemmas[k]}",))
        if s.tags[k] in VERBS or s.tags[k] not in "DJNER#'-":
            return None
    return None


def _never(s: Sentence, g: Group) -> bool:
    """Return whether the subject itself denies: "no one was killed", "neither side attacked"."""
    who = subject(s, g.start)
    if who is None:
        return False
    return bool(
        {"no", "none", "nobody", "neither", "nothing"}.intersection(s.words[max(0, who[0] - 1) : who[0] + 1])
    )


def _has_subject(s: Sentence, g: Group) -> bool:
    return subject(s, g.start) is not None or (g.start > 0 and s.tags[g.start - 1] in "C")


def _is_reduced(s: Sentence, i: int) -> bool:
    """Return whether a participle hangs on the noun before it: "areas held by Daesh"."""
    if i == 0 or s.tags[i - 1] not in "NER,#'":
        return False
    if s.tags[i] == "n":
        return True
    after = s.words[i + 1] if i + 1 < len(s) else ""
    if after not in ("by", "in", "since", "during", "on", "at", "near", "between", "as", "from", "under"):
        return False
    finite = any(s.tags[k] in FINITE or (s.tags[k] == "e" and k != i) for k in range(len(s)))
    return after == "by" or (finite and _other_finite_verb(s, i))


def _other_finite_verb(s: Sentence, i: int) -> bool:
    """Return whether the noun before the participle is the object, or the subject of a later verb."""
    for k in range(i + 1, min(len(s), i + 16)):
        if s.tags[k] in "zkbhM":
            return True
        if s.tags[k] in ',;:"SCW':
            break
    for k in range(i - 1, max(-1, i - 16), -1):
        if s.tags[k] in "zkeM" and k != i:
            return True
        if s.tags[k] in ';:"HS,':
            break
    return False


def _infinitive(s: Sentence, i: int, g: Group) -> Reality:
    """Return how "to strike" stands, by the word it hangs on."""
    known = governing()
    if g.modal or s.tags[g.start] in "hb":  # "will have to", "had to", "is to"
        return Reality(_bound(s, g), g.negated, verb=i, rules=("modal" if g.modal else "have-to",))
    for k in range(g.start - 1, max(-1, g.start - 12), -1):
        letter, word, lemma = s.tags[k], s.words[k], s.lemmas[k]
        if letter in ';:_"' or (letter == "H" and k < g.start - 1):
            break
        if letter not in "vzekngNJbhBM":
            continue
        if lemma in known.refusing or word in known.refusing:
            return Reality(Modality.INTENDED, not g.negated, verb=i, rules=(f"refused-{lemma}",))
        if letter == "h":
            return Reality(Modality.OBLIGATION, g.negated, verb=i, rules=("have-to",))
        modality = known.governors.get(lemma) or known.governors.get(word)
        if modality is not None:
            return Reality(
                Modality(modality), g.negated != denied(s, k), verb=i, rules=(f"governed-{lemma}",)
            )
        if letter in "vzekng":
            break
    return Reality(Modality.INTENDED, g.negated, verb=i, rules=("to-verb",))


def _bound(s: Sentence, g: Group) -> Modality:
    """Return what the auxiliaries before "to" make of a verb: "have to" obliges, "is to" is meant."""
    if any(s.words[k] in ("have", "has", "had", "need") for k in range(g.start, g.head)):
        return Modality.OBLIGATION
    return Modality.CONDITIONAL if g.modal else Modality.INTENDED


def denied(s: Sentence, k: int) -> bool:
    """Return whether the verb at `k` is negated."""
    return s.tags[k] in VERBS and group(s, k).negated


def _gerund(s: Sentence, i: int, g: Group) -> Reality:
    """Return how an -ing form stands: "stop bombing", "accused X of bombing", ", killing five"."""
    j = g.start - 1
    if j >= 0 and (s.tags[j] == "," or s.tags[j] == "C"):
        main = _main_verb(s, j)
        if main >= 0 and main != i:
            return replace(of_verb(s, main), verb=i, rules=("participle",))
        return Reality(Modality.ACTUAL, g.negated, verb=i)
    if j >= 0 and s.tags[j] in "NE" and not _perceived(s, j):
        return Reality(Modality.ACTUAL, kind=Kind.ATTRIBUTIVE, verb=i, rules=("participle-of-noun",))
    for k in range(j, max(-1, j - 7), -1):
        if s.tags[k] in ',;:"_':
            break
        found = _governs_gerund(s, k, i)
        if found is not None:
            return found
    if j >= 0 and s.tags[j] in "PS" and s.words[j] in ("after", "by", "while"):
        return Reality(Modality.ACTUAL, verb=i)
    return Reality(Modality.ACTUAL, kind=Kind.PRESUPPOSED, verb=i, rules=("gerund",))


def _governs_gerund(s: Sentence, k: int, i: int) -> Reality | None:  # noqa: PLR0911 - each return is one rule
    """Return what the word at `k` makes of an -ing form after it, if anything."""
    known = governing()
    word, lemma, letter = s.words[k], s.lemmas[k], s.tags[k]
    if lemma in known.stopping or word in known.stopping:
        return Reality(Modality.CONDITIONAL, kind=Kind.PRESUPPOSED, verb=i, rules=(f"stopped-{lemma}",))
    if word in ("without", "not"):
        return Reality(Modality.ACTUAL, negated=True, verb=i, rules=("without",))
    if word == "against":
        return Reality(Modality.REQUESTED, verb=i, rules=("against",))
    if lemma in ("accuse", "suspect", "blame", "deny"):
        return Reality(Modality.ACTUAL, verb=i, rules=(f"governed-{lemma}",))
    modality = known.governors.get(lemma) or known.governors.get(word)
    if modality and modality != "actual" and letter in "vzekngNJ":
        return Reality(Modality(modality), verb=i, rules=(f"governed-{lemma}",))
    if lemma in known.presupposing and letter in "vzekngN":
        return Reality(Modality.ACTUAL, kind=Kind.PRESUPPOSED, verb=i, rules=(f"presupposed-{lemma}",))
    return None


def _perceived(s: Sentence, j: int) -> bool:
    """Return whether somebody is seen doing it: "saw rebels shelling the town"."""
    return any(
        s.lemmas[k] in ("see", "hear", "watch", "film", "catch", "stop", "prevent")
        for k in range(max(0, j - 4), j)
    )


def _main_verb(s: Sentence, j: int) -> int:
    """Return the finite verb of the clause before token `j`, or -1."""
    best = -1
    for k in range(j - 1, max(-1, j - 40), -1):
        if s.tags[k] in "zek" or (s.tags[k] in "vng" and k and s.tags[k - 1] in "bhMBd"):
            best = k
            if not (k and s.tags[k - 1] in "W"):
                return best
        if s.tags[k] in ';"':
            break
    return best
