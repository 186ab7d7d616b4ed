"""What stands in each column of an export: how it reads, in which forms, what is empty, how far it ranges.

In: a raw export. Out: one `Seen` a column.
Refuses to know: layouts, canonical columns, whether any of it is right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from ccmetrics.notice import Key, Notice
from ccmetrics.stages.inspect.forms import FORMS, NOTHING, ORDER, Form, Taken
from ccmetrics.stages.load import Raw, guarded
from ccmetrics.stages.normalize.columns import FALSE, TRUE
from ccmetrics.stages.normalize.written import is_writable, written

GROUPED = "9,999 or 9.999"
FEW = 12
"""Different words up to which a column is a choice among them, all worth showing."""
LOOKED_AT = 1_000_000
"""Rows looked at; of a longer export the first half of them and the last."""

CLOCK = re.compile(r"(?i)\btime\b|\bhora\b|时间|时刻")
LENGTH = re.compile(
    r"(?i)seconds?\b|\bsecs?\b|_s\b|duration|talk|conv|wait|hold|wrap|acw|ring|handle|duraci|espera|时长|秒"
)
"""Words in the name of a column that holds lengths of time, rather than times of day."""

TYPED: tuple[tuple[pl.datatypes.classes.DataTypeClass, Taken], ...] = (
    (pl.Boolean, "flag"),
    (pl.Date, "date"),
    (pl.Datetime, "datetime"),
    (pl.Time, "clock"),
    (pl.Duration, "duration"),
)


@dataclass(frozen=True)
class Seen:
    """One column, as it looks."""

    name: str
    at: int
    """Its number in the file, counted from 1."""
    taken: Taken
    forms: Mapping[str, int]
    """Forms and how many cells have each; of words, their number."""
    rows: int
    empty: int
    distinct: int
    nothing: Mapping[str, int] = field(default_factory=dict)
    """Words that may stand for no value, as they are written."""
    low: str = ""
    high: str = ""
    words: tuple[str, ...] = ()
    """The different values, where they are few and plain words."""
    says: Mapping[str, str] = field(default_factory=dict)
    """What a layout must declare for it."""
    doubts: tuple[Notice, ...] = ()


def frame_of(raw: Raw) -> pl.DataFrame:
    """The cells looked at, as trimmed text, null where they are empty."""
    half = LOOKED_AT // 2
    lazy = raw.frame
    if raw.rows > LOOKED_AT:
        lazy = pl.concat([lazy.head(half), lazy.slice(raw.rows - half)])
    schema = guarded(lazy.collect_schema, raw.name)
    texts = {n: written(pl.col(n), dtype).str.strip_chars() for n, dtype in schema.items() if is_writable(dtype)}
    lazy = lazy.select(pl.when(text.str.len_bytes() > 0).then(text).alias(name) for name, text in texts.items())
    return guarded(lambda: lazy.collect(engine="streaming"), raw.name)


def columns(raw: Raw, frame: pl.DataFrame) -> tuple[Seen, ...]:
    schema = guarded(raw.frame.collect_schema, raw.name)
    return tuple(_seen(frame[name], raw.columns.index(name) + 1, schema[name]) for name in frame.columns)


def _seen(column: pl.Series, at: int, dtype: pl.DataType) -> Seen:
    rows, empty = len(column), column.null_count()
    counted = column.drop_nulls().alias("cell").value_counts(name="n", sort=True)
    low = pl.col("cell").str.to_lowercase()
    nothing = counted.filter(low.is_in(NOTHING))
    filled = counted.filter(~low.is_in(NOTHING))
    kept = {str(word): int(n) for word, n in nothing.iter_rows()}
    if filled.is_empty():
        return Seen(column.name, at, "empty", {}, rows, empty, counted.height, kept)
    typed = next((taken for known, taken in TYPED if dtype == known), None)
    marked = _marked(filled)
    forms = _forms(marked)
    taken, says, doubts = _taken(marked, forms, rows - empty)
    if taken == "duration" and CLOCK.search(column.name) and not LENGTH.search(column.name):
        taken = "clock"
    if typed is not None:
        taken, says, doubts, forms = typed, {}, (), {str(dtype): rows - empty}
    low_high = ("", "") if taken in ("id", "word") else _range(marked, taken, says)
    words = tuple(sorted(filled["cell"])) if taken in ("word", "flag") and filled.height <= FEW else ()
    return Seen(
        column.name,
        at,
        taken,
        forms,
        rows,
        empty,
        filled.height,
        kept,
        *low_high,
        words=words,
        says=says,
        doubts=doubts,
    )


def _marked(filled: pl.DataFrame) -> pl.DataFrame:
    """Every different cell with the number of its form; -1 is none of them."""
    number: pl.Expr = pl.lit(-1)
    for index in reversed(range(len(FORMS))):
        number = pl.when(pl.col("cell").str.contains(f"^(?:{FORMS[index].pattern})$")).then(index).otherwise(number)
    return filled.with_columns(number.alias("form"))


def _forms(marked: pl.DataFrame) -> dict[str, int]:
    counts = marked.group_by("form").agg(pl.col("n").sum()).sort("n", "form", descending=[True, False])
    return {("words" if form < 0 else FORMS[form].name): int(n) for form, n in counts.iter_rows()}


def _taken(
    marked: pl.DataFrame, forms: Mapping[str, int], cells: int
) -> tuple[Taken, dict[str, str], tuple[Notice, ...]]:
    """How the column reads as a whole, what must be said for it, and what is doubtful."""
    there = [FORMS[form] for form in marked["form"].unique().sort() if form >= 0]
    if set(marked["cell"].str.to_lowercase()) <= {*TRUE, *FALSE} and marked.height == 2:
        return "flag", {}, ()
    if "words" in forms:
        rare = {name: n for name, n in forms.items() if name != "words" and n * 20 < cells}
        mixed = [
            Notice("{n} of {of:cell} {n:=looks|look} like {form}", n=n, of=cells, form=name)
            for name, n in rare.items()
            if cells >= 20
        ]
        is_id = marked.height > cells * 0.9 and marked["cell"].str.contains(r"\d").mean() == 1.0
        return ("id" if is_id else "word"), {}, tuple(mixed)
    doubts = [
        Notice("'{form}' is unclear: {ways}", form=form.name, ways=form.unclear)
        for form in there
        if form.unclear and not _settled(marked)
    ]
    kinds = {form.taken for form in there}
    if kinds == {"number", "id"} or (kinds == {"number"} and _is_numbering(marked, cells)):
        return "id", {}, tuple(doubts)
    if kinds <= {"number", "percent"} or len(kinds) == 1:
        says, more = _says(marked, there)
        return there[0].taken if len(kinds) == 1 else "number", says, (*doubts, *more)
    if kinds == {"datetime", "number"}:  # Some numbers only happen to look like seconds since 1970.
        return "number", {}, tuple(doubts)
    written = [Notice("{form} ({n})", form=Key(name), n=n) for name, n in forms.items()]
    return "word", {}, (*doubts, Notice("cells of different kinds: {forms}", forms=written))


def _settled(marked: pl.DataFrame) -> bool:
    """Whether other numbers of the column show that its point or comma is the decimal sign."""
    names = {FORMS[form].name for form in marked["form"].unique() if form >= 0}
    sign = "." if "9.9" in names else "," if "9,9" in names else None
    grouped = marked.filter(pl.col("form") == next(i for i, f in enumerate(FORMS) if f.name == GROUPED))["cell"]
    return sign is not None and GROUPED in names and bool(grouped.str.contains(sign, literal=True).all())


def _is_numbering(marked: pl.DataFrame, cells: int) -> bool:
    """Whole numbers of one length, none twice: somebody numbered the rows."""
    lengths = marked["cell"].str.len_bytes()
    return marked.height == cells > 20 and lengths.min() == lengths.max() and int(lengths.max() or 0) >= 4  # type: ignore[arg-type]


def _says(marked: pl.DataFrame, there: Sequence[Form]) -> tuple[dict[str, str], list[Notice]]:
    says: dict[str, str] = {}
    doubts: list[Notice] = []
    for form in there:
        says.update(form.says)
    formats = [form.says["format"] for form in there if "format" in form.says]
    if len(set(formats)) > 1:
        doubts.append(Notice("dates in more than one form"))
    if formats and ORDER in formats[0]:
        order, doubt = _order(marked)
        doubts += [doubt] if doubt else []
        says["format"] = formats[0].replace(ORDER, order)
    return says, doubts


def _order(marked: pl.DataFrame) -> tuple[str, Notice | None]:
    """Which of day and month comes first, and whether that is certain."""
    pairs = marked.select(pl.col("cell").str.extract_groups(r"^(\d{1,2})[/-](\d{1,2})[/-]").alias("g"), "n")
    first, second = (pairs["g"].struct.field(key).cast(pl.Int64, strict=False) for key in ("1", "2"))
    swapped, right = int(pairs["n"].filter(second > 12).sum()), int(pairs["n"].filter(first > 12).sum())
    sign = "/" if marked["cell"].str.contains("/", literal=True).any() else "-"
    if swapped and right:
        return f"%d{sign}%m", Notice(
            "{n:cell} can only be day first, {other} only month first: days were swapped", n=right, other=swapped
        )
    if swapped:
        return f"%m{sign}%d", None
    unclear = Notice("every date reads both day first and month first: find out which")
    return f"%d{sign}%m", None if right else unclear


def _range(marked: pl.DataFrame, taken: Taken, says: Mapping[str, str]) -> tuple[str, str]:
    """The least and the greatest cell, by what they mean where that can be told, else by their letters."""
    cells = marked["cell"]
    if taken in ("number", "percent", "money"):
        bare = cells.str.replace_all(r"[^\d.,+-]", "")
        rank = bare.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    elif taken in ("duration", "clock") and "format" not in says:
        parts = cells.str.extract_groups(r"(\d+):(\d+)(?::(\d+))?$")
        each = [parts.struct.field(key).cast(pl.Float64, strict=False) for key in ("1", "2", "3")]
        rank = each[0] * 3600 + each[1] * 60 + each[2].fill_null(0)
    elif "format" in says:
        rank = cells.str.strptime(
            pl.Datetime if "%H" in says["format"] or "%I" in says["format"] else pl.Date, says["format"], strict=False
        )
    else:
        rank = cells
    if rank.null_count() == len(rank):
        return "", ""
    ordered = pl.DataFrame({"cell": cells, "rank": rank}).drop_nulls().sort("rank", "cell")["cell"]
    return str(ordered[0]), str(ordered[-1])
