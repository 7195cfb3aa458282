"""Whether lists mean the same people: by what their keepers wrote of them, word for word.

Two lists that say the same in other words are taken for different: only a person can say that they are not.
"""

from __future__ import annotations

from collections.abc import Mapping

from holdfire.counting.estimate import Reason


def of_scopes(scopes: Mapping[str, str]) -> tuple[Reason, ...]:
    """Return why lists may not be used together: what they mean differs, or nobody wrote it down.

    Args:
        scopes: Who is on each list; empty: not written down.

    >>> [each.code for each in of_scopes({"a": "civilians; the Strip", "b": "Civilians;  the strip"})]
    []
    >>> [each.code for each in of_scopes({"a": "civilians", "b": "all killed", "c": ""})]
    ['scope_unknown', 'scopes_differ']
    """
    found = []
    silent = tuple(name for name, scope in scopes.items() if not scope.strip())
    if silent:
        found.append(Reason("scope_unknown", {"lists": silent}))
    told = {" ".join(scope.casefold().split()) for scope in scopes.values() if scope.strip()}
    if len(told) > 1:
        lists = tuple(name for name in scopes if name not in silent)
        found.append(Reason("scopes_differ", {"lists": lists, "scopes": len(told)}))
    return tuple(found)
