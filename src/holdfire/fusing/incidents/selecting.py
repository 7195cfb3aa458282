"""Tell apart the claims that make an incident, those that answer one, and the rest.

Only a claim of something that happened can make an incident: an occurrence (records.claim), `actual`,
not negated, of one event and not a running total, asserted, admitted or alleged in a report's own
words. A plan, a pledge, a demand, a caption or a presupposition makes none. A denial, a negated claim
and a plea of self-defence answer an incident: they join one, and make none of their own.
"""

from __future__ import annotations

from holdfire.engine import literals
from holdfire.records.claim import AGREED, OCCURRENCES, ONE_OFF, Kind, Modality, Stance

PLEA = "position.self_defence"
"""Event type of a claim that force was used in self-defence or in proportion to an attack."""

_FAMILIES = literals((*OCCURRENCES, *AGREED))
_OCCURRENCE = f"(split_part(event_type, '.', 1) IN {_FAMILIES} OR event_type IN {literals(ONE_OFF)})"
_TOLD = literals([Kind.REPORTED, Kind.NARRATED])
_HAPPENED = f"modality = '{Modality.ACTUAL}' AND NOT cumulative AND kind IN {_TOLD}"

MAKES = (
    f"coalesce({_OCCURRENCE}, false) AND {_HAPPENED} AND NOT negated"
    f" AND stance IN {literals([Stance.ASSERTS, Stance.ACCUSES, Stance.ADMITS])}"
)
"""SQL over CLAIM: the claim makes or joins an incident."""

ANSWERS = (
    f"coalesce(event_type = '{PLEA}', false) OR (coalesce({_OCCURRENCE}, false) AND {_HAPPENED}"
    f" AND (negated OR stance = '{Stance.DENIES}'))"
)
"""SQL over CLAIM: the claim answers an incident if one matches."""
