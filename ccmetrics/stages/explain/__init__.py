"""How one subject's score on one card came about: the steps, the lines, the measures below them, the rows.

In: a scored card, what was measured for it, where its rows are. Out: the card, told from the score downward.
Refuses to know: how anything is drawn. Scores and points are those of the scorecard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ccmetrics.catalogue.models import Adjustment, Catalogue, Line
from ccmetrics.explanation import CardTold, ItemTold, LineTold, Row, Worth
from ccmetrics.plan import Ask, Key, Role, split
from ccmetrics.scorecard import Scorecard
from ccmetrics.stages.explain.curve import curve, met_by_peers
from ccmetrics.stages.explain.rows import Rows
from ccmetrics.stages.explain.steps import pay_steps, steps, weighted, weights
from ccmetrics.stages.explain.worths import Asked, Measurings, UnlikeError, worths
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.score.windows import peer_window

__all__ = ["Ground", "Rows", "UnlikeError", "explain"]

LISTS = {"bonus": "bonus", "deduction": "deductions", "coefficient": "coefficients", "red_line": "red_lines"}


@dataclass(frozen=True)
class Ground:
    """Everything one card's explanation is told from."""

    catalogue: Catalogue
    card: Scorecard
    facts: Facts
    rows: Rows
    values: Mapping[Key, pl.DataFrame]
    """By request of the card and period: the long values."""
    linked: Mapping[int, tuple[Row, ...]]
    """By line that is linked to another card: whose scores it is made of."""

    def key(self, role: str) -> Key:
        return self.card.card.card, str(role), self.card.period

    def ask(self, role: str, name: str, variant: str = "") -> Ask | None:
        """A formula of the card, by what it is called in the measured frames."""
        measured = self.rows.book.get(self.key(role))
        asks = measured.request.asks if measured else ()
        return next((ask for ask in asks if (ask.key, ask.variant) == (name, variant)), None)


def explain(ground: Ground, subject: str, only: tuple[str, str | None] | None = None) -> CardTold | None:
    """The card as it scores the subject; `only` one KPI, and perhaps one variant, down to the rows.

    None where the card neither scores nor watches that KPI.
    """
    card = ground.card
    mine = pl.col("subject") == subject
    row = card.scores.filter(mine).row(0, named=True)
    lines: list[Row] = [*card.lines.filter(mine).sort("line").to_dicts()]
    items = card.adjustments.filter(mine).to_dicts()
    watched = _watched(ground, subject, only) if only else []
    if only and not watched and not any(_is(line, only) for line in lines):
        return None
    below = [(line, _of_line(ground, subject, line) if only is None or _is(line, only) else []) for line in lines]
    below += [(line, _of_line(ground, subject, line)) for line in watched]
    # Over several cycles a condition is never judged but inside each of them.
    formulas = only is None and row["net"] is None
    acting = [(item, _of_item(ground, subject, item) if formulas else (None, None)) for item in items]
    asked = [each for _, group in (*below, *acting) for each in group if each is not None]
    told = worths(Measurings(ground.rows, ground.values, ground.facts.pooled), asked)
    total, divisor = weighted(lines)
    return CardTold(
        scorecard=replace(
            card,
            scores=card.scores.filter(mine),
            lines=card.lines.filter(mine),
            adjustments=card.adjustments.filter(mine),
        ),
        row=row,
        steps=steps(row, card.card.decimals),
        pay=pay_steps(card.card, row, items),
        weighted=total,
        divisor=divisor,
        lines=tuple(_line(ground, subject, line, [told[each] for each in group]) for line, group in below),
        items=tuple(_item(ground, item, [told[each] if each else None for each in group]) for item, group in acting),
    )


def _is(line: Row, only: tuple[str, str | None]) -> bool:
    return line["kpi"] == only[0] and only[1] in (None, line["variant"])


def _watched(ground: Ground, subject: str, only: tuple[str, str | None]) -> Sequence[Row]:
    """The KPI as a watched one: its value of the period alone."""
    card = ground.card.card
    names = [split(name) for name in card.watch]
    chosen = [variant or ground.catalogue.kpis[kpi].default or "" for kpi, variant in names if kpi == only[0]]
    mine = (pl.col("subject") == subject) & (pl.col("kpi") == only[0]) & (pl.col("cycles") == 1)
    found = ground.facts.values.filter(mine & pl.col("variant").is_in(chosen))
    return [{**row, "line": None} for row in found.to_dicts() if _is(row, only)]


