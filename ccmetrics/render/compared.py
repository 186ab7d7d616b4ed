"""What is said of a comparison, in sentences: each difference, who moves, what it costs.

In: a comparison and a language. Out: sentences and short texts, without any layout.
Refuses to know: terminals, Markdown, files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl

from ccmetrics.catalogue.difference import ADDED, REMOVED, Difference
from ccmetrics.catalogue.facets import FORMULAS
from ccmetrics.comparison import AFTER, BEFORE, BOTH, Budget, CardMoves, Comparison
from ccmetrics.render import dates
from ccmetrics.render.named import full_name
from ccmetrics.render.numbers import ABSENT, fixed, rounded
from ccmetrics.render.words import PHRASES, after, listed, say

WORDING = frozenset({"about", "source", "serves", "tests", "allow"})
"""Aspects whose text is too long to quote in a sentence."""
LISTS = {"bonus": "bonus", "deduction": "deductions", "coefficient": "coefficients", "red_line": "red_lines"}
NAMES = 6
"""KPIs named in one sentence."""
Row = dict[str, Any]


# ---------------------------------------------------------------- differences


def owner(row: Difference, lang: str) -> str:
    return say(f"compare-{row.kind}", lang, name=row.name)


def aspect_of(row: Difference, lang: str) -> str:
    key = f"aspect-{row.aspect}"
    return say(key, lang) if key in PHRASES else row.aspect


def part_of(found: Comparison, row: Difference, lang: str) -> str:
    """The part as a reader knows it: a line by its KPI's name, an adjustment by its own in the reader's language."""
    if row.part == "line":
        kpi, _, variant = row.of.partition(".")
        catalogue = next((c for c in reversed(found.catalogues) if kpi in c.kpis), found.catalogues[1])
        return full_name(catalogue, kpi, variant, lang)
    cards = [catalogue.cards[row.name] for catalogue in found.catalogues if row.name in catalogue.cards]
    items = [item for card in cards for item in getattr(card.adjust, LISTS.get(row.part, ""), ())]
    name = next((item.name.say(lang) for item in items if item.name.en == row.of), row.of)
    return say(f"part-{row.part}", lang, name=name)


def is_formula(row: Difference) -> bool:
    return row.aspect.rpartition(".")[2] in FORMULAS


def quoted(row: Difference, text: str, lang: str) -> str:
    """One side of a difference; what is not there is said so."""
    return text or say("change-none", lang)


def clause(found: Comparison, row: Difference, lang: str) -> str:
    """`weight of Average handle time 15 -> 20`."""
    of = part_of(found, row, lang) if row.part else ""
    if row.aspect in (ADDED, REMOVED):
        said = say(f"clause-{row.aspect}", lang, of=of) if of else say(f"whole-{row.aspect}", lang)
        summary = row.after or row.before
        return say("bracketed", lang, head=said, more=summary) if summary else said
    aspect = aspect_of(row, lang)
    if row.aspect.partition(".")[0] in WORDING:
        return say("clause-wording-of" if of else "clause-wording", lang, aspect=aspect, of=of)
    change = f"{quoted(row, row.before, lang)} -> {quoted(row, row.after, lang)}"
    return say("clause-of" if of else "clause", lang, aspect=aspect, of=of, change=change)


def touched(row: Difference, lang: str, most: int | None = NAMES) -> str:
    """Whose numbers hang on it; nothing where the card says it itself."""
    if row.kind == "parameter" and not row.kpis and not row.cards:
        return say("touches-derived", lang)
    parts = [("touches-kpis", row.kpis, most), ("touches-cards", row.cards, None)]
    said = [say(key, lang, names=_some(list(names), lang, limit)) for key, names, limit in parts if names]
    return listed(said, lang)


def _some(names: list[str], lang: str, most: int | None) -> str:
    if most is None or len(names) <= most + 1:
        return listed(names, lang)
    return say("names-and-more", lang, names=listed(names[:most], lang), n=len(names) - most)


def sentence(found: Comparison, row: Difference, lang: str, most: int | None = NAMES) -> str:
    """`Card agent: weight of Average handle time 15 -> 20`."""
    said = after(owner(row, lang), clause(found, row, lang), lang)
    more = touched(row, lang, most)
    return say("joined", lang, one=said, more=more) if more else said


def summary(found: Comparison, lang: str) -> str:
    """How much differs, where, and on which cards numbers may move."""
    rows = found.differences
    if not rows:
        return say("compare-same", lang)
    owners: dict[str, int] = {}
    for row in rows:
        owners[owner(row, lang)] = owners.get(owner(row, lang), 0) + 1
    parts = _some([after(name, str(n), lang) for name, n in owners.items()], lang, NAMES)
    moving = [row for row in rows if row.moves_numbers]
    cards = sorted({card for row in moving for card in ([row.name] if row.kind == "card" else row.cards)})
    key = "compare-one-difference" if len(rows) == 1 else "compare-differences"
    return say(key, lang, n=len(rows), parts=parts, cards=listed(cards, lang) or say("compare-no-card", lang))


def names(found: Comparison, lang: str) -> list[str]:
    """What is compared: two folders as they are called, or two periods."""
    return [dates.period(name, lang) if found.is_of_periods else name for name in found.names]


# ---------------------------------------------------------------- who moves


def moving(card: CardMoves) -> list[Row]:
    """Whoever has a score on both sides and another score, standing, grade or pay, the largest change first."""
    same = pl.all_horizontal(
        pl.col(f"{name}_{BEFORE}").eq_missing(pl.col(f"{name}_{AFTER}"))
        for name in ("score", "status", "grade", "pay", "pay_amount")
    )
    return card.moves.filter((pl.col("place") == BOTH) & ~same).to_dicts()


def told(card: CardMoves, found: Comparison, lang: str) -> Iterator[str]:
    """How many move which way, by grade, and what it costs."""
    both = card.moves.filter(pl.col("place") == BOTH)
    if both.is_empty():
        yield say("moves-nobody", lang)
    elif not moving(card):
        yield say("moves-none", lang, n=both.height)
    else:
        up, down = (int(both.select(way.sum()).item()) for way in (pl.col("change") > 0, pl.col("change") < 0))
        said = say("moves", lang, n=both.height, up=up, down=down, same=both.height - up - down)
        if both["beyond"].is_not_null().any():
            kind = "periods" if found.is_of_periods else "catalogues"
            beyond = say(f"moves-beyond-{kind}", lang, n=int(both["beyond"].sum()))
            said = say("joined", lang, one=said, more=beyond)
        yield said
        if grades := _grades(both, lang):
            yield grades
    yield from _costs(*card.budgets, lang)
    for side, name in zip((BEFORE, AFTER), names(found, lang), strict=True):
        if lone := card.moves.filter(pl.col("place") == side).sort("subject").to_dicts():
            yield say("moves-only", lang, side=name, names=listed([_lone(row, side, card, lang) for row in lone], lang))


def _grades(both: pl.DataFrame, lang: str) -> str:
    graded = both.drop_nulls(["grade_before", "grade_after"])
    kept = graded.filter(pl.col("grade_before") == pl.col("grade_after")).height
    moved = graded.filter(pl.col("grade_before") != pl.col("grade_after"))
    counts = moved.group_by("grade_before", "grade_after").len().sort("len", "grade_before", "grade_after",
                                                                      descending=[True, False, False])  # fmt: skip
    parts = [f"{one} -> {two} {n}" for one, two, n in counts.iter_rows()]
    return say("moves-grades", lang, parts=listed(parts, lang), kept=kept) if parts else ""


def _costs(before: Budget, now: Budget, lang: str) -> Iterator[str]:
    if before.coefficients is not None and now.coefficients is not None:
        yield say(
            "moves-budget",
            lang,
            before=fixed(before.coefficients),
            after=fixed(now.coefficients),
            change=_cost(before.coefficients, now.coefficients, lang),
            n_before=before.paid,
            n_after=now.paid,
        )
    if before.amounts is not None and now.amounts is not None:
        texts = {"before": fixed(before.amounts), "after": fixed(now.amounts)}
        yield say("moves-amounts", lang, **texts, change=_cost(before.amounts, now.amounts, lang))


def _cost(before: float, now: float, lang: str) -> str:
    moved = signed(now - before)
    share = f"{signed((now - before) / before * 100, 1)}%" if before else ""
    return say("moves-share", lang, moved=moved, share=share) if share else moved


def _lone(row: Row, side: str, card: CardMoves, lang: str) -> str:
    """Who has a score on one side only, and where the other side has the subject at all, how it stands there."""
    other = AFTER if side == BEFORE else BEFORE
    grade = f" {row[f'grade_{side}']}" if row[f"grade_{side}"] else ""
    decimals = (card.before if side == BEFORE else card.after).decimals
    elsewhere = say(f"elsewhere-{row[f'status_{other}'] or 'absent'}", lang)
    return say(
        "bracketed",
        lang,
        head=row["subject"],
        more=listed([f"{fixed(row[f'score_{side}'], decimals)}{grade}", elsewhere], lang),
    )


def signed(value: float, decimals: int = 2) -> str:
    """With its sign, a zero without."""
    size = rounded(abs(value), decimals)
    return f"{'-' if value < 0 else '+'}{size}" if any(c in "123456789" for c in size) else size


def pair(row: Row, key: str, show: Any = str) -> str:
    """`B -> A`, or once where both are the same."""
    one, two = (ABSENT if row[f"{key}_{end}"] is None else show(row[f"{key}_{end}"]) for end in (BEFORE, AFTER))
    return one if one == two else f"{one} -> {two}"


def ranges(row: Row) -> str:
    """The ranks the data can tell, before and after."""
    ends = [(row[f"rank_low_{end}"], row[f"rank_high_{end}"]) for end in (BEFORE, AFTER)]
    spans = [ABSENT if low is None else str(low) if low == high else f"{low}-{high}" for low, high in ends]
    return " -> ".join(dict.fromkeys(spans))


def score_of(end: str, decimals: int) -> Callable[[Row], str]:
    """Shows a score; a provisional one stands in brackets."""

    def show(row: Row) -> str:
        number = fixed(row[f"score_{end}"], decimals)
        return f"({number})" if row[f"status_{end}"] == "provisional" else number

    return show


def step_of(step: str, decimals: int) -> Callable[[Row], str]:
    """Shows what a part of the change did to a subject."""
    return lambda row: ABSENT if row[step] is None else signed(row[step], decimals)


def acting(card: CardMoves) -> tuple[list[str], list[str]]:
    """The steps that moved anybody, and those that are 0 for all."""
    zero = [step for step in card.steps if (card.moves[step].drop_nulls() == 0).all() and not _is_folded(card, step)]
    return [step for step in card.steps if step not in zero], zero


def _is_folded(card: CardMoves, step: str) -> bool:
    return card.moves.filter(pl.col("place") == BOTH)[step].is_null().any()


def steps_said(card: CardMoves, lang: str) -> Iterator[str]:
    """In which order the parts were swapped, which did nothing, and what must be known of them."""

    def named(steps: Sequence[str]) -> str:
        return listed([say(f"step-{step}", lang) for step in steps], lang)

    acted, zero = acting(card)
    yield say("steps-order", lang, steps=named(card.steps))
    if acted and zero:
        yield say("steps-zero", lang, steps=named(zero))
    ends = [card.moves[f"status_{end}"] == "provisional" for end in (BEFORE, AFTER)]
    if (ends[0] | ends[1]).any():
        yield say("moves-provisional", lang)
    for note, n in card.notes.items():
        yield say(f"note-{note}", lang, n=n)
