"""Which replies were asked of parties, which came, and which are overdue on a day.

No reply by the deadline is a fact of its own, and so is a reply that came late. The day is given by who asks:
nothing here reads a clock. tests/unit/test_replying.py tries each side of a deadline.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfire import handwritten
from holdfire.folder import Folder
from holdfire.publishing.material import Reply
from holdfire.times import utc

OPEN = ("awaited", "no_reply")
"""Positions of who has not answered."""


@dataclass(frozen=True)
class Request:
    """One request, as of an instant.

    Attributes:
        reply: What was asked of whom, and what came.
        position: What the party had said by then.
    """

    reply: Reply
    position: str

    @property
    def open(self) -> bool:
        """Return whether no answer had come."""
        return self.position in OPEN

    @property
    def overdue(self) -> bool:
        """Return whether the deadline had passed without an answer."""
        return self.position == "no_reply" and self.reply.deadline is not None

    @property
    def late(self) -> bool:
        """Return whether an answer had come, after the deadline."""
        return not self.open and self.reply.late

    @property
    def json(self) -> dict[str, str | bool | None]:
        """Return the request as JSON holds it."""
        asked, deadline, answered = self.reply.asked, self.reply.deadline, self.reply.answered
        return {
            "incident": self.reply.incident_id,
            "actor": self.reply.actor,
            "asked": utc(asked),
            "deadline": utc(deadline) if deadline else None,
            "answered": utc(answered) if answered and not self.open else None,
            "position": self.position,
            "overdue": self.overdue,
            "late": self.late,
        }


def requests(folder: Folder, on: datetime) -> list[Request]:
    """Return the requests made by an instant: overdue ones first, then by deadline; one without comes last.

    Args:
        folder: What people wrote.
        on: The instant.
    """
    found = [Request(each, each.position(on)) for each in handwritten.replies(folder) if each.asked <= on]

    def order(each: Request) -> tuple[bool, bool, bool, datetime, str, str]:
        due = each.reply.deadline
        return (
            not each.overdue,
            not each.open,
            due is None,
            due or each.reply.asked,
            each.reply.incident_id,
            each.reply.actor,
        )

    return sorted(found, key=order)
