"""What stands around the lines of a card, held against data: its subjects, grades and red lines.

In: a card over real data. Out: problems, each at its word.
Refuses to know: definitions without data, values, goals.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import polars as pl

from ccmetrics.problem import Problem
from ccmetrics.run.against.held import FEWEST, Check, Held, few, told
from ccmetrics.stages.judge.grades import bands

MOST = 0.5
"""Share of subjects above which a red line is no exception."""


def without_subjects(held: Held) -> Iterator[Problem]:
    """A card that scores nobody."""
    if not held.scorecard.scores.is_empty():
        return
    if "roster" not in held.supplied:
        text = f"it scores nobody: the data name no {held.card.subject}, and there is no roster."
    elif held.card.who:
        text = f"it scores nobody: the roster has no {held.card.subject} in force that its `who` admits."
    else:
        text = f"it scores nobody: the roster has no {held.card.subject} in force."
    yield held.problem(("who",) if held.card.who else ("subject",), "card-without-subjects", text)


def within_interval(held: Held) -> Iterator[Problem]:
    """Grades so narrow that a typical score cannot be told from those on either side."""
    width = pl.col("high") - pl.col("low")
    scored = held.scorecard.scores.filter(pl.col("status") == "scored").select(width=width).drop_nulls()
    if scored.height < FEWEST or held.card.distribution is not None:
        return
    typical: float = scored.select(pl.median("width")).item()
    narrow = []
    # The best band has no top and the last may have no bottom: neither has a width.
    for above, band in pairwise(bands(held.card)):
        if above.start is not None and band.start is not None and above.start - band.start < typical:
            wide = f"{told(above.start - band.start)} wide"
            narrow.append(f"{band.grade} ({told(band.start)} to {told(above.start)}, {wide})")
    if narrow:
        text = (
            f"half of the {scored.height} scores that have a 95% interval have one of {typical:.1f} points or more, "
            f"which is wider than {'grade' if len(narrow) == 1 else 'grades'} {', '.join(narrow)}."
        )
        yield held.problem(("grades",), "grade-within-interval", text + few(scored.height), key=True)


def red_lines(held: Held) -> Iterator[Problem]:
    """A red line that most have crossed."""
    items = held.scorecard.adjustments
    if items.is_empty():
        return
    judged = items.filter((pl.col("kind") == "red_line") & pl.col("judged"))
    counted = judged.group_by("index").agg(fired=pl.col("fired").sum(), subjects=pl.len()).sort("index")
    for index, fired, subjects in counted.iter_rows():
        if subjects >= FEWEST and fired > MOST * subjects:
            name = held.card.adjust.red_lines[index].name.say("en")
            text = f"the red line '{name}' is crossed by {fired} of {subjects} subjects."
            yield held.problem(("adjust", "red_lines", index, "when"), "red-line-for-many", text + few(subjects))


CHECKS: tuple[Check, ...] = (without_subjects, within_interval, red_lines)
