"""How scores are distributed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def histogram(
    bins: Sequence[tuple[float, float, int]],
    boundaries: Sequence[tuple[str, float]],
    mark: float | None,
    words: Mapping[str, str],
) -> str:
    """`words`: `title` (read aloud), `x`, `y`, and `mark`, what stands at the own score (`you: 92.4`)."""
    return ""
