"""Full names as lists write them, a million at a time, become given, father's, grandfather's, family name.

A name is cut at spaces and marks; abd, abu and umm join what follows, din and Allah what stands before;
articles, sons and daughters (bin, bint) are left out, and titles at the front. The first word is the given
name, the last the family's, the second the father's and the third the grandfather's. With a comma the family
comes first. What stands in brackets or after "known as" is a by-name (laqab); abu or umm with a name, and
nothing or one word more, is a kunya, and then no given name is known; nor is it of "son of" or of "unknown".

Each distinct word is looked at once, so time goes with the words there are and not with records. Beeston, A.
F. L. (1971), Arabic Nomenclature, Oxford; Schimmel, A. (1989), Islamic Names, Edinburgh.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from holdfire.compiling import loops
from holdfire.fusing.people import joining
from holdfire.fusing.people.words import Words, words
from holdfire.fusing.spelling import Forms, letters, of_letters

Codes = npt.NDArray[np.int64]

PARTS = ("given", "father", "grandfather", "family", "kunya", "laqab")
"""Parts of a name, in the order of the columns of `Parts.codes`."""

LONGEST = 300
"""Characters of a name that are looked at."""

_CUT = r"[\s\-‐-―_/\\.,;:+*|،؛\"«»“”\[\]{}<>()0-9٠-٩۰-۹]+"
_BEHIND = r"[(\[«“\"{](?P<inner>[^)\]»”\"}]*)[)\]»”\"}]?"
_COMMA = r"^([^,،]*[^,،\s][^,،]*)[,،]([^,،]*\pL[^,،]*)$"


@dataclass(frozen=True)
class Parts:
    """Names taken apart.

    Attributes:
        codes: For each name and each of PARTS, the number of its word; -1: it has none (names, 6).
        words: The ASCII forms of each word.
        keys: For each word, the common name that it is, else its bones after a point; empty: neither.
    """

    codes: Codes
    words: list[Forms]
    keys: list[str]

    def column(self, part: str, form: str) -> pa.Array:
        """Return a form of a part (`letters`, `sound`, `bones`, `others`, `key`); null: it is silent."""
        if form == "key":
            values = self.keys
        else:
            at = Forms._fields.index(form)
            values = [each[at] for each in self.words]
        found = pa.array([each or None for each in values], pa.string())
        codes = self.codes[:, PARTS.index(part)]
        return found.take(pa.array(codes, mask=codes < 0))


def take_apart(names: pa.Array | pa.ChunkedArray) -> Parts:
    """Return the parts of full names.

    >>> found = take_apart(pa.array(["Dr. Samir Abd al-Karim Haddad", "سمير عبد الكريم الحداد"]))
    >>> found.column("family", "bones").to_pylist(), found.column("father", "bones").to_pylist()
    (['hdd', 'hdd'], ['bdkrm', 'bdkrm'])
    """
    known = words()
    front, behind = _behind(names)
    main, by_name = _taken(front, known), _taken(behind, known)
    return _together(main, by_name, known)


def take_words(names: pa.Array | pa.ChunkedArray) -> Parts:
    """Return each text as one part of a name, `given`, as a list that has parts writes it."""
    known = words()
    found = _taken(names, known)
    first = np.where(found.codes[:, 0] >= 0, found.codes[:, 0], found.codes[:, 3])
    first = np.where(first >= 0, first, found.codes[:, 4])
    codes = np.full_like(found.codes, -1)
    codes[:, 0] = first
    return Parts(codes, found.words, found.keys)


def _behind(names: pa.Array | pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Return names without what stands in brackets, family last, and what stands in brackets."""
    text = pc.utf8_slice_codeunits(pc.fill_null(_strings(names), ""), 0, LONGEST)
    marked = pc.match_substring_regex(text, r"[(\[«“\"{]")
    if not pc.any(marked).as_py():
        behind = pa.chunked_array([pa.nulls(len(text), pa.string()).fill_null("")])
    else:
        found = pc.extract_regex(text, _BEHIND).combine_chunks()
        behind = pa.chunked_array([pc.fill_null(pc.struct_field(found, "inner"), "")])
        text = pc.if_else(marked, pc.replace_substring_regex(text, _BEHIND, " "), text)
    turned = pc.match_substring_regex(text, _COMMA)
    if pc.any(turned).as_py():
        text = pc.if_else(turned, pc.replace_substring_regex(text, _COMMA, r"\2 \1"), text)
    return text, behind


