"""Bytes cut into records by the quoting rules, a block at a time, and the lines on which rows of a frame stand.

In: bytes, perhaps far more than memory holds. Out: blocks that begin and end with a record; records, and their lines.
Refuses to know: headers, widths, what is wrong with a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ccmetrics.stages.load.content import Bytes, stream_of

TEXT, LINE, NUMBER = "text", "line", "number"


@dataclass(frozen=True)
class Block:
    """Whole records between two bytes."""

    start: int
    end: int
    line: int
    """Physical line on which its first record begins."""
    record: int
    """Number of its first record, the first below the header being 0."""
    plain: bool
    """Every line is a record."""


def block_end(data: Bytes, start: int, size: int) -> int:
    """The end of the last line that ends within so many bytes, or of the one line that is longer."""
    if start + size >= len(data):
        return len(data)
    end = data.rfind(b"\n", start, start + size) + 1 or data.find(b"\n", start + size) + 1
    return end or len(data)


@dataclass(frozen=True)
class Cut:
    """The whole records of a block, with their text and their line in it (from 0); what they take of it."""

    records: pl.DataFrame
    lines: int
    end: int


def cut(block: bytes, quoted: bool) -> Cut:
    """The records of a block that begins with one. Whatever is still open at its end is left out.

    Line ends are not kept, nor is a CR before one within a cell: the text is for judging, not for reading.
    """
    scan = pl.scan_lines(block, name=TEXT, row_index_name=LINE)
    lines = scan.with_columns(odd=quoted & (pl.col(TEXT).str.count_matches('"', literal=True) % 2 == 1)).collect()
    odd = lines["odd"]
    if not odd.any():
        return Cut(lines.drop("odd"), lines.height, len(block))
    # A line ends within a record where the quotes up to its end are odd in number.
    within = odd.cum_sum() % 2 == 1
    begins = within == odd
    whole = int(begins.arg_true()[-1]) if within[-1] else lines.height
    end = line_start(block, whole, lines.height)
    lines = lines.with_columns(begins.cum_sum().alias(NUMBER), alone=~(within | odd)).head(whole)
    # Gathered first and joined then: that is many times as fast as joining in the groups.
    several = lines.filter(~pl.col("alone")).group_by(NUMBER, maintain_order=True).agg(pl.col(LINE).first(), TEXT)
    several = several.select(LINE, pl.col(TEXT).list.join("\n"), NUMBER)
    found = pl.concat([lines.filter("alone").select(several.columns), several]).sort(NUMBER)
    return Cut(found.drop(NUMBER), whole, end)


def line_start(block: bytes, line: int, lines: int) -> int:
    """The byte at which one of a block's lines begins, looked for from the end."""
    if line in (0, lines):
        return len(block) if line else 0
    return len(block.rsplit(b"\n", lines - line + block.endswith(b"\n"))[0]) + 1


@dataclass(frozen=True)
class Lines:
    """Finds the physical lines of a frame's rows: what lies between two blocks is looked up only where it is asked."""

    source: Path | bytes
    blocks: Sequence[Block]
    dropped: pl.Series
    """Numbers of the records that are no rows, in order."""

    def __call__(self, rows: Iterable[int]) -> dict[int, int]:
        wanted = pl.Series(sorted(set(rows)), dtype=pl.Int64)
        # The row's number among the records: its own, and one more for each record dropped before it.
        rank = self.dropped - pl.int_range(len(self.dropped), eager=True)
        numbers = wanted + rank.search_sorted(wanted, side="right")
        found: dict[int, int] = {}
        for at, block in enumerate(self.blocks):
            end = self.blocks[at + 1].record if at + 1 < len(self.blocks) else None
            inside = (numbers >= block.record) & (numbers < end if end is not None else True)
            if inside.any():
                own = numbers.filter(inside) - block.record
                found |= zip(wanted.filter(inside), block.line + self._lines(block, own), strict=True)
        return found

    def texts(self, lines: Iterable[int]) -> dict[int, str]:
        """The records that begin on these lines."""
        wanted = set(lines)
        found: dict[int, str] = {}
        for at, block in enumerate(self.blocks):
            end = self.blocks[at + 1].line if at + 1 < len(self.blocks) else max(wanted, default=0) + 1
            own = [line - block.line for line in wanted if block.line <= line < end]
            if own:
                rows = self._records(block).filter(pl.col(LINE).is_in(own)).select(LINE, TEXT).iter_rows()
                found |= {block.line + line: text for line, text in rows}
        return found

    def _lines(self, block: Block, own: pl.Series) -> pl.Series:
        return own if block.plain else self._records(block)[LINE].cast(pl.Int64).gather(own)

    def _records(self, block: Block) -> pl.DataFrame:
        with stream_of(self.source) as stream:
            stream.seek(block.start)
            text = stream.read(block.end - block.start)
        return cut(text, not block.plain).records
