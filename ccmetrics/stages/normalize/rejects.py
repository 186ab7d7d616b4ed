"""Bad rows of an export: taken out of it as if they had never stood there, and kept for whoever mends them.

In: an export and which of its rows are bad for which reasons. Out: the export without them; the rejects, as a frame.
Refuses to know: whether bad rows are tolerated, where rejects are written. No value of a private column leaves here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.problem import Problem
from ccmetrics.stages.load import Raw, guarded
from ccmetrics.stages.normalize.conditions import columns_used
from ccmetrics.stages.normalize.feed import Feed, seen
from ccmetrics.stages.normalize.written import is_writable, written

ROW = "@row"
REJECTS = {
    "export": pl.String, "line": pl.Int64, "column": pl.Int64, "reason": pl.String, "sentence": pl.String,
    "original": pl.String,
}  # fmt: skip
"""One row a row set aside: where it stands, what is wrong with it first and in full, and the record itself."""
HIDDEN = "***"


@dataclass(frozen=True)
class Bad:
    """Rows that one column of a table cannot take."""

    rows: pl.Series
    """Their numbers in the export."""
    problems: Callable[[int], Iterable[Problem]]
    """What is wrong with them: so many places a kind, the others counted."""
    column: str = ""
    """Which it is."""


def no_rejects() -> pl.DataFrame:
    return pl.DataFrame(schema=REJECTS)


def numbers(bad: Iterable[Bad]) -> pl.Series:
    """The bad rows, each once, in order."""
    return pl.concat([each.rows for each in bad]).unique().sort()


def without(raw: Raw, rows: pl.Series) -> Raw:
    """The export as it would be had these rows never been in it; the lines of the others stay their lines."""
    frame = raw.frame.with_row_index(ROW).filter(~pl.col(ROW).is_in(rows.implode())).drop(ROW)
    return replace(raw, frame=frame, rows=raw.rows - len(rows), lines=partial(_lines, raw, rows))


def _lines(raw: Raw, gone: pl.Series, rows: Iterable[int]) -> dict[int, int]:
    kept = pl.Series(list(rows), dtype=pl.Int64)
    before = (gone.cast(pl.Int64) - pl.int_range(len(gone), eager=True)).search_sorted(kept, side="right")
    first = dict(zip(kept.to_list(), (kept + before.cast(pl.Int64)).to_list(), strict=True))
    lines = raw.line_of(first.values())
    return {row: lines[at] for row, at in first.items() if at in lines}


# ---------------------------------------------------------------- kept for mending


def set_aside(raw: Raw, feeds: Sequence[Feed], bad: Sequence[Bad], catalogue: Catalogue) -> pl.DataFrame:
    """The bad rows of an export, in order, each with all that is wrong with it."""
    rows = numbers(bad)
    found: dict[int, set[Problem]] = {}
    for each in bad:
        for problem in each.problems(len(rows)):
            found.setdefault(problem.place.line, set()).add(problem)
    lines = raw.line_of(rows)
    secret = hidden(raw, feeds, catalogue)
    originals = _originals(raw, rows, secret, _known(raw, rows, secret) if is_private(feeds, catalogue) else None)
    kept = []
    for row, original in zip(rows.to_list(), originals, strict=True):
        problems = sorted(found[lines[row]])
        first, said = problems[0], dict.fromkeys(problem.text for problem in problems)
        kept.append((raw.name, lines[row], first.place.column or None, first.name, " ".join(said), original))
    return pl.DataFrame(kept, schema=REJECTS, orient="row")


def misfits_aside(raw: Raw, feeds: Sequence[Feed], catalogue: Catalogue) -> pl.DataFrame:
    """The records that are no rows. In them cells cannot be told apart: where any is private, all are withheld."""
    secret = hidden(raw, feeds, catalogue) or any(
        column.private for feed in feeds for column in catalogue.tables[feed.table].columns.values()
    )
    texts = raw.records(raw.misfits["line"]) if raw.records else {}
    shown = {line: f"(withheld: {len(text)} characters)" if secret else text for line, text in texts.items()}
    kept = [
        (raw.name, line, column, reason, sentence, shown.get(line, "(withheld)"))
        for line, column, reason, sentence in raw.misfits.select("line", "column", "reason", "text").iter_rows()
    ]
    return pl.DataFrame(kept, schema=REJECTS, orient="row")


def hidden(raw: Raw, feeds: Sequence[Feed], catalogue: Catalogue) -> set[str]:
    """Columns of the export whose cells nobody may see: those read into private columns, and those nobody has named."""
    shown: set[str] = set()
    private: set[str] = set()
    for feed in feeds:
        columns = catalogue.tables[feed.table].columns
        for name, source in feed.columns.items():
            conditions = [source.where or "", *(when for when, _ in source.case or ())]
            named = {feed.actual(column) for column in seen(source)}
            named = named.union(*(columns_used(text, feed) for text in conditions if text))
            (private if columns[name].private else shown).update(named)
        shown |= columns_used(feed.where, feed) if feed.where else set()
    return set(raw.header) - (shown - private)


def is_private(feeds: Sequence[Feed], catalogue: Catalogue) -> bool:
    """Whether any column of the export is read into a private one."""
    return any(catalogue.tables[feed.table].columns[name].private for feed in feeds for name in feed.columns)


def _known(raw: Raw, rows: pl.Series, secret: set[str]) -> dict[str, pl.Series]:
    """Of the columns that may be seen: those cells of the bad rows that good rows have too.

    In a row whose cells have moved by a column, a private value stands where it is not masked. What no good row has
    there is told by its shape.
    """
    schema = guarded(raw.frame.collect_schema, raw.name)
    numbered = raw.frame.with_row_index(ROW)
    bad = pl.col(ROW).is_in(rows.implode())
    shown = {
        n: written(pl.col(n), schema[n]).alias(n) for n in raw.header if n not in secret and is_writable(schema[n])
    }
    texts = guarded(lambda: numbered.filter(bad).select(*shown.values()).collect(), raw.name)
    asked = numbered.filter(~bad).select(
        text.filter(text.is_in(texts[n].unique().implode())).unique().implode() for n, text in shown.items()
    )
    found = guarded(lambda: asked.collect(engine="streaming"), raw.name)
    return {name: found[name].explode() for name in shown}


def _originals(raw: Raw, rows: pl.Series, secret: set[str], known: dict[str, pl.Series] | None) -> list[str]:
    """The records as comma-separated text; cells that are not among the known ones, if any are, by their shape."""
    schema = guarded(raw.frame.collect_schema, raw.name)
    cells = [
        pl.lit(HIDDEN)
        if name in secret or not is_writable(schema[name])
        else _cell(written(pl.col(name), schema[name]).fill_null(""), None if known is None else known[name])
        for name in raw.header
    ]
    record = pl.concat_str(cells, separator=",").alias("record")
    lazy = raw.frame.with_row_index(ROW).filter(pl.col(ROW).is_in(rows.implode())).select(ROW, record)
    return guarded(lambda: lazy.collect(engine="streaming"), raw.name).sort(ROW)["record"].to_list()


def _cell(text: pl.Expr, known: pl.Series | None) -> pl.Expr:
    if known is not None:
        pattern = text.str.replace_all(r"\d", "9").str.replace_all(r"\p{L}", "a")
        text = pl.when(text.is_in(known.implode())).then(text).otherwise(pattern)
    quoted = pl.concat_str(pl.lit('"'), text.str.replace_all('"', '""', literal=True), pl.lit('"'))
    return pl.when(text.str.contains('[",\n\r]')).then(quoted).otherwise(text)
