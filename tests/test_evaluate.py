"""Formulas worked out for one set of values, by SQL's rules."""

from __future__ import annotations

import pytest

from ccmetrics.formula import FormulaProblem, evaluate, parse

VALUES: dict[str, float | None] = {"a": 6, "b": 4, "zero": 0, "none": None, "csat.n": 18, "half": 0.5, "big": 1e308}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a / b", 1.5),
        ("a - b - 1", 1),
        ("1 - a / b * 2", -2),
        ("-a", -6),
        ("a / zero", None),
        ("zero / zero", None),
        ("a + none", None),
        ("big * 10", None),
        ("a / (big * 10)", None),
        ("a >= 6 AND csat.n >= 18", True),
        ("a > :p", False),
        ("none > 1", None),
        ("none > 1 AND a < 1", False),
        ("none > 1 AND a > 1", None),
        ("none > 1 OR a > 1", True),
        ("none > 1 OR a < 1", None),
        ("NOT none > 1", None),
        ("NOT a = b", True),
        ("a <> b", True),
        ("none IS NULL", True),
        ("none IS NOT NULL", False),
        ("a IN (1, 6)", True),
        ("none IN (1, 6)", None),
        ("a NOT IN (1, 2)", True),
        ("none NOT IN (1, 2)", None),
        ("a BETWEEN 6 AND 7", True),
        ("a NOT BETWEEN 1 AND 6", False),
        ("none BETWEEN 1 AND 2", None),
        ("CASE WHEN none > 1 THEN 1 WHEN a > 1 THEN 2 ELSE 3 END", 2),
        ("CASE WHEN a < 1 THEN 1 END", None),
        ("COALESCE(none, zero, a)", 0),
        ("COALESCE(none, none)", None),
        ("NULLIF(a, 6)", None),
        ("NULLIF(a, none)", 6),
        ("GREATEST(a, none, b)", 6),
        ("LEAST(none, none)", None),
        ("ROUND(half)", 1),
        ("ROUND(-half)", -1),
        ("ROUND(2.5)", 3),
        ("ROUND(0.49999999999999994)", 0),
        ("FLOOR(-half)", -1),
        ("CEIL(half)", 1),
        ("ABS(b - a)", 2),
        ("NULL", None),
        ("TRUE", True),
    ],
)
def test_values(text: str, value: float | bool | None) -> None:
    found = evaluate(parse(text), VALUES, {"p": 6})
    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)


def test_what_has_no_value_is_a_problem() -> None:
    for text, name in (
        ("a + c", "unknown-name"),
        ("a > :q", "unknown-parameter"),
        ("LOWER(a) = 'x'", "forbidden-construct"),
        ("EXTRACT(EPOCH FROM a - b)", "forbidden-construct"),
        ("'x'", "kind-mismatch"),
    ):
        with pytest.raises(FormulaProblem) as caught:
            evaluate(parse(text), VALUES)
        assert caught.value.name == name
