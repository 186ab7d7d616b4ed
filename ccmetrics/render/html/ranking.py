"""The table of a card: groups of subjects, each a row that leads to the subject's own page.

In: a scorecard, its board, pictures. Out: plain values for the templates.
Refuses to know: markup, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render.below import parts_of
from ccmetrics.render.beside import why
from ccmetrics.render.board import Board, Cell, Field, Standing, board_of, counts
from ccmetrics.render.html import anchors
from ccmetrics.render.html.figures import Figures
from ccmetrics.render.look import Look
from ccmetrics.render.told import Told
from ccmetrics.render.words import say
from ccmetrics.scorecard import Scorecard

BAND = {"met": ("m", "●"), "near": ("o", "◐"), "below": ("b", "○"), "": ("", "")}
TIERS = ("top", "middle", "bottom", "")


@dataclass(frozen=True)
class Row:
    rank: str
    spread: str
    """The range of ranks that the data can tell."""
    href: str
    name: str
    subject: str
    team: str
    score: str
    interval: str
    change: str
    spark: Markup
    grade: str
    cells: tuple[tuple[str, str, str, str], ...]
    """Class, text, what stands small beside it, mark of the points."""


@dataclass(frozen=True)
class Group:
    head: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Ranking:
    anchor: str
    title: str
    about: str
    counts: str
    fields: tuple[str, ...]
    """Keys of the columns it has: rank, team, score, change, spark, grade."""
    heads: tuple[str, ...]
    """Of the lines."""
    groups: tuple[Group, ...]
    width: int
    """Columns in all."""
    tiers: bool
    reason: str
    """Why nobody has a score, where nobody has."""
    notes: tuple[Told, ...]


def ranking(card: Scorecard, catalogue: Catalogue, figures: Figures, look: Look) -> Ranking:
    lang = look.lang
    table, first = board_of(card, catalogue, look), card.scores.row(0, named=True)
    lines = [at for at, field in enumerate(table.fields) if field.key.startswith("line.")]
    keys = tuple(field.key for field in table.fields)
    name = card.card.card
    sparks = {row.subject: figures.through.get((name, row.subject, "", ""), Markup()) for row in table.rows}
    present = (*keys, "spark") if any(sparks.values()) else keys
    # What is told of all together stands beside its pictures.
    notes = [told for part, found in parts_of(card, catalogue, look).items() if part != "part-among" for told in found]
    return Ranking(
        anchors.of_card(name),
        card.title(lang),
        card.card.about.say(lang),
        counts(card, lang),
        present,
        tuple(table.fields[at].head for at in lines),
        tuple(_groups(table, name, lines, sparks, lang)),
        len(lines) + 1 + sum(key in present for key in ("rank", "team", "score", "change", "spark", "grade")),
        any(row.tier for row in table.rows),
        say("no-scores", lang, why=why(first, card, catalogue, lang)) if first["status"] == "values-only" else "",
        tuple(notes),
    )


def _groups(found: Board, card: str, lines: Sequence[int], sparks: dict[str, Markup], lang: str) -> list[Group]:
    """By tier where ranks tell any, else all together."""
    tiers = any(row.tier for row in found.rows)
    groups = []
    for tier in TIERS if tiers else ("",):
        rows = tuple(
            _row(found.fields, row, card, lines, sparks) for row in found.rows if not tiers or row.tier == tier
        )
        if rows:
            groups.append(Group(say(f"page-tier-{tier or 'none'}" if tiers else "page-everybody", lang), rows))
    return groups


def _row(fields: Sequence[Field], row: Standing, card: str, lines: Sequence[int], sparks: dict[str, Markup]) -> Row:
    mine = {field.key: cell for field, cell in zip(fields, row.cells, strict=True)}

    def text(key: str, marked: bool = False) -> str:
        cell = mine.get(key)
        return "" if cell is None else f"{cell.text}{cell.marks}" if marked else cell.text

    low, high = mine.get("rank_low"), mine.get("rank_high")
    told = low is not None and high is not None and low.value is not None and low.value != high.value
    ends = [text("low"), text("high")] if mine.get("low") and mine["low"].value is not None else []
    return Row(
        text("rank"),
        f"{text('rank_low')}–{text('rank_high')}" if told else "",
        anchors.of_subject(card, row.subject),
        text("name") or row.subject,
        row.subject if text("name") else "",
        text("team"),
        text("score", marked=True),
        "..".join(ends),
        text("change", marked=True),
        sparks[row.subject],
        text("grade"),
        tuple(_cell(row.cells[at]) for at in lines),
    )


def _cell(cell: Cell) -> tuple[str, str, str, str]:
    band, mark = BAND[cell.band]
    small = f"({cell.n})" if cell.n is not None else ""
    return band, cell.text, f"{small}{cell.marks}", mark
