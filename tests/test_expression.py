"""Formulas as Polars expressions: SQL's logic by worked examples, and against DuckDB on random formulas."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccmetrics.expression import Absent, compile
from ccmetrics.formula import Kind, check, evaluate, parse

PARAMETERS: dict[str, float | datetime] = {"p": 2.0, "day0": datetime(2026, 3, 28, 22, 30)}


def value(text: str, **columns: object) -> object:
    """The value of a formula on one row."""
    frame = pl.DataFrame({name: [cell] for name, cell in columns.items()})
    return frame.select(compile(parse(text), lambda name: pl.col(".".join(name)), PARAMETERS).alias("r")).item()


def number(cell: float | None) -> pl.Series:
    return pl.Series([cell], dtype=pl.Float64)


# ---------------------------------------------------------------- worked examples


@pytest.mark.parametrize(
    ("text", "a", "b", "expected"),
    [
        ("a / b", 6.0, 4.0, 1.5),
        ("a / b", 6.0, 0.0, None),
        ("a / b", 0.0, 0.0, None),
        ("a / -b", 6.0, 0.0, None),
        ("a / b", None, 2.0, None),
        ("a * b", 1e308, 10.0, None),
        ("1 / (a * b)", 1e308, 10.0, None),
        ("a * b > 1", 1e308, 10.0, None),
        ("LEAST(a * b, 5)", 1e308, 10.0, 5.0),
        ("a * b - a * b", 1e308, 10.0, None),
        ("ROUND(a)", 2.5, None, 3.0),
        ("ROUND(a)", -2.5, None, -3.0),
        ("ROUND(a)", 0.49999999999999994, None, 0.0),
        ("ROUND(a)", 1.5, None, 2.0),
        ("GREATEST(a, b)", None, 3.0, 3.0),
        ("LEAST(a, b)", None, None, None),
        ("NULLIF(a, b)", 3.0, 3.0, None),
        ("NULLIF(a, b)", 3.0, None, 3.0),
        ("a IN (1, 3)", 3.0, None, True),
        ("a IN (1, 3)", None, None, None),
        ("a NOT IN (1, 3)", None, None, None),
        ("a = b", None, None, None),
        ("a BETWEEN 1 AND b", 0.0, None, False),
        ("a BETWEEN 1 AND b", 2.0, None, None),
        ("CASE WHEN b > 1 THEN 1 ELSE 2 END", None, None, 2.0),
        ("CASE WHEN a > 1 THEN 1 WHEN b > 1 THEN 2 END", 0.0, 2.0, 2.0),
        ("CASE WHEN a > 1 THEN 1 WHEN a > 0 THEN 2 END", 5.0, None, 1.0),
        ("COALESCE(b, a, 7)", 6.0, None, 6.0),
        ("a <= :p", 2.0, None, True),
    ],
)
def test_numbers(text: str, a: float | None, b: float | None, expected: float | bool | None) -> None:
    frame = pl.DataFrame({"a": number(a), "b": number(b)})
    found = frame.select(compile(parse(text), lambda name: pl.col(name[0]), PARAMETERS).alias("r")).item()
    assert found == expected
    assert isinstance(found, bool) == isinstance(expected, bool)


LOGIC = [(x, y) for x in (True, False, None) for y in (True, False, None)]


def test_three_valued_logic() -> None:
    """The truth tables of the SQL standard."""
    frame = pl.DataFrame(LOGIC, schema={"a": pl.Boolean, "b": pl.Boolean}, orient="row")
    texts = ("a AND b", "a OR b", "NOT a")
    found = frame.select(
        compile(parse(text), lambda name: pl.col(name[0]), {}).alias(text) for text in texts
    ).to_dict(as_series=False)  # fmt: skip
    assert found["a AND b"] == [True, False, None, False, False, False, None, False, None]
    assert found["a OR b"] == [True, True, True, True, False, None, True, None, None]
    assert found["NOT a"] == [False] * 3 + [True] * 3 + [None] * 3


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("abc", ["abc"], ["abcd", "xabc", "ABC"]),
        ("abc%", ["abc", "abcd", "abc\nd"], ["xabc"]),
        ("%abc", ["abc", "x\nabc"], ["abcd"]),
        ("%abc%", ["abc", "xabcx", "\nabc\n"], ["abxc"]),
        ("a_c", ["abc", "a%c", "a\nc", "a中c"], ["ac", "abbc"]),
        ("a%c", ["ac", "abbc", "a\nc"], ["acb"]),
        ("a.c", ["a.c"], ["abc"]),
        ("(a+)[b]$", ["(a+)[b]$"], ["aab"]),
        ("", [""], ["a"]),
        ("%", ["", "a", "\n"], []),
        ("%%", ["", "a"], []),
        ("_", ["a", "中"], ["", "ab"]),
    ],
)
def test_like(pattern: str, yes: list[str], no: list[str]) -> None:
    frame = pl.DataFrame({"a": [*yes, *no, None]}, schema={"a": pl.String})
    found = frame.select(compile(parse(f"a LIKE '{pattern}'"), lambda name: pl.col(name[0]), {}).alias("r"))
    assert found["r"].to_list() == [True] * len(yes) + [False] * len(no) + [None]
    turned = frame.select(compile(parse(f"a NOT LIKE '{pattern}'"), lambda name: pl.col(name[0]), {}).alias("r"))
    assert turned["r"].to_list() == [False] * len(yes) + [True] * len(no) + [None]


@pytest.mark.parametrize("kind", [pl.String, pl.Categorical, pl.Enum(["x", "y"])])
def test_text_of_any_column_meets_words_the_column_lacks(kind: pl.DataType) -> None:
    frame = pl.DataFrame({"a": pl.Series(["x", "y", None], dtype=kind)})
    for text, expected in (
        ("a = 'x'", [True, False, None]),
        ("a <> 'zz'", [True, True, None]),
        ("a IN ('x', 'zz')", [True, False, None]),
        ("a NOT IN ('zz')", [True, True, None]),
        ("COALESCE(a, 'zz')", ["x", "y", "zz"]),
        ("CASE WHEN a = 'x' THEN a ELSE 'zz' END", ["x", "zz", "zz"]),
        ("UPPER(a)", ["X", "Y", None]),
        ("a LIKE 'x%'", [True, False, None]),
        ("LENGTH(a)", [1.0, 1.0, None]),
    ):
        found = frame.select(compile(parse(text), lambda name: pl.col(name[0]), {}).alias("r"))["r"].to_list()
        assert found == expected, text


def test_trim_takes_spaces_only_and_length_counts_characters() -> None:
    assert value("TRIM(a)", a="  x\t ") == "x\t"
    assert value("LENGTH(a)", a="中文 ") == 3.0


def test_whole_numbers_are_doubles_before_they_can_wrap() -> None:
    big = 2**62
    assert value("a + a + a", a=big) == 3.0 * big
    assert value("a - b", a=1, b=2) == -1.0
    assert value("a IN (1, 2)", a=2) is True


# ---------------------------------------------------------------- times


def test_epoch_is_exact_to_the_microsecond() -> None:
    start, end = datetime(2026, 3, 28, 23, 59, 59, 999_999), datetime(2026, 3, 29, 0, 0, 0, 1)
    assert value("EXTRACT(EPOCH FROM b - a)", a=start, b=end) == 0.000002
    assert value("EXTRACT(EPOCH FROM a - b)", a=start, b=end) == -0.000002
    assert value("EXTRACT(EPOCH FROM b - a)", a=start, b=None) is None
    assert value("EXTRACT(EPOCH FROM b - a) / 86400", a=date(2026, 3, 1), b=date(2026, 4, 1)) == 31.0
    assert value("EXTRACT(EPOCH FROM a - :day0)", a=datetime(2026, 3, 28, 22, 30, 1)) == 1.0


def test_times_compare() -> None:
    assert value("a < b", a=datetime(2026, 1, 1), b=datetime(2026, 1, 1, 0, 0, 0, 1)) is True
    assert value("a >= :day0", a=datetime(2026, 3, 28, 22, 30)) is True


def berlin(instant: pl.Expr) -> pl.Expr:
    return instant.dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Berlin").dt.replace_time_zone(None)


@pytest.mark.parametrize(
    ("field", "expected"),
    # 22:30 UTC on Saturday is 23:30 in Berlin; 01:15 UTC on Sunday is 03:15, the clocks having gone forward.
    [
        ("HOUR", [23, 3]),
        ("MINUTE", [30, 15]),
        ("DAY", [28, 29]),
        ("ISODOW", [6, 7]),
        ("DOW", [6, 0]),
        ("MONTH", [3, 3]),
    ],
)
def test_fields_are_read_on_the_local_clock(field: str, expected: list[float]) -> None:
    frame = pl.DataFrame({"t": [datetime(2026, 3, 28, 22, 30), datetime(2026, 3, 29, 1, 15)]})
    made = compile(parse(f"EXTRACT({field} FROM t)"), lambda name: pl.col(name[0]), {}, berlin)
    assert frame.select(made.alias("r"))["r"].to_list() == expected


def test_the_clock_is_not_read_in_utc_by_accident() -> None:
    with pytest.raises(TypeError, match="local"):
        compile(parse("EXTRACT(HOUR FROM t)"), lambda name: pl.col(name[0]), {})


def test_days_have_no_clock() -> None:
    frame = pl.DataFrame({"d": [date(2026, 3, 29)], "e": [None]}, schema={"d": pl.Date, "e": pl.Date})
    for text, expected in (("EXTRACT(ISODOW FROM d)", 7.0), ("EXTRACT(DAY FROM COALESCE(e, d))", 29.0)):
        made = compile(parse(text), lambda name: pl.col(name[0]), {}, berlin, {("d",), ("e",)})
        assert frame.select(made.alias("r")).item() == expected


def test_a_day_beside_a_time_is_its_local_midnight() -> None:
    """23:30 UTC on 31 May is 01:30 on 1 June in Berlin: an hour and a half after 1 June began there."""
    frame = pl.DataFrame({"t": [datetime(2026, 5, 31, 23, 30)], "d": [date(2026, 6, 1)], "e": [date(2026, 6, 1)]})
    days = {("d",), ("e",)}
    for text, expected in (
        ("EXTRACT(EPOCH FROM t - d)", 5400.0),
        ("EXTRACT(EPOCH FROM d - t)", -5400.0),
        ("EXTRACT(EPOCH FROM t - COALESCE(d, e))", 5400.0),
        ("EXTRACT(EPOCH FROM e - d)", 0.0),
    ):
        made = compile(parse(text), lambda name: pl.col(name[0]), {}, berlin, days)
        assert frame.select(made.alias("r")).item() == expected, text


# ---------------------------------------------------------------- what is not supplied


def test_absent_names() -> None:
    def column(name: tuple[str, ...]) -> pl.Expr | None:
        return None if name[0] == "gone" else pl.col(name[0])

    frame = pl.DataFrame({"a": [3.0]})
    for text in ("COALESCE(gone.x, a)", "COALESCE(gone.x + 1, gone.y, a)", "COALESCE(COALESCE(gone.x, gone.y), 3)"):
        assert frame.select(compile(parse(text), column, {}).alias("r")).item() == 3.0
    for text in ("a + gone.x", "COALESCE(gone.x, gone.y)", "COALESCE(a, 1) + gone.x", "gone.x IS NULL"):
        with pytest.raises(Absent) as caught:
            compile(parse(text), column, {})
        assert caught.value.parts == ("gone", "x")


# ---------------------------------------------------------------- against DuckDB

NUMBERS = [None, 0.0, 1.0, -1.0, 2.5, -2.5, 0.5, 3.0, 100.25, None, -7.0, 1e-3]
FLAGS = [True, False, None, True]
TEXTS = ["a", "b", "A_", "a%b", "", None, "queue a", " a "]
ROWS = 48
START = datetime(2026, 1, 1)
FRAME = pl.DataFrame(
    {
        "n1": [NUMBERS[i % 12] for i in range(ROWS)],
        "n2": [NUMBERS[(i * 5 + i // 12) % 12] for i in range(ROWS)],
        "i1": [None if i % 7 == 0 else i % 5 - 2 for i in range(ROWS)],
        "f1": [FLAGS[i % 4] for i in range(ROWS)],
        "f2": [FLAGS[i // 4 % 4] for i in range(ROWS)],
        "s1": [TEXTS[i % 8] for i in range(ROWS)],
        "s2": [TEXTS[i * 3 % 8] for i in range(ROWS)],
        "t1": [None if i % 9 == 0 else START + timedelta(hours=i * 7, microseconds=i) for i in range(ROWS)],
        "t2": [None if i % 11 == 0 else START + timedelta(days=8, hours=-i * 3) for i in range(ROWS)],
    }
)  # fmt: skip
KINDS = {"n": Kind("number"), "i": Kind("number"), "f": Kind("flag"), "s": Kind("text"), "t": Kind("datetime")}

# A strategy makes pairs: our text, and the same for DuckDB, where a division is guarded and a literal is a double.
Pair = tuple[str, str]


def both(*texts: str) -> st.SearchStrategy[Pair]:
    return st.sampled_from([(text, text) for text in texts])


def build(template: str, *strategies: st.SearchStrategy[Pair], duck: str = "") -> st.SearchStrategy[Pair]:
    def fill(args: tuple[Pair, ...]) -> Pair:
        return template.format(*(ours for ours, _ in args)), (duck or template).format(*(theirs for _, theirs in args))

    return st.tuples(*strategies).map(fill)


LITERAL = st.sampled_from(["0", "1", "2", "2.5", "3", "100", "0.5"]).map(lambda text: (text, f"CAST({text} AS DOUBLE)"))
NUMBER = both("n1", "n2", "i1").map(lambda pair: (pair[0], f"CAST({pair[0]} AS DOUBLE)"))
NUMERIC_ATOM = st.one_of(NUMBER, LITERAL, st.just((":p", "CAST(2 AS DOUBLE)")))
WORD = both("'a'", "'b'", "'A_'", "''", "'zz'")
TEXT = st.one_of(
    both("s1", "s2"),
    WORD,
    build("LOWER({0})", both("s1")),
    build("TRIM({0})", both("s2")),
    build("UPPER({0})", both("s2")),
)
TIME = both("t1", "t2")
COMPARE = ["=", "<>", "!=", "<", "<=", ">", ">="]


def choice(kind: st.SearchStrategy[Pair], flag: st.SearchStrategy[Pair]) -> list[st.SearchStrategy[Pair]]:
    return [
        build("CASE WHEN {0} THEN {1} ELSE {2} END", flag, kind, kind),
        build("CASE WHEN {0} THEN {1} WHEN {2} THEN {3} END", flag, kind, flag, kind),
        build("COALESCE({0}, {1})", kind, kind),
        build("NULLIF({0}, {1})", kind, kind),
    ]


def numeric(inner: st.SearchStrategy[Pair], flag: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    """Without parentheses wherever a person would leave them out, so that precedence is compared as well."""
    atom = st.one_of(NUMERIC_ATOM, build("({0})", inner))
    return st.one_of(
        *(build(f"{{0}} {sign} {{1}}", inner, inner) for sign in "+-*"),
        build("{0} / {1}", inner, atom, duck="{0} / NULLIF({1}, 0)"),
        build("-{0}", atom),
        *(build(f"{name}({{0}})", inner) for name in ("ABS", "FLOOR", "CEIL", "ROUND")),
        *(build(f"{name}({{0}}, {{1}}, {{2}})", inner, inner, inner) for name in ("GREATEST", "LEAST")),
        build("LENGTH({0})", TEXT, duck="CAST(LENGTH({0}) AS DOUBLE)"),
        build("EXTRACT(EPOCH FROM {0} - {1})", TIME, TIME, duck="CAST(EXTRACT(EPOCH FROM {0} - {1}) AS DOUBLE)"),
        *choice(inner, flag),
    )


def logical(inner: st.SearchStrategy[Pair], number: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    whole = build("({0})", inner)
    return st.one_of(
        build("{0} AND {1}", inner, inner),
        build("{0} OR {1}", inner, inner),
        build("NOT {0}", st.one_of(whole, both("f1", "f2"))),
        build("NOT {0}", inner),
        *(build(f"{{0}} {sign} {{1}}", number, number) for sign in COMPARE),
        *(build(f"{{0}} {sign} {{1}}", TIME, TIME) for sign in COMPARE),
        *(build(f"{{0}} {sign} {{1}}", TEXT, TEXT) for sign in ("=", "<>")),
        build("{0} = {1}", both("f1", "f2"), both("TRUE", "FALSE")),
        build("{0} BETWEEN {1} AND {2}", number, number, number),
        build("{0} NOT BETWEEN {1} AND {2}", number, number, number),
        build("{0} IN ({1}, {2}, {3})", number, LITERAL, LITERAL, st.just(("-1", "CAST(-1 AS DOUBLE)"))),
        build("{0} NOT IN ({1}, {2})", number, LITERAL, LITERAL),
        build("{0} IN ({1}, {2})", TEXT, WORD, WORD),
        build("{0} NOT IN ({1})", TEXT, WORD),
        *(build(f"{{0}} {sign} {{1}}", TEXT, both("'a%'", "'%a'", "'%a%'", "'_'", "'A_'", "'%_%a'", "''"))
          for sign in ("LIKE", "NOT LIKE")),
        *(build(f"{{0}} {sign}", st.one_of(number, TEXT, TIME, whole)) for sign in ("IS NULL", "IS NOT NULL")),

        *choice(inner, inner),
    )  # fmt: skip


def deeper(level: int) -> tuple[st.SearchStrategy[Pair], st.SearchStrategy[Pair]]:
    if not level:
        return NUMERIC_ATOM, both("f1", "f2", "TRUE", "FALSE")
    number, flag = deeper(level - 1)
    return st.one_of(number, numeric(number, flag)), st.one_of(flag, logical(flag, number))


NUMERIC, LOGICAL = deeper(3)


@pytest.fixture(scope="module")
def duck() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE t (r INT, n1 DOUBLE, n2 DOUBLE, i1 BIGINT, f1 BOOLEAN, f2 BOOLEAN, s1 VARCHAR, s2 VARCHAR,"
        " t1 TIMESTAMP, t2 TIMESTAMP)"
    )
    connection.executemany(
        "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [(i, *row) for i, row in enumerate(FRAME.iter_rows())]
    )
    return connection


def same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-12)
    return ours is theirs if isinstance(ours, bool) or isinstance(theirs, bool) else ours == theirs


@settings(max_examples=250, deadline=None, derandomize=True, database=None)
@given(st.one_of(NUMERIC, LOGICAL))
def test_random_formulas_agree_with_duckdb(duck: duckdb.DuckDBPyConnection, pair: Pair) -> None:
    text, theirs = pair
    tree = parse(text)
    _, problems = check(tree, lambda name: KINDS[name[0][0]], {"p": Kind("number")}, FRAME.columns)
    assert [p.text for p in problems if p.name != "unit-mismatch"] == []
    frame = FRAME.select(compile(tree, lambda name: pl.col(name[0]), PARAMETERS).alias("r"))
    found = frame["r"].to_list()
    expected = [row[0] for row in duck.execute(f"SELECT {theirs} FROM t ORDER BY r").fetchall()]
    if len(found) == 1:
        found = found * ROWS
    wrong = [i for i in range(ROWS) if not same(found[i], expected[i])]
    assert not wrong, (text, FRAME.row(wrong[0], named=True), found[wrong[0]], expected[wrong[0]])
    if not any(name in text for name in ("s1", "s2", "t1", "t2", "'")):
        for i, row in enumerate(FRAME.iter_rows(named=True)):
            assert same(evaluate(tree, row, {"p": 2.0}), expected[i]), (text, row)
