"""Attackers that try to find what published zones shelter, so that a release can be tried before it goes out.

They know the algorithm, its settings, the partition, the public candidate places, every release so far, and
some of the sites: their own. They are run on made or public places. What they hand back is how far they got:
shares, the least number of candidates, the largest belief, by attacker and at most by code of a zone. Never a
place, a ranking of places or a distance: a report of them must not be a map for anyone.

Each has a control in `naive`: an obvious way to blur a place, which it must break, or it proves nothing.
"""
