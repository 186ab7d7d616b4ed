"""The formats of a check's findings, found by name: one module each.

In: findings and how they are to be looked at. Out: the bytes of a file or a screen.
Refuses to know: where the bytes go, how anything is found.
"""

from __future__ import annotations

from collections.abc import Callable

from ccmetrics.finding import Findings
from ccmetrics.render.findings_json import json_
from ccmetrics.render.findings_text import text
from ccmetrics.render.github import github
from ccmetrics.render.look import Look
from ccmetrics.render.sarif import sarif

FORMATS: dict[str, Callable[[Findings, Look], bytes]] = {
    "text": text,
    "json": json_,
    "sarif": sarif,
    "github": github,
}
