"""Chance and paper: every random choice of the sample, and how a row is written.

In: one `random.Random` and plain values. Out: numbers, picks, CSV files.
Refuses to know: contact centers. Only `rng.random()` is used, whose sequence no Python version changes.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")
Row = dict[str, Any]


def chance(rng: Random, p: float) -> bool:
    return rng.random() < p


def between(rng: Random, low: float, high: float) -> float:
    return low + (high - low) * rng.random()


def whole(rng: Random, low: int, high: int) -> int:
    """An integer from low to high, both included."""
    return low + int(rng.random() * (high - low + 1))


def pick(rng: Random, values: Sequence[T]) -> T:
    return values[int(rng.random() * len(values))]


def weighted(rng: Random, weights: Mapping[T, float]) -> T:
    """A key, with the frequency its weight says."""
    left = rng.random() * sum(weights.values())
    for key, weight in weights.items():
        left -= weight
        if left < 0:
            return key
    return next(reversed(list(weights)))


def normal(rng: Random, mean: float, deviation: float) -> float:
    return mean + deviation * math.sqrt(-2 * math.log(1 - rng.random())) * math.cos(2 * math.pi * rng.random())


def waiting(rng: Random, mean: float) -> float:
    """Exponential: short mostly, long now and then."""
    return -mean * math.log(1 - rng.random())


def spread(rng: Random, mean: float, deviation: float = 0.45) -> float:
    """Log-normal around a mean, as handle times are."""
    return mean * math.exp(normal(rng, 0, deviation) - deviation * deviation / 2)


def clamp(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


def write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """A CSV file with LF line ends whatever the platform, so that the bytes are the same everywhere."""
    with path.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(columns)
        lines.writerows([cell(row.get(column)) for column in columns] for row in rows)
