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


def records(block: bytes, quoted: bool) -> tuple[pl.DataFrame, int]:
    """Text and line (from 0) of every record; and the line on which one begins that is still open at the end.

    Line ends are not kept, nor is a CR before one within a cell: the text is for judging, not for reading.
    """
    lines = pl.scan_lines(block, name=TEXT, row_index_name=LINE).collect()
    if not quoted:
        return lines, lines.height
    odd = lines[TEXT].str.count_matches('"', literal=True) % 2
    if not (odd > 0).any():
        return lines, lines.height
    # A line ends within a record where the quotes up to its end are odd in number.
    within = odd.cum_sum() % 2
    begins = within == odd
    lines = lines.with_columns(begins.cum_sum().alias(NUMBER))
    still = int(begins.arg_true()[-1]) if within[-1] else lines.height
    alone = (within == 0) & (odd == 0)
    joined = lines.head(still).filter(~alone.head(still)).group_by(NUMBER, maintain_order=True)
    several = joined.agg(pl.col(LINE).first(), pl.col(TEXT).str.join("\n")).select(lines.columns)
    whole = pl.concat([lines.head(still).filter(alone.head(still)), several]).sort(NUMBER)
    return whole.drop(NUMBER), still


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

    def _lines(self, block: Block, own: pl.Series) -> pl.Series:
        if block.plain:
            return own
        with stream_of(self.source) as stream:
            stream.seek(block.start)
            text = stream.read(block.end - block.start)
        return records(text, quoted=True)[0][LINE].cast(pl.Int64).gather(own)
