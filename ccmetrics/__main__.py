"""`python -m ccmetrics`: the same as the command.

In: the command line. Out: an exit code.
Refuses to know: everything else.
"""

from __future__ import annotations

from ccmetrics.cli import main

if __name__ == "__main__":
    main()
