"""The agreement: a dated stack of instruments, with parties, exclusions, terms and zones.

What the text says is data, dated and cited, so that a lawyer can review it without Python. Texts are
handed in; nothing here opens a file.
"""
