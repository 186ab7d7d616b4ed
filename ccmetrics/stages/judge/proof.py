"""What stands behind a place on a list: grades and scores, one struct a cycle.

In: columns of judged scores. Out: the columns `list` and `evidence` are made of.
Refuses to know: lists, how a number is said.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from ccmetrics.stages.facts import Schema

What = Literal["graded", "last", "placed"]

PARTS: Schema = {
    "what": pl.String, "period": pl.String, "score": pl.Float64, "grade": pl.String, "next": pl.Float64,
    "placed": pl.String, "apart": pl.Boolean,
}  # fmt: skip
"""`graded`: the grade of a cycle. `last`: its last one's score and grade, and the next score. `placed`: score and grade
by score, the grade by place, the last score of a better grade, and whether the two are told apart."""
PROOF = pl.List(pl.Struct(PARTS))


def proof(what: What, **found: pl.Expr) -> pl.Expr:
    """Null in what is not said of its kind."""
    told = {"what": pl.lit(what), **found}
    return pl.struct(told.get(name, pl.lit(None)).cast(kind).alias(name) for name, kind in PARTS.items())