def _strings(names: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    chunked = names if isinstance(names, pa.ChunkedArray) else pa.chunked_array([names])
    return chunked.cast(pa.string())


def _taken(text: pa.Array | pa.ChunkedArray, known: Words) -> Parts:
    """Return the parts of names without brackets."""
    pieces = pc.split_pattern_regex(pc.fill_null(_strings(text), ""), _CUT).combine_chunks()
    ends = np.asarray(pieces.offsets).astype(np.int64)
    coded = pieces.values.dictionary_encode()
    exact = [letters(each) for each in coded.dictionary.to_pylist()]
    kinds = np.array([joining.kind(each, known) for each in exact], np.int64)
    marks = np.array(
        [joining.mark(each, int(kind)) for each, kind in zip(exact, kinds, strict=True)], np.int64
    )
    tokens = np.asarray(coded.indices).astype(np.int64)
    ids = np.full((len(ends) - 1, len(PARTS)), -1, np.int64)
    inner = loops("holdfire.fusing.people.joining", len(tokens))
    bare = [known.bare(each) for each in exact]
    bears = np.array([_bears(*each, known) for each in zip(exact, bare, strict=True)], np.int64)
    inner.part(tokens, ends, kinds, marks, bears, ids)
    return _named(ids, bare, known)


def _bears(exact: str, bare: str, known: Words) -> int:
    """Return whether a word bears the article, or is a common given name."""
    if known.names.get(bare):
        return joining.GIVEN
    return joining.BEARS if bare != exact else 0


def _named(ids: Codes, bare: list[str], known: Words) -> Parts:
    """Return parts whose numbers are joined words as those of distinct words."""
    coded = pa.array(ids.ravel()).dictionary_encode()
    codes = np.asarray(coded.indices)
    spelled = [_spelled(each, bare, known) for each in coded.dictionary.to_pylist()]
    first: dict[str, int] = {}
    place = np.array([first.setdefault(each, len(first)) if each else -1 for each in spelled], np.int64)
    found = [of_letters(each) for each in first]
    codes = place[codes.reshape(ids.shape)] if len(place) else ids
    return Parts(codes, found, [_key(each, known) for each in found])


def _key(found: Forms, known: Words) -> str:
    """Return the common name that a word is, else its bones; a word of one letter, an initial, has none."""
    if len(found.letters) < 2:
        return ""
    return known.name(found) or (f".{found.bones}" if found.bones else "")


def _spelled(number: int, bare: list[str], known: Words) -> str:
    """Return a joined word in letters: what stands before it, the word, what stands after it."""
    if number < 0:
        return ""
    mixed, word = divmod(number, len(bare))
    before, after = divmod(mixed, joining.AFTERS)
    arabic = not bare[word].islower()
    prefix = joining.BEFORE[before][arabic]
    return prefix + bare[word] + joining.AFTER[after][arabic]


def _together(main: Parts, by_name: Parts, known: Words) -> Parts:
    """Return parts with the by-name of brackets, or its kunya, added."""
    shift = len(main.words)
    inner = by_name.codes
    laqab = np.where(inner[:, 0] >= 0, inner[:, 0], np.where(inner[:, 3] >= 0, inner[:, 3], inner[:, 5]))
    codes = main.codes.copy()
    for at, found in ((4, inner[:, 4]), (5, laqab)):
        codes[:, at] = np.where((codes[:, at] < 0) & (found >= 0), found + shift, codes[:, at])
    return Parts(codes, main.words + by_name.words, main.keys + by_name.keys)
