"""Numbers, amounts, shares and ratings written as text.

In: cleaned text cells and how they read. Out: floats and their faults.
Refuses to know: times, files, rows and lines. A decimal sign is never guessed.
"""

from __future__ import annotations

import re

import polars as pl

from ccmetrics.stages.normalize.cells import LARGEST, Fault, Parsed, Reading, finished

ALWAYS = pl.lit(True)
GROUPS = {" ": "[ \\u{a0}\\u{202f}\\u{2009}]", "'": "['\\u{2019}]"}
"""Signs between thousands that are written in several ways: all spaces a number may have, both apostrophes."""
SIGNS = r"\p{Sc}|[A-Za-z]{3}"
"""Signs and codes of currencies."""


def number(text: pl.Expr, how: Reading) -> Parsed:
    bare = text if how.currency is None else without_currency(text, how.currency)
    return finished(text, plain(bare, how), *no_number(text, how))


def plain(text: pl.Expr, how: Reading, largest: float = LARGEST) -> pl.Expr:
    """A finite number with the declared decimal and thousands signs, else null."""
    if how.decimal == "." and how.thousands is None:
        found = text.cast(pl.Float64, strict=False)
        return pl.when(found.abs() <= largest).then(found)
    group = GROUPS.get(how.thousands or "", re.escape(how.thousands or ""))
    grouped = rf"|[0-9]{{1,3}}(?:{group}[0-9]{{3}})+" if group else ""
    fits = text.str.contains(rf"^[+-]?(?:[0-9]+{grouped})(?:{re.escape(how.decimal)}[0-9]+)?$")
    bare = text.str.replace_all(group, "") if group else text
    found = bare.str.replace(how.decimal, ".", literal=True).cast(pl.Float64, strict=False)
    return pl.when(fits & (found.abs() <= largest)).then(found)


def without_currency(text: pl.Expr, sign: str) -> pl.Expr:
    """The amount, with the declared sign before or behind it taken off, once. One without any is in it too."""
    own = re.escape(sign)
    before = text.str.replace(rf"^([+-]?)\s*{own}\s*", "${1}")
    return pl.when(before != text).then(before).otherwise(text.str.replace(rf"\s*{own}$", ""))


def no_number(text: pl.Expr, how: Reading) -> tuple[Fault, ...]:
    signs = f"'{how.decimal}' as the decimal sign" + (
        f" and '{how.thousands}' between thousands" if how.thousands else ""
    )
    amount = rf"^[+-]?\s*(?:{SIGNS})\s*[+-]?[0-9]|[0-9]\s*(?:{SIGNS})$"
    other = text if how.currency is None else text.str.replace(how.currency, "", literal=True)
    of = f"Not in '{how.currency}'" if how.currency else "With the sign of a currency: say `currency:` in the layout"
    return (
        Fault("not-finite", "Infinite, not a number, or too large to hold.",
              text.str.contains(r"(?i)^[+-]?(?:inf|infinity|nan)$")
              | (text.cast(pl.Float64, strict=False).abs() > LARGEST)),
        Fault("odd-digits", "Digits or a sign that are not plain ASCII. Export plain digits.",
              text.str.contains(r"^[\p{Nd}\u{2212}\u{2010}-\u{2015}\u{ff0b}-\u{ff0e}.,%+-]+$")
              & text.str.contains(r"[^\x00-\x7f]"), names_code=True),
        Fault("wrong-currency", f"{of}.", other.str.contains(amount)),
        Fault("number-unclear", f"Not a number with {signs}. Say `decimal:` and `thousands:` in the layout.",
              text.str.contains(r"^[+-]?[0-9][0-9.,'\u{2019} \u{a0}\u{202f}\u{2009}]*%?$")),
        Fault("bad-number", "Not a number.", ALWAYS),
    )  # fmt: skip


def percent(text: pl.Expr, how: Reading) -> Parsed:
    """A share, 0.85. Written 85% it needs no unit; a plain number above 1 does."""
    signed = text.str.ends_with("%")
    value = plain(text.str.strip_suffix("%").str.strip_chars_end(), how)
    if how.unit == "percent":
        value = value / 100
    else:
        value = pl.when(signed).then(value / 100).when(value.abs() <= 1).then(value)
    above = plain(text, how).abs() > 1
    what = "A plain number above 1, where a share is 0 to 1. Say `unit: percent` in the layout."
    return finished(text, value, Fault("percent-unclear", what, above), *no_number(text, how))


def rating(text: pl.Expr, how: Reading) -> Parsed:
    value = plain(text, how)
    if how.name in WHOLE:
        low, high = WHOLE[how.name]
        fits = value.is_between(low, high) & (value == value.floor())
        fault = Fault("bad-rating", f"'{how.name}' is a whole number from {low} to {high}.", value.is_not_null())
        return finished(text, pl.when(fits).then(value), fault, *no_number(text, how))
    return finished(text, value, *no_number(text, how))


WHOLE = {"nps": (0, 10)}
"""Ratings whose scale is part of their definition everywhere."""
