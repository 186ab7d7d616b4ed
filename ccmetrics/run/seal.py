"""A sealed period against exports: computed again by its own definitions, held against what was sealed.

In: a seal, exports, results as they were archived. Out: what differs: inputs by their content, results cell by cell.
Refuses to know: how results are drawn, the files' form beyond rows of text cells.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl

from ccmetrics.account import Account, Input
from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.dump import standalone
from ccmetrics.catalogue.models import Catalogue
from ccmetrics.notice import Notice
from ccmetrics.period import TREND
from ccmetrics.run import Reading, score
from ccmetrics.run.supply import provenance
from ccmetrics.scorecard import Restatement, Result
from ccmetrics.seal import ACTIONS, CATALOGUE, PREVIOUS, SCORES, Difference, Seal
from ccmetrics.version import VERSION

CELLS = {
    "card": pl.String, "subject": pl.String, "row": pl.String, "item": pl.String, "variant": pl.String,
    "column": pl.String, "sealed": pl.String, "now": pl.String,
}  # fmt: skip
"""A cell each that is not as it was sealed. A row that is new has no cell `sealed`, one that is gone none `now`."""

OTHER_DEFINITIONS = Notice("The definitions are not those it was sealed by.")
SHOWN = ["card", "subject", "row", "item", "variant"]


def recomputed(seal: Seal, paths: Sequence[Path]) -> Result:
    """The sealed cards over the sealed period, by the sealed definitions.

    Raises:
        Refused: as `score`; definitions of another version may no longer be read.
    """
    manifest = seal.manifest
    previous = seal.folder / PREVIOUS if PREVIOUS in manifest["files"] else None
    reading = Reading(manifest["options"].get("allow_rejects"), full_hash=True)
    return score(
        paths,
        config=load_catalogue(seal.folder / CATALOGUE),
        period=manifest["period"]["label"],
        cards=manifest["cards"],
        reading=reading,
        actions=previous,
        trend=manifest["options"].get("trend", TREND),
    )


def versions(seal: Seal) -> list[Notice]:
    """In which versions the seal was not made by what is running now."""
    now = {"version": ("ccmetrics", VERSION), "polars": ("polars", pl.__version__)}
    made_by: Mapping[str, Any] = seal.manifest["made_by"]
    return [
        Notice("Sealed by {name} {then}, run by {now}.", name=name, then=str(made_by.get(key)), now=here)
        for key, (name, here) in now.items()
        if made_by.get(key) != here
    ]


def unlike_inputs(seal: Seal, inputs: Iterable[Input]) -> list[Difference]:
    """Exports that were changed, are missing or new: by content, whatever they are called."""
    then = [(each["sha256"], each["name"]) for each in seal.manifest["inputs"]]
    now = [(each.sha256, each.name) for each in inputs]
    gone, new = _without(then, now), _without(now, then)
    found = []
    for name in gone:
        same = next((other for other in new if _last(other) == _last(name)), None)
        if same is not None:
            new.remove(same)
            found.append(
                Difference("input-changed", same, Notice("It is not the export that was sealed as {name}.", name=name))
            )
        else:
            found.append(Difference("input-missing", name, Notice("It was sealed and is not among these exports.")))
    return [*found, *(Difference("input-new", name, Notice("It was not among the sealed exports.")) for name in new)]


def _without(these: list[tuple[str, str]], those: list[tuple[str, str]]) -> list[str]:
    """Names of these, less as many of the same content as there are of those."""
    left = Counter(content for content, _ in these) - Counter(content for content, _ in those)
    found = []
    for content, name in sorted(these):
        if left[content] > 0:
            left[content] -= 1
            found.append(name)
    return sorted(found)


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


def restated(seal: Seal, result: Result, scores: bytes, actions: bytes) -> Restatement:
    """A result of the sealed period, given as it would be archived, beside the sealed one."""
    cells = pl.concat(
        [
            unlike_scores(seal.content(SCORES), scores),
            unlike_actions(seal.content(ACTIONS), actions),
            unlike_rows(seal, result.accounts),
        ]
    )
    inputs = [
        Notice("{export}: {said}", export=each.what, said=each.text) for each in unlike_inputs(seal, result.inputs)
    ]
    definitions = [] if definitions_hash(result.catalogue) == seal.manifest["definitions"] else [OTHER_DEFINITIONS]
    return Restatement(seal.hash, cells, (*definitions, *inputs, *versions(seal)))


def definitions_hash(catalogue: Catalogue) -> str:
    """Of all definitions, wherever they came from."""
    return provenance(standalone(catalogue))["catalogue"]


def unlike_scores(then: bytes, now: bytes) -> pl.DataFrame:
    """Two tidy results as CSV, cell by cell, in their exact texts."""
    return _unlike(*(_cells(_read(content), [*SHOWN, "kind"]) for content in (then, now)))


def unlike_actions(then: bytes, now: bytes) -> pl.DataFrame:
    """Two files of actions: an action's condition and what is to be done stand for its item and variant."""
    frames = [_read(content).rename({"rule": "item", "do": "variant"}) for content in (then, now)]
    named = [frame.with_columns(row=pl.lit("action")) for frame in frames]
    return _unlike(*(_cells(frame, [*SHOWN, "cycles", "role"]) for frame in named))


def unlike_rows(seal: Seal, accounts: Sequence[Account]) -> pl.DataFrame:
    """How many rows of each table were read and used, then and now: what came late, or went."""
    then = [(each["table"], each["read"], each["used"]) for each in seal.manifest["accounts"]]
    now = [(account.table, account.read, account.used) for account in accounts]
    return _unlike(_counted(then), _counted(now))


def _counted(rows: list[tuple[str, int, int]]) -> pl.DataFrame:
    sums = pl.DataFrame(rows, schema={"item": pl.String, "read": pl.Int64, "used": pl.Int64}, orient="row")
    text = sums.group_by("item").sum().sort("item").cast(pl.String)
    return _cells(text.with_columns(card=pl.lit(""), subject=pl.lit(""), row=pl.lit("rows"), variant=pl.lit("")), SHOWN)


def _read(content: bytes) -> pl.DataFrame:
    header, *rows = csv.reader(StringIO(content.decode(), newline=""))
    return pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row")


def _cells(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """A row a cell. Rows are known by their key and, of twins, by their order."""
    twin = pl.int_range(pl.len()).over(key)
    rest = [name for name in frame.columns if name not in key]
    return (
        frame.with_columns(pl.concat_str(*key, twin, separator="\x1f").alias("@row"))
        .with_row_index("@at")
        .unpivot(rest, index=["@at", "@row", *SHOWN], variable_name="column", value_name="@cell")
        .sort("@at", maintain_order=True)
        .drop("@at")
    )


def _unlike(then: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    sides = (then.rename({"@cell": "sealed"}), now.rename({"@cell": "now"}))
    both = sides[0].join(
        sides[1], on=["@row", *SHOWN, "column"], how="full", coalesce=True, maintain_order="left_right", validate="1:1"
    )
    return both.filter(pl.col("sealed").ne_missing(pl.col("now"))).select(list(CELLS))
