"""Something said of a card under a head: the same sentences for a terminal and for any other page.

In: words. Out: what rich draws, or the sentences themselves.
Refuses to know: what is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult

from ccmetrics.render.page import line, text


@dataclass(frozen=True)
class Told:
    """Without a `head` it goes on with what stands above. `grave`: nobody shall overlook it."""

    head: str
    sentences: Sequence[str]
    grave: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.head:
            yield text(self.head, "bold red" if self.grave else "bold")
        for sentence in self.sentences:
            yield line(sentence, indent=2)
