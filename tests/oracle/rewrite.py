"""A formula's text turned into DuckDB's SQL by its tokens: names, parameters, divisions, differences of times.

In: formula text, how a name is spelled in DuckDB, literals of the parameters. Out: DuckDB SQL.
Refuses to know: sqlglot and the package. Raises `AbsentError` for a column that was not supplied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

TOKEN = re.compile(
    r"""\s*(?P<token>'(?:[^']|'')*' | :[A-Za-z_]\w* | \d+(?:\.\d+)?(?:[eE][+-]?\d+)?
    | (?:"[^"]+"|[A-Za-z_]\w*)(?:\.(?:"[^"]+"|[A-Za-z_]\w*))* | <= | >= | <> | != | [-+*/%(),=<>])""",
    re.VERBOSE,
)
WORDS = frozenset("AND OR NOT IN IS NULL CASE WHEN THEN ELSE END BETWEEN LIKE TRUE FALSE FROM ESCAPE".split())  # noqa: SIM905
Spell = Callable[[tuple[str, ...]], str | None]


class AbsentError(Exception):
    """A formula needs a column that nobody supplied."""


def tokens(text: str) -> list[str]:
    found, at, text = [], 0, text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"cannot read {text[at : at + 30]!r} in {text!r}")
        found.append(match["token"])
        at = match.end()
    return found


def names(text: str) -> list[tuple[str, ...]]:
    """Names of columns or measures, in the order of the text."""
    parts = tokens(text)
    fields = {i + 2 for i, part in enumerate(parts) if part.upper() == "EXTRACT"}
    return [
        path(part)
        for i, part in enumerate(parts)
        if i not in fields and is_name(part) and parts[i + 1 : i + 2] != ["("]
    ]


def is_name(token: str) -> bool:
    return bool(re.match(r'[A-Za-z_"]', token)) and token.upper() not in WORDS


def path(token: str) -> tuple[str, ...]:
    return tuple(part.strip('"') for part in re.findall(r'"[^"]+"|[^.]+', token))


def duck(text: str, spell: Spell, parameters: Mapping[str, str]) -> str:
    return _all(tokens(text), spell, parameters)


def closing(parts: list[str], at: int) -> int:
    """Position of the parenthesis or END that closes the one at `at`."""
    depth = 0
    for i in range(at, len(parts)):
        if parts[i] == "(" or parts[i].upper() == "CASE":
            depth += 1
        elif parts[i] == ")" or parts[i].upper() == "END":
            depth -= 1
            if not depth:
                return i
    raise ValueError(f"unclosed {parts[at]!r}")


def split(parts: list[str], mark: str) -> list[list[str]]:
    """Parts between marks that stand outside all parentheses."""
    pieces: list[list[str]] = [[]]
    at = 0
    while at < len(parts):
        end = closing(parts, at) if parts[at] == "(" or parts[at].upper() == "CASE" else at
        if parts[at] == mark:
            pieces.append([])
        else:
            pieces[-1] += parts[at : end + 1]
        at = end + 1
    return pieces


def _all(parts: list[str], spell: Spell, parameters: Mapping[str, str]) -> str:
    out, at = [], 0
    while at < len(parts):
        sql, at = _one(parts, at, spell, parameters)
        out.append(sql)
    return " ".join(out)


def _one(parts: list[str], at: int, spell: Spell, parameters: Mapping[str, str]) -> tuple[str, int]:
    """DuckDB text of the token, call, parenthesis or divisor at `at`, and where the next begins."""
    part = parts[at]
    if part == "/":
        divisor, after = _primary(parts, at + 1, spell, parameters)
        return f"/ NULLIF({divisor}, 0)", after
    if part == "(":
        end = closing(parts, at)
        return f"({_all(parts[at + 1 : end], spell, parameters)})", end + 1
    if part[0] == ":":
        return parameters[part[1:]], at + 1
    if re.match(r"\d", part):
        return (part if part.isdigit() else f"CAST({part} AS DOUBLE)"), at + 1
    if not is_name(part):
        return part, at + 1
    if parts[at + 1 : at + 2] == ["("]:
        end = closing(parts, at + 1)
        return _call(part.upper(), parts[at + 2 : end], spell, parameters), end + 1
    known = spell(path(part))
    if known is None:
        raise AbsentError(part)
    return known, at + 1


def _primary(parts: list[str], at: int, spell: Spell, parameters: Mapping[str, str]) -> tuple[str, int]:
    if parts[at] == "-":
        value, after = _primary(parts, at + 1, spell, parameters)
        return f"- {value}", after
    if parts[at].upper() == "CASE":
        end = closing(parts, at)
        return f"CASE {_all(parts[at + 1 : end], spell, parameters)} END", end + 1
    return _one(parts, at, spell, parameters)


def _call(function: str, inside: list[str], spell: Spell, parameters: Mapping[str, str]) -> str:
    if function == "EXTRACT" and inside[0].upper() == "EPOCH":
        later, earlier = (_all(side, spell, parameters) for side in split(inside[2:], "-"))
        us = "epoch_us(instant({}))"
        return f"(CAST({us.format(later)} - {us.format(earlier)} AS DOUBLE) / 1000000)"
    if function == "EXTRACT":
        return f"EXTRACT({inside[0]} FROM {_all(inside[2:], spell, parameters)})"
    arguments: list[str] = []
    missing: AbsentError | None = None
    for piece in split(inside, ","):
        try:
            arguments.append(_all(piece, spell, parameters))
        except AbsentError as absent:
            if function != "COALESCE":
                raise
            missing = absent
    if missing and not arguments:
        raise missing
    return f"{function}({', '.join(arguments)})"
