"""What tests expect beside what comes: whether two values are equal, and what may be expected of a card.

In: values, and where the expected one is written; a card. Out: yes or no; texts; names.
Refuses to know: how a test is run.
"""

from __future__ import annotations

from collections.abc import Mapping

from ccmetrics.catalogue.models import Card, Kpi, Line
from ccmetrics.catalogue.places import walk
from ccmetrics.catalogue.scope import Path, Scope

Value = str | float | bool | None
KINDS = ("bonus", "deductions", "coefficients", "red_lines")


def is_as_expected(got: Value, wanted: Value, scope: Scope, path: Path) -> bool:
    """Equal, or equal as far as the wanted number is written out, where it has four digits or more with a point, of
    which the last is not 0 (0.8113, 103.2). Any other means itself: 0.8 is not 0.8113, and 99.96 points, a grade
    below 100, are not 100.0."""
    if isinstance(got, str) or isinstance(wanted, str) or got is None or wanted is None:
        return got == wanted
    if isinstance(got, bool) or isinstance(wanted, bool):
        return got is wanted  # To Python `true` is 1, and a bonus of 1 point is not what holds or does not.
    return abs(got - wanted) <= max(_room(_digits(scope, path)), 1e-9 * max(1.0, abs(wanted)))


def _room(digits: str) -> float:
    """How far from a number so written another may be that is rounded to it."""
    fraction = digits.partition(".")[2]
    is_rounded = fraction and not fraction.endswith("0") and len(digits.replace(".", "").lstrip("0")) >= 4
    return 0.5 * 10.0 ** -len(fraction) if is_rounded else 0.0


def _digits(scope: Scope, path: Path) -> str:
    """A number as it is written, without its sign; nothing where it is written otherwise (1e3)."""
    *_, spot = walk(scope.places, path)
    digits = spot.source.text[spot.start : spot.end].strip().lstrip("+-")
    return digits if digits.replace(".", "").isdigit() else ""


def how_to_round(got: Value, wanted: Value, scope: Scope, path: Path) -> str:
    """What to write instead, where somebody has rounded to fewer digits; else nothing: who writes 1 means 1."""
    decimals = len(_digits(scope, path).partition(".")[2])
    if not decimals or not isinstance(got, float) or round(got, decimals) != wanted or got == float(f"{got:.3g}"):
        return ""
    longer = (f"{got:.{decimals}f}" for decimals in range(1, 13))
    rounded = next((text for text in longer if _room(text.lstrip("-"))), "")
    return f"A rounded number has four digits or more: {rounded}." if rounded else ""


def as_written(value: Value) -> str:
    """As it would stand in the YAML."""
    if value is None or isinstance(value, str):
        return value or "null"
    return str(value).lower() if isinstance(value, bool) else f"{value:.10g}"


def lines_named(card: Card, kpis: Mapping[str, Kpi]) -> dict[str, list[int]]:
    """Every name of a card's lines, as reports give them, with the lines that go by it: `csat`, `csat.top2`,
    `linked:agent`."""
    found: dict[str, list[int]] = {}
    for index, line in enumerate(card.kpis):
        if isinstance(line, Line):
            kpi = kpis.get(line.kpi)
            name, variant = line.kpi, line.variant or (kpi.default if kpi else None)
        else:
            name, variant = f"linked:{line.linked_card}", line.kpi
        for each in (name, f"{name}.{variant}") if variant else (name,):
            found.setdefault(each, []).append(index)
    return found


def adjustments_named(card: Card) -> dict[str, list[tuple[str, int]]]:
    """Name to the adjustments that go by it, each a kind and its place in the list."""
    found: dict[str, list[tuple[str, int]]] = {}
    for kind in KINDS:
        for index, item in enumerate(getattr(card.adjust, kind)):
            found.setdefault(item.name.en, []).append((kind, index))
    return found
