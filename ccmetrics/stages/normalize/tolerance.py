"""How many bad rows a run may set aside, and how it ends where there are more.

In: what the caller or the project says (`20`, `0.5%`), and the bad rows of every export. Out: a verdict, or sentences.
Refuses to know: what makes a row bad, where rows set aside go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ccmetrics.catalogue.models.project import TOLERATED


@dataclass(frozen=True)
class Tolerance:
    """`count`: bad rows over the whole run; `share`: of each export's rows. One of them."""

    text: str
    count: int | None = None
    share: Fraction | None = None

    @property
    def is_any(self) -> bool:
        return bool(self.count or self.share)

    def allows(self, bad: int, read: int) -> bool:
        """Of one export."""
        return bad <= self.share * read if self.share is not None else bad <= (self.count or 0)

    def excess(self, bad: Mapping[str, tuple[int, int]]) -> list[str]:
        """What is beyond it, of bad rows and rows read by export: a sentence each."""
        if self.share is not None:
            over = {name: each for name, each in bad.items() if not self.allows(*each)}
            return [
                f"{name}: {n:,} of {read:,} rows are bad; {self.text} may be set aside."
                for name, (n, read) in over.items()
            ]
        total = sum(n for n, _ in bad.values())
        return [] if total <= (self.count or 0) else [f"{_rows(total)} bad; {self.text} may be set aside."]


NONE = Tolerance("0", 0)


def tolerance(text: str) -> Tolerance:
    """Raises ValueError for what is neither a number of rows nor a share of them."""
    plain = text.strip()
    if not re.fullmatch(TOLERATED, plain):
        raise ValueError(text)
    if plain.endswith("%"):
        return Tolerance(plain, share=Fraction(plain[:-1].strip()) / 100)
    return Tolerance(plain, count=int(plain))


MANY = 100
"""Bad rows from which on the reading is suspected rather than the rows."""


def way_on(bad: int, read: int) -> str:
    """The option that would set just these rows aside, of so many read."""
    these = "this row" if bad == 1 else f"these {bad} rows"
    option = f"To set {these} aside and go on: --allow-rejects {bad}"
    if bad < MANY or bad * 4 < read:
        return option
    return f"{bad:,} of {read:,} rows are bad: look at the layout before you give up the rows. {option}"


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"
