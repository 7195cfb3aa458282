"""A chart becomes one HTML file that holds everything it needs and asks nobody for anything.

The scripts are the Vega and Vega-Lite that Splink ships. The content security policy names the digests of the
page's scripts and style and allows no connection. Vega makes functions of the expressions in a chart, so
`unsafe-eval` is allowed; nothing in a chart comes from outside the case. Who cannot see the picture, or runs
no scripts, has the same in a table. The same chart gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from holdfire.fusing.telling.charts import Chart

_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {style}; img-src data:;"
    " connect-src 'none'; base-uri 'none'; form-action 'none'"
)
"""Nothing is fetched (Content Security Policy Level 3); `data:` is the empty icon, else one is asked for."""

_BUNDLES = ("vega@", "vega-lite@")

_DRAW = """
const charts = JSON.parse(document.getElementById("charts").textContent);
charts.forEach((spec, number) => {
  const place = document.getElementById("chart-" + number);
  const drawn = vega.parse(vegaLite.compile(spec, {logger: vega.logger(vega.Error)}).spec);
  const view = new vega.View(drawn, {renderer: "svg", container: place, hover: false});
  view.runAsync().then(() => { document.documentElement.dataset.drawn = number + 1; })
    .catch(() => { place.textContent = "The picture could not be drawn; the table says the same."; });
});
"""


def chart_page(charts: Sequence[Chart], case: str) -> bytes:
    """Return a page of charts, whole.

    Args:
        charts: What it shows, in order; the first one's title is the page's.
        case: Title of the case.

    Raises:
        ValueError: A script would end its own element.
    """
    drawn = [chart for chart in charts if chart.spec is not None]
    scripts = [*_bundles(), _DRAW] if drawn else []
    style = _text("style.css")
    for script in scripts:
        if "</script" in script:
            raise ValueError("a script holds the end of a script element")
    env = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    policy = _POLICY.format(
        scripts=" ".join([*map(_digest, scripts), "'unsafe-eval'"] if scripts else ["'none'"]),
        style=_digest(style),
    )
    numbers = {id(chart): number for number, chart in enumerate(drawn)}
    page = env.from_string(_text("page.html")).render(
        policy=policy,
        style=Markup(style),  # noqa: S704 - our own file
        scripts=[Markup(each) for each in scripts],  # noqa: S704 - our own, and those of a pinned package
        specs=Markup(_json([chart.spec for chart in drawn])),  # noqa: S704 - < > & are written otherwise
        charts=[(chart, numbers.get(id(chart))) for chart in charts],
        case=case,
    )
    return page.encode()


def _json(value: object) -> str:
    """Return JSON that no HTML parser reads as the end of its element."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _bundles() -> list[str]:
    """Return the scripts that draw, from the package of Splink."""
    kept = files("splink").joinpath("internals/files/external_js")
    named = {each.name: each for each in kept.iterdir()}
    return [
        next(file for name, file in sorted(named.items()) if name.startswith(start)).read_text(
            encoding="utf-8"
        )
        for start in _BUNDLES
    ]


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _text(name: str) -> str:
    return files("holdfire.chartpage").joinpath(name).read_text(encoding="utf-8")
