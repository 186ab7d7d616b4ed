"""How a reader wants to see a result.

In: what the command line and the terminal say. Out: one frozen value.
Refuses to know: results, terminals.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """`width` in terminal cells; `color` only where a terminal will show it."""

    width: int = 120
    lang: str = "en"
    color: bool = False
