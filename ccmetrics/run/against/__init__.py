"""What definitions are held against where there are data: goals, lines, bands, people, one module each.

In: nothing. Out: nothing of its own.
Refuses to know: how a score is made.
"""
