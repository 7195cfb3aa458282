"""Versions of determinations: what a run changed takes the place of what stood, says why, and hides nothing.

What was superseded stays in the log, and anyone who has the log can tell each story again.

* `why` compares what a determination rested on, before and after a run; what differs is the reason.
* `written` makes the versions that a run closes, and reads those that runs closed.
* `succession` walks them either way: where each came from, and where it went.
* `amending` says of them what a bulletin corrects; `history` tells one determination's from its first.
* `withdrawing` takes out a report, or all of a source, and names what leaned on it, for the next run.
"""
