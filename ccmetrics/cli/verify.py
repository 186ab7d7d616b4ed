"""`ccmetrics verify`: a sealed period held against its seal, and against exports.

In: the command line. Out: what differs, on standard output.
Refuses to know: how a seal is made, how results are compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ccmetrics.cli import output
from ccmetrics.cli.archive import results
from ccmetrics.cli.conditions import MET
from ccmetrics.problem import DefinitionsRefused
from ccmetrics.render.plain import escaped, plain
from ccmetrics.seal import ACTIONS, SCORES, Difference, Seal, opened

if TYPE_CHECKING:
    from ccmetrics.scorecard import Restatement

SCHEMA = "ccmetrics.verify/1"


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `score --seal` wrote.")],
    data: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[DATA]", help="Exports to compute it from again, by its own definitions."),
    ] = None,
    form: Annotated[Literal["table", "json"], typer.Option("--format", help="What goes to standard output.")] = "table",
) -> int:
    """Whether a sealed period is as it was sealed.

    Without DATA: every archived file against its hash. With DATA: the exports against the sealed ones by their content,
    and the results computed from them cell by cell. Ends with code 1 if anything differs, with 5 if DIR is no seal.
    """
    seal = opened(folder)
    found, again = list(seal.damage), None
    said: Sequence[str] = []
    if data and not seal.damage:
        found, again, said = _recomputed(seal, data)
    elif data:
        said = ["Nothing was computed again: what would be compared is not what was sealed."]
    fine = not found and (again is None or again.cells.is_empty())
    draw = _page if form == "table" else _json
    output.send(draw(seal, found, again, said, fine))
    return 0 if fine else MET


def _recomputed(seal: Seal, data: Sequence[Path]) -> tuple[list[Difference], Restatement | None, Sequence[str]]:
    from ccmetrics.run import seal as sealing

    said = sealing.versions(seal)
    try:
        result = sealing.recomputed(seal, data)
    except DefinitionsRefused as refused:
        text = f"This version refuses the sealed definitions: {refused.problems[0].name}. Verify it with its own."
        return [Difference("definitions-refused", "catalogue", text)], None, said
    files = results(result)
    found = sealing.unlike_inputs(seal, result.inputs)
    return found, sealing.restated(seal, result, files[SCORES], files[ACTIONS]), said


def _page(seal: Seal, found: Sequence[Difference], again: Restatement | None, said: Sequence[str], fine: bool) -> bytes:
    return "".join(f"{plain(line)}\n" for line in _lines(seal, found, again, said, fine)).encode()


def _lines(
    seal: Seal, found: Sequence[Difference], again: Restatement | None, said: Sequence[str], fine: bool
) -> Iterator[str]:
    manifest = seal.manifest
    if manifest:
        cards = ", ".join(manifest["cards"])
        yield f"{manifest['period']['label']}, {cards}: sealed as {seal.hash}"
        if manifest["restates"]:
            yield f"It states anew the period sealed as {manifest['restates']}"
    yield from said
    for each in found:
        yield f"{each.name}: {each.what}: {each.text}"
    for row in again.cells.iter_rows(named=True) if again is not None else ():
        yield _cell(row)
    if fine and again is None:
        yield f"{len(manifest['files'])} files are as they were sealed; no exports were given to compute them again"
    elif fine:
        yield f"{len(manifest['inputs'])} exports, every score and every action are as they were sealed"
    else:
        yield f"{len(found) + (0 if again is None else again.cells.height)} differences"


def _cell(row: dict[str, Any]) -> str:
    place = "/".join(filter(None, (row[name] for name in ("card", "subject", "row", "item", "variant"))))
    sealed, now = (repr(row[side]) if row[side] is not None else "no such row" for side in ("sealed", "now"))
    return f"result-changed: {place}: {row['column']} was sealed as {sealed}, now {now}"


def _json(seal: Seal, found: Sequence[Difference], again: Restatement | None, said: Sequence[str], fine: bool) -> bytes:
    whole = {
        "schema": SCHEMA,
        "seal": seal.hash,
        "restates": seal.manifest.get("restates"),
        "fine": fine,
        "computed": again is not None,
        "notices": list(said),
        "differences": [{"name": each.name, "what": each.what, "text": each.text} for each in found],
        "cells": [] if again is None else again.cells.to_dicts(),
    }
    return f"{escaped(json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1))}\n".encode()
