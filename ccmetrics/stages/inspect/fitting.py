"""Which layout fits an export, and how well the others would.

In: a raw export and the catalogue. Out: a `Fit`.
Refuses to know: cells, forms.
"""

from __future__ import annotations

from dataclasses import dataclass

from ccmetrics.catalogue.models import Catalogue, Layout
from ccmetrics.problem import DataRefused
from ccmetrics.stages.load import Raw
from ccmetrics.stages.load.recognize import called, fold
from ccmetrics.stages.normalize.choose import feeds
from ccmetrics.stages.normalize.feed import Feed

CLOSE = 0.5
"""Share of a layout's names from which it is worth mentioning."""


@dataclass(frozen=True)
class Fit:
    feeds: tuple[Feed, ...]
    """What the export becomes; none where nothing fits."""
    why: str = ""
    """Why nothing fits, or not without question."""
    near: tuple[tuple[str, float, tuple[str, ...]], ...] = ()
    """Other layouts: name, share of their names the header has, and those it lacks."""

    @property
    def layout(self) -> Layout | None:
        return self.feeds[0].layout if self.feeds else None


def fit(raw: Raw, catalogue: Catalogue) -> Fit:
    try:
        return Fit(tuple(feeds([raw], catalogue, [])))
    except DataRefused as refused:
        return Fit((), str(refused.problems[0].text), _near(raw, catalogue))


def _near(raw: Raw, catalogue: Catalogue) -> tuple[tuple[str, float, tuple[str, ...]], ...]:
    there = {fold(name) for name in raw.header}
    found = []
    for name, layout in catalogue.layouts.items():
        wanted = [called(names) for names in (*layout.match, *layout.match_values)]
        lacks = tuple(names[0] for names in wanted if not any(fold(one) in there for one in names))
        share = 1 - len(lacks) / max(1, len(wanted))
        if share >= CLOSE:
            found.append((name, share, lacks))
    return tuple(sorted(found, key=lambda each: -each[1]))[:3]
