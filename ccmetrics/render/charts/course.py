"""How the scores of everybody lay, cycle by cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ccmetrics.render.charts.items import Course


def course(cycles: Sequence[Course], words: Mapping[str, str]) -> str:
    """`words`: `title` (read aloud), `y`, and what stands beside the line and the band: `median`, `quartiles`."""
    return ""
