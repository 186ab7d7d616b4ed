"""What a formula comes to whatever the data.

In: SQL, and in the last test every value that its columns could have. Out: the outcomes that are told.
Refuses to know: who says so to whom.
"""

from __future__ import annotations

from itertools import product

import pytest

from ccmetrics.formula import evaluate, names, parse, parts
from ccmetrics.formula.certain import OPEN, Outcomes, certain

ALWAYS, NEVER, EITHER = {True}, {False}, {True, False}

TRUTHS = [
    ("a = 1 AND a = 2", NEVER),
    ("a > 5 AND a < 3", NEVER),
    ("a > 5 AND 3 > a", NEVER),
    ("5 < a AND a < 3", NEVER),
    ("3 >= a AND a >= 2", EITHER),
    ("COALESCE(a / 0, 1) = 1", ALWAYS),
    ("a > 5 AND a <= 5", NEVER),
    ("a >= 5 AND a <= 5", EITHER),
    ("a > 5 AND b < 3", EITHER),
    ("a > -1 AND a < -2", NEVER),
    ("a BETWEEN 5 AND 3", NEVER),
    ("a IN (1, 2) AND a NOT IN (1, 2)", NEVER),
    ("a IN (1, 2) AND a = 3", NEVER),
    ("a <> 1 AND a <> 2", EITHER),
    ("a IS NULL AND a = 1", NEVER),
    ("NOT (a = 1) AND a = 1", NEVER),
    ("a = 1 AND b = 2 AND a = 2", NEVER),
    ("a = a", ALWAYS),
    ("a < a", NEVER),
    ("a <> 1 OR a <> 2", ALWAYS),
    ("a > 1 OR a <= 1", ALWAYS),
    ("a > 1 OR a < 1", EITHER),
    ("a IS NULL OR a IS NOT NULL", ALWAYS),
    ("a IS NOT NULL OR a = 1", EITHER),
    ("a < 5 OR a IS NULL", EITHER),
    ("COALESCE(a, 1) IS NULL", NEVER),
    ("a > :limit", EITHER),
    ("a = 1 OR (b = 1 AND b = 2)", EITHER),
]


@pytest.mark.parametrize(("sql", "truth"), TRUTHS, ids=[sql for sql, _ in TRUTHS])
def test_truths(sql: str, truth: set[bool]) -> None:
    assert outcome(sql).values == truth


@pytest.mark.parametrize(
    ("sql", "value"), [("0 / a", 0), ("a - a", 0), ("a / a", 1), ("0 * a", 0), ("(a - a) / b", 0), ("2 * 3 - 1", 5)]
)
def test_one_value_or_null(sql: str, value: float) -> None:
    assert outcome(sql).values == {value}


def test_what_is_always_null_is_neither_true_nor_false() -> None:
    assert not outcome("a / 0 > 1").within(True)
    assert not outcome("a / 0 > 1").within(False)


@pytest.mark.parametrize(
    "sql", ["a / 0", "a / (b - b)", "a / COALESCE(b - b, 0)", "a / (1 - 1)", "NULLIF(a, a)", "1 + a / (0 * b)",
            "CASE WHEN a > 2 AND a < 1 THEN 5 END", "ROUND(a / 0)", "GREATEST(a / 0, b / 0)", "NULLIF(2, 1 + 1)"],
)  # fmt: skip
def test_always_null(sql: str) -> None:
    assert outcome(sql).is_null


@pytest.mark.parametrize(
    "sql", ["a / b", "a / NULLIF(b, 0)", "COALESCE(a / 0, b)", "a / (b - a)", "CASE WHEN a > 2 THEN 5 END",
            "NULLIF(a, b)", "a / :days", "GREATEST(a / 0, b)", "0 * a", "a / COALESCE(b - b, 1)"],
)  # fmt: skip
def test_not_always_null(sql: str) -> None:
    assert not outcome(sql).is_null


VALUES = (None, -2.0, 0.0, 1.0, 2.0, 3.0, 5.0)


@pytest.mark.parametrize("sql", [sql for sql, _ in TRUTHS if ":" not in sql] + [
    "a / 0", "a - a", "a / a", "0 * a", "NULLIF(a, a)", "COALESCE(a, b, 1)", "LEAST(a, 2)", "1 - a / NULLIF(b, 0)",
    "CASE WHEN a > 1 THEN 0 WHEN b > 1 THEN 1 END", "NULLIF(1, a)", "a / (2 - 1)", "ABS(-3)", "(a - a) / b",
])  # fmt: skip
def test_no_value_contradicts_what_is_certain(sql: str) -> None:
    """The evaluator knows nothing of certainty: whatever it gives is among the outcomes told."""
    tree = parse(sql)
    columns = sorted({".".join(parts(node)) for node in names(tree)})
    told = outcome(sql)
    for values in product(VALUES, repeat=len(columns)):
        got = evaluate(tree, dict(zip(columns, values, strict=True)))
        assert told.nullable if got is None else told.values is None or got in told.values


def outcome(sql: str) -> Outcomes:
    return certain(parse(sql), lambda name: OPEN)[-1][1]
