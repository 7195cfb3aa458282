"""Many threads add to one ledger, and their entries go to the disk together.

Forcing a disk takes milliseconds, whether for one entry or five hundred. So whoever comes while another's
transaction is under way waits, and one of those waiting then takes all of them along. Each gets its own
entries back when they are on the disk, and not before.

After an error of the disk nothing is tried again: after a failed fsync nobody can say what the disk has
(the lesson of 2018, wiki.postgresql.org/wiki/Fsync_Errors). Everyone who waits is told, and so is everyone
who comes later; opening the ledger again reads it whole. tests/properties/test_ledger_commits.py has many
threads submit at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from threading import Event, Lock
from typing import Any

from holdfire.errors import HoldfireError
from holdfire.ledger.entry import Entry
from holdfire.ledger.forms import encoded
from holdfire.ledger.log import Ledger

MOST = 500
"""Entries of one transaction: more gain little, and the first of them would wait for long."""


class _Submission:
    """Entries that one thread waits for.

    Attributes:
        wake: Set when it is done, or when its thread is the one to commit next.
        entries: What it gets back; None: it is not done.
        error: What it is told instead.
    """

    def __init__(self, contents: list[bytes], kinds: list[str]) -> None:
        self.contents = contents
        self.kinds = kinds
        self.wake = Event()
        self.entries: list[Entry] | None = None
        self.error: HoldfireError | None = None


class Commits:
    """Takes values from many threads and adds them to a ledger in groups.

    Args:
        ledger: Open to write, and used by nobody else as long as this is used.
        most: How many entries go into one transaction, if no one thread brings more.
    """

    def __init__(self, ledger: Ledger, most: int = MOST) -> None:
        self._ledger = ledger
        self._most = most
        self._lock = Lock()  # for the three below
        self._waiting: deque[_Submission] = deque()
        self._under_way = False
        self._failed: BaseException | None = None

    def append(self, values: Iterable[Mapping[str, Any]]) -> list[Entry]:
        """Return each value's entry with its place, in the order given, when all are on the disk.

        Raises:
            BadInput: Every problem of the values; nobody else's are touched.
            HoldfireError: The disk refused, now or before; whether these entries are there is not known.
        """
        submission = _Submission(*encoded(values))
        with self._lock:
            self._waiting.append(submission)
            first, self._under_way = not self._under_way, True
        if not first:
            submission.wake.wait()
        if submission.entries is None and submission.error is None:
            self._commit()  # it stands first in the queue, so it is among those this commits
        if submission.error is not None:
            raise submission.error
        return submission.entries or []

    def _commit(self) -> None:
        """Add what waits, up to `most` entries, tell those it is from, and let the next begin."""
        group = self._group()
        try:
            if self._failed is not None:
                raise self._stopped()
            entries = iter(
                self._ledger.append_checked(
                    [content for each in group for content in each.contents],
                    [kind for each in group for kind in each.kinds],
                )
            )
            for each in group:
                each.entries = [next(entries) for _ in each.contents]
        except BaseException as error:
            self._failed = self._failed or error
            for each in group:
                each.error = error if isinstance(error, HoldfireError) else self._stopped()
            if not isinstance(error, HoldfireError):
                raise
        finally:
            with self._lock:
                self._under_way = bool(self._waiting)
                following = list(self._waiting)[:1]
            for each in group + following:
                each.wake.set()

    def _group(self) -> list[_Submission]:
        with self._lock:
            group = [self._waiting.popleft()]
            count = len(group[0].contents)
            while self._waiting and count + len(self._waiting[0].contents) <= self._most:
                group.append(self._waiting.popleft())
                count += len(group[-1].contents)
        return group

    def _stopped(self) -> HoldfireError:
        first = self._failed
        why = first.problems[0].problem if isinstance(first, HoldfireError) else type(first).__name__
        return HoldfireError(
            f"the ledger stopped before this: {why}", str(self._ledger.path), "open it again"
        )
