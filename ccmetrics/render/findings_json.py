"""Findings as JSON, for programs.

In: findings. Out: UTF-8 bytes, keys in a fixed order, one newline at the end.
Refuses to know: who reads it, the disk.
"""

from __future__ import annotations

import json
from typing import Any

from ccmetrics.finding import Finding, Findings
from ccmetrics.render.findings_words import from_here
from ccmetrics.render.look import Look
from ccmetrics.render.plain import escaped
from ccmetrics.rules import family
from ccmetrics.version import VERSION

SCHEMA = "ccmetrics.check/1"
"""Changes when a key is renamed, removed or means something else; a new key changes nothing."""


def json_(found: Findings, look: Look) -> bytes:
    """`findings` are those that stand, `allowed` those somebody lives with; `null` where there is nothing to say."""
    whole = {
        "schema": SCHEMA,
        "version": VERSION,
        "summary": {
            "findings": len(found.standing),
            "files": len({finding.problem.place.file for finding in found.standing}),
            **{str(severity): count for severity, count in found.counts.items()},
            "allowed": len(found.allowed),
            "left_out": found.left_out,
            "kpis": found.kpis,
            "cards": found.cards,
            "tests": found.tests,
            "tests_run": found.tests_run,
            "waiting": list(found.waiting),
        },
        "findings": [_finding(finding) for finding in found.standing],
        "allowed": [_finding(finding) for finding in found.allowed],
    }
    return f"{escaped(json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1))}\n".encode()


def _finding(finding: Finding) -> dict[str, Any]:
    """Lines and columns count from 1, in characters; `end_column` is that of the first character behind."""
    problem, place = finding.problem, finding.problem.place
    return {
        "file": from_here(place.file),
        "line": place.line or None,
        "column": place.column or None,
        "end_column": place.column + place.width if place.column else None,
        "severity": finding.severity,
        "family": family(problem.name),
        "name": problem.name,
        "definition": list(problem.about),
        "text": problem.text,
        "mend": finding.mend or None,
        "excerpt": problem.excerpt or None,
        "allowed": finding.allowed or None,
    }
