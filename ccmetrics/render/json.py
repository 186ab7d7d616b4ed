"""A result as JSON, complete: definitions of the cards, scores, lines, adjustments, inputs, accounts, provenance.

In: a result. Out: UTF-8 bytes, keys in a fixed order, numbers exact, a row of a frame on a line of its own, one newline
at the end.
Refuses to know: who reads it, the disk.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from ccmetrics.account import Account, Input
from ccmetrics.catalogue.models import Catalogue
from ccmetrics.period import Period
from ccmetrics.render import tidy
from ccmetrics.render.look import Look
from ccmetrics.render.plain import escaped
from ccmetrics.render.written import written
from ccmetrics.scorecard import Measurement, Result, Scorecard, watched


def score(result: Result, look: Look) -> bytes:
    cards = [_card(card, result, look) for card in result.scorecards]
    return _written("score", result, {"cards": cards, **_restated(result)})


def measure(measured: Measurement, look: Look) -> bytes:
    rows = tidy.values(measured).drop("schema")
    return _written("measure", measured, {"by": list(measured.by), "values": rows})


def _readers(result: Result | Measurement) -> dict[str, Any]:
    """For whom it is, where that is not the center: null is then also what would tell of fewer than `min_group`."""
    if isinstance(result, Measurement) or result.audience == "center":
        return {}
    return {"audience": result.audience, "min_group": result.catalogue.project.min_group}


def _restated(result: Result) -> dict[str, Any]:
    """What a result of a sealed period states anew; nothing of any other."""
    found = result.restatement
    if found is None:
        return {}
    return {"restatement": {"seal": found.seal, "differs": list(found.said), "cells": found.cells}}


BESIDE = (
    "goals", "policies", "effective", "needed", "alarms", "changes", "trends", "progress", "shares", "lists", "actions",
    "history", "course", "bins", "grades", "pooled",
)  # fmt: skip
"""Frames of a scorecard beside its scores, complete."""


IN_A_CARD = "   "
"""How far in stands what a card holds."""


class Drawn(str):
    """What is written already, as it stands in its place."""


class Rows(tuple[str, ...]):
    """Of a frame, as they are written."""


class Written:
    """A frame of everybody, each row written once, for the files of some of them, too."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame, self.rows = frame, _rows(frame)
        self.whose = frame["subject"].to_list() if "subject" in frame.columns else []
        self.places: dict[str | None, list[int]] = {}
        for at, subject in enumerate(self.whose):
            self.places.setdefault(subject, []).append(at)

    def of(self, part: pl.DataFrame, told: Callable[[], pl.DataFrame]) -> Rows:
        """Of some; `told`: the part in texts, should it hold others than their rows."""
        if part is self.frame:
            return self.rows
        if part.is_empty():
            return Rows()
        mine = part["subject"].to_list() if "subject" in part.columns else []
        # What holds for all stands below everybody's own.
        own = sorted(at for subject in set(mine) - {None} for at in self.places.get(subject, ()))
        found = own + (self.places.get(None, []) if None in mine else [])
        is_there = bool(mine) and [self.whose[at] for at in found] == mine
        return Rows(self.rows[at] for at in found) if is_there else _rows(told())


def _rows(frame: pl.DataFrame) -> Rows:
    # In an object on one line the standard library writes ten times as many rows in a second.
    return Rows(_line(row) for row in frame.iter_rows(named=True))


def _written_of(card: Scorecard, result: Result, look: Look) -> dict[str, Rows]:
    every, catalogue = look.all_of(card), result.catalogue
    kept = look.once(
        ("json", card.card.card),
        lambda: {name: Written(frame) for name, frame in _frames(written(every), catalogue).items()},
    )
    if every is card:
        return {name: each.rows for name, each in kept.items()}

    def told(name: str) -> pl.DataFrame:
        return _frames(written(card), catalogue)[name]

    return {name: kept[name].of(part, partial(told, name)) for name, part in _frames(card, catalogue).items()}


def _frames(card: Scorecard, catalogue: Catalogue) -> dict[str, pl.DataFrame]:
    return {
        "scores": card.scores,
        "lines": card.lines,
        "adjustments": card.adjustments,
        "missing": card.missing,
        "watch": watched(card, catalogue).drop("at"),
        **{name: getattr(card, name) for name in BESIDE},
    }


def _card(card: Scorecard, result: Result, look: Look) -> dict[str, Any]:
    return {
        "card": card.card.card,
        "title": card.card.title.model_dump(),
        "period": card.period,
        "definition": look.once(("json definition", card.card.card), lambda: _definition(card)),
        **_written_of(card, result, look),
        "notices": list(card.notices),
        **({"suppressed": list(card.suppressed)} if card.audience != "center" else {}),
    }


def _definition(card: Scorecard) -> Drawn:
    definition = card.card.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return Drawn("".join(_parts(definition, IN_A_CARD)))


def _written(kind: str, result: Result | Measurement, body: Mapping[str, Any]) -> bytes:
    whole = {
        "schema": f"ccmetrics.{kind}/{tidy.SCHEMA}",
        **_readers(result),
        "period": _period(result.period),
        **body,
        "partial": result.partial,
        "rejects": {"rows": result.rejects.height, "reasons": result.reasons},
        "inputs": [_input(each) for each in result.inputs],
        "accounts": _accounts(result.accounts),
        "notices": list(result.notices),
        "provenance": dict(result.provenance),
    }
    return f"{''.join(_parts(whole, ''))}\n".encode()


def _parts(value: Any, indent: str) -> Iterator[str]:
    """What holds others on several lines, a step further in; a row of a frame, and what holds none, on one."""
    deeper = f"{indent} "
    if isinstance(value, Drawn):
        yield value
    elif isinstance(value, pl.DataFrame | Rows):
        rows = value if isinstance(value, Rows) else _rows(value)
        between = f"\n{deeper}"
        yield f"[{between}{f',{between}'.join(rows)}\n{indent}]" if rows else "[]"
    elif isinstance(value, Mapping):
        pairs = ((f"{_line(str(key))}: ", *_parts(each, deeper)) for key, each in value.items())
        yield from _opened("{}", indent, pairs)
    elif isinstance(value, list | tuple):
        yield from _opened("[]", indent, (_parts(each, deeper) for each in value))
    else:
        yield _line(value)


def _opened(brackets: str, indent: str, found: Iterable[Iterable[str]]) -> Iterator[str]:
    yield brackets[0]
    between = f"\n{indent} "
    for each in found:
        yield between
        yield from each
        between = f",\n{indent} "
    yield f"\n{indent}{brackets[1]}" if between[0] == "," else brackets[1]


def _line(value: Any) -> str:
    return escaped(ENCODED(value))


def _period(period: Period) -> dict[str, Any]:
    return {"label": period.label, "from": period.start, "to": period.last, "cycle": period.cycle}


def _accounts(accounts: Sequence[Account]) -> list[dict[str, Any]]:
    return [{**asdict(account), "balances": account.balances} for account in accounts]


def _input(each: Input) -> dict[str, Any]:
    """An export; `hashed` says what the hash is of: the whole file, or of Parquet its size and footer."""
    return {"name": each.name, "sha256": each.sha256, "hashed": each.hashed, "rows": each.rows, "about": each.about}


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


ENCODED = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_plain).encode
