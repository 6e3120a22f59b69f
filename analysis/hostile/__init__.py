"""Hundreds of hostile command lines.

Whoever gives trifactor a full disk, a damaged folder, a wrong file, an absurd number or a pipe gets an exit code that
is documented and a sentence: never a death, a traceback, a wait without end or a shorter result that looks whole.

    python -m analysis.hostile [--quick] [--only PART ...] [--seed N] [--jobs N]      `make hostile`

The parts: `outputs` (every command that prints, with every standard output that fails), `damage` (every command that
reads results, on folders with every kind of damage), `paths` (every name of a file or folder that a command takes, as
what is no file), `numbers` (every option that takes a value, with absurd ones) and `documents` (wrong sweep, rule and
task files, and good ones with random damage). Options are those that the commands' own help lists, so a new one is
tried without a word here. Two tables are printed, commands by outputs and damage by commands, and every case that did
not hold; then the exit code is 1.
"""
