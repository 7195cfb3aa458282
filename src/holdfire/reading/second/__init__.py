"""A second reader: what a language model says a text claims, held to the text word for word.

Off unless someone asks for it. It is shown the text and our schema and must answer with strings of the text;
where they stand is found by us, and a field whose string does not stand in the text is dropped and counted.
It overwrites nothing: where it agrees with the reader of prose, a claim is surer; where it does not, a
person looks. Nothing here speaks to a network: `asked` makes the question, `heard` reads the answer,
`compared` sets the two readings side by side.
"""

from __future__ import annotations

from holdfire.reading.second.asking import asked, prompt_digest
from holdfire.reading.second.comparing import Compared, compared
from holdfire.reading.second.hearing import Heard, Hearing, heard

__all__ = ["Compared", "Heard", "Hearing", "asked", "compared", "heard", "prompt_digest"]
