"""A release of zones as one HTML file in English and Arabic: a map, a table, and what it does not do.

It asks nobody for anything and holds no script: the language is chosen by a link, a pointer or the keyboard
leads from an area on the map to its row. Areas are told by hatching and by their codes, not by colour alone.
All of it is a function of the release and its partition, so the same release gives the same bytes.
tests/unit/test_zone_page.py holds it to that.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from holdfire.protecting.release import Published
from holdfire.publishing.drawing.shipped import site_files
from holdfire.zonepage.drawn import drawing
from holdfire.zonepage.words import DIRECTION, LANGUAGES, WORDS, row

_POLICY = "default-src 'none'; style-src {style}; img-src data:; base-uri 'none'; form-action 'none'"
"""Nothing is fetched (Content Security Policy Level 3); `data:` is the empty icon, else one is asked for."""


def zone_page(
    published: Published, *, fingerprint: str, signers: Sequence[str], others: Sequence[str]
) -> bytes:
    """Return the page of a release, whole.

    Args:
        published: The release beside its partition.
        fingerprint: Of the record; it is printed for readers to compare.
        signers: Names of those who signed.
        others: Names of the files beside the page.
    """
    style = site_files()["site.css"].decode() + _text("zones.css")
    env = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = env.from_string(_text("page.html")).render(
        policy=_POLICY.format(style=_digest(style)),
        style=Markup(style),  # noqa: S704 - our own files
        languages=LANGUAGES,
        words=WORDS,
        direction=DIRECTION,
        drawings={language: Markup(drawing(published, language)) for language in LANGUAGES},  # noqa: S704
        release=published.release,
        k=published.partition.settings.k,
        rows={language: [row(cell, language) for cell in published.cells] for language in LANGUAGES},
        fingerprint=fingerprint,
        signers=signers,
        others=others,
    )
    return page.encode()


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _text(name: str) -> str:
    return files("holdfire.zonepage").joinpath(name).read_text(encoding="utf-8")
