"""The question put to a second reader, the same for every text: its digest names it in the provenance."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from holdfire.digests import Digest, canonical, digest
from holdfire.reading.types import event_types
from holdfire.records.claim import Kind, Modality, Stance


@lru_cache(maxsize=1)
def _system() -> str:
    listed = "\n".join(f"  {each.name}: {each.definition}" for each in event_types().values())
    names = {
        "STANCES": ", ".join(Stance),
        "MODALITIES": ", ".join(Modality),
        "KINDS": ", ".join(Kind),
    }
    task = files("holdfire.reading.second").joinpath("question.txt").read_text(encoding="utf-8")
    text = task + listed
    for mark, values in names.items():
        text = text.replace(mark, values)
    return text


def prompt_digest() -> Digest:
    """Return the digest of the question, text apart."""
    return digest(_system().encode())


def asked(text: str, model: str, published: str, most: int) -> dict[str, Any]:
    """Return the body of a request of the OpenAI chat protocol.

    Args:
        text: The text of the report, without its front matter.
        model: Name of the model.
        published: When it was published, as its note says; empty: not said.
        most: Most tokens of the answer.
    """
    dated = f"Published: {published or 'not said'}\n\n"
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": _system()},
            {"role": "user", "content": dated + text},
        ],
        "temperature": 0,
        "seed": 0,
        "max_tokens": most,
        "response_format": {"type": "json_object"},
    }


def key_of(body: dict[str, Any], url: str) -> Digest:
    """Return the digest that an answer is kept under: of the whole request and whom it was put to."""
    return digest(canonical({"url": url, "body": json.dumps(body, sort_keys=True)}))
