"""How a number is shown to a person: by its unit, with the digits that mean something.

In: a value inside the program (rates 0..1, seconds), a language. Out: short text.
Refuses to know: columns, what the value is of.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal

ABSENT = "–"
LANGUAGES = ("en", "zh")


DOUBLE = 15
"""Significant digits that a double holds for sure: those after them are what arithmetic left, and decide no half."""
WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
FOUR = Context(prec=4, rounding=ROUND_HALF_UP)


def _decimal(value: float) -> Decimal:
    return Decimal(format(value, f".{DOUBLE}g"))


def rounded(value: float, decimals: int, shift: int = 0) -> str:
    """Half up, as pay is rounded and as a spreadsheet shows a number: 3.15 is 3.2, though its double lies below, and so
    is 3.1499999999999995. A `shift` of 2 moves the point: 0.8115 is 81.2."""
    exact = _decimal(value).scaleb(shift, WIDE).quantize(Decimal(1).scaleb(-decimals), context=WIDE)
    return f"{exact:z,f}"


def _seconds(value: float) -> str:
    return rounded(value, 0 if abs(value) >= 10 else 1)


def _percent(value: float) -> str:
    return f"{rounded(value, 2 if 0 < abs(value) < 0.01 else 1, 2)}%"


def _count(value: float) -> str:
    return rounded(value, 0 if value == round(value) else 1)


def _ratio(value: float) -> str:
    return rounded(value, 2 if abs(value) < 100 else 0)


def _tenths(value: float) -> str:
    return rounded(value, 1)


def _hundredths(value: float) -> str:
    return rounded(value, 2)


UNITS: dict[str, Callable[[float], str]] = {
    "s": _seconds,
    "h": _tenths,
    "day": _tenths,
    "percent": _percent,
    "count": _count,
    "money": _hundredths,
    "points": _tenths,
    "rating": _hundredths,
    "ratio": _ratio,
    "per_hour": _tenths,
}
ENDINGS: dict[str, tuple[str, str]] = {
    "s": (" s", "秒"), "h": (" h", "小时"), "day": (" d", "天"), "per_hour": ("/h", "/小时"), "pp": (" pp", "个百分点"),
}  # fmt: skip
"""What follows a number of a unit, in English and in Chinese. Both write 1,234.5."""


def _number(value: float, unit: str | None, display: str | None) -> str:
    """With the signs of rates, which every language shares, and no unit."""
    return f"{rounded(value, 1, 3)}‰" if display == "per_1000" else UNITS[unit or "ratio"](value)


def ending(unit: str | None, lang: str) -> str:
    return ENDINGS[unit][LANGUAGES.index(lang)] if unit in ENDINGS else ""


def shown(value: float | None, unit: str | None, display: str | None, lang: str) -> str:
    """A value with its unit: `312 s`, `81.1%`, `1,234.50`; a rate per thousand as `4.2‰`."""
    if value is None:
        return ABSENT
    return f"{_number(value, unit, display)}{'' if display == 'per_1000' else ending(unit, lang)}"


def bare(value: float, unit: str | None, display: str | None) -> str:
    """A stated goal without its unit, with its own digits: rounded, a value below it could look as if it met it."""
    return digits(value, _shift(unit, display))


def share(value: float, *limits: float) -> str:
    """A part of the whole, `80%`: with more digits where it would else be shown as all, as nothing, or on another side
    of a limit than it is."""
    whole = _decimal(value)
    marks = [Decimal(0), Decimal(1), *map(_decimal, limits)]
    for decimals in range(DOUBLE):
        seen = whole.quantize(Decimal(1).scaleb(-decimals - 2), context=WIDE)
        if all(seen.compare(mark) == whole.compare(mark) for mark in marks):
            break
    return f"{rounded(value, decimals, 2)}%"


def span(low: float | None, high: float | None, unit: str | None, display: str | None, lang: str) -> str:
    """An interval: both ends with the digits of the wider one, the unit once."""
    if low is None or high is None:
        return ""
    if unit == "percent" and display is None:
        digits = 2 if high < 0.01 else 1
        return f"{rounded(low, digits, 2)}..{rounded(high, digits, 2)}%"
    return f"{_number(low, unit, display).rstrip('%‰')}..{shown(high, unit, display, lang)}"


def moved(difference: float | None, unit: str | None, display: str | None, lang: str) -> str:
    """A difference with its sign; of rates in percentage points, never in percent of them."""
    if difference is None:
        return ABSENT
    if unit == "percent" and display is None:
        size = f"{rounded(abs(difference), 1 if abs(difference) >= 0.001 else 2, 2)}{ending('pp', lang)}"
    else:
        size = shown(abs(difference), unit, display, lang)
    sign = "+" if difference > 0 else "-"
    return f"{sign}{size}" if any(c in "123456789" for c in size) else size


def fixed(value: float | None, decimals: int = 2) -> str:
    """A score or points: always the same number of decimals."""
    return ABSENT if value is None else rounded(value, decimals)


def exact(value: float | None, unit: str | None, display: str | None, lang: str) -> str:
    """With digits enough to work out by hand what is made of it: `59.0909%`, `292.97 s`."""
    if value is None:
        return ABSENT
    return f"{digits(value, _shift(unit, display))}{_sign(unit, display, lang)}"


def _sign(unit: str | None, display: str | None, lang: str) -> str:
    return "‰" if display == "per_1000" else "%" if unit == "percent" else ending(unit, lang)


def _shift(unit: str | None, display: str | None) -> int:
    return 3 if display == "per_1000" else 2 if unit == "percent" else 0


def compared(value: float, limit: float, unit: str | None, display: str | None, lang: str) -> list[str]:
    """A value and the limit it was held against: the limit with its own digits, and so the value where it would else
    be shown on another side of it."""
    whole, mark = (Decimal(repr(each)).scaleb(_shift(unit, display), WIDE) for each in (value, limit))
    seen = Decimal(_number(value, unit, display).rstrip("%‰").replace(",", ""))
    is_seen = seen.compare(mark) == whole.compare(mark)
    own = [f"{each.normalize(WIDE):z,f}{_sign(unit, display, lang)}" for each in (whole, mark)]
    return [shown(value, unit, display, lang) if is_seen else own[0], own[1]]


def digits(value: float | None, shift: int = 0) -> str:
    """The same of a number that has no unit: `36.3636`."""
    if value is None:
        return ABSENT
    moved_by = _decimal(value).scaleb(shift, WIDE)
    if 0 < abs(moved_by) < Decimal("0.01"):
        return f"{float(FOUR.plus(moved_by)):.4g}"
    text = rounded(value, 4, shift).rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
