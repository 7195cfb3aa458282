"""What is said of tables of overlapping lists as plain values for machines; what is no number is null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from holdfire.counting.assessing import Assessment
from holdfire.counting.eachlist import EachList, why
from holdfire.counting.estimate import Estimate, Reason
from holdfire.counting.pooling import Pooled
from holdfire.publishing.pages.tollwords import tollwords


def finite(value: float) -> float | None:
    """Return a number, None where it is none."""
    return value if isfinite(value) else None


def ends(estimate: Estimate) -> dict[str, Any]:
    """Return an estimate's number and interval."""
    return {
        "method": estimate.method,
        "middle": finite(estimate.middle),
        "low": finite(estimate.low),
        "high": finite(estimate.high),
        "level": estimate.level,
    }


def reasons(given: Sequence[Reason]) -> list[dict[str, Any]]:
    """Return reasons with their words."""
    words = tollwords("en")
    found = []
    for each in given:
        said = words.reason(each.code, each.facts)
        found.append({"code": each.code, "facts": values(each.facts), "says": said.says, "helps": said.helps})
    return found


def values(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as plain values."""
    return {
        name: list(value)
        if isinstance(value, tuple)
        else finite(value)
        if isinstance(value, float)
        else value
        for name, value in facts.items()
    }


def assessed(found: Assessment) -> dict[str, Any]:
    """Return what is said of one stratum."""
    status = "refused" if found.refused else "conditional" if found.conditions else "stated"
    return {
        "documented": found.documented,
        "status": status,
        "refused": reasons(found.refused),
        "conditions": reasons(found.conditions),
        "notes": reasons(found.notes),
        "stated": None if found.stated is None else ends(found.stated),
        "spread": None if found.spread is None else [finite(end) for end in found.spread],
        "lower_bound": None if found.bound is None else ends(found.bound),
        "table": found.table.digest,
        "estimates": [estimated(each) for each in found.estimates],
    }


def by_list(found: EachList | None) -> dict[str, Any] | None:
    """Return what each list does to the answer; None: it was not asked."""
    if found is None:
        return None
    return {
        "methods": [each.method for each in found.whole.estimates],
        "all": None if found.whole.stated is None else ends(found.whole.stated),
        "without": [
            {
                "list": each.list,
                "number": None if each.number is None else ends(each.number),
                "refused": reasons(why(each.said)),
            }
            for each in found.without
        ],
        "predicted": [
            {
                "list": each.list,
                "known": each.known,
                "found": each.found,
                "number": None if each.number is None else ends(each.number),
                "verdict": each.held,
                "refused": reasons(why(each.said)),
            }
            for each in found.known
        ],
    }


def estimated(estimate: Estimate) -> dict[str, Any]:
    """Return what one method says."""
    return {
        **ends(estimate),
        "refused": reasons(estimate.refused),
        "notes": reasons(estimate.notes),
        "checks": [
            {"name": c.name, "value": finite(c.value), "limit": c.limit, "passed": c.passed}
            for c in estimate.checks
        ],
        "models": [
            {
                "name": m.name,
                "total": finite(m.total),
                "low": None if m.low is None else finite(m.low),
                "high": None if m.high is None else finite(m.high),
                "weight": m.weight,
                **values(m.facts),
            }
            for m in estimate.models
        ],
        "settings": values(estimate.settings),
    }


def pooled(found: Pooled | None) -> dict[str, Any] | None:
    """Return a sum of strata."""
    if found is None:
        return None
    return {
        "documented": found.documented,
        "documented_beside": found.beside,
        "middle": finite(found.middle),
        "low": finite(found.low),
        "high": finite(found.high),
        "level": found.level,
        "strata": len(found.strata),
        "left_out": len(found.left_out),
        "ranged": found.ranged,
    }
