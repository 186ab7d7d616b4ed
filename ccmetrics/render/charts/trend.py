"""One KPI through time with its interval and its target."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ccmetrics.render.charts.items import Point


def trend(points: Sequence[Point], better: str, text: Callable[[float], str], words: Mapping[str, str]) -> str:
    """`better`: higher, lower or range. `text` writes a tick of the value axis (`85%`). `words`: `title` (read aloud),
    and `target`, what stands at the end of the target line (`target 85%`)."""
    return ""
