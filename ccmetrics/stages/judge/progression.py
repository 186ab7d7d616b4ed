"""Lists over several cycles: who is to be promoted, who has been the last for too long.

In: a card, its graded scores, those of the cycles before. Out: one row a subject and list, with the evidence.
Refuses to know: how a score came about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from ccmetrics.catalogue.models import Card, WatchList
from ccmetrics.notice import Called, Label, Notice
from ccmetrics.stages.facts import Schema
from ccmetrics.stages.judge.apart import told_apart, with_intervals
from ccmetrics.stages.judge.grades import place_of, places
from ccmetrics.stages.judge.proof import PROOF, proof

LIST: Schema = {"subject": pl.String, "list": pl.String, "evidence": PROOF, "cycles": pl.Int32}
"""`cycles`: in how many of them what the list asks for was so."""

WATCH = "watch list"
FEW = 3
"""Of fewer than three one is always the last."""

Cycle = tuple[str, pl.DataFrame]
"""Label of a cycle and its graded scores."""


def looks_back(card: Card) -> int:
    """How many cycles, the asked one included, the card's lists look at."""
    spans = [int(found["of"]) for each in card.progression.values() if (found := each.parts)]
    watched = [card.shares.watch_list.cycles] if card.shares and card.shares.watch_list else []
    return max([1, *spans, *watched])


def progression(card: Card, cycles: Sequence[Cycle]) -> tuple[pl.DataFrame, tuple[Notice, ...]]:
    """Who of the last cycle's subjects has the grade often enough; a cycle without a grade counts for nobody.

    `cycles` in the order of time, as far as the data reach back. A rule that looks at more of them is not judged.
    """
    found: list[pl.DataFrame] = [pl.DataFrame(schema=LIST)]
    said: list[Notice] = []
    for name, listed in card.progression.items():
        parts = listed.parts
        if parts is None:
            raise ValueError(f"'{listed.rule}' is no rule")
        if len(cycles) < int(parts["of"]):
            said.append(
                Notice(
                    "Not judged: '{list}' ({rule}), because there {n:=is|are} {n:cycle}.",
                    list=Called(name, listed.name),
                    rule=_rule(parts),
                    n=len(cycles),
                )
            )
            continue
        often = _often(card, parts["grade"], parts["side"], cycles[-int(parts["of"]) :])
        met = often.filter(pl.col("cycles") >= int(parts["times"])).with_columns(list=pl.lit(name))
        found.append(met.select(pl.col(column).cast(kind) for column, kind in LIST.items()))
    return pl.concat(found), tuple(said)


def _rule(parts: re.Match[str]) -> Notice:
    said = {"grade": parts["grade"], "times": int(parts["times"]), "of": int(parts["of"])}
    if parts["side"] == "better":
        return Notice("{grade} or better in {times} of {of:cycle}", **said)
    return Notice("{grade} or worse in {times} of {of:cycle}", **said)


def _often(card: Card, grade: str, side: str, cycles: Sequence[Cycle]) -> pl.DataFrame:
    """A row a subject of the last cycle: in how many cycles it had such a grade, and its grades."""
    every = pl.concat(scores.select("subject", "grade", cycle=pl.lit(label)) for label, scores in cycles)
    place, edge = place_of(card, "grade"), places(card)[grade]
    such = place <= edge if side == "better" else place >= edge
    return (
        every.filter(pl.col("subject").is_in(cycles[-1][1]["subject"].implode()))
        .with_columns(such=such.fill_null(False))
        .group_by("subject", maintain_order=True)
        .agg(cycles=pl.col("such").sum(), evidence=proof("graded", period=pl.col("cycle"), grade=pl.col("grade")))
        .sort("subject")
    )


def watch_list(card: Card, cycles: Sequence[Cycle]) -> tuple[pl.DataFrame, tuple[Notice, ...]]:
    """Who stands on the list: the last of at least three in every one of the cycles, each time below the grade and
    told from the next by the intervals. `cycles` in the order of time, as far as the data reach back."""
    wanted = card.shares.watch_list if card.shares else None
    nobody = pl.DataFrame(schema=LIST)
    if wanted is None:
        return nobody, ()
    if len(cycles) < wanted.cycles:
        return nobody, (
            Notice(
                "No watch list: it looks at {asked:cycle}, and there {n:=is|are} {n}.",
                asked=wanted.cycles,
                n=len(cycles),
            ),
        )
    last = _last(card, wanted, cycles[-wanted.cycles :])
    few = last.filter(pl.col("of") < FEW)["cycle"]
    if len(few):
        return nobody, (
            Notice("No watch list: fewer than three were scored in {cycles}.", cycles=list(map(Label, few))),
        )
    if last["subject"].n_unique() > 1 or not last["low_grade"].all():
        return nobody, ()
    subject, alike = str(last["subject"][0]), last.filter(~pl.col("apart"))["cycle"]
    if len(alike):
        said = Notice(
            "Not on the watch list: {subjects} was the last in {n:cycle} running and below {grade}, but is not told "
            "from the next in {cycles}.",
            subjects=[subject],
            n=last.height,
            grade=wanted.below,
            cycles=list(map(Label, alike)),
        )
        return nobody, (said,)
    evidence = pl.col("evidence").sort_by("at").implode()
    listed = last.select(subject=pl.lit(subject), list=pl.lit(WATCH), evidence=evidence, cycles=pl.len())
    return listed.cast(pl.Schema(LIST)), ()


def _last(card: Card, wanted: WatchList, cycles: Sequence[Cycle]) -> pl.DataFrame:
    """A row a cycle: how many were scored (`of`), the last of them, whether its grade is `low_grade`, whether it is
    told `apart` from all that share the next score, and the numbers as evidence."""
    columns = ("subject", "status", "score", "grade", "below", "above")
    every = pl.concat(
        with_intervals(scores).select(*columns, cycle=pl.lit(label), at=pl.lit(at, pl.Int32))
        for at, (label, scores) in enumerate(cycles)
    )
    score, following = pl.col("score"), pl.col("score").sort().get(1, null_on_oob=True)
    last = every.filter(pl.col("status") == "scored").sort("at", "score", "subject")
    facing = pl.col("below").filter(score == following)
    found = (
        pl.DataFrame({"cycle": [label for label, _ in cycles]}, schema={"cycle": pl.String})
        .join(
            last.group_by("cycle").agg(
                pl.col("at", "subject", "score", "grade", "above").first(),
                of=pl.len().cast(pl.Int64),
                following=following,
                below=pl.when(facing.is_not_null().all()).then(facing.max()),
            ),
            on="cycle",
            how="left",
            maintain_order="left",
        )
        .with_columns(pl.col("of").fill_null(0))
    )
    apart = told_apart(pl.col("following"), pl.col("below"), pl.col("score"), pl.col("above"))
    numbers = {"score": pl.col("score"), "grade": pl.col("grade"), "next": pl.col("following")}
    return found.with_columns(
        low_grade=(place_of(card, "grade") > places(card)[wanted.below]).fill_null(False)
        & (pl.col("score") < pl.col("following")).fill_null(False),
        apart=apart.fill_null(False),
        evidence=proof("last", period=pl.col("cycle"), **numbers),
    )
