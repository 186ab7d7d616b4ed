"""Trees: back to text, names written out, the one division."""

from __future__ import annotations

import pytest

from ccmetrics.formula import Node, division, inline, names, parse, render


@pytest.mark.parametrize(
    "text",
    [
        "a - (b - c)",
        "a / (b * c)",
        "(a + b) * -c",
        "-(a + b)",
        "-(-a)",
        "NOT (a AND b) OR c",
        "(NOT a) = b",
        "(a = b) IS NOT NULL",
        "(a < b) = c",
        "a = (b < c)",
        "a IN ('it''s', -1, :p)",
        "a NOT IN ('x')",
        "(a OR b) AND c",
        "a + 1 BETWEEN b - 1 AND 2.5",
        "a NOT LIKE '%x_'",
        "CASE WHEN a THEN 'x' WHEN b THEN NULL ELSE 'y' END",
        "EXTRACT(EPOCH FROM a - b) / 3600",
        "EXTRACT(ISODOW FROM a) = 1",
        'GREATEST("x y"."end", a.b, 0.1)',
        "a * 1e+22",
        "通话 / 100",
    ],
)
def test_rendering_reads_back(text: str) -> None:
    tree = parse(text)
    assert parse(render(tree)) == tree


def test_rendering_adds_no_parentheses_that_are_not_needed() -> None:
    assert render(parse("((a) / ((b)))+(c*d) <= (2)")) == "a / b + c * d <= 2"


def test_inlining_puts_the_tree_where_the_name_lay() -> None:
    trees = {("fcr",): parse("resolved / handled")}
    found = inline(parse("1 - fcr"), trees.get)
    assert render(found) == "1 - resolved / handled"
    assert [(n.start, n.end) for n in names(found)] == [(4, 7), (4, 7)]
    assert render(inline(parse("a / fcr"), trees.get)) == "a / (resolved / handled)"


def test_one_division_has_a_numerator_and_a_denominator() -> None:
    found = division(parse("(a + b) / (c - d)"))
    assert found is not None
    assert [render(part) for part in found] == ["a + b", "c - d"]
    for other in ("1 - a / b", "a", "100 * (a / b)", "-(a / b)"):
        assert division(parse(other)) is None


def test_trees_are_equal_wherever_they_were_written() -> None:
    assert parse("a+b") == parse("  a  +  b ")
    assert parse("a+b") != parse("b+a")
    assert Node("number", value=1.0) != Node("flag", value=True)
