"""Numbers as a person reads them, and text that cannot act."""

from __future__ import annotations

import pytest

from ccmetrics.render.compared import signed
from ccmetrics.render.numbers import bare, digits, exact, fixed, moved, rounded, share, shown, span
from ccmetrics.render.plain import cell, escaped, plain
from ccmetrics.render.words import CANDOR, COMPARISON, EXPLANATION, PHRASES, SEAL, SHEET, say


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (312.4, "s", "312 s"), (8.64, "s", "8.6 s"), (0.8112, "percent", "81.1%"), (0.0052, "percent", "0.52%"),
        (1, "percent", "100.0%"), (1234.5, "money", "1,234.50"), (31.64, "h", "31.6 h"), (7, "count", "7"),
        (12345, "count", "12,345"), (4.2, "rating", "4.20"), (-0.04, "points", "0.0"), (7.2, "per_hour", "7.2/h"),
        (None, "s", "–"), (37.4, "day", "37.4 d"), (-12.5, "points", "-12.5"),
    ],
)  # fmt: skip
def test_a_value_is_shown_by_its_unit(value: float | None, unit: str, text: str) -> None:
    assert shown(value, unit, None, "en") == text


def test_a_rare_rate_is_shown_per_thousand() -> None:
    assert [shown(0.0042, "percent", "per_1000", lang) for lang in ("en", "zh")] == ["4.2‰", "4.2‰"]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(0.5, "percent", "50"), (40000, "money", "40,000"), (450, "s", "450"), (2.5, "rating", "2.5"),
     (-10, "points", "-10"), (0.755, "percent", "75.5"), (100, "count", "100"), (20.5, "s", "20.5"),
     (0.8125, "percent", "81.25"), (12.25, "h", "12.25"), (2 / 3, "percent", "66.6667")],
)  # fmt: skip
def test_a_goal_has_no_unit_and_no_idle_zeros(value: float, unit: str, text: str) -> None:
    assert bare(value, unit, None) == text


@pytest.mark.parametrize(
    ("value", "limits", "text"),
    [
        (0.8, (0.8,), "80%"),
        (0.7996, (0.8,), "79.96%"),
        (0.797, (0.8,), "79.7%"),
        (0.9996, (), "99.96%"),
        (0.999999, (), "99.9999%"),
        (1.0, (0.8,), "100%"),
        (0.1 + 0.2 + 0.7, (), "100%"),
        (0.003, (), "0.3%"),
        (0.0, (), "0%"),
        (0.796, (0.7965,), "79.6%"),
    ],
)
def test_a_share_is_never_shown_as_all_or_nothing_or_a_limit_that_it_is_not(
    value: float, limits: tuple[float, ...], text: str
) -> None:
    assert share(value, *limits) == text


def test_an_interval_says_its_unit_once() -> None:
    assert span(0.614, 0.673, "percent", None, "en") == "61.4..67.3%"
    assert span(0.0069, 0.011, "percent", None, "en") == "0.7..1.1%"
    assert span(280.0, 320.4, "s", None, "en") == "280..320 s"
    assert span(280.0, 320.4, "s", None, "zh") == "280..320秒"
    assert span(None, None, "s", None, "en") == ""


@pytest.mark.parametrize(
    ("unit", "text"),
    [("s", "312秒"), ("h", "312.4小时"), ("day", "312.4天"), ("per_hour", "312.4/小时"), ("points", "312.4"),
     ("money", "312.40")],
)  # fmt: skip
def test_a_unit_is_said_in_the_language_of_the_reader(unit: str, text: str) -> None:
    assert shown(312.4, unit, None, "zh") == text


def test_a_difference_of_rates_is_in_percentage_points() -> None:
    assert [moved(-0.021, "percent", None, lang) for lang in ("en", "zh")] == ["-2.1 pp", "-2.1个百分点"]
    assert [moved(12.0, "s", None, lang) for lang in ("en", "zh")] == ["+12 s", "+12秒"]


