"""Make `verify.html`, the page that checks a bundle without a library, a build step or a network.

It is one file that holds everything it needs and may ask for nothing: its content security policy names the
digests of its own two scripts and its style, allows a worker made of its own text, and no connection at all.
The same sources give the same bytes. What it checks is docs/format.md, written a second time, so that a
mistake in one verifier does not hide in the other; tests/browser/test_verify_page.py holds the two against
the same attacks.
"""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files

CORE = (
    "bytes",
    "sha2",
    "ed25519",
    "json",
    "tree",
    "note",
    "names",
    "zip",
    "source",
    "keysets",
    "files",
    "record",
    "issue",
    "check",
    "worker",
)
"""Scripts that check, in the order in which each needs the ones before."""

FACE = ("language", "memory", "picking", "showing", "page")
"""Scripts that ask and show."""

LANGUAGES = ("en", "ar")

POLICY = (
    "default-src 'none'; script-src {core} {page}; style-src {style}; img-src data:; worker-src blob:; "
    "connect-src 'none'; base-uri 'none'; form-action 'none'"
)
"""Nothing is fetched (Content Security Policy Level 3); `data:` is the empty icon, else one is asked for."""


def verify_html() -> bytes:
    """Return the page, whole.

    Raises:
        ValueError: A script would end its own element.
    """
    parts = {
        "core": _scope(_scripts(CORE)),
        "page": _scope(f"const WORDS = {_words()};\n{_scripts(FACE)}"),
        "style": _text("style.css"),
    }
    for name, text in parts.items():
        if "</" in text and ("</script" in text or "</style" in text):
            raise ValueError(f"the {name} of the page would end its own element")
    policy = POLICY.format(**{name: _source(text) for name, text in parts.items()})
    whole = _text("template.html")
    for name, text in {"policy": policy, **parts}.items():
        before, mark, after = whole.partition("{{" + name + "}}")
        if not mark:
            raise ValueError(f"the template of the page has no place for its {name}")
        whole = before + text + after
    return whole.encode()


def _scope(script: str) -> str:
    return f'\n"use strict";\n(() => {{\n{script}}})();\n'


def _scripts(names: tuple[str, ...]) -> str:
    return "\n".join(_text(f"scripts/{name}.js") for name in names)


def _words() -> str:
    known = {language: json.loads(_text(f"words/{language}.json")) for language in LANGUAGES}
    return json.dumps(known, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _text(name: str) -> str:
    return files("holdfire.ledger.page").joinpath(*name.split("/")).read_text("utf-8")
