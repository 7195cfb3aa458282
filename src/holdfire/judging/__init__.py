"""Incidents and an agreement in, determinations out; and the state of the truce."""
