"""What tables of lists allow to be said, as one HTML file in English and Arabic.

It asks nobody for anything. There is no script in it: the language is chosen by a link, the rest is text,
tables and drawings. The content security policy allows its own style and nothing else. The documented, the
estimated and the spread stand apart, as words and numbers; a drawing holds one stratum of one account alone.
The same answer gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from holdfire.publishing.drawing.shipped import site_files
from holdfire.publishing.pages.lexicon import LANGUAGES
from holdfire.publishing.pages.tollwords import tollwords
from holdfire.tolling import Toll
from holdfire.tollpage.view import View, view
from holdfire.version import VERSION

_POLICY = "default-src 'none'; style-src {style}; img-src data:; base-uri 'none'; form-action 'none'"
"""Nothing is fetched (Content Security Policy Level 3); `data:` is the empty icon, else one is asked for."""


def toll_page(found: Sequence[Toll]) -> bytes:
    """Return the page of some tables, whole.

    Args:
        found: What each allows to be said.
    """
    style = site_files()["site.css"].decode() + _text("toll.css")
    env = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    views: list[tuple[str, list[View]]] = [
        (language, [view(toll, tollwords(language), f"{language}-{n}") for n, toll in enumerate(found, 1)])
        for language in LANGUAGES
    ]
    page = env.from_string(_text("page.html")).render(
        policy=_POLICY.format(style=_digest(style)),
        style=Markup(style),  # noqa: S704 - our own files
        views=views,
        words={language: tollwords(language) for language in LANGUAGES},
        title=found[0].tabled.file if len(found) == 1 else tollwords("en").label("title"),
        version=VERSION,
    )
    return page.encode()


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _text(name: str) -> str:
    return files("holdfire.tollpage").joinpath(name).read_text(encoding="utf-8")
