"""A result as JSON, complete: definitions of the cards, scores, lines, adjustments, inputs, accounts, provenance.

In: a result. Out: UTF-8 bytes, keys in a fixed order, numbers exact, one newline at the end.
Refuses to know: who reads it, the disk.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from ccmetrics.account import Account, Input
from ccmetrics.period import Period
from ccmetrics.render import tidy
from ccmetrics.render.look import Look
from ccmetrics.render.plain import escaped
from ccmetrics.scorecard import Measurement, Result, Scorecard, watched


def score(result: Result, look: Look) -> bytes:
    cards = [_card(card, result) for card in result.scorecards]
    return _written("score", result, {"cards": cards, **_restated(result)})


def measure(measured: Measurement, look: Look) -> bytes:
    rows = tidy.values(measured).drop("schema").to_dicts()
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
    return {"restatement": {"seal": found.seal, "differs": list(found.said), "cells": found.cells.to_dicts()}}


BESIDE = (
    "goals", "policies", "effective", "needed", "alarms", "changes", "trends", "progress", "shares", "lists", "actions",
    "history", "course", "bins", "grades", "pooled",
)  # fmt: skip
"""Frames of a scorecard beside its scores, complete."""


def _card(card: Scorecard, result: Result) -> dict[str, Any]:
    return {
        "card": card.card.card,
        "title": card.card.title.model_dump(),
        "period": card.period,
        "definition": card.card.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "scores": card.scores.to_dicts(),
        "lines": card.lines.to_dicts(),
        "adjustments": card.adjustments.to_dicts(),
        "missing": card.missing.to_dicts(),
        "watch": watched(card, result.catalogue).drop("at").to_dicts(),
        **{name: getattr(card, name).to_dicts() for name in BESIDE},
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
    text = json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1, default=_plain)
    return f"{escaped(text)}\n".encode()


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