def test_a_number_to_work_with_has_its_digits() -> None:
    assert [exact(292.9666, "s", None, lang) for lang in ("en", "zh")] == ["292.9666 s", "292.9666秒"]
    assert (exact(0.590909, "percent", None, "en"), exact(0.0042, "percent", "per_1000", "zh")) == ("59.0909%", "4.2‰")
    assert (digits(36.36363636), digits(-0.0), digits(0.00123456), digits(None)) == ("36.3636", "0", "0.001235", "–")


def test_a_score_has_all_its_decimals() -> None:
    assert (fixed(95.0), fixed(None), fixed(1234.5, 1)) == ("95.00", "–", "1,234.5")


def test_plain_text() -> None:
    assert plain("a\x1b]0;x\x07b\u202ec\nd") == r"a\x1b]0;x\x07b\u202ec\nd"
    assert plain("李小龙 Zoë 🙂") == "李小龙 Zoë 🙂"
    assert (cell("=1"), cell("a=1"), cell("")) == ("'=1", "a=1", "")
    assert escaped('"\u202e\U000e0001"') == r'"\u202e\udb40\udc01"'


def test_every_phrase_has_both_languages_with_the_same_parts() -> None:
    import string

    for key, texts in PHRASES.items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts]
        assert fields[0] == fields[1], key
        assert all(texts), key
    assert say("a-new-reason", "zh") == "a-new-reason"


def test_no_phrase_takes_the_place_of_another() -> None:
    """One key in two rooms once ended a page for want of the other's names."""
    rooms = (SHEET, CANDOR, SEAL, COMPARISON, EXPLANATION)
    keys = [key for room in rooms for key in room]
    assert sorted(keys) == sorted(set(keys))
    assert say("and-more", "en", n=3) == "and 3 more"


@pytest.mark.parametrize(
    ("value", "places", "shift", "text"),
    [
        (3.15, 1, 0, "3.2"),  # The double lies below 3.15.
        (312.5, 0, 0, "313"),  # To even it would be 312.
        (-101.85, 1, 0, "-101.9"),
        (0.8115, 1, 2, "81.2"),
        (1234567.885, 2, 0, "1,234,567.89"),
        (0.675, 0, 2, "68"),
        (-0.04, 1, 0, "0.0"),
        (67.4499999, 1, 0, "67.4"),
        (93.74999999999999, 1, 0, "93.8"),  # Computed: fifteen digits of it are 93.75.
        (0.28500000000000003, 0, 2, "29"),
        (2.675 * 1e14, 0, 0, "267,500,000,000,000"),
        (1e30, 1, 0, f"1{',000' * 10}.0"),
    ],
)
def test_a_half_is_rounded_up_as_in_a_spreadsheet(value: float, places: int, shift: int, text: str) -> None:
    assert rounded(value, places, shift) == text


def test_every_way_of_showing_a_number_rounds_alike() -> None:
    """What a difference leaves in binary (0.8875 - 0.9 is -0.012499999999999997) decides no half."""
    assert moved(0.8875 - 0.9, "percent", None, "en") == "-1.3 pp"
    assert shown(0.8875 - 0.875, "percent", None, "en") == "1.3%"
    assert bare(0.8875 - 0.875, "percent", None) == "1.25"
    assert span(0.8875 - 0.875, 0.9375 - 0.1, "percent", None, "en") == "1.3..83.8%"
    assert fixed(93.74999999999999, 1) == "93.8"
    assert exact(0.3636355, "percent", None, "en") == "36.3636%"
    assert (digits(93.74375), digits(0.0012345), exact(0.000012345, "percent", None, "en")) == (
        "93.7438", "0.001235", "0.001235%",
    )  # fmt: skip
    assert signed(0.8875 - 0.9 + 0.0075, 3) == "-0.005"
    assert (signed(-0.004), signed(2.675), signed(-2.675)) == ("0.00", "+2.68", "-2.68")
