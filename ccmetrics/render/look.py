"""How a reader wants to see a result.

In: what the command line and the terminal say. Out: one frozen value.
Refuses to know: terminals, formats.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ccmetrics.scorecard import Result, Scorecard

T = TypeVar("T")


@dataclass(frozen=True)
class Look:
    """`width` in terminal cells; `color` only where a terminal will show it."""

    width: int = 120
    lang: str = "en"
    color: bool = False
    whole: Result | None = field(default=None, compare=False, repr=False)
    """Of several reports to be drawn: the result whose subjects they show, each with the same rows as there."""
    kept: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """What several reports have in common, drawn once. It goes with the look."""

    def once(self, key: Hashable, draw: Callable[[], T]) -> T:
        """What is the same for all of a whole result; of any other it is drawn anew."""
        if self.whole is None:
            return draw()
        if key not in self.kept:
            self.kept[key] = draw()
        found: T = self.kept[key]
        return found

    def all_of(self, card: Scorecard) -> Scorecard:
        """The card with everybody on it who is drawn."""
        if self.whole is None:
            return card
        return next(each for each in self.whole.scorecards if each.card.card == card.card.card)
