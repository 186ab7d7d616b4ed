"""Text as typed values: each form read exactly one way, everything else bad under its name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from column_of_text import one, read

# ---------------------------------------------------------------- words


def test_ids_are_their_text() -> None:
    texts = ["007", "12345678901234567890123", " A17 ", "\u00a0B\u3000", "", "  ", None]
    assert read("id", texts) == ["007", "12345678901234567890123", "A17", "B", None, None, None]


@pytest.mark.parametrize("text", ["1.23457E+17", "1,23457e+17"])
def test_ids_a_spreadsheet_has_rounded_are_bad(text: str) -> None:
    assert one("id", text) == "destroyed-id"


def test_only_declared_words_are_nothing() -> None:
    assert read("category", ["NA", "-", "NULL", "n/a"], null=("-",)) == ["NA", None, "NULL", "n/a"]


def test_categories_keep_to_their_values() -> None:
    values = ("answered", "abandoned")
    assert read("category", ["answered ", "Answered", "lost", ""], values=values) == [
        "answered",
        "unknown-value",
        "unknown-value",
        None,
    ]


def test_maps_list_all_their_values() -> None:
    mapping = (("Y", "answered"), ("N", "abandoned"), ("?", None))
    assert read("category", ["Y", "N", "?", "y", ""], map=mapping) == [
        "answered",
        "abandoned",
        None,
        "unknown-value",
        None,
    ]
    assert read("category", ["Y", "y"], map=mapping, other="failed") == ["answered", "failed"]


def test_what_a_map_says_must_be_a_value_too() -> None:
    assert one("category", "Y", map=(("Y", "answred"),), values=("answered",)) == "unknown-value"


def test_join_makes_one_id_and_misses_none() -> None:
    assert read("id", ["AA01", "AA02", None], ["7", None, None]) == ["AA01-7", None, None]


@pytest.mark.parametrize("text", ["Y", "yes", "TRUE", "1", "\u662f", " y "])
def test_true(text: str) -> None:
    assert one("flag", text) is True


@pytest.mark.parametrize("text", ["N", "No", "false", "0", "\u5426"])
def test_false(text: str) -> None:
    assert one("flag", text) is False


@pytest.mark.parametrize("text", ["x", "2", "yep", "on", "t"])
def test_no_flag(text: str) -> None:
    assert one("flag", text) == "bad-flag"


def test_mapped_flags() -> None:
    assert read("flag", ["solved", "open"], map=(("solved", "true"), ("open", "false"))) == [True, False]


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("text", "value"), [("143", 143), ("109.0", 109), ("-2.5", -2.5), ("+5", 5), ("1e3", 1000), (" 7 ", 7), ("-0", 0)]
)
def test_numbers(text: str, value: float) -> None:
    assert one("number", text) == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1,234", "number-unclear"),
        ("12,5", "number-unclear"),
        ("1 000", "number-unclear"),
        ("inf", "not-finite"),
        ("-Infinity", "not-finite"),
        ("NaN", "not-finite"),
        ("1e999", "not-finite"),
        ("\uff11\uff12", "odd-digits"),
        ("\u22125", "odd-digits"),
        ("12x", "bad-number"),
        ("0x10", "bad-number"),
        ("1_000", "bad-number"),
        ("\u00a51,234.50", "wrong-currency"),
    ],
)
def test_no_numbers(text: str, problem: str) -> None:
    assert one("number", text) == problem


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "value"),
    [
        ("1.234,5", ",", ".", 1234.5),
        ("12,5", ",", None, 12.5),
        ("-1,234,567", ".", ",", -1234567),
        ("1\u00a0234,5", ",", " ", 1234.5),
        ("1\u202f234", ",", " ", 1234),
        ("1'234.5", ".", "'", 1234.5),
        ("1234,5", ",", ".", 1234.5),
        ("12.5", ",", None, "number-unclear"),
        ("12.5", ",", ".", "number-unclear"),
        ("1,23", ".", ",", "number-unclear"),
        ("1,2345", ".", ",", "number-unclear"),
        ("1.2,345", ".", ",", "number-unclear"),
    ],
)
def test_declared_signs(text: str, decimal: str, thousands: str | None, value: Any) -> None:
    assert one("number", text, decimal=decimal, thousands=thousands) == value


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("85%", None, 0.85),
        ("85 %", None, 0.85),
        ("0.85", None, 0.85),
        ("1", None, 1),
        ("85", None, "percent-unclear"),
        ("85", "percent", 0.85),
        ("0.5", "percent", 0.005),
        ("0.85", "fraction", 0.85),
        ("1.2", "fraction", "percent-unclear"),
        ("x%", None, "bad-number"),
    ],
)
def test_percent(text: str, unit: str | None, value: Any) -> None:
    found = one("percent", text, unit=unit)
    assert found == (pytest.approx(value) if isinstance(value, float) else value)


def test_nps_is_a_whole_number_from_0_to_10() -> None:
    texts = ["0", "10", "7.0", "11", "-1", "7.5", "x"]
    bad = "bad-rating"
    assert read("rating", texts, name="nps") == [0, 10, 7, bad, bad, bad, "bad-number"]
    assert one("rating", "7.5", name="csat") == 7.5


# ---------------------------------------------------------------- durations


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("143", None, 143),
        ("109.0", "s", 109),
        ("0:02:23", None, 143),
        ("9:12:58", None, 33178),
        ("1900-01-01 00:02:23", None, 143),
        ("1899-12-31 00:02:23", None, 143),
        ("1899-12-30T00:02:23", None, 143),
        ("19m 10s", None, 1150),
        ("2.4 min", None, 144),
        ("1h 2m 3s", None, 3723),
        ("45s", None, 45),
        ("143000", "ms", 143),
        ("2.5", "min", 150),
        ("0.5", "h", 1800),
        ("0.00165509259259259", "day", 143),
        ("00:00:38.5", None, 38.5),
        ("0", None, 0),
    ],
)
def test_durations(text: str, unit: str | None, seconds: float) -> None:
    assert one("duration", text, unit=unit) == seconds


def test_long_durations_need_a_higher_bound() -> None:
    assert one("duration", "26:15:00") == "duration-too-long"
    assert one("duration", "26:15:00", longest_s=48 * 3600) == 94500
    assert one("duration", "86400") == 86400
    assert one("duration", "86400.5") == "duration-too-long"


@pytest.mark.parametrize(
    "text", ["02:23", "1:00", "0:60:00", "0:00:60", "12:02:23 AM", "abc", "1:2", "3 days", "1,5", "m", "inf"]
)
def test_no_durations(text: str) -> None:
    assert one("duration", text) == "bad-duration"


def test_a_twelve_hour_clock_is_declared() -> None:
    form = "%I:%M:%S %p"
    assert read("duration", ["12:02:23 AM", "1:00:00 AM", "13:00:00 AM"], format=form) == [143, 3600, "bad-duration"]


def test_a_spreadsheet_counts_from_one_day() -> None:
    assert read("duration", ["1899-12-31 00:00:10", "1900-01-01 00:00:10"]) == [10, "bad-duration"]


def test_negative_durations() -> None:
    assert read("duration", ["-5", "-0:00:05"]) == ["negative-duration", "negative-duration"]
    assert read("duration", ["-5", "5", "x"], negative="null") == [None, 5, "bad-duration"]
    assert read("duration", ["-5", "-0:01:00"], negative="zero") == [0, 0]


def test_zero_is_null_only_where_declared() -> None:
    assert read("duration", ["0:00:00", "0"]) == [0, 0]
    assert read("duration", ["0:00:00", "0"], null=("0:00:00",)) == [None, 0]


# ---------------------------------------------------------------- dates and times


def at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("2026-10-01", None, date(2026, 10, 1)),
        ("2026-1-9", None, date(2026, 1, 9)),
        ("2026-10-01 00:00:00", None, date(2026, 10, 1)),
        ("9999-12-31", None, date(9999, 12, 31)),
        ("01.02.2026", "%d.%m.%Y", date(2026, 2, 1)),
        ("2026-02-29", None, "bad-date"),
        ("2024-02-29", None, date(2024, 2, 29)),
        ("2026-10-01 09:00:00", None, "bad-date"),
        ("01/02/2026", None, "day-month-unclear"),
        ("26-10-01", None, "bad-date"),
        ("26", "%Y", "bad-date"),
        ("46053", None, "bad-date"),
    ],
)
def test_dates(text: str, form: str | None, value: Any) -> None:
    assert one("date", text, format=form) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-10-01 09:12:58", at(2026, 10, 1, 9, 12, 58)),
        ("2026-10-01 9:12:58", at(2026, 10, 1, 9, 12, 58)),
        ("2026-10-01T09:12:58", at(2026, 10, 1, 9, 12, 58)),
        ("2026-10-01 09:12", at(2026, 10, 1, 9, 12)),
        ("2026-10-01T09:12:58.250", at(2026, 10, 1, 9, 12, 58, 250000)),
        ("2026-02-29 09:00:00", "bad-datetime"),
        ("2026-10-01 24:00:00", "bad-datetime"),
        ("2026-10-01 09:12:60", "bad-datetime"),
        ("2026-10-01 09:60:00", "bad-datetime"),
        ("26-10-01 09:12:58", "bad-datetime"),
        ("2026-10-01", "bad-datetime"),
        ("01/02/2026 09:00", "day-month-unclear"),
        ("46053.99", "bad-datetime"),
        ("now", "bad-datetime"),
    ],
)
def test_datetimes_in_utc(text: str, value: Any) -> None:
    assert one("datetime", text, zone="UTC") == value


def test_local_times_become_utc() -> None:
    assert one("datetime", "2026-10-01 09:00:00", zone="Asia/Shanghai") == at(2026, 10, 1, 1)
    assert one("datetime", "2026-07-01 09:00:00", zone="Europe/Berlin") == at(2026, 7, 1, 7)
    assert one("datetime", "2026-01-01 00:30:00", zone="Europe/Berlin") == at(2025, 12, 31, 23, 30)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai"])
def test_an_offset_in_the_cell_decides(zone: str) -> None:
    texts: list[str | None] = ["2026-10-01T09:00:00Z", "2026-10-01T09:00:00+08:00", "2026-10-01 09:00:00.5-0130"]
    expected = [at(2026, 10, 1, 9), at(2026, 10, 1, 1), at(2026, 10, 1, 10, 30, 0, 500000)]
    assert read("datetime", texts, zone=zone) == expected


def test_times_with_and_without_offset_do_not_mix() -> None:
    """Those are bad that are fewer, wherever they stand; of as many those with an offset."""
    local, zoned = "2026-10-01T09:00:00", "2026-10-01T09:00:00Z"
    nine, bad = at(2026, 10, 1, 9), "bad-datetime"
    assert read("datetime", [zoned, local, zoned], zone="UTC") == [nine, bad, nine]
    assert read("datetime", [local, zoned, zoned], zone="UTC") == [bad, nine, nine]
    assert read("datetime", [zoned, local, local], zone="UTC") == [bad, nine, nine]
    assert read("datetime", [zoned, local], zone="UTC") == [bad, nine]


def test_hours_of_the_clock_change() -> None:
    texts: list[str | None] = ["2026-10-25 02:30:00", "2026-03-29 02:30:00", "2026-10-25 03:00:00"]
    assert read("datetime", texts, zone="Europe/Berlin") == ["ambiguous-time", "nonexistent-time", at(2026, 10, 25, 2)]


def test_a_declared_format_is_the_only_one() -> None:
    form = "%d/%m/%Y %H:%M"
    texts: list[str | None] = ["01/02/2026 09:00", "13/02/2026 9:05", "02/13/2026 09:00", "2026-02-01 09:00:00"]
    assert read("datetime", texts, format=form, zone="UTC") == [
        at(2026, 2, 1, 9),
        at(2026, 2, 13, 9, 5),
        "bad-datetime",
        "bad-datetime",
    ]


def test_epochs_are_declared() -> None:
    assert one("datetime", "1790000000", unit="s", zone="Asia/Shanghai") == at(2026, 9, 21, 14, 13, 20)
    assert one("datetime", "1790000000250", unit="ms") == at(2026, 9, 21, 14, 13, 20, 250000)
    assert one("datetime", "1790000000250", unit="s") == "epoch-range"
    assert one("datetime", "18446744075499", unit="s") == "epoch-range"  # times 1e6 it wraps to 2026


def test_a_date_and_a_time_column() -> None:
    days: list[str | None] = ["2021-01-01", "2021-01-01", "2021-01-01", None, "2021-01-01", "2021-13-01"]
    clocks: list[str | None] = ["9:12:58", "1900-01-01 09:12:58", None, None, "24:00:00", "9:00"]
    expected = [at(2021, 1, 1, 9, 12, 58), at(2021, 1, 1, 9, 12, 58), "bad-datetime", None, "bad-time", "bad-date"]
    assert read("datetime", days, clocks, zone="UTC") == expected


def test_a_date_of_a_format_and_a_time_as_a_share_of_the_day() -> None:
    assert read("datetime", ["01.01.2021"], ["0.38400462962963"], zone="UTC", format="%d.%m.%Y", unit="day") == [
        at(2021, 1, 1, 9, 12, 58)
    ]


def test_a_format_over_both_columns() -> None:
    assert read("datetime", ["01/13/2026"], ["09:00 PM"], zone="UTC", format="%m/%d/%Y %I:%M %p") == [
        at(2026, 1, 13, 21)
    ]


def test_a_time_of_a_day_the_layout_gives() -> None:
    how: dict[str, Any] = {"day": "1999-01-31", "zone": "UTC", "null": ("0:00:00",)}
    assert read("datetime", ["0:10:27", "23:59:59", "0:00:00", "24:10:00"], **how) == [
        at(1999, 1, 31, 0, 10, 27),
        at(1999, 1, 31, 23, 59, 59),
        None,
        "bad-time",
    ]
