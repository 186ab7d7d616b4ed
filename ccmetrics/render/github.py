"""Findings as workflow commands, which GitHub shows at the lines of a pull request.

In: findings. Out: a command a finding, then the summary as plain text.
Refuses to know: rules, the disk. What is allowed is no annotation.
"""

from __future__ import annotations

from collections.abc import Iterator

from ccmetrics.finding import Finding, Findings
from ccmetrics.render.findings_words import from_here, summary
from ccmetrics.render.look import Look
from ccmetrics.render.plain import plain
from ccmetrics.rules import Severity

COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "advice": "notice"}


def github(found: Findings, look: Look) -> bytes:
    lines = [_command(finding) for finding in found.standing]
    return "".join(f"{line}\n" for line in (*lines, summary(found))).encode()


def _command(finding: Finding) -> str:
    said = [finding.problem.text, *([f"To mend: {finding.advice}"] if finding.advice else [])]
    properties = ",".join(f"{key}={_property(value)}" for key, value in _properties(finding))
    return f"::{COMMANDS[finding.severity]} {properties}::{'%0A'.join(map(_data, said))}"


def _properties(finding: Finding) -> Iterator[tuple[str, str]]:
    place = finding.problem.place
    yield "file", from_here(place.file)
    if place.line:
        yield "line", str(place.line)
    if place.column:
        yield "col", str(place.column)
        yield "endColumn", str(place.column + place.width)
    yield "title", finding.problem.name


def _data(value: str) -> str:
    """A text that cannot end its command, or begin another."""
    return plain(value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
