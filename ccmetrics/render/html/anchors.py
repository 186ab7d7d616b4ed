"""Where a link of a page leads: names of its places, made of names that anybody may have written.

In: a card, a subject, a KPI. Out: ids without blanks and signs, each of its own.
Refuses to know: pages.
"""

from __future__ import annotations

import re


def _safe(name: str) -> str:
    """Two names never come to the same: `~` only stands around a number."""
    return re.sub(r"[^\w.-]", lambda found: f"~{ord(found[0]):x}~", name)


def of_card(card: str) -> str:
    return f"card/{_safe(card)}"


def of_subject(card: str, subject: str) -> str:
    return f"{_safe(card)}/{_safe(subject)}"


def of_kpi(kpi: str, variant: str | None) -> str:
    return f"kpi/{_safe(kpi)}" + (f"/{_safe(variant)}" if variant else "")
