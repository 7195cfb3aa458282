"""Numbers of a language that has a page, and the deaths and injuries they count.

A number goes to what its own noun says it counts; else to the nearest word of harm before it; else to the
one after it. A number that no word of people or harm stands beside counts nobody.
"""

from __future__ import annotations

from holdfire.reading.prose.acts.harm import Harm
from holdfire.reading.prose.tongues.lines import Line
from holdfire.reading.prose.tongues.words import Number, Tongue, tongue
from holdfire.reading.prose.words.numerals import MOST
from holdfire.reading.prose.words.quantities import Amount

_BEFORE = 9
"""Most tokens between a word of harm and the number after it."""
_AFTER = 6
"""Most tokens between a number and the word of harm after it."""


def amounts(line: Line, taken: frozenset[int] = frozenset()) -> list[Amount]:
    """Return the numbers of a sentence that count something, in order.

    Args:
        line: The sentence.
        taken: Tokens that dates hold.
    """
    known = tongue(line.code)
    out: list[Amount] = []
    k = 0
    while k < len(line):
        read = None if k in taken else _number(line, known, k)
        if read is None:
            k += 1
            continue
        end, number = read
        made = _amount(line, known, k, end, number)
        if made is not None and not any(m in taken for m in range(k, end)):
            out.append(made)
        k = end
    return out


def _number(line: Line, known: Tongue, k: int) -> tuple[int, Number] | None:
    """Return the token after a number that begins at a token, and what it is worth."""
    part = _part(line, known, k)
    if part is None:
        return None
    end, first = part
    total, last = (1, first.value) if first.times else (0, first.value)
    if first.times:
        total, last = 0, first.value
    vague, unit, rounded = first.vague, first.unit, first.rounded
    while not unit and end < len(line):
        at = end + 1 if line.tags[end] == "-" else end
        joined = at > end
        if line.at("numbers.and", at) and at + 1 < len(line):
            at, joined = at + 1, True
        following = _part(line, known, at) if at < len(line) else None
        if following is None or following[1].vague or following[1].unit:
            break
        written_on = any(r.before and r.before[0] in known.list("numbers.and") for r in line.readings[at])
        if following[1].times:
            last = max(1, last) * following[1].value
            total, last = total + last, 0
        elif (joined or written_on or _below(last, following[1].value)) and line.tags[at] != "#":
            last += following[1].value
        else:
            break
        end = following[0]
    if first.times and end == part[0] and not known.verb_first:  # "тысячи": no figure stands before it
        held = [f.value for f in known.numbers.at(line.readings, k) if f.value.vague and f.end == end]
        return end, held[0] if held else first
    return end, Number(total + last, vague=vague, unit=unit, rounded=rounded)


def _below(last: int, following: int) -> bool:
    """Return whether a number may follow another without a word between: "двадцать пять", "cent vingt"."""
    return (
        last >= 20 and last % 10 == 0 and 0 < following < 10 ** (len(str(last)) - len(str(last).rstrip("0")))
    )


def _part(line: Line, known: Tongue, k: int) -> tuple[int, Number] | None:
    raw = line.words[k]
    digits = raw.replace(",", "").replace(".", "")
    if line.tags[k] == "#" and digits.isdecimal():
        end = k + 1
        while digits == raw and _goes_on(line, k, end):  # "3 000"
            digits = raw = digits + line.words[end]
            end += 1
        whole = digits if raw == digits or len(raw.replace(".", ",").split(",")[-1]) == 3 else ""
        return (end, Number(int(whole))) if whole and len(whole) < 12 else None
    for found in known.numbers.at(line.readings, k):
        if not found.after and found.before in _ONTO:
            return found.end, found.value
    return None


def _goes_on(line: Line, k: int, end: int) -> bool:
    """Return whether a token is the next three digits of a number written with spaces."""
    return (
        end < len(line) and line.tags[end] == "#" and len(line.words[k]) <= 3 and len(line.words[end]) == 3
        and line.words[end].isdecimal() and line.starts[end] == line.ends[end - 1] + 1
    )  # fmt: skip


_ONTO = frozenset(("", "و", "ف", "ب", "ل", "وب", "ول"))
"""What may be written onto a number; an article makes "the five" of it, which is counted as well."""


def _amount(line: Line, known: Tongue, i: int, end: int, number: Number) -> Amount | None:  # noqa: PLR0911
    if not 0 <= number.value <= MOST:
        return None
    unit_at = i if number.unit else _unit(line, known, end)
    if end < len(line) and line.at("numbers.not_counted", end):
        return None
    if line.tags[end : end + 1] == "-" and end + 1 < len(line) and line.starts[end] == line.ends[end - 1]:
        return None
    if line.words[i].isdecimal() and 1900 <= number.value <= 2100 and unit_at != end:
        return None
    if line.words[i].isdecimal() and 1900 <= number.value <= 2100 and not is_person(line, known, end):
        return None
    if end < len(line) and line.words[end] in ("%", "٪", "°", "/"):
        return None
    if line.tags[i] == "D" and number.value == 1 and (unit_at != end or not is_person(line, known, end)):
        return None  # an article
    unit = line.words[unit_at] if unit_at >= 0 else ""
    start, bound = _bound(line, known, i, end, max(end, unit_at + 1))
    bound = "vague" if number.vague else "near" if number.rounded and bound == "exact" else bound
    return Amount(start, end, number.value, None, bound, unit, unit_at)


