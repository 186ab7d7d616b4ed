"""Scorecards from contact-center exports, by definitions in YAML.

The same functions as the commands, for notebooks: `score` and `measure` give Polars frames, `check` the problems of a
catalogue. They are imported when first used, so that `import ccmetrics` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccmetrics.door import check, measure, score

__all__ = ["check", "measure", "score"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'ccmetrics' has no attribute '{name}'")
    from ccmetrics import door

    return getattr(door, name)
