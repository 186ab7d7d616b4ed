"""Results drawn: one module a format, `formats` has them all by name.

In: a result and how it is to be looked at. Out: the bytes of a file or a screen.
Refuses to know: where the bytes go, how anything was computed.
"""
