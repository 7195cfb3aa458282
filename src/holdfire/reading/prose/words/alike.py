"""Whether a form that is noun and verb alike ("claims", "support", "back") is the one or the other here.

Told by its neighbours alone: the letters of `tokens` on either side, and a few words of the closed classes.
"""

from __future__ import annotations

from holdfire.reading.prose.words.lexicon import lexicon, word_set


def noun_or_verb(tags: list[str], lowered: list[str], lemmas: list[str], i: int) -> str:  # noqa: C901, PLR0911, PLR0912
    """Tell whether a form that may be either is a noun or a verb, by its neighbours."""
    form = tags[i]
    j = i - 1
    while j >= 0 and tags[j] == "B":
        j -= 1
    before = tags[j] if j >= 0 else "^"
    after = tags[i + 1] if i + 1 < len(tags) else "."
    opens = after in 'HDROW"E#X' or (after == "S" and lowered[i + 1] in ("if", "whether", "as"))
    if before in "OMdX":
        return form if form == "v" else "N"
    if after == "R" and lowered[i + 1].endswith(("selves", "self")):
        return form  # "call themselves"
    if j >= 0 and form == "v" and (opens or after in "gJ") and lowered[j] in _SHARES:
        return form  # "two-thirds support it"
    if before in "#D" and opens and lemmas[i] not in lexicon().nouns_too:
        return form  # "four in ten say they", "another says it"
    if before in "J'-b":
        return "N"
    if before == "D":
        speaks = lowered[j] in SPEAKING
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
    if before == "C" and form == "v" and after in "RH" and lowered[j] == "and" and _acts_before(tags, j):
        return form  # "they lose their jobs and fear they will"
    if before == "C":
        return form if j >= 1 and tags[j - 1] in "vzeknN" and opens and _verb_before(tags, j) else "N"
    if form == "z":
        if opens or (after in ",:" and lemmas[i] in lexicon().cues):
            return "z" if before in 'NETgY)",' else "N"
        return "z" if before == "E" and after in "JNg" else "N"
    plural = _many(tags, lowered, j) if j >= 0 else False
    if not plural and after in "HR" and before in "NE":
        return "v" if _heads(tags, lowered, j) else "N"
    return "v" if plural and (opens or after in "JN:g") else "N"


def backs(tags: list[str], lowered: list[str], i: int) -> bool:
    """Return whether "back" is what some people do to somebody: "two members currently back the bill"."""
    j = i - 1
    while j > 0 and tags[j] == "B":
        j -= 1
    if j < 0 or tags[i + 1 : i + 2] not in (["D"], ["R"], ["E"]):
        return False
    return _many(tags, lowered, j) or lowered[j] in ("who", "they", "we")


def _many(tags: list[str], lowered: list[str], j: int) -> bool:
    return tags[j] in "NE" and len(lowered[j]) > 3 and (lowered[j][-1] == "s" or lowered[j] in _PEOPLE)


def _heads(tags: list[str], lowered: list[str], j: int) -> bool:
    """Return whether the phrase that ends at `j` hangs on a plural: "polls in the state"."""
    for k in range(j, max(0, j - 6), -1):
        if tags[k] == "P":
            return _many(tags, lowered, k - 1)
        if tags[k] not in "NEDJ#'":
            return False
    return False


_SHARES = word_set("% percent thirds fourths quarters fifths tenths half")
SPEAKING = word_set("some many most few both all several")
_PEOPLE = word_set("women men people police children both others")


def _acts_before(tags: list[str], j: int) -> bool:
    return any(letter in "vg" for letter in tags[max(0, j - 16) : j])


def _verb_before(tags: list[str], j: int) -> bool:
    return any(letter in "vzek" for letter in tags[max(0, j - 8) : j])
