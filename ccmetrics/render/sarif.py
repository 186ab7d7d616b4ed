"""Findings as SARIF 2.1.0, which code scanners exchange.

In: findings. Out: UTF-8 JSON: one run, the rules with their reasons, a result a finding.
Refuses to know: who reads it, the disk. No path of the machine it ran on is in it.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from ccmetrics.finding import Finding, Findings
from ccmetrics.problem import Problem
from ccmetrics.render.findings_words import from_here
from ccmetrics.render.look import Look
from ccmetrics.render.plain import escaped
from ccmetrics.rules import RULES, Rule, Severity, family
from ccmetrics.version import VERSION

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "advice": "note"}
FINGERPRINT = "ccmetricsFinding/v1"

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def sarif(found: Findings, look: Look) -> bytes:
    """Every rule is told, for what was found of none is known to be in order."""
    results = [*found.standing, *found.allowed]
    unknown = dict.fromkeys(each.problem.name for each in results if each.problem.name not in RULES)
    rules = [*map(_rule, RULES.values()), *map(_nameless, unknown)]
    index = {rule["id"]: at for at, rule in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": "ccmetrics", "version": VERSION, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(each, index, mark) for each, mark in zip(results, _fingerprints(results), strict=True)
        ],
    }  # fmt: skip
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return f"{escaped(json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1))}\n".encode()


def _rule(rule: Rule) -> dict[str, Any]:
    says = f"{rule.says[:1].upper()}{rule.says[1:]}."
    return {
        "id": rule.name,
        "shortDescription": _message(says),
        "fullDescription": _message(rule.why or says),
        "help": {"text": _literal(_help(rule, plain=True)), "markdown": _literal(_help(rule, plain=False))},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"family": family(rule.name), "tags": [family(rule.name)]},
    }


def _nameless(name: str) -> dict[str, Any]:
    """A problem that no rule describes."""
    return {"id": name, "defaultConfiguration": {"level": "error"}, "properties": {"family": family(name)}}


def _help(rule: Rule, plain: bool) -> str:
    """Why, how to mend it, an example, where the field says so."""
    fence, end = ("", "") if plain else ("```yaml\n", "\n```")
    pieces = [f"{head}:\n\n{fence}{piece.rstrip()}{end}" for head, piece in _examples(rule)]
    source = f"Source: {rule.source}." if rule.source else ""
    return "\n\n".join(part for part in (rule.why, rule.mend, *pieces, source) if part)


def _examples(rule: Rule) -> list[tuple[str, str]]:
    return [(head, piece) for head, piece in (("Before", rule.before), ("After", rule.after)) if piece.strip()]


def _result(finding: Finding, index: dict[str, int], fingerprint: str) -> dict[str, Any]:
    problem = finding.problem
    reason = {"kind": "inSource", "status": "accepted", "justification": finding.allowed}
    return {
        "ruleId": problem.name,
        "ruleIndex": index[problem.name],
        "level": LEVELS[finding.severity],
        "message": _message(" ".join(filter(None, (problem.text, finding.advice)))),
        "locations": [_location(problem)],
        "partialFingerprints": {FINGERPRINT: fingerprint},
        # An empty list says that nothing is suppressed; none at all, that nobody knows.
        "suppressions": [reason] if finding.allowed else [],
    }


def _location(problem: Problem) -> dict[str, Any]:
    place = problem.place
    region = {"startLine": max(place.line, 1)}  # What a whole file lacks is shown at its first line.
    if place.column:
        region |= {"startColumn": place.column, "endColumn": place.column + place.width}
    found: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": _uri(from_here(place.file))}, "region": region}
    }
    if problem.about:
        name = "/".join(problem.about)
        found["logicalLocations"] = [{"name": problem.about[-1], "fullyQualifiedName": name, "kind": "object"}]
    return found


def _uri(path: str) -> str:
    """A relative reference: whatever is no letter, digit or slash in percent, as bytes of the file system."""
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in os.fsencode(path))


def _fingerprints(findings: Iterable[Finding]) -> list[str]:
    """The same for a finding whose line has moved: of its rule, file, definition and source, numbered where alike."""
    seen: Counter[tuple[str, ...]] = Counter()
    marks = []
    for problem in (finding.problem for finding in findings):
        key = (problem.name, from_here(problem.place.file), *problem.about, problem.excerpt.strip())
        seen[key] += 1
        marks.append(sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return marks


def _message(text: str) -> dict[str, str]:
    return {"text": _literal(text)}


def _literal(text: str) -> str:
    """Braces around a number would be a place to fill. The others stay: readers show them as they are, and YAML
    between doubled ones would be no YAML."""
    return _PLACEHOLDER.sub(r"{{\1}}", text)
