"""A card as one wide table of typed cells: what a page, a workbook and a message show of it.

In: a scorecard, the definitions, a language. Out: fields, and a row of cells a subject in the order of standing.
Refuses to know: widths, colors, formats of files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from ccmetrics.catalogue.models import Catalogue, Variant
from ccmetrics.render.look import Look
from ccmetrics.render.named import defined, full_name
from ccmetrics.render.numbers import ABSENT, fixed, share, shown
from ccmetrics.render.words import listed, say
from ccmetrics.scorecard import Scorecard, held, standings, watched

SMALL = 30
"""A value that rests on fewer cases is shown with their number."""

MET, NEAR = 100, 50
"""Points at the target, and halfway to it: where one band ends and the next begins."""

REPLACED = "*"
"""The mark of what was scored by no value of its own."""

BANDS = {"met": "green", "below": "red"}
"""How a terminal shows them; what lies between is plain."""

Row = dict[str, Any]
Band = Literal["", "below", "near", "met"]
Titles = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Field:
    """A column. `key` is stable: `rank`, `score`, ..., `line.0` (a line of the card), `watch.0`. Numbers have a `unit`
    and, where shown otherwise, a `display`; texts have neither."""

    key: str
    head: str
    unit: str | None = None
    display: str | None = None
    is_number: bool = True


@dataclass(frozen=True)
class Cell:
    """`value` as the tidy frame holds it (None: there is none), `text` as a person reads it, without its marks."""

    value: float | int | str | None
    text: str
    n: int | None = None
    """Cases, where they are few enough to be said."""
    points: float | None = None
    marks: str = ""
    """`^` reaches back over earlier cycles, `*` scored by no value of its own, `!` held by a red line, `~` provisional,
    `±` a change larger than chance."""

    @property
    def band(self) -> Band:
        """Of what its own value earned, by points: the target or more, on the way to it, less than halfway."""
        if self.points is None or self.value is None or REPLACED in self.marks:
            return ""
        return "met" if self.points >= MET else "near" if self.points >= NEAR else "below"


@dataclass(frozen=True)
class Standing:
    """A row: whose it is, `tier` (top, middle, bottom; empty where there is no rank) and `status`."""

    subject: str
    tier: str
    status: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Board:
    fields: tuple[Field, ...]
    rows: tuple[Standing, ...]

    def column(self, key: str) -> list[Cell]:
        at = [field.key for field in self.fields].index(key)
        return [row.cells[at] for row in self.rows]


def board(card: Scorecard, catalogue: Catalogue, lang: str) -> Board:
    """Everybody on the card: who, score and what it earns, the card's lines, then what is watched.

    A field that nobody has anything in is left out; of a card that scores nobody, all fields of scores.
    """
    rows = ordered(card.scores)
    found = [*_standing(card, rows, lang), *_values(card, catalogue, rows, lang)]
    cells = list(zip(*(mine for _, mine in found), strict=True)) if rows else []
    return Board(
        tuple(field for field, _ in found),
        tuple(
            Standing(row["subject"], row.get("tier") or "", row["status"], mine)
            for row, mine in zip(rows, cells, strict=True)
        ),
    )


def counts(card: Scorecard, lang: str) -> str:
    """How many subjects there are, and how they stand."""
    found = {status: n for status, n in standings(card).items() if n}
    parts = listed([say(status, lang, n=f"{n:,}") for status, n in found.items()], lang)
    return say("counts", lang, total=f"{sum(found.values()):,}", parts=parts)


def board_of(card: Scorecard, catalogue: Catalogue, look: Look) -> Board:
    """The same; where it is a part of a card that was drawn before, its rows as they stand there."""
    every = look.all_of(card)
    whole = look.once(("board", card.card.card), lambda: board(every, catalogue, look.lang))
    return whole if every is card else _part(whole, set(card.scores["subject"]))


def titles_of(card: Scorecard, catalogue: Catalogue, look: Look) -> Titles:
    """What KPIs are called on the board of a card that was drawn before, or on its own."""
    every = look.all_of(card)
    return look.once(("titles", card.card.card), lambda: titles(every, catalogue, look.lang))


def _part(whole: Board, subjects: set[str]) -> Board:
    rows = [row for row in whole.rows if row.subject in subjects]
    scored = any(row.status != "values-only" for row in rows)
    kept = [at for at, field in enumerate(whole.fields)
            if "." in field.key or _stands(field, (row.cells[at] for row in rows), scored)]  # fmt: skip
    return Board(
        tuple(whole.fields[at] for at in kept),
        tuple(replace(row, cells=tuple(row.cells[at] for at in kept)) for row in rows),
    )


def ordered(scores: pl.DataFrame) -> list[Row]:
    """Ranked first, then the provisional by score, then the others; within one standing by subject."""
    status = pl.col("status").replace_strict({"scored": 0, "provisional": 1}, default=2, return_dtype=pl.Int8)
    order = [status, "rank", "score", "subject"]
    return scores.sort(order, descending=[False, False, True, False], nulls_last=True).to_dicts()


Column = tuple[Field, list[Cell]]


def _standing(card: Scorecard, rows: list[Row], lang: str) -> Iterator[Column]:
    red = set(held(card))
    decimals = card.card.decimals

    def written(key: str) -> Column:
        return Field(key, say(f"field-{key}", lang), is_number=False), [
            Cell(row.get(key), row.get(key) or "") for row in rows
        ]

    def number(key: str, unit: str, show: Callable[[Any], str]) -> Column:
        return Field(key, say(f"field-{key}", lang), unit), [
            Cell(row.get(key), _or_absent(row.get(key), show)) for row in rows
        ]

    def marked(row: Row) -> str:
        return ("!" if row["subject"] in red else "") + ("~" if row["status"] == "provisional" else "")

    scored = any(row["status"] != "values-only" for row in rows)
    found = [
        number("rank", "count", str),
        number("rank_low", "count", str),
        number("rank_high", "count", str),
        written("subject"),
        written("name"),
        written("team"),
        (Field("score", say("field-score", lang), "points"),
         [Cell(row["score"], fixed(row["score"], decimals), marks=marked(row)) for row in rows]),
        (Field("change", say("field-change", lang), "points"),
         [Cell(row.get("change"), signed(row.get("change")), marks="±" if row.get("change_beyond") else "")
          for row in rows]),
        number("low", "points", lambda value: fixed(value, 1)),
        number("high", "points", lambda value: fixed(value, 1)),
        written("grade"),
        number("pay", "ratio", lambda value: f"{value:g}"),
        number("pay_amount", "money", fixed),
        number("presence", "percent", share),
        number("coverage", "percent", share),
    ]  # fmt: skip
    for field, cells in found:
        if _stands(field, cells, scored):
            yield field, cells


def _stands(field: Field, cells: Iterable[Cell], scored: bool) -> bool:
    """Whether anybody has anything in it; of scores, whether anybody is scored."""
    return (scored or field.key in ("subject", "name", "team")) and any(cell.value is not None for cell in cells)


def _or_absent(value: Any, show: Callable[[Any], str]) -> str:
    return ABSENT if value is None else show(value)


def signed(value: float | None) -> str:
    """A change of a score, with its sign: `+1.2`, `-0.4`, `0.0`."""
    if value is None:
        return ABSENT
    text = fixed(value, 1)
    if not any(digit in "123456789" for digit in text):
        return text.removeprefix("-")
    return text if value < 0 else f"+{text}"


def _values(card: Scorecard, catalogue: Catalogue, rows: list[Row], lang: str) -> Iterator[Column]:
    """A field a line of the card, then one a watched KPI, whose head stands in brackets."""
    named = titles(card, catalogue, lang)
    lines = card.lines.group_by(["line", "kpi", "variant"], maintain_order=True)
    for (at, name, variant), part in lines:
        title, own = named[str(name), str(variant)], defined(catalogue, str(name), str(variant))
        yield _column(f"line.{at}", title, own, part, rows, lang)
    others = watched(card, catalogue).group_by(["kpi", "variant"], maintain_order=True)
    for at, ((name, variant), part) in enumerate(others):
        title, own = named[str(name), str(variant)], defined(catalogue, str(name), str(variant))
        yield _column(f"watch.{at}", f"({title})", own, part, rows, lang)


def titles(card: Scorecard, catalogue: Catalogue, lang: str) -> Titles:
    """What a KPI and variant of the card is called: by its variant, too, where the card has another of the KPI."""
    found = [card.lines, watched(card, catalogue)]
    each = [frame.select("kpi", "variant").unique(maintain_order=True) for frame in found if frame.width > 1]
    keys = list(dict.fromkeys(key for frame in each for key in frame.rows()))
    variants = Counter(kpi for kpi, _ in keys)
    return {
        (kpi, variant): full_name(catalogue, kpi, variant if variants[kpi] > 1 else None, lang) for kpi, variant in keys
    }


def _column(key: str, head: str, own: Variant, part: pl.DataFrame, rows: list[Row], lang: str) -> Column:
    by_subject = {row["subject"]: row for row in part.iter_rows(named=True)}
    cells = [_cell(by_subject.get(row["subject"]), own.unit, own.display, lang) for row in rows]
    return Field(key, head, own.unit or "ratio", own.display), cells


def _cell(row: Row | None, unit: str | None, display: str | None, lang: str) -> Cell:
    """The value, and its marks: few cases, more than the period, not scored by it."""
    if row is None or row["value"] is None:
        return Cell(None, ABSENT, points=None if row is None else row.get("points"))
    few = row["n"] if row["n"] is not None and row["n"] < SMALL and unit != "count" else None
    reaches = "^" if row["cycles"] > 1 else ""
    marks = f"{reaches}{_replaced(row)}"
    return Cell(row["value"], shown(row["value"], unit, display, lang), few, row.get("points"), marks)


def _replaced(row: Row) -> str:
    return "" if row.get("status", "own") == "own" else REPLACED


def band(row: Row) -> Band:
    """Of a line of a card, as its cell has it."""
    return Cell(row["value"], "", points=row["points"], marks=_replaced(row)).band
