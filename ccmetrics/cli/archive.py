"""What a run leaves beside its result: a file of actions, a sealed period, what is stated anew.

In: the command line's words and a result. Out: files and folders as bytes, or a refusal.
Refuses to know: how anything is computed or drawn, the disk beyond what stands in the way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccmetrics import write
from ccmetrics.cli.output import FILE_WIDTH, Keep, Plan
from ccmetrics.period import TREND
from ccmetrics.problem import DataRefused, Place, Problem, UsageRefused
from ccmetrics.render.look import Look
from ccmetrics.seal import (
    ACTIONS,
    CATALOGUE,
    PREVIOUS,
    RESTATEMENT,
    RESULT,
    SCORES,
    SIGNATURES,
    Seal,
    opened,
    sealed,
)

if TYPE_CHECKING:
    from ccmetrics.run import Reading
    from ccmetrics.scorecard import Result

ENDINGS = (".csv", ".json", ".parquet")


@dataclass(frozen=True)
class Archive:
    """The wish for what is left beside a result."""

    actions: Path | None
    previous: Path | None
    seal: Path | None
    restates: Seal | None
    lang: str
    trend: int = TREND
    """Over how many cycles the run reaches back: rows before them are used for nothing."""


def archive(
    wish: Plan,
    actions: Path | None,
    previous: Path | None,
    seal: Path | None,
    restates: Path | None,
    lang: str,
    trend: int = TREND,
) -> Archive:
    """The wish, refused now if it cannot be met.

    Raises:
        Refused: a file or folder that must not be written; a seal that is broken or none.
    """
    if actions is not None:
        if actions.suffix.lower() not in ENDINGS:
            text = f"A file of actions ends in {', '.join(ENDINGS)}; that tells its format."
            raise UsageRefused([Problem(Place(str(actions)), "unknown-format", text)])
        others = [*wish.files, *([wish.rejects] if wish.rejects else [])]
        write.check([*others, actions], force=wish.force, inputs=wish.inputs)
    if seal is not None:
        write.check_folder(seal, inputs=wish.inputs)
    return Archive(actions, previous, seal, None if restates is None else _whole(restates), lang, trend)


def _whole(folder: Path) -> Seal:
    found = opened(folder)
    if found.damage:
        raise DataRefused(Problem(Place(str(folder / each.what)), each.name, each.text) for each in found.damage)
    return found


def stated_anew(wanted: Archive, result: Result) -> Result:
    """The result with what differs from the sealed one it restates, if it restates any.

    Raises:
        UsageRefused: that one is of another period, or of other cards.
    """
    if wanted.restates is None:
        return result
    from ccmetrics.run.seal import restated

    sealed_of = wanted.restates.manifest
    period, cards = sealed_of["period"]["label"], set(sealed_of["cards"])
    if period != result.period.label:
        text = f"It seals {period}, and this result is of {result.period.label}. Say --period {period}."
        raise UsageRefused([Problem(Place("--restates"), "another-period", text)])
    if cards != {card.card.card for card in result.scorecards}:
        text = f"It seals {', '.join(sorted(cards))}. Score these cards, no more and no fewer: say --card."
        raise UsageRefused([Problem(Place("--restates"), "other-cards", text)])
    files = results(result)
    return replace(result, restatement=restated(wanted.restates, result, files[SCORES], files[ACTIONS]))


def anew(result: Result) -> list[str]:
    """That a sealed period is stated anew, for formats that cannot say it."""
    found = result.restatement
    if found is None:
        return []
    return [f"{result.period.label} was sealed ({found.seal[:8]}); {found.cells.height:,} cells differ.", *found.said]


def results(result: Result) -> dict[str, bytes]:
    """A result as it is archived."""
    from ccmetrics.render import csv, json
    from ccmetrics.render.actions import FORMATS, actions

    look = Look(FILE_WIDTH)
    return {
        SCORES: csv.score(result, look),
        ACTIONS: FORMATS[".csv"](actions(result)),
        RESULT: json.score(result, look),
    }


def kept(wanted: Archive, result: Result, reading: Reading) -> Keep:
    """The files and folders as bytes.

    Raises:
        DataRefused: what is to be sealed is partial.
    """
    from ccmetrics.render.actions import FORMATS, actions

    files = {wanted.actions: FORMATS[wanted.actions.suffix.lower()](actions(result))} if wanted.actions else {}
    return Keep(files, {wanted.seal: _sealed(wanted, result, reading)} if wanted.seal else {})


def _sealed(wanted: Archive, result: Result, reading: Reading) -> dict[str, bytes]:
    if result.partial:
        text = f"{result.rejects.height:,} bad rows were set aside. Only whole results are sealed: mend the exports."
        raise DataRefused([Problem(Place("--seal"), "partial-seal", text)])
    from ccmetrics.catalogue.dump import dumped
    from ccmetrics.render.csv import written
    from ccmetrics.render.signatures import signatures

    files = {f"{CATALOGUE}/{name}": text.encode() for name, text in dumped(result.catalogue).items()} | results(result)
    if wanted.previous is not None:
        files[PREVIOUS] = _earlier(wanted.previous)
    if result.restatement is not None:
        files[RESTATEMENT] = written(result.restatement.cells)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    files[SIGNATURES] = signatures(result, hashes, Look(FILE_WIDTH, wanted.lang))
    return sealed(_manifest(wanted, result, reading), files)


def _earlier(path: Path) -> bytes:
    """The actions of the cycle before, whatever file they were in."""
    from ccmetrics.render.actions import FORMATS
    from ccmetrics.run.actions import read_actions

    return FORMATS[".csv"](read_actions(path))


def _manifest(wanted: Archive, result: Result, reading: Reading) -> Mapping[str, Any]:
    from ccmetrics.run.seal import definitions_hash

    period = result.period
    days = {"from": period.start.isoformat(), "to": period.last.isoformat(), "cycle": period.cycle}
    return {
        "made_by": {name: result.provenance[name] for name in ("version", "polars")},
        "period": {"label": period.label, **days},
        "cards": [card.card.card for card in result.scorecards],
        "options": {"allow_rejects": reading.allow_rejects, "trend": wanted.trend},
        "inputs": [asdict(each) for each in result.inputs],
        "accounts": [{**asdict(account), "rejected": dict(account.rejected)} for account in result.accounts],
        "definitions": definitions_hash(result.catalogue),
        "restates": wanted.restates.hash if wanted.restates is not None else None,
    }
