"""Unit algebra: what comes of adding, multiplying and dividing quantities.

In: units as text (`s`, `money/h`; None for a plain number). Out: the unit of the result, or that there is none.
Refuses to know: formulas, values, how a number is shown.
"""

from __future__ import annotations

from collections.abc import Iterable

Unit = str | None

# A number written in the formula itself takes the unit of whatever it meets: `wait_s <= 20`, `1 - a / b`.
CONSTANT = "constant"

PLAIN = frozenset({"count", "ratio", "percent"})
UNLIKE = frozenset({"count", "percent"})
CONVERSIONS = (("s", 60, "min"), ("s", 3600, "h"), ("s", 86400, "day"), ("min", 60, "h"), ("h", 24, "day"))

Powers = dict[str, int]


def powers(unit: Unit) -> Powers:
    """`money/h` is {money: 1, h: -1}; a plain number is {}."""
    if unit is None or unit in PLAIN or unit == CONSTANT:
        return {}
    if unit == "per_hour":
        return {"h": -1}
    above, *below = unit.split("/")
    found: Powers = {}
    for name, step in [*((a, 1) for a in above.split("*") if a != "1"), *((b, -1) for b in below)]:
        found[name] = found.get(name, 0) + step
    return {name: power for name, power in found.items() if power}


def spelled(found: Powers) -> Unit:
    above = [name for name, power in sorted(found.items()) for _ in range(max(power, 0))]
    below = [name for name, power in sorted(found.items()) for _ in range(max(-power, 0))]
    if not above and not below:
        return None
    return "/".join(["*".join(above) or "1", *below])


def multiplied(left: Unit, right: Unit, sign: int = 1) -> Unit:
    """The unit of a product, or with sign -1 of a quotient."""
    if left == CONSTANT and right == CONSTANT:
        return CONSTANT
    found = powers(left)
    for name, power in powers(right).items():
        found[name] = found.get(name, 0) + sign * power
    return spelled({name: power for name, power in found.items() if power})


def scaled(unit: Unit, factor: float, sign: int = 1) -> Unit:
    """The unit after multiplying (or with sign -1 dividing) by a written number: s / 3600 is h, day * 86400 is s."""
    found = powers(unit)
    for small, size, big in CONVERSIONS:
        before, after = (small, big) if sign < 0 else (big, small)
        if factor == size and found.get(before) == 1:
            return spelled(_renamed(found, before, after))
        if factor == size and found.get(after) == -1:
            return spelled(_renamed(found, after, before))
    return unit


def _renamed(found: Powers, before: str, after: str) -> Powers:
    rest = {name: power for name, power in found.items() if name != before}
    rest[after] = rest.get(after, 0) + found[before]
    return {name: power for name, power in rest.items() if power}


def agree(left: Unit, right: Unit) -> bool:
    """Whether two quantities may be added or compared. A share and a number of things are both plain, and no sum."""
    if {left, right} == UNLIKE:
        return False
    return CONSTANT in (left, right) or powers(left) == powers(right)


def common(units: Iterable[Unit]) -> Unit:
    """The unit of quantities that agree: constants take the others' unit."""
    given = list(units)
    return next((unit for unit in given if unit != CONSTANT), CONSTANT if given else None)


def fits(declared: Unit, found: Unit) -> bool:
    """Whether a formula of unit `found` may be declared to be in `declared`. Nothing declared claims nothing."""
    if declared is None or found == CONSTANT:
        return True
    own = powers(found)
    if declared == "per_hour":
        return own.get("h") == -1
    if declared in ("points", "rating"):
        return not own or own == {declared: 1}
    return own == powers(declared)


def shown(unit: Unit) -> str:
    """The unit in a sentence."""
    return "a plain number" if not powers(unit) else str(unit)


def both_shown(left: Unit, right: Unit) -> str:
    """Two units that do not agree."""
    return "percent and a count" if {left, right} == UNLIKE else f"{shown(left)} and {shown(right)}"
