"""Count how often each rule of attribution is right: `python -m bench.reading.measured [--write]`.

Prints one line a rule: right, found, share. `--write` puts the counts into `lexicons/measured.yaml`, which
gives the precise setting its measure. Counted on the PolNeAR train sample, by the matching of the shared
scorer; run it again whenever rules or cue lists change.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.measures import SHARED
from bench.reading.attributions import articles, outermost, parts, scorer
from holdfire.reading.prose import Said

FILE = Path(__file__).resolve().parents[2] / "src/holdfire/reading/lexicons/measured.yaml"
HEAD = """\
# How often each construction of attribution was right, alone and with each kind of cue: [right, found].
# Counted on the PolNeAR train sample (168 articles) by
# `python -m bench.reading.measured --write`; not edited by hand.
rules:
"""


def right(score: ModuleType, document: Mapping[str, Any], found: Iterable[Said]) -> list[tuple[Said, bool]]:
    """Return each attribution with whether a gold one is matched by it, as the scorer matches them."""
    tokens = [(m.start(), m.end()) for m in score.WORD.finditer(document["text"])]

    def sets(each: Mapping[str, Any]) -> list[set[int]]:
        return [score.token_set(each.get(k) or [], tokens) for k in ("source", "cue", "content")]

    thrown = score.token_set(document.get("discard_spans", []), tokens)
    gold = [g for g in (sets(a) for a in document["attributions"] if a.get("cue")) if not g[1] & thrown]
    guess = [(each, sets(parts(each))) for each in found]
    guess = [(each, p) for each, p in guess if not p[1] & thrown]
    pairs = sorted(
        (
            (
                len(p[1] & g[1]) / len(p[1] | g[1]) + 0.5 * score.f1(p[2], g[2]) + 0.3 * score.f1(p[0], g[0]),
                i,
                j,
            )
            for i, (_, p) in enumerate(guess)
            for j, g in enumerate(gold)
            if p[1] & g[1]
        ),
        reverse=True,
    )
    left: set[int] = set()
    taken: set[int] = set()
    for _, i, j in pairs:
        if i not in left and j not in taken:
            left.add(i)
            taken.add(j)
    return [(each, i in left) for i, (each, _) in enumerate(guess)]


def counts(shared: Path) -> dict[str, tuple[int, int]]:
    """Return right and found of each construction, and of each construction with a kind of cue."""
    score = scorer(shared)
    found: dict[str, tuple[int, int]] = {}
    for document in articles(shared, "train-sample"):
        for each, hit in right(score, document, outermost(document["text"])):
            for rule in (each.rule, f"{each.rule} {each.group}"):
                before = found.get(rule, (0, 0))
                found[rule] = (before[0] + hit, before[1] + 1)
    return dict(sorted(found.items()))


def main(given: list[str]) -> int:
    """Print the counts, and write them where that is asked."""
    try:
        found = counts(SHARED)
    except FileNotFoundError as error:
        print(f"left out, needs {error.filename or error}", file=sys.stderr)
        return 2
    for rule, (hits, of) in found.items():
        print(f"{rule:32s} {hits:5d} of {of:5d}  {hits / of:.2f}")
    if "--write" in given:
        lines = [f"  {rule}: [{hits}, {of}]\n" for rule, (hits, of) in found.items()]
        FILE.write_text(HEAD + "".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
