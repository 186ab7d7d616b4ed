"""Records that are no rows of their table: how they are known, what is wrong with each, and how to mend it.

In: the text of records, and the dialect they are held against. Out: those that are no rows, misfits with sentences.
Refuses to know: files, blocks, frames of cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.dialect import Dialect
from ccmetrics.stages.load.quotes import CR, Writing, fault, swallowed
from ccmetrics.stages.load.raw import MISFITS
from ccmetrics.stages.load.records import LINE, NUMBER, TEXT

REASON, WIDTH, TITLES, SAID = "reason", "width", "titles", "said"
BLANK, AGAIN = "blank", "repeated-header"
OUT = pl.Schema(
    {NUMBER: pl.Int64, LINE: pl.Int64, REASON: pl.String, WIDTH: pl.Int64, TITLES: pl.Boolean, SAID: pl.String}
)
# Counted repetitions in a pattern are quick up to so many; and so few records at the end may be a footer.
COUNTED, FOOT = 1000, 20
HEADER = "The header stands here again. If exports were joined, say `file: {repeated_header: skip}` in the layout."
CUT = " The file ends inside a record: export it again."
ENDS = " If a footer begins here, say how: `file: {stop_at: ...}` in the layout."


@dataclass(frozen=True)
class Table:
    """What a record of this table looks like, as expressions over its text."""

    dialect: Dialect
    writing: Writing

    @cached_property
    def columns(self) -> int:
        return len(self.dialect.header)

    @cached_property
    def least(self) -> int:
        return 1 if self.dialect.form.columns else self.columns

    @cached_property
    def width(self) -> pl.Expr:
        text = pl.col(TEXT).str.replace_all('"[^"]*"', "") if self.writing.quoted else pl.col(TEXT)
        return text.str.count_matches(self.writing.separator, literal=True).cast(pl.Int64) + 1

    @cached_property
    def fits(self) -> pl.Expr:
        if self.columns > COUNTED:
            return like(self.writing.record()) & self.width.is_between(self.least, self.columns)
        return like(self.writing.record(f"{{{self.least - 1},{self.columns - 1}}}"))

    @cached_property
    def ends(self) -> pl.Expr:
        stop = self.dialect.form.stop_at
        return like(self.writing.begins(stop)) if stop else pl.lit(False)

    @cached_property
    def again(self) -> pl.Expr:
        """As the header, but for case, quotes and blanks."""
        header = self.dialect.header_text
        bare = [self._bare(text) for text in (pl.col(TEXT), pl.lit(header))]
        return pl.lit(False) if header is None else bare[0] == bare[1]

    def _bare(self, text: pl.Expr) -> pl.Expr:
        return text.str.to_lowercase().str.replace_all(rf'[^\S{self.writing.sign}]|"', "")

    @cached_property
    def odd(self) -> pl.Expr:
        """Whether a record, or a line within one, is anything but a row; true of few that are rows after all."""
        title = next((cell for cell in self.dialect.header if cell), "")
        again = pl.lit(self.dialect.header_text is not None) & like(self.writing.titled(title))
        return ~self.fits | ~like(self.writing.filled) | again | self.ends

    @cached_property
    def said(self) -> pl.Expr:
        named = f"the layout names {self.columns}" if self.dialect.form.columns else f"the header has {self.columns}"
        sign = self.writing.separator
        trailing = (self.width == self.columns + 1) & pl.col(TEXT).str.ends_with(sign)
        behind = pl.lit(f" The line ends in {sign!r}, and the header does not.")
        unquoted = pl.when(trailing).then(behind).otherwise(pl.lit(f" Is there an unquoted {sign!r} in a cell?"))
        hint = pl.when(self.width > self.columns).then(unquoted).otherwise(pl.lit(""))
        return (
            pl.when(pl.col(REASON) == "stray-cr").then(pl.lit(CR))
            .when(pl.col(REASON) == AGAIN).then(pl.lit(HEADER))
            .otherwise(pl.concat_str(self.width, pl.lit(f" cells where {named}."), hint))
        )  # fmt: skip

    def sorted_out(self, records: pl.DataFrame, line: int, name: str) -> tuple[pl.Series, pl.DataFrame, int | None]:
        """Numbers of blank records; others that are no rows, in their order; the number of the one that ends the data.

        Raises:
            DataRefused: quotes are broken, so that what follows can be read in two ways.
        """
        reason = (
            pl.when(~like(self.writing.record(stray=True))).then(pl.lit("broken"))
            .when(~like(self.writing.record())).then(pl.lit("stray-cr"))
            .when(like(self.writing.blank)).then(pl.lit(BLANK))
            .when(self.again).then(pl.lit(AGAIN))
            .when(self.width < self.least).then(pl.lit("short-row"))
            .when(self.width > self.columns).then(pl.lit("long-row"))
        )  # fmt: skip
        found = records.with_row_index(NUMBER).filter(self.odd).with_columns(ends=self.ends)
        stop = int(found.filter("ends")[NUMBER][0]) if found["ends"].any() else None
        if stop is not None:
            found = found.filter(pl.col(NUMBER) < stop)
        self._check_lines(records if stop is None else records.head(stop), line, name)
        found = found.with_columns(reason.alias(REASON)).drop_nulls(REASON)
        for at, text in found.filter(pl.col(REASON) == "broken").select(LINE, TEXT).head(1).iter_rows():
            raise broken(text, self.writing.separator, name, line + at)
        more = (self.width.alias(WIDTH), like(self.writing.names).alias(TITLES), self.said.alias(SAID))
        blank = found.filter(pl.col(REASON) == BLANK)[NUMBER].cast(pl.Int64)
        wrong = found.filter(pl.col(REASON) != BLANK).select(NUMBER, LINE, REASON, *more).cast(OUT)
        return blank, wrong, stop

    def _check_lines(self, records: pl.DataFrame, line: int, name: str) -> None:
        """Raises DataRefused where a cell holds rows of the table."""
        rows = pl.col(TEXT).str.count_matches(self.writing.separator, literal=True) >= 2 * (self.columns - 1)
        several = records.filter(pl.col(TEXT).str.contains("\n", literal=True) & rows)
        for at, text in several.select(LINE, TEXT).iter_rows():
            if found := swallowed(text, self.writing.separator, self.columns):
                raise DataRefused([Problem(Place(name, line + at, found.cell), found.name, found.text)])


def like(pattern: str) -> pl.Expr:
    return pl.col(TEXT).str.contains(pattern)


def broken(text: str, separator: str, name: str, line: int, more: str = "") -> DataRefused:
    """The first thing wrong with the quotes of a record that begins on this line."""
    found = fault(text, separator)
    if found is None:
        text = "The quotes of this record can be read in two ways. Export it again, every text cell in quotes."
        return DataRefused([Problem(Place(name, line), "quotes-unclear", text)])
    return DataRefused([Problem(Place(name, line + found.line, found.cell), found.name, found.text + more)])


def misfits(wrong: pl.DataFrame, blank: pl.Series, records: int, whole: bool, name: str) -> pl.DataFrame:
    """What is wrong with each record that is no row; `whole` if the last of them was not cut short.

    Raises:
        DataRefused: the last of them, to the end of the file, are another table.
    """
    # How many records there are from each to the end, blank ones apart; of a tail of misfits, as many as of these.
    left = records - len(blank) - wrong[NUMBER] + blank.search_sorted(wrong[NUMBER], side="left")
    wrong = wrong.with_columns(left.alias("left"), pl.int_range(wrong.height, 0, -1).alias("rest"))
    tail = wrong.filter((pl.col("left") == pl.col("rest")) & pl.col(REASON).is_in(["short-row", "long-row"]))
    for line, width, rest in tail.filter(TITLES).select(LINE, WIDTH, "rest").iter_rows():
        if 1 < rest < records - len(blank) and (tail.filter(pl.col("rest") <= rest)[WIDTH] == width).all():
            text = f"Another table begins here, of {width} columns. Export each table to a file of its own."
            raise DataRefused([Problem(Place(name, line), "two-tables", text)])
    last = (pl.col("left") == 1) & (pl.col(NUMBER) == records - 1) & (not whole)
    first = (pl.col("rest") == tail.height) & (pl.col("left") == pl.col("rest")) & (tail.height <= FOOT)
    short = pl.col(REASON) == "short-row"
    hint = pl.when(short & last).then(pl.lit(CUT)).when(short & first).then(pl.lit(ENDS)).otherwise(pl.lit(""))
    return wrong.select(LINE, pl.lit(None).alias("column"), REASON, (pl.col(SAID) + hint).alias("text")).cast(
        pl.Schema(MISFITS)
    )