# ---------------------------------------------------------------- lines


def _definition(ground: Ground, row: Row) -> Line | None:
    line = None if row["line"] is None else ground.card.card.kpis[row["line"]]
    return line if isinstance(line, Line) else None


def _of_line(ground: Ground, subject: str, row: Row) -> list[Asked]:
    """The line's formula for the subject, and for all together where that took its place."""
    ask = ground.ask(Role.OWN, row["kpi"], row["variant"])
    if ask is None:
        return []
    written = ground.catalogue.kpis[row["kpi"]].variant(row["variant"] or None).formula
    own = Asked(ground.key(Role.OWN), ask, row["cycles"] or 1, subject, written)
    line = _definition(ground, row)
    if line is None or row["status"] != "neutral":
        return [own]
    cycles = met_by_peers(ground.facts.pooled, row, peer_window(line))
    return [own, Asked(own.key, ask, cycles, None, written)]


def _line(ground: Ground, subject: str, row: Row, told: Sequence[Worth | None]) -> LineTold:
    line = _definition(ground, row)
    at = row["line"]
    own, stand_in = (*told, None, None)[:2]
    card = ground.card.card
    stated = None if at is None else card.kpis[at]
    linked = ground.linked.get(at, ()) if at is not None else ()
    known = [each for each in linked if each["worth"] is not None]
    return LineTold(
        at=at,
        kpi=row["kpi"],
        variant=row["variant"],
        row=row,
        min_n=line.min_n if line else None,
        window=line.window if line else 1,
        policy=(stated.missing if stated else None) or card.missing or "withhold",
        worth=own,
        curve=None if stated is None else curve(ground.card.goals, subject, row, stated, ground.catalogue),
        stand_in=stand_in,
        weights=() if stated is None else weights(stated.weight, ground.facts.period),
        linked=linked,
        linked_sum=sum(each["worth"] * each["days"] for each in known) if known else None,
        linked_days=sum(each["days"] for each in known) if known else None,
    )


# ---------------------------------------------------------------- adjustments


def _stated(ground: Ground, row: Row) -> Adjustment | None:
    """The item on the card; what a cycle's adjustments did has none."""
    if row["kind"] not in LISTS:
        return None
    items: Sequence[Adjustment] = getattr(ground.card.card.adjust, LISTS[row["kind"]])
    return items[row["index"]]


def _of_item(ground: Ground, subject: str, row: Row) -> tuple[Asked | None, Asked | None]:
    """The formulas of its amount and of its condition."""
    item = _stated(ground, row)
    if item is None:
        return None, None
    name = f"{LISTS[row['kind']]}.{row['index']}"
    amount = ground.ask(Role.OWN, f"{name}.amount")
    role = {"team": Role.TEAM, "center": Role.CENTER}.get(item.of, Role.OWN)
    when = ground.ask(role, f"{name}.when")
    whose = {"team": _team(ground, subject), "center": None}.get(item.of, subject)
    return (
        None if amount is None else Asked(ground.key(Role.OWN), amount, 1, subject, getattr(item, "amount", "")),
        None if when is None else Asked(ground.key(role), when, when.window, whose, item.when or ""),
    )


def _team(ground: Ground, subject: str) -> str | None:
    if ground.card.card.subject == "team":
        return subject
    people = ground.facts.people
    found = people.filter(pl.col("subject") == subject)
    return str(found["team"][0]) if "team" in people.columns and found.height else None


def _item(ground: Ground, row: Row, told: Sequence[Worth | None]) -> ItemTold:
    amount, when = told
    return ItemTold(row, amount, when, (*_requests(ground, row), *_earlier(ground, row)))


def _requests(ground: Ground, row: Row) -> Sequence[Row]:
    """Who asks how much of the same pool."""
    if row.get("pool") is None or row.get("pool_group") is None:
        return []
    same = pl.all_horizontal(pl.col(name) == row[name] for name in ("kind", "name", "pool_group"))
    found = ground.card.adjustments.filter(same & (pl.col("capped") > 0)).sort("subject")
    return found.select("subject", "capped", "amount").to_dicts()


def _earlier(ground: Ground, row: Row) -> Sequence[Row]:
    """Of a red line that lasts: its condition in the cycles before."""
    if row["kind"] != "red_line":
        return []
    mine = (pl.col("subject") == row["subject"]) & (pl.col("key") == f"red_lines.{row['index']}.when")
    return ground.facts.lasting.filter(mine).sort("period").select("period", "value", "reason").to_dicts()
