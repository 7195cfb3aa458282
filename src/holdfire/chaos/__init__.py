"""Breaking the record on purpose, and counting what was lost.

Each command does one kind of harm many times, from a seed, to a record of invented entries in a folder of
its own; it never touches a case. Each has a control, a writer or a reader with one defence taken out, in
which the same checks must find a loss: a check that cannot fail proves nothing.

    kill       a writer is killed at random moments
    power      what was not forced to the disk is dropped, or torn
    syscalls   each system call of an append and of a bulletin fails, or is the last
    bitflip    one bit of one file changes
    redact     what was destroyed is looked for in every byte that is left

What is not tried, and how each works: docs/understand/what-we-broke.md.
"""
