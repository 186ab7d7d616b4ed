"""What came of a test beside what it expects, figure by figure, in words.

In: a scorecard, a subject, what is expected of it. Out: what came, what should have, where that stands.
Refuses to know: whether the two are equal, how the test was run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import polars as pl

from ccmetrics.catalogue.expected import Value, adjustments_named, as_written, lines_named
from ccmetrics.catalogue.models import Catalogue, Expected
from ccmetrics.scorecard import Scorecard, watched

Row = Mapping[str, Any]
KINDS = {"bonus": "bonus", "deductions": "deduction", "coefficients": "coefficient", "red_lines": "red_line"}
"""Key in the YAML to the kind in a result."""


class Figure(NamedTuple):
    """One figure. `said` is a sentence without its end: `A1 gets 96 points for csat (0.82, n 20)`."""

    path: tuple[str, ...]
    got: Value
    wanted: Value
    said: str


def figures(scorecard: Scorecard, catalogue: Catalogue, subject: str, expected: Expected) -> Iterator[Figure]:
    """Every figure that is expected of a subject, as it came."""
    yield from _marks(scorecard, subject, expected)
    lines = _lines(scorecard, catalogue, subject)
    for name, wanted in expected.points.items():
        row = lines[name]
        got = row["points"]
        many = "no points" if got is None else f"{as_written(got)} points"
        yield Figure(("points", name), got, wanted, f"{subject} gets {many} for {name} ({_about(row, value=True)})")
    seen = {**_watched(scorecard, catalogue, subject), **lines}
    for name, wanted in expected.values.items():
        row = seen.get(name, {})
        got = row.get("value")
        about = _about(row)
        said = f"{subject} has {_some(got, 'value')} for {name}{f' ({about})' if about else ''}"
        yield Figure(("values", name), got, wanted, said)
    yield from _adjustments(scorecard, subject, expected)


def _some(value: Value, what: str) -> str:
    return f"no {what}" if value is None else as_written(value)


# ---------------------------------------------------------------- the score as a whole


def _marks(scorecard: Scorecard, subject: str, expected: Expected) -> Iterator[Figure]:
    row = _of(scorecard.scores, subject).row(0, named=True)
    why = f" ({row['why']})" if row["why"] else ""
    score = why if row["score"] is None else f" (score {as_written(row['score'])})"
    behind = {"grade": score, "pay": score, "pay_amount": score, "rank": score, "status": why}
    for mark in expected.marks:
        got, word = row[mark], mark.replace("_", " ")
        said = f"{subject} has the {word} {as_written(got)}{behind.get(mark, '')}"
        if got is None:
            said = f"{subject} has no {word} ({': '.join(filter(None, (row['status'], row['why'])))})"
        yield Figure((mark,), got, getattr(expected, mark), said)


def _of(frame: pl.DataFrame, subject: str) -> pl.DataFrame:
    return frame.filter(pl.col("subject") == subject)


# ---------------------------------------------------------------- lines


def _lines(scorecard: Scorecard, catalogue: Catalogue, subject: str) -> dict[str, Row]:
    rows = {row["line"]: row for row in _of(scorecard.lines, subject).iter_rows(named=True)}
    return {name: rows[at] for name, (at, *_) in lines_named(scorecard.card, catalogue.kpis).items()}


def _watched(scorecard: Scorecard, catalogue: Catalogue, subject: str) -> dict[str, Row]:
    """By the names that the card watches them by."""
    rows = {(row["kpi"], row["variant"]): row for row in _of(watched(scorecard, catalogue), subject).to_dicts()}
    names = {name: name.partition(".") for name in scorecard.card.watch}
    found = {name: rows.get((kpi, own or catalogue.kpis[kpi].default or "")) for name, (kpi, _, own) in names.items()}
    return {name: row for name, row in found.items() if row is not None}


def _about(row: Row, value: bool = False) -> str:
    """What stands behind a line: `0.82, n 20 over 3 cycles, neutral: below-min-n`."""
    parts = [_some(row.get("value"), "value")] if value else []
    if row.get("n") is not None:
        cycles = row.get("cycles") or 1
        parts.append(f"n {as_written(row['n'])}{f' over {cycles} cycles' if cycles > 1 else ''}")
    status = row.get("status") if row.get("status") != "own" else None
    parts.append(": ".join(filter(None, (status, row.get("reason")))))
    return ", ".join(filter(None, parts))


# ---------------------------------------------------------------- adjustments


def _adjustments(scorecard: Scorecard, subject: str, expected: Expected) -> Iterator[Figure]:
    rows = {(row["kind"], row["index"]): row for row in _of(scorecard.adjustments, subject).iter_rows(named=True)}
    named = adjustments_named(scorecard.card)
    for name, wanted in expected.adjustments.items():
        ((kind, index),) = named[name]
        row = rows.get((KINDS[kind], index))
        got = None if row is None else _acted(row)
        why = f" ({row['reason']})" if row is not None and row["reason"] else ""
        word = KINDS[kind].replace("_", " ")
        said = f"{subject} has {'nothing' if got is None else as_written(got)} for the {word} '{name}'{why}"
        yield Figure(("adjustments", name), got, wanted, said)


def _acted(row: Row) -> Value:
    """What an adjustment does; null where it cannot be judged."""
    if not row["judged"]:
        return None
    if row["kind"] == "coefficient":
        return float(row["factor"]) if row["fired"] else 1.0
    return bool(row["fired"]) if row["kind"] == "red_line" else row["amount"]
