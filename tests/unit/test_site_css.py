"""The style sheet: readable in light and dark, in both directions of writing, and asking for nothing."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

ASSETS = files("holdfire.publishing") / "assets"
CSS = re.sub(r"/\*.*?\*/", "", (ASSETS / "site.css").read_text("utf-8"), flags=re.S)
SCRIPT = (ASSETS / "map.js").read_text("utf-8")

ON_PAPER = (
    "ink",
    "quiet",
    "link",
    "breach",
    "disputed",
    "insufficient",
    "apart",
    "other",
    "moment",
    "breakdown",
)
TINTS = (("breach", "breach-tint"), ("disputed", "disputed-tint"), ("insufficient", "insufficient-tint"))
TINTS += (("apart", "apart-tint"), ("other", "other-tint"), ("ink", "raised"), ("quiet", "raised"))
TINTS += (("ink", "mark"), ("quiet", "around"), ("ink", "home"), ("ink", "in-force"), ("ink", "suspension"))
TINTS += (("moment", "in-force"), ("breakdown", "in-force"), ("ink", "disputed-tint"))


def colours(theme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.S)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", b)) for b in blocks[:2])
    return light if theme == "light" else {**light, **dark}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_wcag_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), [*((name, "paper") for name in ON_PAPER), *TINTS])
def test_every_text_can_be_read(theme: str, text: str, ground: str) -> None:
    found = colours(theme)
    assert contrast(found[text], found[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_and_lines_can_be_seen(theme: str) -> None:
    found = colours(theme)
    for name in ("breach", "disputed", "insufficient", "apart", "other", "killed", "sources", "focus"):
        assert contrast(found[name], found["paper"]) >= 3, name


def test_every_colour_that_is_used_is_given_in_light_and_changed_for_dark() -> None:
    used = set(re.findall(r"var\(--([\w-]+)\)", CSS)) - {"fill", "edge", "serif", "sans", "mono", "measure"}
    assert used <= set(colours("light"))
    assert {name for name in used if colours("light")[name] == colours("dark")[name]} == set()
    asked = set(re.findall(r'colour\("([\w-]+)"\)', SCRIPT))
    assert asked
    assert asked <= set(colours("light"))


def test_only_logical_properties_are_used() -> None:
    side = "(?:left|right|top|bottom)"
    physical = rf"(?<![\w-])((?:margin|padding|border)-{side}[\w-]*|{side}|float)\s*:"
    assert re.findall(physical, "a { margin-left: 1px; top: 0 }") == ["margin-left", "top"]
    ours = "\n".join(line for line in CSS.splitlines() if "maplibregl" not in line)
    assert re.findall(physical, ours) == []
    assert "text-align: left" not in ours
    assert "text-align: right" not in ours


@pytest.mark.parametrize("text", [CSS, SCRIPT])
def test_nothing_is_fetched(text: str) -> None:
    without = text.replace('a[href^="http"]', "")
    assert not re.search(r"https?:|//[a-z]|@import|url\(|fetch\(|XMLHttpRequest|WebSocket", without)


def test_what_a_reader_asked_of_the_machine_is_respected() -> None:
    for wish in (
        "prefers-color-scheme: dark",
        "prefers-reduced-motion",
        "forced-colors",
        "@media print",
        "@page",
    ):
        assert wish in CSS
    assert ":focus-visible" in CSS


def test_braces_match() -> None:
    assert CSS.count("{") == CSS.count("}")
