"""Dates and times: every form read in one way, the form of a column told by all of its cells or not at all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest
from column_of_text import notices, one, read, taken

from ccmetrics.stages.normalize import fitting
from ccmetrics.stages.normalize.columns import parse


def at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]


BAD, UNCLEAR = "bad-datetime", "day-month-unclear"


# ---------------------------------------------------------------- declared formats


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("20190422135716", "%Y%m%d%H%M%S", at(2019, 4, 22, 13, 57, 16)),
        ("2026/3/26 17:04", "%Y/%m/%d %H:%M", at(2026, 3, 26, 17, 4)),
        ("6/23/25 07:00 AM", "%m/%d/%y %I:%M %p", at(2025, 6, 23, 7)),
        ("6/23/25 12:05 AM", "%m/%d/%y %I:%M %p", at(2025, 6, 23, 0, 5)),
        ("6/23/25 12:05 pm", "%m/%d/%y %I:%M %p", at(2025, 6, 23, 12, 5)),
        ("2026/3/26 下午 5:04", "%Y/%m/%d %p %I:%M", at(2026, 3, 26, 17, 4)),
        ("2026/3/26 上午12:04:09", "%Y/%m/%d %p%I:%M:%S", at(2026, 3, 26, 0, 4, 9)),
        ("2026年3月26日 17时04分", "%Y年%m月%d日 %H时%M分", at(2026, 3, 26, 17, 4)),
        ("2026-03-26 17:04:10.25", "%Y-%m-%d %H:%M:%S.%f", at(2026, 3, 26, 17, 4, 10, 250_000)),
        ("2026-03-26T17:04:10+0800", "%Y-%m-%dT%H:%M:%S%z", at(2026, 3, 26, 9, 4, 10)),
        ("26.03.2026", "%d.%m.%Y", at(2026, 3, 26)),
        ("260326", "%y%m%d", at(2026, 3, 26)),
        ("26/03/70", "%d/%m/%y", at(1970, 3, 26)),
        ("26/03/69", "%d/%m/%y", at(2069, 3, 26)),
    ],
)
def test_declared_formats(text: str, form: str, value: datetime) -> None:
    assert one("datetime", text, format=form) == value


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2019042213571", "%Y%m%d%H%M%S"),  # a digit lost: nobody knows which
        ("26326", "%y%m%d"),
        ("20190422135760", "%Y%m%d%H%M%S"),  # a 60th second is the next minute's first to the engine
        ("26-3-26 10-20-60", "%y-%m-%d %H-%M-%S"),
        ("2026-03-26 10:20:60", "%Y-%m-%d %H:%M:%S"),
        ("2026-03-26 24:00", "%Y-%m-%d %H:%M"),
        ("29/02/2026 10:00", "%d/%m/%Y %H:%M"),
        ("01/02/26 10:00", "%d/%m/%Y %H:%M"),  # the year 26
        ("01/02/2026 10:00 h", "%d/%m/%Y %H:%M"),
        ("01/02/2026 13:00 PM", "%d/%m/%Y %I:%M %p"),
        ("01/02/2026 17:00", "%d/%m/%Y %I:%M %p"),
    ],
)
def test_not_of_the_declared_format(text: str, form: str) -> None:
    assert one("datetime", text, format=form) == BAD


# ---------------------------------------------------------------- one of several formats


BOTH = ("%d/%m/%Y", "%m/%d/%Y")


def test_the_one_declared_format_that_fits_all_is_taken_and_said() -> None:
    texts = ["10/05/2020", "13/05/2020", None, "10/05/2020"]
    assert read("date", texts, formats=BOTH) == [date(2020, 5, 10), date(2020, 5, 13), None, date(2020, 5, 10)]
    assert notices("date", texts, formats=BOTH) == [
        "x: 3 cells read as %d/%m/%Y: no other reading fits them all",
    ]


def test_a_column_that_two_formats_fit_is_unclear_where_they_differ() -> None:
    assert read("date", ["10/05/2020", "05/05/2020"], formats=BOTH) == [UNCLEAR, date(2020, 5, 5)]
    assert notices("date", ["10/05/2020", "05/05/2020"], formats=BOTH) == []


def test_formats_that_say_the_same_are_no_two() -> None:
    assert read("date", ["05/05/2020"], formats=BOTH) == [date(2020, 5, 5)]
    forms = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M")
    assert read("datetime", ["26.03.2020 10:00"], formats=forms) == [at(2020, 3, 26, 10)]


def test_a_column_that_no_format_fits_is_bad_where_the_likeliest_does_not() -> None:
    texts = ["13/05/2020", "14/05/2020", "05/13/2020", "05/06/2020", "07/07/2020"]
    # Two only day first, one only month first: the cell that may be either is no better known than the odd one.
    expected = [date(2020, 5, 13), date(2020, 5, 14), "bad-date", UNCLEAR, date(2020, 7, 7)]
    assert read("date", texts, formats=BOTH) == expected
    assert read("date", list(reversed(texts)), formats=BOTH) == list(reversed(expected))


def test_a_cell_that_no_format_fits_throws_no_doubt_on_the_others() -> None:
    texts = ["13/05/2020", "05/06/2020", "unknown"]
    assert read("date", texts, formats=BOTH) == [date(2020, 5, 13), date(2020, 6, 5), "bad-date"]


def test_thousands_of_swapped_dates_do_not_pass() -> None:
    """As in one real export: most are right, and in the others day and month are swapped."""
    right = [f"{1 + i % 28:02}/{1 + i % 12:02}/2020" for i in range(19_886)]
    swapped = [f"{1 + i % 12:02}/{1 + i % 28:02}/2020" for i in range(13_055)]
    _, made = taken("date", right + swapped, formats=BOTH)
    # Only a day above 12, or one equal to the month, can be told; of the rest not one is taken.
    days = pl.DataFrame({"a": [int(t[:2]) for t in right + swapped], "b": [int(t[3:5]) for t in right + swapped]})
    sure = (days["a"] > 12) | (days["a"] == days["b"])
    assert made.bad.to_list() == (~sure).to_list()
    assert made.value.filter(sure).dt.month().to_list() == days["b"].filter(sure).to_list()


def test_a_year_of_two_digits_is_no_year_of_four() -> None:
    assert read("date", ["13/05/20", "01/05/21"], formats=("%d/%m/%Y", "%d/%m/%y")) == [
        date(2020, 5, 13),
        date(2021, 5, 1),
    ]


def test_the_hour_of_a_clock_change_does_not_choose_the_format() -> None:
    """Month first it is an hour that comes twice, day first it is not: that must not make it day first."""
    texts = ["11/01/2026 01:30"]
    forms = ("%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M")
    assert read("datetime", texts, formats=forms, zone="America/New_York") != [at(2026, 1, 11, 6, 30)]


def test_a_date_column_and_a_time_column_of_several_formats() -> None:
    forms = ("%d/%m/%Y", "%m/%d/%Y", "%H.%M", "%H:%M")
    found = read("datetime", ["13/05/2020", "01/05/2020"], ["9.05", "10.00"], formats=forms)
    assert found == [at(2020, 5, 13, 9, 5), at(2020, 5, 1, 10)]


def test_formats_over_both_columns() -> None:
    forms = ("%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M %p")
    assert read("datetime", ["05/13/2020"], ["09:05 PM"], formats=forms) == [at(2020, 5, 13, 21, 5)]
    assert read("datetime", ["05/13/2020", None], [None, None], format=forms[1]) == [BAD, None]


# ---------------------------------------------------------------- without a word in the layout


@pytest.mark.parametrize(
    ("texts", "values", "form"),
    [
        (["2026/3/26 17:04", "2026/2/1 9:05:30"], [at(2026, 3, 26, 17, 4), at(2026, 2, 1, 9, 5, 30)], "YYYY/M/D h:mm"),
        (["2026.3.26 17:04"], [at(2026, 3, 26, 17, 4)], "YYYY.M.D h:mm"),
        (["1.2.2026 9:00", "13.2.2026 9:00"], [at(2026, 2, 1, 9), at(2026, 2, 13, 9)], "D.M.YYYY h:mm"),
        (["1/2/2026 9:00", "1/13/2026 21:00"], [at(2026, 1, 2, 9), at(2026, 1, 13, 21)], "M/D/YYYY h:mm"),
        (["1-2-2026 9:00", "31-2-2026 9:00", "31-1-2026 9:00"], [at(2026, 2, 1, 9), BAD, at(2026, 1, 31, 9)], None),
        (["1/13/2026 9:00 AM", "1/2/2026 12:00:01 am"], [at(2026, 1, 13, 9), at(2026, 1, 2, 0, 0, 1)],
         "M/D/YYYY h:mm AM/PM"),
        (["2026-10-01 9:00 PM"], [at(2026, 10, 1, 21)], "YYYY-M-D h:mm AM/PM"),
    ],
)  # fmt: skip
def test_a_form_that_alone_fits_the_whole_column(texts: list[str], values: list[Any], form: str | None) -> None:
    assert read("datetime", texts) == values
    said = [f"x: {len(texts)} cell{'s' * (len(texts) > 1)} read as {form}: no other reading fits them all"]
    assert notices("datetime", texts) == (said if form else [])


@pytest.mark.parametrize("sign", "/.-")
def test_day_and_month_that_could_be_either_are_never_guessed(sign: str) -> None:
    texts = [f"0{day}{sign}02{sign}2026 09:00" for day in range(1, 9)]
    assert read("datetime", texts) == [UNCLEAR, at(2026, 2, 2, 9), *[UNCLEAR] * 6]
    dates = [text[:10] for text in texts]
    assert read("date", dates) == [UNCLEAR, date(2026, 2, 2), *[UNCLEAR] * 6]


def test_what_is_said_of_an_unclear_column() -> None:
    frame, made = taken("date", ["10/5/2020"])
    [doubt, *_] = parse([pl.col("0")], made.how).faults
    assert (doubt.name, frame.select(doubt.when).item()) == (UNCLEAR, True)
    assert doubt.text == (
        "Every value of the column fits both D/M/YYYY and M/D/YYYY, and they differ. Say `format:` in the layout."
    )


def test_one_column_has_one_form() -> None:
    texts = ["2026-10-01 09:00:00", "2026/10/01 09:00", "2026-10-02 09:00:00"]
    assert read("datetime", texts) == [at(2026, 10, 1, 9), BAD, at(2026, 10, 2, 9)]
    assert read("datetime", ["1/13/2026 9:00 AM", "1/13/2026 9:00 AM", "1/13/2026 21:00"])[2] == BAD


@pytest.mark.parametrize("text", ["6/23/25 07:00", "23.6.25", "260623", "20260623", "2026/3/26 下午5:04", "Jan 5 2026"])
def test_forms_that_only_a_declared_format_reads(text: str) -> None:
    assert one("datetime", text) == BAD
    assert one("date", text) == "bad-date"


def test_dates_as_us_systems_write_them_with_a_midnight() -> None:
    assert read("date", ["3/26/2026 12:00:00 AM", "1/2/2026 0:00"]) == [date(2026, 3, 26), date(2026, 1, 2)]
    assert read("date", ["3/26/2026 12:00:00 PM"]) == ["bad-date"]


@pytest.mark.parametrize("odd", ["13/05/2020", "2020-05-13", "05/13/2020 9:00", "x", "05/13/2020"])
@pytest.mark.parametrize("common", ["05/{}/2020", "{}/05/2020", "2020/05/{}", "2020-5-{}"])
def test_which_cells_are_looked_at_first_changes_nothing(
    odd: str, common: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [*(common.format(day) for day in range(1, 29)), odd]
    found = []
    for top in (1, 1000):
        monkeypatch.setattr(fitting, "TOP", top)
        found += [read("date", texts), read("date", list(reversed(texts)))[::-1]]
    assert found[1:] == found[:1] * 3
    # All have the year 2020, and 1 to 28 is the day wherever that can be told.
    days = [(value.day, value.month, value.year) for value in found[0][:28] if isinstance(value, date)]
    assert set(days) <= {(day, 5, 2020) for day in range(1, 29)}
    assert len(days) >= 17


def test_the_verdict_on_a_cell_is_the_same_in_every_row() -> None:
    good = "2026-10-01 09:00:00"
    for odd in ("2026-10-01 09:00:00Z", "01.10.2026 09:00", "x", "2026-10-01T09:00:00.5"):
        texts = [good] * 30_000
        first, last = read("datetime", [odd, *texts]), read("datetime", [*texts, odd])
        assert first[0] == last[-1]
        assert first[1:] == last[:-1] == [at(2026, 10, 1, 9)] * 30_000


def test_a_clock_of_twelve_hours_in_a_column_of_its_own() -> None:
    days = ["2026-10-01"] * 3
    assert read("datetime", days, ["9:12:58 AM", "12:00 PM", "12:30 AM"]) == [
        at(2026, 10, 1, 9, 12, 58), at(2026, 10, 1, 12), at(2026, 10, 1, 0, 30),
    ]  # fmt: skip
    assert read("datetime", days, ["9:12 AM", "9:12 AM", "21:12"])[2] == "bad-time"


# ---------------------------------------------------------------- spreadsheets and epochs


@pytest.mark.parametrize(
    ("type_", "text", "unit", "value"),
    [
        # 2026-01-31 is day 46053: 25 leap days and 125 years of 365 behind 1901-01-01, which is day 367, and 30 more.
        ("date", "46053", "serial", date(2026, 1, 31)),
        ("datetime", "46053.5", "serial", at(2026, 1, 31, 12)),
        ("datetime", "46053.99", "serial", at(2026, 1, 31, 23, 45, 36)),
        ("datetime", "43831.38400462963", "serial", at(2020, 1, 1, 9, 12, 58)),
        ("datetime", "61", "serial", at(1900, 3, 1)),
        ("date", "44591", "serial_1904", date(2026, 1, 31)),
        ("datetime", "44591.25", "serial_1904", at(2026, 1, 31, 6)),
        ("date", "60", "serial", "bad-date"),
        ("date", "59", "serial", "bad-date"),
        ("date", "46053.5", "serial", "bad-date"),
        ("date", "43617/", "serial", "bad-date"),
        ("date", "-5", "serial", "bad-date"),
        ("date", "20260131", "serial", "bad-date"),
        ("datetime", "4.6053E+04", "serial", BAD),
        ("datetime", "60.5", "serial", BAD),
        ("datetime", "2026-01-31", "serial", BAD),
        ("datetime", "46053.5", None, BAD),
    ],
)
def test_days_of_a_spreadsheet_are_declared(type_: str, text: str, unit: str | None, value: Any) -> None:
    assert one(type_, text, unit=unit) == value


def test_a_spreadsheets_day_and_time_in_two_columns() -> None:
    assert read("datetime", ["46053"], ["0.75"], unit="serial", zone="Asia/Shanghai") == [at(2026, 1, 31, 10)]
    assert read("datetime", ["46053"], ["1.75"], unit="serial") == ["bad-time"]
    assert read("datetime", ["46053,0"], ["0,25"], unit="serial", decimal=",") == [at(2026, 1, 31, 6)]


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        # 1,700,000,000 seconds are 19,675 days, 22 h, 13 min and 20 s.
        ("1700000000", "s", at(2023, 11, 14, 22, 13, 20)),
        ("1699286234.5", "s", at(2023, 11, 6, 15, 57, 14, 500_000)),
        ("1699286234.123456", "s", at(2023, 11, 6, 15, 57, 14, 123_456)),
        ("1700000000123", "ms", at(2023, 11, 14, 22, 13, 20, 123_000)),
        ("1700000000123456", "us", at(2023, 11, 14, 22, 13, 20, 123_456)),
        ("631152000", "s", at(1990, 1, 1)),
        ("631151999", "s", "epoch-range"),
        ("4102444800", "s", "epoch-range"),
        ("1700000000123", "s", "epoch-range"),
        ("1700000000", "ms", "epoch-range"),
        ("0", "s", "epoch-range"),
        ("9223372036854775807", "s", "epoch-range"),
        ("18446744075499", "s", "epoch-range"),
        ("-1", "s", BAD),
        ("1.69929E+09", "s", BAD),
        ("1,700,000,000", "s", BAD),
        ("x", "ms", BAD),
    ],
)
def test_epochs(text: str, unit: str, value: Any) -> None:
    assert one("datetime", text, unit=unit, zone="Asia/Shanghai") == value


# ---------------------------------------------------------------- clock changes


BERLIN: dict[str, Any] = {"zone": "Europe/Berlin"}
TWICE, NEVER = "2026-10-25 02:30:00", "2026-03-29 02:30:00"


def test_the_hour_that_comes_twice_by_policy() -> None:
    assert one("datetime", TWICE, **BERLIN) == "ambiguous-time"
    assert one("datetime", TWICE, **BERLIN, ambiguous="earliest") == at(2026, 10, 25, 0, 30)
    assert one("datetime", TWICE, **BERLIN, ambiguous="latest") == at(2026, 10, 25, 1, 30)
    assert one("datetime", NEVER, **BERLIN, ambiguous="latest") == "nonexistent-time"


def test_the_hour_that_never_comes_by_policy() -> None:
    assert one("datetime", NEVER, **BERLIN) == "nonexistent-time"
    # Half an hour behind the gap is half past three in summer time.
    assert one("datetime", NEVER, **BERLIN, nonexistent="forward") == at(2026, 3, 29, 1, 30)
    assert one("datetime", TWICE, **BERLIN, nonexistent="forward") == "ambiguous-time"
    both = read(
        "datetime", [TWICE, NEVER, "2026-07-01 12:00:00"], **BERLIN, ambiguous="earliest", nonexistent="forward"
    )
    assert both == [at(2026, 10, 25, 0, 30), at(2026, 3, 29, 1, 30), at(2026, 7, 1, 10)]


def test_a_day_that_an_island_skipped() -> None:
    """Samoa had no 30 December 2011: it went from UTC-10 to UTC+14."""
    found = one("datetime", "2011-12-30 12:00:00", zone="Pacific/Apia", nonexistent="forward")
    assert found == at(2011, 12, 30, 22)


def test_both_are_counted() -> None:
    how: dict[str, Any] = {**BERLIN, "ambiguous": "earliest", "nonexistent": "forward"}
    assert notices("datetime", [TWICE, NEVER, TWICE, "2026-07-01 12:00:00", None], **how) == [
        "x: 2 cells in the repeated hour of Europe/Berlin read as the earliest",
        "x: 1 cell in an hour that Europe/Berlin skips moved behind it",
    ]
    assert notices("datetime", [TWICE[:10]], [TWICE[11:]], **how) == [
        "x: 1 cell in the repeated hour of Europe/Berlin read as the earliest"
    ]
    assert notices("datetime", ["2026-07-01 12:00:00"], **how) == []


def test_local_times_of_no_zone_are_said() -> None:
    said = "x: 2 cells without an offset read as UTC, as neither project nor layout says a `time_zone`"
    assert notices("datetime", ["2026-07-01 12:00:00", "2026-07-01 12:00:00", None], zone=None) == [said]
    assert notices("datetime", ["2026-07-01 12:00:00Z"], zone=None) == []
    assert notices("datetime", ["1700000000"], unit="s", zone=None) == []
