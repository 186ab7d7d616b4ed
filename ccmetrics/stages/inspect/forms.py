"""The forms in which exports write things, as patterns over text, and what each is taken for.

In: nothing. Out: `FORMS`, in the order in which a cell is held against them; the first that fits is its form.
Refuses to know: columns, files. What fits here is a likely reading, never a parsed one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ccmetrics.notice import Notice

Taken = Literal["datetime", "date", "clock", "duration", "number", "percent", "money", "flag", "id", "word", "empty"]

TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
MONEY = r"(?:\p{Sc}|元|EUR|USD|CNY|RMB|GBP|JPY|CHF|MXN|BRL)"
HALF = r"\s?(?i:[ap]m)"


@dataclass(frozen=True)
class Form:
    """One way of writing. `says`: what a layout must declare for it."""

    name: str
    taken: Taken
    pattern: str
    says: Mapping[str, str] = field(default_factory=dict)
    unclear: Notice | None = None
    """Why nobody can tell from a single cell what it means."""


def _days(name: str, pattern: str, day: str) -> tuple[Form, ...]:
    """A written day, alone and with a time of day behind it."""
    return (
        Form(name, "date", pattern, {"format": day}),
        Form(f"{name} h:mm", "datetime", rf"{pattern}[ T]+\d{{1,2}}:\d{{2}}", {"format": f"{day} %H:%M"}),
        Form(f"{name} h:mm:ss", "datetime", rf"{pattern}[ T]+\d{{1,2}}:\d{{2}}:\d{{2}}", {"format": f"{day} %H:%M:%S"}),
        Form(f"{name} h:mm AM", "datetime", rf"{pattern}\s+\d{{1,2}}:\d{{2}}{HALF}", {"format": f"{day} %I:%M %p"}),
        Form(
            f"{name} h:mm:ss AM",
            "datetime",
            rf"{pattern}\s+\d{{1,2}}:\d{{2}}:\d{{2}}{HALF}",
            {"format": f"{day} %I:%M:%S %p"},
        ),
    )


ORDER = "day/month"
"""Stands in a format where the whole column must tell which of the two comes first."""

FORMS: tuple[Form, ...] = (
    Form("a spreadsheet's 1900-01-01 h:mm:ss", "duration", rf"(?:1899-12-3[01]|1900-01-0[01])[ T]+{TIME}"),
    Form("YYYY-MM-DD", "date", r"\d{4}-\d{2}-\d{2}"),
    Form("YYYY-MM-DD h:mm:ss", "datetime", rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}(?:[Tt]| +){TIME}"),
    Form(
        "YYYY-MM-DDThh:mm:ssZ",
        "datetime",
        rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}(?:[Tt]| +){TIME}\s*(?:[Zz]|[+-]\d{{2}}:?\d{{2}})",
    ),
    *_days("YYYY/M/D", r"\d{4}/\d{1,2}/\d{1,2}", "%Y/%m/%d"),
    *_days("D.M.YYYY", r"\d{1,2}\.\d{1,2}\.\d{4}", "%d.%m.%Y"),
    *_days("N/N/YYYY", r"\d{1,2}/\d{1,2}/\d{4}", f"{ORDER}/%Y"),
    *_days("N-N-YYYY", r"\d{1,2}-\d{1,2}-\d{4}", f"{ORDER}-%Y"),
    *_days("N/N/YY", r"\d{1,2}/\d{1,2}/\d{2}", f"{ORDER}/%y"),
    Form("YYYYMMDDhhmmss", "datetime", r"(?:19|20)\d{2}[01]\d[0-3]\d[0-2]\d[0-5]\d[0-5]\d", {"format": "%Y%m%d%H%M%S"}),
    Form("h:mm:ss AM", "clock", rf"\d{{1,2}}:\d{{2}}:\d{{2}}{HALF}", {"format": "%I:%M:%S %p"}),
    Form("h:mm AM", "clock", rf"\d{{1,2}}:\d{{2}}{HALF}", {"format": "%I:%M %p"}),
    Form("h:mm:ss", "duration", r"-?\d{1,5}:[0-5]\d:[0-5]\d(?:\.\d+)?"),
    Form("9:99", "duration", r"\d+:[0-5]\d", unclear=Notice("minutes and seconds, or hours and minutes")),
    Form(
        "9m 99s",
        "duration",
        r"(?i:(?:\d+(?:\.\d+)?\s*(?:h|hrs?|hours?)\s*)?(?:\d+(?:\.\d+)?\s*(?:m|mins?|minutes?)\s*)?"
        r"(?:\d+(?:\.\d+)?\s*(?:s|secs?|seconds?))|\d+(?:\.\d+)?\s*(?:h|hrs?|hours?|m|mins?|minutes?))",
    ),
    Form("9%", "percent", r"-?\d+(?:[.,]\d+)?\s*%"),
    Form("1.23E+17", "id", r"\d+[.,]\d+[eE]\+\d+", unclear=Notice("a spreadsheet has rounded what stood here")),
    Form("seconds since 1970", "datetime", r"1\d{9}(?:\.\d+)?", {"unit": "s"}),
    Form("milliseconds since 1970", "datetime", r"1\d{12}", {"unit": "ms"}),
    Form("digits", "id", r"0\d+|\d{16,}"),
    Form("whole number", "number", r"[+-]?\d+"),
    Form("9,999 or 9.999", "number", r"[+-]?\d{1,3}[.,]\d{3}", unclear=Notice("a thousand, or a fraction")),
    Form("9.9", "number", r"[+-]?\d+\.\d+(?:[eE]-?\d+)?"),
    Form("9,9", "number", r"[+-]?\d+,\d+", {"decimal": ","}),
    Form("9,999.9", "number", r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", {"thousands": ","}),
    Form("9.999,9", "number", r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?", {"decimal": ",", "thousands": "."}),
    Form("an amount of money", "money", rf"{MONEY}\s?-?\d[\d.,]*|-?\d[\d.,]*\s?{MONEY}"),
)

NOTHING = ("n/a", "na", "#n/a", "-", "--", "null", "none", "nil", "\\n", "unknown", "无", "空")
"""Words that may stand for no value. Whether they do, only the layout can say."""
