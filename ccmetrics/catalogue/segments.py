"""What the keys of goals by segment mean: a day of the week, days since joining, or a name as it stands.

In: the key of a segment. Out: the name it has among measured parts, or its bounds.
Refuses to know: curves, who or what is in a segment.
"""

from __future__ import annotations

import re

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS = {name: str(at) for at, name in enumerate(DAYS, 1)} | {str(at): str(at) for at in range(1, 8)}
"""`1` or `mon` is Monday."""

_TENURE = re.compile(r"(?P<sign><=|<|>=|>) ?(?P<bound>\d{1,6})|(?P<low>\d{1,6}) ?(?:- ?(?P<high>\d{1,6})|\+)")

Bounds = tuple[int | None, int | None]
"""Fewest and most days, both included; null where there is no such end."""


def weekday(key: str) -> str | None:
    return WEEKDAYS.get(key)


def tenure(key: str) -> Bounds | None:
    """`<90`, `90-179`, `>=180` or `180+`: days since joining."""
    match = _TENURE.fullmatch(key)
    if match is None:
        return None
    if match["low"]:
        low, high = int(match["low"]), None if match["high"] is None else int(match["high"])
        return (low, high) if high is None or low <= high else None
    bound = int(match["bound"])
    return {"<": (None, bound - 1), "<=": (None, bound), ">=": (bound, None), ">": (bound + 1, None)}[match["sign"]]


def overlap(one: Bounds, other: Bounds) -> bool:
    """Whether some number of days is in both."""
    low = max(one[0] or 0, other[0] or 0)
    ends = [end for end in (one[1], other[1]) if end is not None]
    return not ends or low <= min(ends)


def named(by: str, key: str) -> str:
    """The segment as measured parts call it. `check` has refused a key that means none."""
    return WEEKDAYS.get(key, key) if by == "weekday" else key
