"""A result as JSON, complete: definitions of the cards, scores, lines, adjustments, inputs, accounts, provenance.

In: a result. Out: UTF-8 bytes, keys in a fixed order, numbers exact, a row of a frame on a line of its own, one newline
at the end.
Refuses to know: who reads it, the disk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import polars as pl

from ccmetrics.account import Account, Input
from ccmetrics.period import Period
from ccmetrics.render import tidy
from ccmetrics.render.look import Look
from ccmetrics.render.plain import escaped
from ccmetrics.render.written import written
from ccmetrics.scorecard import Measurement, Result, Scorecard, watched


def score(result: Result, look: Look) -> bytes:
    cards = [_card(card, result) for card in result.scorecards]
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


def _card(card: Scorecard, result: Result) -> dict[str, Any]:
    texts = written(card)
    return {
        "card": card.card.card,
        "title": card.card.title.model_dump(),
        "period": card.period,
        "definition": card.card.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "scores": card.scores,
        "lines": card.lines,
        "adjustments": card.adjustments,
        "missing": card.missing,
        "watch": watched(card, result.catalogue).drop("at"),
        **{name: getattr(texts, name) for name in BESIDE},
        "notices": list(card.notices),
        **({"suppressed": list(card.suppressed)} if card.audience != "center" else {}),
    }


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
    if isinstance(value, pl.DataFrame):
        # In an object on one line the standard library writes ten times as many rows in a second.
        yield from _opened("[]", indent, ([_line(row)] for row in value.iter_rows(named=True)))
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
