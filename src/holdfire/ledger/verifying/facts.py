"""What a reader may be told after a yes: whose record it is, which bulletin, who signed, since when."""

from __future__ import annotations

from typing import Any, NamedTuple

from holdfire.ledger.verifying.entries import Keyset


class Seen(NamedTuple):
    """One witness's cosignatures of one checkpoint: times [s since 1970], and whether it is the newest."""

    name: str
    key: bytes
    size: int
    times: list[int]
    newest: bool


class Facts:
    """Facts of a bundle; empty where a step did not come so far."""

    def __init__(self) -> None:
        self.code = ""
        self.bulletin: dict[str, Any] = {}
        self.editors: list[str] = []
        self.witnesses: dict[str, dict[str, int]] = {}
        self.size = 0
        self.root = ""
        self.stale = False

    def released(self, value: dict[str, Any]) -> None:
        """Note what a release says."""
        self.bulletin = {name: value[name] for name in ("number", "period", "version", "at", "expires")}

    def witnesses_seen(self, seen: list[Seen], keyset: Keyset, now: int | None) -> None:
        """Note which witnesses of this keyset cosigned the newest checkpoint, and since when each has."""
        for each in seen:
            if each.newest:
                mine = [one for one in seen if (one.name, one.key) == (each.name, each.key)]
                self.witnesses[each.name] = {
                    "last": max(each.times),
                    "since": min(min(one.times) for one in mine),
                    "since_size": min(one.size for one in mine),
                }
        last = [each["last"] for each in self.witnesses.values()]
        if keyset.fresh_hours and now is not None:
            self.stale = not last or now - max(last) > keyset.fresh_hours * 3600

    def as_json(self) -> dict[str, Any]:
        """Return the facts for machines."""
        return dict(sorted(vars(self).items()))


def short_code_of(fingerprint: str) -> str:
    """Return the digits of a fingerprint that a person reads aloud: its first 60 bits."""
    digits = f"{int(fingerprint[:15], 16):019d}"
    return "-".join((digits[:5], digits[5:10], digits[10:15], digits[15:]))
