"""The expressions of time, written once for all languages in the letters of `vocabulary` and `items`.

Word order differs (last week, la semaine dernière), the parts do not: a pattern lists the orders there are.
The first pattern that matches at the leftmost place wins. No part repeats without bound, so the work grows
with the length of the text.
"""

from __future__ import annotations

import re

_SMALL = "[fztr]{0,3}"
_UNIT = "[UVY]"
_COUNT = "[din]"
_DAY = "(?:d-?o?|Oo?)"
_MONTH = r"(?:[Mm]\.?(?:/[Mm]|\([Mm]\))?)"
_YEAR = r"(?:,?f?t?Y?yY?|,?[fz]?t?(?:[Llx]tY|[Llx]Y|Y[Llx]))"
_WEEKDAY = r"(?:t?(?:U?W|w\.?),?p?,?f?[zt]{0,2})"
_PART = f"(?:e-?{_SMALL}U?{_SMALL})"

PATTERNS: tuple[tuple[str, str], ...] = (
    ("nothing", r"Vt?W|0"),
    ("numeric", r"d/d/y|y/d/d|d-d-y|y-d-d|D"),
    (
        "day_range",
        rf"(?:[rsz]?t?{_WEEKDAY}?{_DAY}[-k]t?{_WEEKDAY}?|vz?t?{_WEEKDAY}?{_DAY}&t?{_WEEKDAY}?)"
        rf"{_DAY}f?t?{_MONTH}{_YEAR}?|t?{_DAY}&t?{_DAY}f?t?{_MONTH}{_YEAR}?|ps{_DAY}z{_DAY}{_MONTH}{_YEAR}?|{_MONTH}{_DAY}[-k&]{_DAY}(?:,?y)?",
    ),
    (
        "day",
        rf"d-[Mm]-y|(?:p[fzt]{{0,2}})?{_WEEKDAY}?(?:Uf?)?t?{_DAY}f?t?U?{_MONTH}(?:{_YEAR}|t?[Llx](?![UVWw]))?",
    ),
    ("month_day", rf"{_WEEKDAY}?{_MONTH}{_DAY}{_YEAR}?"),
    ("hijri", rf"(?:{_DAY}f?t?)?(?:t?U)?h(?:[fzt]{{0,2}}Y?[iy])?"),
    ("month", rf"{_PART}?(?:[Llx]-?)?(?:t?Uf?)?{_MONTH}(?:{_YEAR}|[Llx](?![UVWw]))?"),
    ("quarter", rf"(?:{_DAY}Q|t?QO)(?:{_SMALL}{_YEAR})?"),
    ("season", rf"(?:{_PART})?S(?:[fz]?t?{_YEAR}|t?[Llx])|[Llx]t?S"),
    ("decade", rf"{_PART}?y'?-?K[YUV]?|Vy"),
    ("nights", r"p[fzt]{0,3}W[k@&]?t?W"),
    (
        "weekday",
        r"(?:e)?(?:U?[Llx]-?)?(?:p[fzt]{0,3})?(?:U?W|(?<=[zsubk])w)(?:t?[Llx])?(?:(?:zt?)?p)?",
    ),
    ("near", r"(?:e)?(?:p[zft]{0,2})?R(?![OgL])(?:z?t?p)?(?:,?z?U?W)?"),
    ("text_part", r"et?X?T|t?X[UYp]|lp-0?"),
    ("part_of_today", r"lt?p|p[ft]?l"),
    ("last_part", r"[Lx]p|pt?[Lx]"),
    ("recent", r"t?gq?V|t?V(?:t?g)|t?Lq?V|t?VL|qLV|t?[Lg]qV"),
    (
        "span",
        rf"tL[UY](?!f)|t?[Lg]{_COUNT}{_UNIT}|t?{_COUNT}[Lg]{_UNIT}|t?Vt?{_COUNT}t?[Lg]|t?{_COUNT}{_UNIT}[Lg]|t?2[Lg]|g[UY]",
    ),
    ("ahead", rf"t?x(?:q?V|{_COUNT}{_UNIT})|t?Vt?(?:{_COUNT}t?)?x|t?{_COUNT}xV"),
    ("since_start", r"s[fztr]{0,2}e[fztr]{0,3}[UY](?![LlxJy])"),
    ("calendar", rf"(?:{_PART})?(?:[Llx]t?[UYN]|t?[UYN]t?[Llx])"),
    ("weekend", r"zt?N"),
    (
        "since_count",
        rf"s(?:a?{_COUNT}V|{_COUNT}[UY]|a[UY]|2|[UY](?![WwdOyM])|q?V)(?![AFIet])(?!q?g)(?!L)",
    ),
    (
        "ago",
        rf"(?:{_COUNT}{_UNIT}|qV|a?[UY])A|B7?f?(?:a?{_COUNT}{_UNIT}|a?[UY](?![WwdOyM])|2|q?V)",
    ),
    (
        "later",
        rf"(?:{_COUNT}{_UNIT}|a[UY])[FeIju]|{_UNIT}(?<=[UY])F|G(?:{_COUNT}{_UNIT}|a?[UY](?![WwdOyM])|2)I?",
    ),
    ("following", r"t?J[UY]|t?[UY]t?J"),
    ("text", r"(?:p[ft]?)?(?:e[zft]?)?T"),
    ("duration", rf"Et?(?:{_COUNT}{_UNIT}|2|q[V])"),
    ("years", r"[rz]t?Y?y[-k]t?Y?y|vt?Y?y&t?Y?y|st?Y?yY?ky"),
    ("year", rf"{_PART}Y?yY?|Yy|yY|(?<=[zsujbBkIG])y"),
    ("holiday", rf"H{_YEAR}?"),
)

# Most words begin nothing: they are passed over before any pattern is tried.
GRAMMAR = re.compile(
    "(?=[^~,.;()/134567'&-])(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in PATTERNS) + ")"
)

AFTER = {
    name: tuple((later, re.compile(pattern)) for later, pattern in PATTERNS[n + 1 :])
    for n, (name, _) in enumerate(PATTERNS)
}
"""The patterns after each, for a place where it reads as nothing."""

CLOCK_AFTER = re.compile(r"[,zt@]{0,3}(?:@?(?P<c>c)C?|@(?P<u>d)[UV]|(?P<d>d)C)z?(?P<z>Z)?")
CLOCK_BEFORE = re.compile(
    r"@?(?:(?P<c>c)C?|(?P<d>d)C)z?(?P<z>Z)?(?:\([cdiy]C?Z?\))?[,zftU]{0,3}$"  # "7 p.m. (1600 GMT) on"
)
