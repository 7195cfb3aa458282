"""Determinations in, a bulletin out: pages, maps, charts, tables. What must not leave is taken out here."""
