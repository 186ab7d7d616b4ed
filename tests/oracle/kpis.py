"""KPIs as text: their variants, what counts them, and their formulas with other KPIs written out.

In: the definitions. Out: formula text over measures only.
Refuses to know: tables and engines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.oracle.rewrite import is_name, path, tokens


def variants(kpi: Mapping[str, Any]) -> dict[str, str]:
    """Formula text by variant; '' where the KPI has one formula."""
    if "formula" in kpi:
        return {"": kpi["formula"]}
    return {name: body if isinstance(body, str) else body["formula"] for name, body in kpi["variants"].items()}


def counts(kpi: Mapping[str, Any], variant: str) -> str | None:
    """The measure a KPI names as its n."""
    body = kpi["variants"][variant] if variant else {}
    own = None if isinstance(body, str) else body.get("n")
    return own or kpi.get("n")


def unfolded(whole: Mapping[str, Mapping[str, Any]], text: str) -> str:
    """A KPI's formula with the formulas of other KPIs in the place of their names."""
    out: list[str] = []
    parts = tokens(text)
    for i, part in enumerate(parts):
        known = path(part) if is_name(part) and parts[i + 1 : i + 2] != ["("] else ()
        if not known or known[0] in whole["measures"]:
            out.append(part)
            continue
        other = whole["kpis"][known[0]]
        forms = variants(other)
        name = known[1] if len(known) > 1 else other.get("default", "")
        out.append(f"({unfolded(whole, forms[name])})")
    return " ".join(out)
