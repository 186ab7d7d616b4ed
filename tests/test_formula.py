"""SQL text to a tree: what is understood, and every refusal with its name and its place."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ccmetrics.formula import FormulaProblem, Node, names, params, parse, render


def lisp(node: Node) -> str:
    """The tree as nested parentheses, to be read at a glance."""
    value = ".".join(node.value) if isinstance(node.value, tuple) else node.value
    if not node.args:
        return repr(value) if node.op == "text" else f":{value}" if node.op == "param" else str(value)
    head = node.op if value is None else f"{node.op}-{value}"
    return f"({head} {' '.join(map(lisp, node.args))})"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a / b", "(div a b)"),
        ("1 - a / b", "(sub 1.0 (div a b))"),
        ("a - b - c", "(sub (sub a b) c)"),
        ("a / b * c", "(mul (div a b) c)"),
        ("-a * b", "(mul (neg a) b)"),
        ("a - -1.5e3", "(sub a (neg 1500.0))"),
        ("+a", "a"),
        ("(a + b) * c", "(mul (add a b) c)"),
        ("a OR b AND NOT c", "(or a (and b (not c)))"),
        ("NOT a = b", "(not (eq a b))"),
        ("a <> b", "(ne a b)"),
        ("a != b", "(ne a b)"),
        ("a <= :p AND b > 0", "(and (le a :p) (gt b 0.0))"),
        ("a IS NULL", "(is_null a)"),
        ("a IS NOT NULL", "(is_not_null a)"),
        ("NOT a IS NULL", "(not (is_null a))"),
        ("(a = b) IS NULL", "(is_null (eq a b))"),
        ("a LIKE 'x%'", "(like a 'x%')"),
        ("a NOT LIKE 'x%'", "(not_like a 'x%')"),
        ("NOT a LIKE 'x%'", "(not (like a 'x%'))"),
        ("a IN ('x', 'it''s')", "(in a 'x' \"it's\")"),
        ("a NOT IN (1, -2, :p)", "(not_in a 1.0 (neg 2.0) :p)"),
        ("a BETWEEN 1 AND 2 AND b", "(and (between a 1.0 2.0) b)"),
        ("a NOT BETWEEN 1 AND 2", "(not (between a 1.0 2.0))"),
        ("CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END", "(case a 1.0 b 2.0 3.0)"),
        ("case when a then 1 end", "(case a 1.0 None)"),
        ("COALESCE(queue.threshold_s, :threshold_s)", "(coalesce queue.threshold_s :threshold_s)"),
        ("NULLIF(a, 0)", "(nullif a 0.0)"),
        ("GREATEST(a, b, 1)", "(greatest a b 1.0)"),
        ("least(a, b)", "(least a b)"),
        ("ABS(ROUND(FLOOR(CEIL(CEILING(a)))))", "(abs (round (floor (ceil (ceil a)))))"),
        ("LENGTH(TRIM(LOWER(UPPER(a))))", "(length (trim (lower (upper a))))"),
        ("EXTRACT(EPOCH FROM a - b) / 3600", "(div (epoch (sub a b)) 3600.0)"),
        ("extract(epoch from (a - b))", "(epoch (sub a b))"),
        ("EXTRACT(isodow FROM started_at) = 1", "(eq (extract-isodow started_at) 1.0)"),
        ("interaction.agent.team = 'A'", "(eq interaction.agent.team 'A')"),
        ("a = TRUE OR b = false", "(or (eq a True) (eq b False))"),
        ('"Satisfaction rating" IS NOT NULL', "(is_not_null Satisfaction rating)"),
        ('"a ""b"" − c" = \'，\'', "(eq a \"b\" − c '，')"),
        ("Answered = 'Y'", "(eq Answered 'Y')"),
        ("通话数 / 客户.数量", "(div 通话数 客户.数量)"),
        ("\r\n  a\r\n +\tb\n", "(add a b)"),
    ],
)
def test_trees(text: str, tree: str) -> None:
    assert lisp(parse(text)) == tree


@pytest.mark.parametrize(
    "word", ["date", "if", "rows", "set", "refresh", "comment", "hour", "values", "time", "show", "count", "filter"]
)
def test_words_that_sql_leaves_free_are_names(word: str) -> None:
    """sqlglot takes several of these for statements or functions when they begin a text."""
    assert parse(f"{word} > 1") == Node("gt", (Node("name", value=(word,)), Node("number", value=1.0)))
    assert parse(f"1 < x.{word}").args[1] == Node("name", value=("x", word))


def test_places_are_offsets_into_the_text() -> None:
    text = "通 > :limit AND \"x y\".z IN ('it''s', 2)\n AND EXTRACT(EPOCH FROM b - a) <= 1.50 OR c IS NULL"
    tree = parse(text)
    found = {text[n.start : n.end] for n in names(tree)} | {text[n.start : n.end] for n in params(tree)}
    assert found == {"通", ":limit", '"x y".z', "a", "b", "c"}
    both, null = tree.args
    assert text[null.start : null.end] == "c IS NULL"
    assert text[both.args[1].start : both.args[1].end] == "b - a) <= 1.50"
    listed = both.args[0].args[1]
    assert [text[n.start : n.end] for n in listed.args] == ['"x y".z', "'it''s'", "2"]


def caught(text: str) -> FormulaProblem:
    with pytest.raises(FormulaProblem) as error:
        parse(text)
    return error.value


@pytest.mark.parametrize(
    ("text", "name", "part"),
    [
        # nothing, or not one expression
        ("", "formula-syntax", ""),
        (" \n", "formula-syntax", " \n"),
        ("a b", "formula-syntax", "b"),
        ("a, b", "formula-syntax", ","),
        ("a +", "formula-syntax", "+"),
        ("(a", "formula-syntax", "a"),
        ("a)", "formula-syntax", ")"),
        ("a ! = b", "formula-syntax", "!"),
        ("a..b", "formula-syntax", "."),
        ("a = 'x", "formula-syntax", "'x"),
        ('a = "x', "formula-syntax", '"x'),
        ('a."" = 1', "formula-syntax", '""'),
        ("a + order by", "formula-syntax", "order by"),
        ("x.user-defined", "formula-syntax", "user-defined"),
        ("a->b", "forbidden-construct", "a->b"),
        ("a <=> b", "forbidden-construct", "a <=> b"),
        ("a IN (1,)", "formula-syntax", ","),
        ("a NOT NULL", "formula-syntax", "NOT NULL"),
        (": p", "formula-syntax", ":"),
        ("a; DROP TABLE x", "forbidden-construct", ";"),
        # words of SQL as names
        ("end", "formula-syntax", "end"),
        ("a + end", "formula-syntax", "end"),
        ("from", "formula-syntax", "from"),
        ("a + costs.from", "formula-syntax", "from"),
        ("order > 1", "formula-syntax", "order"),
        ("user = 'x'", "formula-syntax", "user"),
        ("current_date", "formula-syntax", "current_date"),
        ("case", "formula-syntax", "case"),
        # statements, comments, calls
        ("a -- b", "forbidden-construct", "--"),
        ("a /* b */", "forbidden-construct", "/*"),
        ("read_csv('x')", "forbidden-construct", "read_csv"),
        ('"lower"(a)', "forbidden-construct", '"lower"'),
        ("x.read_csv('y')", "forbidden-construct", "read_csv"),
        ("x.lower(a)", "forbidden-construct", "x.lower(a"),
        ("now()", "forbidden-construct", "now"),
        ("mod(a, 2)", "forbidden-construct", "mod"),
        ("nvl(a, 2)", "forbidden-construct", "nvl"),
        ("if(a, 1, 2)", "forbidden-construct", "if"),
        ("1 + sum(a)", "forbidden-construct", "sum"),
        ("count(*)", "forbidden-construct", "count"),
        ("sum(a) OVER ()", "forbidden-construct", "sum"),
        ("count(a) FILTER (WHERE b)", "forbidden-construct", "count"),
        ("a = ANY (b)", "forbidden-construct", "ANY"),
        ("EXISTS (a)", "forbidden-construct", "EXISTS"),
        ("CAST(a AS int)", "forbidden-construct", "CAST"),
        ("a::int", "forbidden-construct", "::"),
        ("a AS b", "forbidden-construct", "AS"),
        ("(SELECT 1)", "forbidden-construct", "SELECT"),
        ("a IN (SELECT b)", "forbidden-construct", "SELECT"),
        ("COALESCE(DISTINCT a)", "forbidden-construct", "DISTINCT"),
        ("*", "forbidden-construct", "*"),
        ("a.*", "forbidden-construct", "a.*"),
        ("LOWER(*)", "forbidden-construct", "*"),
        ("(a, b) = (1, 2)", "forbidden-construct", "a, b"),
        ("a.b.c.d.e", "forbidden-construct", "a.b.c.d.e"),
        # operators that are left out
        ("a % 2", "forbidden-construct", "%"),
        ("a ^ 2", "forbidden-construct", "^"),
        ("a || b", "forbidden-construct", "||"),
        ("a ~ b", "forbidden-construct", "~"),
        ("a == b", "forbidden-construct", "=="),
        ("a := 1", "forbidden-construct", ":="),
        ("a[1]", "forbidden-construct", "["),
        ("{a}", "forbidden-construct", "{"),
        ("$$a$$", "forbidden-construct", "$"),
        ("a = ?", "forbidden-construct", "?"),
        ("a @ b", "forbidden-construct", "@"),
        ("`a`", "forbidden-construct", "`"),
        ("a ILIKE 'x'", "forbidden-construct", "ILIKE"),
        ("a SIMILAR TO 'x'", "forbidden-construct", "SIMILAR TO"),
        ("a LIKE b", "forbidden-construct", "b"),
        ("a LIKE :p", "forbidden-construct", ":p"),
        ("a LIKE '10\\%'", "forbidden-construct", "'10\\%'"),
        ("a LIKE 'x' ESCAPE '!'", "forbidden-construct", "ESCAPE '!'"),
        ("a IS DISTINCT FROM b", "forbidden-construct", "DISTINCT"),
        ("a IS TRUE", "forbidden-construct", "a"),
        ("a IS NOT FALSE", "forbidden-construct", "a"),
        ("a IS UNKNOWN", "forbidden-construct", "a IS UNKNOWN"),
        ("a ISNULL", "forbidden-construct", "ISNULL"),
        ("a BETWEEN SYMMETRIC 2 AND 1", "forbidden-construct", "SYMMETRIC"),
        ("a COLLATE b", "forbidden-construct", "COLLATE"),
        ("a IN ()", "forbidden-construct", "a"),
        ("a IN (b)", "forbidden-construct", "b"),
        ("a NOT IN (1, NULL)", "forbidden-construct", "NULL"),
        ("CASE a WHEN 1 THEN 2 END", "forbidden-construct", "a WHEN 1 THEN 2"),
        ("ROUND(a, 2)", "forbidden-construct", "ROUND(a, 2"),
        ("TRIM(BOTH FROM a)", "forbidden-construct", "BOTH FROM a"),
        ("a AT TIME ZONE 'x'", "forbidden-construct", "ZONE 'x'"),
        ("EXTRACT(EPOCH FROM a)", "forbidden-construct", "a"),
        ("EXTRACT(YEAR FROM a)", "forbidden-construct", "a"),
        ("INTERVAL '1 day'", "forbidden-construct", "INTERVAL"),
        # literals that are not plain
        ("DATE '2026-01-01'", "forbidden-construct", "DATE '2026-01-01'"),
        ("'a' 'b'", "forbidden-construct", "'a' 'b'"),
        ("a = e'x'", "forbidden-construct", "e'x'"),
        ("x'1F'", "forbidden-construct", "x'1F'"),
        ("0x1F", "bad-number", "0x1F"),
        ("1_000", "bad-number", "1_000"),
        ("a + .5", "bad-number", ".5"),
        ("1.5.2", "bad-number", "1.5."),
        ("2a", "bad-number", "2a"),
        ("a < 1e999", "bad-number", "1e999"),
        ("a < 1e-999", "bad-number", "1e-999"),
        ("a = 9007199254740993", "bad-number", "9007199254740993"),
        # chains
        ("a < b < c", "chained-comparison", "a < b < c"),
        ("a = b = c", "chained-comparison", "a = b = c"),
        ("a < b LIKE 'x'", "chained-comparison", "a < b LIKE 'x'"),
        ("a = NOT b", "chained-comparison", "a = NOT b"),
        ("a IS NULL IS NULL", "chained-comparison", "a"),
        ("x AND a > b > c", "chained-comparison", "a > b > c"),
        # characters that look like others
        ("a，b", "odd-character", "，"),
        ("a − b", "odd-character", "−"),
        ("a × b", "odd-character", "×"),
        ("a ≤ b", "odd-character", "≤"),
        ("a = ‘x’", "odd-character", "‘"),
        ("ａ > 1", "odd-character", "ａ"),
        ("a > １", "odd-character", "１"),
        ("a\u00a0> 1", "odd-character", "\u00a0"),
        ("a\u200b > 1", "odd-character", "\u200b"),
        ("a\x00", "odd-character", "\x00"),
        ("caf\u0065\u0301 > 1", "odd-character", "caf\u0065\u0301"),
    ],
)
def test_refusals(text: str, name: str, part: str) -> None:
    problem = caught(text)
    assert (problem.name, text[problem.start : problem.end]) == (name, part), problem.text


def test_messages_say_how_to_mend() -> None:
    assert caught("a − b").text == "U+2212 MINUS SIGN is no character of a formula. Write '-'."
    assert caught("ａ > 1").text == ("U+FF41 FULLWIDTH LATIN SMALL LETTER A is no character of a formula. Write 'a'.")
    assert caught("a，b").text == "U+FF0C FULLWIDTH COMMA is no character of a formula. Write ','."
    assert caught("end > 1").text.endswith('as a name it stands in double quotes, "end".')
    assert caught("a < b < c").text == "Comparisons do not chain: join them with AND, or put one in parentheses."


def test_length() -> None:
    assert parse("a" * 2000).value == ("a" * 2000,)
    assert caught("a" * 2001).name == "formula-too-long"


@pytest.mark.parametrize(
    ("opening", "middle", "closing"),
    [
        ("(", "a", ")"),
        ("ABS(", "a", ")"),
        ("COALESCE(1,", "a", ")"),
        ("CASE WHEN a THEN ", "1", " END"),
        ("EXTRACT(HOUR FROM ", "a", ")"),
        ("NOT ", "a", ""),
        ("- ", "a", ""),
        ("NOT (", "a", ")"),
        ("CASE WHEN (", "a", ") THEN 1 END"),
    ],
)
def test_nesting_is_refused_before_python_gives_up(opening: str, middle: str, closing: str) -> None:
    parse(opening * 10 + middle + closing * 10)
    assert caught(opening * 60 + middle + closing * 60).name == "formula-too-deep"


def test_twenty_levels_are_allowed() -> None:
    assert parse("(" * 20 + "a" + ")" * 20) == parse("a")
    problem = caught("(" * 21 + "a" + ")" * 21)
    assert (problem.name, problem.start, problem.end) == ("formula-too-deep", 20, 21)
    assert parse(" + ".join(["(a)"] * 40)).op == "add"


def test_the_deepest_formula_parses_under_a_deep_caller() -> None:
    """A level costs sqlglot some 24 frames: what is allowed must not depend on who asks."""

    def under(frames: int, text: str) -> Node:
        return under(frames - 1, text) if frames else parse(text)

    used = len(__import__("inspect").stack())
    room = sys.getrecursionlimit() - used - 750
    assert under(room, "COALESCE(1," * 20 + "a" + ")" * 20).op == "coalesce"


def test_long_chains_are_refused() -> None:
    assert caught("+".join("a" * 150)).name == "formula-too-deep"
    assert len(names(parse("+".join("a" * 90)))) == 90


SIGNS = list("ab1.,()+-*/<>=!: '\"%_;\n")
WORDS = ["AND", "NOT", "IN", "IS", "NULL", "LIKE", "CASE WHEN", "THEN", "END", "BETWEEN", "SELECT", "FROM", "end",
         "EXTRACT(EPOCH FROM", "COALESCE("]  # fmt: skip
ALPHABET = st.sampled_from([*SIGNS, *(f" {word} " for word in WORDS), "客户", "，", "\x00", "1e"])


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(ALPHABET, max_size=14).map("".join))
@example("a IN (1")
@example("'")
def test_any_text_is_a_tree_that_reads_back_or_a_problem_inside_the_text(text: str) -> None:
    try:
        tree = parse(text)
    except FormulaProblem as found:
        problem = found
    else:
        assert parse(render(tree)) == tree
        return
    assert 0 <= problem.start <= problem.end <= len(text)
