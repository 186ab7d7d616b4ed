"""How many earned each grade, cycle by cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def grades(cycles: Sequence[tuple[str, Mapping[str, int]]], order: Sequence[str], words: Mapping[str, str]) -> str:
    """`order`: the grades, best first, which lies on top. `words`: `title` (read aloud), `y`."""
    return ""
