"""Whether every record of delimited text is one of its table: the guard before the engine, at the engine's own pace.

In: the bytes of a text, block by block, and its table. Out: what was counted, and the records that are no rows.
Refuses to know: what a column means, types, how the dialect was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.content import Bytes
from ccmetrics.stages.load.misfits import AGAIN, OUT, REASON, SAID, Table, broken, misfits
from ccmetrics.stages.load.records import LINE, NUMBER, TEXT, Block, Cut, block_end, cut, line_start

BLOCK, LONGEST = 1 << 24, 1 << 27
# More misfits than this are no slips of an export, but another table than its header says.
MANY = 1 << 18


@dataclass(frozen=True)
class Found:
    """What the records of a text are, none of them kept."""

    blocks: tuple[Block, ...]
    records: int
    """Records of the data, those that are no rows included."""
    dropped: pl.Series
    """Numbers of those that are no rows, in order."""
    misfits: pl.DataFrame
    blank: int
    repeated: int
    """Headers that stand in the data again, to be skipped."""
    footer: tuple[int, int] | None
    """Byte and physical line at which the footer begins."""

    @property
    def rows(self) -> int:
        return self.records - len(self.dropped)


def examine(data: Bytes, start: int, table: Table, name: str) -> Found:
    """Every record from `start` on looked at.

    Raises:
        DataRefused: quotes are broken, or there is another table than the header says.
    """
    again = (pl.col(REASON) == AGAIN) & (table.dialect.form.repeated_header == "skip")
    blocks: list[Block] = []
    blanks, parts = [pl.Series(dtype=pl.Int64)], [pl.DataFrame(schema=OUT)]
    total, many, footer = 0, 0, None
    for block, count, found in _blocks(data, start, table, name):
        blocks.append(block)
        total = block.record + count
        if found is None:
            continue
        blank, out, stop = table.sorted_out(found.records, block.line, name)
        if stop is not None:
            total, line = block.record + stop, int(found.records[LINE][stop])
            byte = line_start(data[block.start : block.end], line, found.lines)
            footer = (block.start + byte, block.line + line)
        blanks.append(blank + block.record)
        parts.append(out.with_columns(pl.col(NUMBER) + block.record, pl.col(LINE) + block.line))
        many += out.height
        if many > MANY:
            raise _too_many(pl.concat(parts), name)
        if stop is not None:
            break
    blank, out = pl.concat(blanks), pl.concat(parts)
    bad = misfits(out.filter(~again), blank, total, footer is not None or data[-1:] == b"\n", name)
    dropped = pl.concat([blank, out[NUMBER]]).sort()
    return Found(tuple(blocks), total, dropped, bad, len(blank), out.height - bad.height, footer)


def _blocks(data: Bytes, start: int, table: Table, name: str) -> Iterator[tuple[Block, int, Cut | None]]:
    """Each block with the number of its records, and the records themselves where one of them is odd."""
    line, number, size, plain = table.dialect.first_line, 0, BLOCK, True
    while start < len(data):
        end = block_end(data, start, size)
        text = data[start:end]
        # Where records took several lines they will again: a glance at the lines would say so, and be lost.
        if plain:
            glance = pl.scan_lines(text, name=TEXT).select(pl.len(), table.odd.sum())
            count, odd = glance.collect(engine="streaming").row(0)
            if not odd:
                yield Block(start, end, line, number, True), count, None
                start, line, number = end, line + count, number + count
                continue
        found = cut(text, table.writing.quoted)
        if count := found.records.height:
            plain = count == found.lines
            yield Block(start, start + found.end, line, number, plain), count, found
            # What is still open at the end begins the next block.
            start, line, number, size = start + found.end, line + found.lines, number + count, BLOCK
        elif end < len(data) and size < LONGEST:
            size *= 2
        else:
            more = " The file ends inside this cell." if end == len(data) else ""
            raise broken(text.decode(errors="replace"), table.writing.separator, name, line, more)


def _too_many(out: pl.DataFrame, name: str) -> DataRefused:
    text = f"{out[SAID][0]} Over {MANY:,} records have a wrong number of cells: is this the header, and the separator?"
    return DataRefused([Problem(Place(name, int(out[LINE][0])), str(out[REASON][0]), text)])
