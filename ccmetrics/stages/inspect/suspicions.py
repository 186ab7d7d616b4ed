"""What an analyst would want to know before trusting an export: told, never acted upon.

In: the columns as they look, and the cells. Out: sentences.
Refuses to know: layouts, what to do about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from unicodedata import normalize as composed

import polars as pl

from ccmetrics.notice import Notice
from ccmetrics.stages.inspect.columns import LENGTH, Seen

Finding = Callable[[Sequence[Seen], pl.DataFrame], Iterator[Notice]]


def suspicions(columns: Sequence[Seen], frame: pl.DataFrame) -> tuple[Notice, ...]:
    return tuple(sentence for look in LOOKS for sentence in look(columns, frame))


def doubts(columns: Sequence[Seen], frame: pl.DataFrame) -> Iterator[Notice]:
    for seen in columns:
        yield from (_of(seen, doubt) for doubt in seen.doubts)


def _of(seen: Seen, said: Notice) -> Notice:
    return Notice("'{column}': {said}", column=seen.name, said=said)


def destroyed(columns: Sequence[Seen], frame: pl.DataFrame) -> Iterator[Notice]:
    for seen in columns:
        count = seen.forms.get("1.23E+17", 0)
        if count:
            text = Notice(
                "{n:id was|ids were} rounded by a spreadsheet (1.23E+17). Export them again as text.", n=count
            )
            yield _of(seen, text)


def milliseconds(columns: Sequence[Seen], frame: pl.DataFrame) -> Iterator[Notice]:
    """Lengths that would be hours as seconds, and minutes as milliseconds."""
    for seen in columns:
        if seen.taken != "number" or not LENGTH.search(seen.name):
            continue
        cells = frame[seen.name].cast(pl.Float64, strict=False).drop_nulls()
        middle = cells.filter(cells > 0).median()
        if isinstance(middle, float) and middle >= 10_000:
            parts = {"middle": middle, "hours": middle / 3600}
            yield _of(
                seen,
                Notice("the middle value is {middle:,.0f}; as seconds that is {hours:,.1f} h. Milliseconds?", **parts),
            )


def stand_ins(columns: Sequence[Seen], frame: pl.DataFrame) -> Iterator[Notice]:
    """Words and zeros that may mean that there is no value."""
    for seen in columns:
        if seen.nothing:
            words = [Notice("'{word}' ({n})", word=word, n=n) for word, n in sorted(seen.nothing.items())]
            yield _of(seen, Notice("{words} may stand for no value. If so, say `null:` in the layout.", words=words))
        if seen.taken == "duration":
            zeros = frame[seen.name].str.contains(r"^0{1,2}:00:00$").sum()
            if zeros * 10 > seen.rows:
                yield _of(seen, Notice("{n:cell is|cells are} 0:00:00, which may stand for no value.", n=int(zeros)))
        if seen.taken == "number" and seen.low == "-1":
            yield _of(seen, Notice("-1 may stand for no value."))


def short_last_day(columns: Sequence[Seen], frame: pl.DataFrame) -> Iterator[Notice]:
    """The last day has less than half of what a day has: was the export cut short?"""
    day = next((seen for seen in columns if seen.taken in ("datetime", "date") and not seen.empty), None)
    if day is None:
        return
    days = days_of(frame[day.name], day).drop_nulls()
    counted = days.to_frame("day").group_by("day").len().sort("day")
    if counted.height < 4:
        return
    usual, last = counted["len"][:-1].median(), int(counted["len"][-1])
    if isinstance(usual, float) and last * 2 < usual:
        yield Notice(
            "The last day, {day}, has {n:row}; a day has {usual:,.0f} as a rule. Was the export cut short?",
            day=counted["day"][-1],
            n=last,
            usual=usual,
        )


def days_of(cells: pl.Series, seen: Seen) -> pl.Series:
    """The days of a column of dates or times, null where they cannot be told."""
    form = seen.says.get("format")
    if form is not None:
        with_clock = "%H" in form or "%I" in form
        return cells.str.strptime(pl.Datetime if with_clock else pl.Date, form, strict=False).cast(pl.Date)
    if seen.says.get("unit") in ("s", "ms"):
        number = cells.cast(pl.Float64, strict=False) * (1000 if seen.says["unit"] == "s" else 1)
        return number.cast(pl.Int64, strict=False).cast(pl.Datetime("ms")).cast(pl.Date)
    return cells.str.head(10).str.strptime(pl.Date, "%Y-%m-%d", strict=False)


def footer(columns: Sequence[Seen], frame: pl.DataFrame) -> Iterator[Notice]:
    """A last record that lacks what every other one has, or says that it is a total."""
    if frame.height < 3:
        return
    last = frame.tail(1)
    word = next((cell for cell in last.row(0) if cell), "")
    always = [name for name in frame.columns if frame[name].head(frame.height - 1).null_count() == 0]
    lacks = [name for name in always if last[name].null_count()]
    if re.match(r"(?i)(?:grand )?total|sum|generated|合计|总计|suma", str(word)) or (
        lacks and len(lacks) * 2 >= len(always)
    ):
        yield Notice(
            "The last record looks like a total or a note rather than a row. If so, say `file: {{stop_at: ...}}`."
        )


def twice(columns: Sequence[Seen], frame: pl.DataFrame) -> Iterator[Notice]:
    for seen in columns:
        cells = seen.rows - seen.empty
        if seen.taken == "id" and cells * 0.98 < seen.distinct < cells:
            yield _of(seen, Notice("{n:value comes|values come} a second time.", n=cells - seen.distinct))


def look_alikes(columns: Sequence[Seen], frame: pl.DataFrame) -> Iterator[Notice]:
    """Different words that look the same: full-width letters, case, doubled or no-break spaces."""
    for seen in columns:
        if seen.taken != "word" or seen.distinct > 10_000:
            continue
        same: dict[str, set[str]] = {}
        for word in frame[seen.name].drop_nulls().unique().to_list():
            same.setdefault(" ".join(composed("NFKC", word).casefold().split()), set()).add(word)
        pairs = sum(len(words) > 1 for words in same.values())
        if pairs:
            yield _of(
                seen,
                Notice(
                    "{n:value differs|values differ} only in case, spaces or the width of letters from another.",
                    n=pairs,
                ),
            )


LOOKS: tuple[Finding, ...] = (
    doubts, destroyed, milliseconds, stand_ins, twice, look_alikes, short_last_day, footer,
)  # fmt: skip
