"""Which version of the program this is: of a copy that was never installed, too.

In: nothing. Out: the version.
Refuses to know: anything else.
"""

VERSION = "0.5.0"