def _bound(line: Line, known: Tongue, i: int, end: int, past: int) -> tuple[int, str]:
    """Return where a number begins with the words that bound it, and how far it binds."""
    start, bound = i, "exact"
    if _ending_at(line, known, "numbers.exactly", i) is not None:
        return i, "exact"  # "rose to 43" is no ceiling
    for name in ("lower", "upper", "near"):
        first = _ending_at(line, known, f"numbers.{name}", i)
        if first is not None:
            start, bound = first, name
            break
    for name in ("lower", "upper"):
        held = known.list(f"numbers.{name}_after")
        if any(at < len(line) and held.at(line.readings, at) for at in (end, past, past + 1)):
            bound = name
    return start, bound


def _ending_at(line: Line, known: Tongue, name: str, k: int) -> int | None:
    """Return where a phrase of a list begins that ends just before a token."""
    held = known.list(name)
    for start in range(max(0, k - 4), k):
        if any(found.end == k for found in held.at(line.readings, start)):
            return start
    return None


def _unit(line: Line, known: Tongue, end: int) -> int:
    """Return the noun a number counts: the first of people after it, else the next word; -1: none."""
    stop = min(len(line), end + 4)
    for k in range(end, stop):
        if line.tags[k] in ',;:.()"HW':
            break
        if is_person(line, known, k):
            return k
    if end > 1 and is_person(line, known, end - 2):
        return end - 2  # the noun before its number: "مدنيين اثنين"
    named = end < len(line) and line.tags[end] in "NE" and not line.at("people.including", end)
    return end if named else -1


def is_person(line: Line, known: Tongue, k: int) -> bool:
    """Return whether a token names people."""
    return k >= 0 and any(line.at(name, k) for name in ("people.people", "people.civilian"))


_HARM = {
    "killed": ("people.killed", "people.killing"),
    "injured": ("people.wounded", "people.wounding"),
}  # fmt: skip


def kinds_of(line: Line) -> dict[int, str]:
    """Return the tokens that tell of harm to people, each with "killed" or "injured"."""
    found: dict[int, str] = {}
    for kind, names in _HARM.items():
        for name in names:
            for k in line.where(name):
                found.setdefault(k, kind)
    return found


def harm(line: Line, numbers: list[Amount], kinds: dict[int, str], i: int, j: int) -> Harm:
    """Return the harm counted between tokens `i` and `j`; `kinds`: words of harm of the line."""
    known = tongue(line.code)
    at = {k: kind for k, kind in kinds.items() if i - 1 <= k < j}
    made = Harm()
    for amount in numbers if at else ():
        if not i <= amount.start < j:
            continue
        kind = _kind(line, known, amount, at)
        part = any(
            m >= amount.start - 2 or found.end == amount.start
            for m in range(max(0, amount.start - 4), amount.start)
            for found in line.at("people.including", m)
        )
        civilian = amount.unit_at >= 0 and bool(line.at("people.civilian", amount.unit_at))
        if part:
            if civilian and kind != "injured" and made.civilians is None and made.killed is not None:
                made.civilians = amount
        elif kind == "killed" and made.killed is None:
            made.killed = amount
            made.civilians = amount if civilian else made.civilians
        elif kind == "injured" and made.injured is None:
            made.injured = amount
    return made


def _past_part(line: Line, known: Tongue, k: int) -> int:
    """Return the token after "..., five of them children," where that stands at a token; else the token."""
    if line.tags[k : k + 1] != "," or not line.at("people.including", k + 1):
        return k
    return next((m + 1 for m in range(k + 1, min(len(line), k + 12)) if line.tags[m] == ","), k)


def _kind(line: Line, known: Tongue, amount: Amount, at: dict[int, str]) -> str:
    """Return which harm a number counts; nothing where it counts none."""
    if amount.unit_at in at:
        return at[amount.unit_at]
    if amount.unit_at >= 0 and not is_person(line, known, amount.unit_at):
        return ""
    past = _past_part(line, known, max(amount.end, amount.unit_at + 1))
    near = next(
        (k for k in range(past, min(len(line), past + 4)) if k in at or line.tags[k] in ",;:.CP"), past
    )
    beside = at.get(near, "")
    if beside and not known.verb_first:
        return beside  # "девять убиты, тридцать ранены"
    for k in range(amount.start - 1, max(-1, amount.start - _BEFORE), -1):
        if k in at:
            return at[k]
        if line.tags[k] in ";.":
            break
    for k in range(past, min(len(line), past + _AFTER)):
        if k in at:
            return at[k]
        if line.tags[k] in ";.":
            break
    return ""
