"""Numbers, amounts and lengths of time as real exports write them: read as declared, else bad under a name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from column_of_text import notices, one, read, taken

from ccmetrics.stages.normalize.cells import odd_code
from ccmetrics.stages.normalize.columns import parse
from ccmetrics.stages.normalize.durations import doubted

# ---------------------------------------------------------------- amounts


@pytest.mark.parametrize(
    ("text", "how", "value"),
    [
        ("\u00a51,234.50", {"currency": "\u00a5", "thousands": ","}, 1234.5),
        ("1.234,50 EUR", {"currency": "EUR", "decimal": ",", "thousands": "."}, 1234.5),
        ("EUR 7", {"currency": "EUR"}, 7),
        ("-\u00a55", {"currency": "\u00a5"}, -5),
        ("\u00a5-5", {"currency": "\u00a5"}, -5),
        ("12.5", {"currency": "\u00a5"}, 12.5),
        ("$1.50", {"currency": "$"}, 1.5),
        ("HK$1.50", {"currency": "HK$"}, 1.5),
        ("5\u00a0\u20ac", {"currency": "\u20ac"}, 5),
        ("\u20ac5", {"currency": "\u00a5"}, "wrong-currency"),
        ("5 USD", {"currency": "EUR"}, "wrong-currency"),
        ("$5", {"currency": "HK$"}, "wrong-currency"),
        ("HK$5", {"currency": "$"}, "bad-number"),
        ("$5", {}, "wrong-currency"),
        ("EUR 5 EUR", {"currency": "EUR"}, "wrong-currency"),
        ("EUR", {"currency": "EUR"}, "bad-number"),
        ("(5)", {"currency": "$"}, "bad-number"),
        ("5-", {}, "bad-number"),
        ("5 CR", {"currency": "EUR"}, "bad-number"),
    ],
)
def test_currencies_are_declared(text: str, how: dict[str, Any], value: Any) -> None:
    assert one("money", text, **how) == value


@pytest.mark.parametrize(
    ("text", "how", "value"),
    [
        ("1'234'567.5", {"thousands": "'"}, 1_234_567.5),
        ("1\u2019234.5", {"thousands": "'"}, 1234.5),
        ("1\u2009234", {"thousands": " "}, 1234),
        ("1\u00a0234\u202f567", {"thousands": " "}, 1_234_567),
        ("1 23", {"thousands": " "}, "number-unclear"),
        ("12,34,567", {"thousands": ","}, "number-unclear"),
        ("1,234", {"decimal": ","}, 1.234),
        ("1.234", {"decimal": ","}, "number-unclear"),
        ("9223372036854775808", {}, "not-finite"),
        ("999999999999999", {}, 999_999_999_999_999),
        ("\uff11\uff12\uff13", {"decimal": ","}, "odd-digits"),
        ("\uff11,234", {"thousands": ","}, "odd-digits"),
    ],
)
def test_signs_within_a_number(text: str, how: dict[str, Any], value: Any) -> None:
    assert one("number", text, **how) == value


@pytest.mark.parametrize(("text", "code"), [("\uff11\uff12", "U+FF11"), ("\u22125", "U+2212"), ("1\u0662", "U+0662")])
def test_odd_digits_are_named_by_their_code_point(text: str, code: str) -> None:
    frame, made = taken("number", [text])
    fault = next(f for f in parse([pl.col("0")], made.how).faults if frame.select(f.when).item())
    assert (fault.name, fault.names_code) == ("odd-digits", True)
    assert odd_code(text, made.how) == f" It has {code}."
    assert odd_code(text, replace(made.how, private=True)) == ""


@pytest.mark.parametrize(
    ("text", "how", "value"),
    [
        ("85,5 %", {"decimal": ","}, 0.855),
        ("85.5", {"unit": "percent"}, 0.855),
        ("100%", {"unit": "fraction"}, 1),
        ("85", {"unit": "fraction"}, "percent-unclear"),
        ("120%", {}, 1.2),
    ],
)
def test_shares(text: str, how: dict[str, Any], value: Any) -> None:
    assert one("percent", text, **how) == (value if isinstance(value, str) else pytest.approx(value, abs=1e-12))


# ---------------------------------------------------------------- lengths of time


@pytest.mark.parametrize(
    ("text", "how", "value"),
    [
        ("19分10秒", {}, 1150),
        ("1时2分3秒", {}, 3723),
        ("1小时2分钟", {}, 3720),
        ("45秒", {}, 45),
        ("2.4 分钟", {}, 144),
        ("250 ms", {}, 0.25),
        ("1 s 250 ms", {}, 1.25),
        ("2,4 min", {"decimal": ","}, 144),
        ("1899-12-30 00:02:23", {}, 143),
        ("0.00165509259259259", {"unit": "serial"}, 143),
        ("143000000", {"unit": "us"}, 143),
        ("02:23", {"format": "%M:%S"}, 143),
        ("75:30", {"format": "%M:%S"}, 4530),
        ("02:23", {"format": "%H:%M"}, 8580),
        ("26:15", {"format": "%H:%M", "longest_s": 1e6}, 94_500),
        ("26:15", {"format": "%H:%M"}, "duration-too-long"),
        ("02:23.5", {"format": "%M:%S"}, 143.5),
        ("-02:23", {"format": "%M:%S"}, "negative-duration"),
        ("-02:23", {"format": "%M:%S", "negative": "zero"}, 0),
        ("19'10", {"format": "%M'%S"}, 1150),
        ("000223", {"format": "%H%M%S"}, 143),
        ("223", {"format": "%H%M%S"}, "bad-duration"),
        ("12:02:23 AM", {"format": "%I:%M:%S %p"}, 143),
        ("12:02:23 PM", {"format": "%I:%M:%S %p"}, 43_343),
        ("上午12:02:23", {"format": "%p%I:%M:%S"}, 143),
        ("02:60", {"format": "%M:%S"}, "bad-duration"),
        ("02:23", {"format": "%H:%M:%S"}, "bad-duration"),
        ("143", {"format": "%M:%S"}, "bad-duration"),
        ("02:23", {}, "bad-duration"),
        ("2:23", {"unit": "min"}, "bad-duration"),
        ("\uff11\uff12", {}, "bad-duration"),
        ("9999999999999999999999", {}, "duration-too-long"),
        ("1e400", {}, "bad-duration"),
    ],
)
def test_durations(text: str, how: dict[str, Any], value: Any) -> None:
    assert one("duration", text, **how) == value


def test_of_several_formats_the_one_that_fits_all() -> None:
    forms = ("%H:%M", "%M:%S")
    assert read("duration", ["02:23", "75:30"], formats=forms, longest_s=86_400.0) == [
        "bad-duration",
        "duration-too-long",
    ]
    assert read("duration", ["1:02:03", "0:00:01"], formats=("%H:%M", "%H:%M:%S")) == [3723, 1]
    assert read("duration", ["02:23", "00:00"], formats=forms) == ["bad-duration", 0]


def test_below_zero_is_counted() -> None:
    assert notices("duration", ["-5", "5", "-1"], negative="null") == ["x: 2 cells below zero read as empty"]
    assert notices("duration", ["-0:00:05"], negative="zero") == ["x: 1 cell below zero read as 0"]


LONG = "x: half of its cells are above 3 h. Are they milliseconds? Then say `unit: ms`"
SHORT = "x: half of its cells are below 1 s. Are they seconds? Then say `unit: s`"


@pytest.mark.parametrize(
    ("texts", "unit", "said"),
    [
        (
            ["20000", "30000", "0"],
            None,
            "x: half of its cells are above 3 h. Are they milliseconds? Then say `unit: ms`",
        ),
        (
            ["20000", "30000", "30"],
            "s",
            "x: half of its cells are above 3 h. Are they milliseconds? Then say `unit: ms`",
        ),
        (["20000", "30", "20"], None, None),
        (["5:33:20", "8:20:00"], None, None),
        (["20", "30", "0"], "ms", SHORT),
        (["20000", "30000", "0"], "ms", None),
        (["0", "0"], "ms", None),
    ],
)
def test_a_unit_that_looks_wrong_is_said_and_nothing_else(texts: list[str], unit: str | None, said: str | None) -> None:
    frame, made = taken("duration", texts, unit=unit)
    assert not made.bad.any()
    assert doubted(made.value, frame["0"], made.how) == ((said,) if said else ())


# ---------------------------------------------------------------- words for nothing, several values


def test_words_for_nothing_are_counted_each() -> None:
    texts = ["N/A", "5", " N/A ", "-", None, "", "{}"]
    assert read("rating", texts, null=("N/A", "-", "{}")) == [None, 5, None, None, None, None, None]
    assert notices("rating", texts, null=("N/A", "-", "{}", "?")) == [
        "x: 'N/A' in 2 cells read as empty",
        "x: '-' in 1 cell read as empty",
        "x: '{}' in 1 cell read as empty",
    ]
    assert notices("id", ["NA", "null"], null=()) == []


def test_of_several_values_in_a_cell_one_is_taken_and_counted() -> None:
    texts = ["Ann; Bob ;", "Cy", ";", None, " ; Di;", "none;Ed;none"]
    assert read("id", texts, split=";", null=("none",)) == ["Bob", "Cy", None, None, "Di", None]
    assert read("id", texts, split=";", take="first", null=("none",)) == ["Ann", "Cy", None, None, "Di", None]
    assert notices("id", texts, split=";", null=("none",)) == [
        "x: 2 cells of several values between ';' read as the last of them",
        "x: 'none' in 1 cell read as empty",
    ]
    assert read("duration", ["10;20", "5"], split=";") == [20, 5]


def test_distinct_cells_are_counted_as_often_as_they_stand() -> None:
    """Columns that repeat are parsed once a distinct cell."""
    texts = ["-5", "7"] * 15_000
    assert read("duration", texts, negative="zero") == [0, 7] * 15_000
    assert notices("duration", texts, negative="zero") == ["x: 15,000 cells below zero read as 0"]


@pytest.mark.parametrize("text", ["1.23457E+17", "1,23457e+17", "1.2345678901234567e+17", "1E+17", "1.0E+15"])
def test_destroyed_ids(text: str) -> None:
    assert one("id", text) == "destroyed-id"


@pytest.mark.parametrize("text", ["NA", "007", "12345678901234567890123", "5E10", "1.5E3", "-", "null", "1e5"])
def test_ids_that_look_odd_are_ids(text: str) -> None:
    assert one("id", text) == text
