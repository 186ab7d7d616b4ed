"""The formats of a comparison, found by name: a page, Markdown, and everything as JSON.

In: a comparison and how it is to be looked at. Out: the bytes of a file or a screen.
Refuses to know: where the bytes go, how anything was computed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ccmetrics.comparison import CardMoves, Comparison
from ccmetrics.period import Period
from ccmetrics.render.compared import sentence, steps_said
from ccmetrics.render.comparison_markdown import markdown
from ccmetrics.render.comparison_page import page
from ccmetrics.render.look import Look
from ccmetrics.render.plain import escaped

SCHEMA = "ccmetrics.compare/1"
SUFFIXES = {".txt": "text", ".md": "markdown", ".json": "json"}


def data(found: Comparison, look: Look) -> bytes:
    """Everything; sentences are English, whoever reads them."""
    whole = {
        "schema": SCHEMA,
        "of": "periods" if found.is_of_periods else "catalogues",
        "names": list(found.names),
        "differences": [{**asdict(row), "sentence": sentence(found, row, "en", None)} for row in found.differences],
        "periods": [_period(each) for each in found.periods or ()],
        "cards": [_card(card) for card in found.cards],
        "partial": found.partial,
        "rejects": {"rows": found.rejects.height, "reasons": found.reasons},
        "inputs": [{"name": each.name, "sha256": each.sha256, "rows": each.rows} for each in found.inputs],
        "notices": list(found.notices),
        "provenance": [dict(each) for each in found.provenance or ()],
    }
    text = json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1)
    return f"{escaped(text)}\n".encode()


FORMATS: dict[str, Callable[[Comparison, Look], bytes]] = {"text": page, "markdown": markdown, "json": data}


def _card(card: CardMoves) -> dict[str, Any]:
    return {
        "card": card.after.card,
        "title": card.after.title.model_dump(),
        "steps": list(card.steps),
        "notes": list(steps_said(card, "en")),
        "budget": dict(zip(("before", "after"), map(asdict, card.budgets), strict=True)),
        "moves": card.moves.to_dicts(),
    }


def _period(period: Period) -> dict[str, str]:
    return {
        "label": period.label,
        "from": period.start.isoformat(),
        "to": period.last.isoformat(),
        "cycle": period.cycle,
    }
