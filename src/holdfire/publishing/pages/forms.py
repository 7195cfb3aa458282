"""A page that thousands share, laid out once: its template with gaps, filled by joining strings.

The template is rendered once in each language with a mark for every value; what lies between the marks is
then fixed. Filling it costs a join, where rendering it each time costs a hundred calls.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from jinja2 import Template

from holdfire.publishing.pages.typeset import markup

_GAP = re.compile("\ue100([a-z_]+)\ue101")


class Form:
    """A template with gaps.

    Args:
        template: The template.
        fixed: Values that are the same on every page.
        gaps: Names of the values that differ.

    >>> from jinja2 import Environment
    >>> form = Form(Environment().from_string("<p>{{ a }}{{ b }}</p>"), {"a": 1}, ["b"])
    >>> form.filled({"b": "2"})
    '<p>12</p>'
    """

    def __init__(self, template: Template, fixed: Mapping[str, Any], gaps: Collection[str]) -> None:
        marks = {name: markup(f"\ue100{name}\ue101") for name in gaps}
        parts = _GAP.split(template.render({**fixed, **marks}))
        self._texts = parts[::2]
        self._names = parts[1::2]

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the page with these values, which are markup already, in its gaps."""
        parts = [self._texts[0]]
        for name, text in zip(self._names, self._texts[1:], strict=True):
            parts.append(values[name])
            parts.append(text)
        return "".join(parts)
