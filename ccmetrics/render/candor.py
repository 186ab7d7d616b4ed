"""What qualifies a score: other missing policies, what was left out, what weights really do, the next grade, lists.

In: a scorecard's frames and the definitions. Out: what is told, under heads.
Refuses to know: how any of it was computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from ccmetrics.catalogue.models import Card, Catalogue
from ccmetrics.render import dates
from ccmetrics.render.evidence import of_action, of_list
from ccmetrics.render.named import action_name, defined, kpi_name, list_name
from ccmetrics.render.numbers import ABSENT, fixed, moved, shown
from ccmetrics.render.told import Told
from ccmetrics.render.words import after, listed, say
from ccmetrics.scorecard import Scorecard

Row = dict[str, Any]
MOST = 12
"""Sentences of one kind where there is little room; the others are counted. Who draws says so."""
MOVED = pl.col("score").ne_missing(pl.col("unexcluded"))
"""Scores that would be others without what was left out."""


def policies(card: Scorecard, lang: str, most: int | None = None) -> Iterator[Told]:
    """What each way to meet a missing value would have come to, a subject a line; not where none gives a score."""
    groups: dict[str, list[tuple[str, float | None]]] = {}
    for row in card.policies.iter_rows(named=True):
        groups.setdefault(row["subject"], []).append((row["policy"], row["score"]))
    told = {who: pairs for who, pairs in groups.items() if any(score is not None for _, score in pairs)}
    sentences = []
    for subject, pairs in list(told.items())[:most]:
        each = [f"{say(f'policy-{policy}', lang)} {fixed(score, card.card.decimals)}" for policy, score in pairs]
        sentences.append(after(subject, listed(each, lang), lang))
    if told:
        yield Told(say("head-policies", lang), [*sentences, *_more(len(told), most, lang)])


def unexcluded(card: Scorecard, lang: str, most: int | None = None) -> Iterator[Told]:
    """Whose score would be another without the rows that somebody approved leaving out."""
    if "unexcluded" not in card.scores.columns or card.scores.is_empty():
        return
    moved = card.scores.filter(MOVED)
    sentences = []
    for row in moved[:most].iter_rows(named=True):
        score, whole = (fixed(row[key], card.card.decimals) for key in ("score", "unexcluded"))
        both = say("bracketed", lang, head=score, more=whole)
        sentences.append(after(str(row["subject"]), both, lang))
    if sentences:
        yield Told(say("head-unexcluded", lang), [*sentences, *_more(moved.height, most, lang)])


def _more(n: int, most: int | None, lang: str) -> list[str]:
    return [say("and-more", lang, n=n - most)] if most is not None and n > most else []


def effective(card: Scorecard, catalogue: Catalogue, lang: str) -> Iterator[Told]:
    """Each line's weight as stated and its part in the differences between scores."""
    rows = card.effective.filter(pl.col("effective").is_not_null()) if card.effective.height else card.effective
    if rows.is_empty():
        return
    parts = [
        f"{kpi_name(catalogue, row['kpi'], lang)} {row['weight']:.0%} > {row['effective']:z.0%}"
        for row in rows.iter_rows(named=True)
    ]
    yield Told(say("head-effective", lang), [listed(parts, lang)])


def lists(card: Scorecard, lang: str) -> Iterator[Told]:
    """Promotions, watch lists: who is on them, and by which evidence."""
    for (name,), rows in card.lists.group_by("list", maintain_order=True) if card.lists.height else ():
        # Evidence that has the score of somebody else is not everybody's to know.
        sentences = [
            str(row["subject"])
            if row["evidence"] is None
            else after(str(row["subject"]), of_list(row, card.card.decimals, lang), lang)
            for row in rows.iter_rows(named=True)
        ]
        yield Told(say("head-list", lang, name=list_name(card.card, str(name), lang)), sentences)


def shares(card: Scorecard, lang: str) -> Iterator[Told]:
    """How the scores move the shares of volume."""
    if card.shares.is_empty():
        return
    sentences = []
    for row in card.shares.iter_rows(named=True):
        ends = {key: ABSENT if row[key] is None else f"{row[key]:.1%}" for key in ("share", "next_share")}
        sentences.append(after(str(row["subject"]), f"{ends['share']} > {ends['next_share']}", lang))
    yield Told(say("head-shares", lang), sentences)


def actions(card: Scorecard, catalogue: Catalogue, lang: str, most: int | None = None) -> Iterator[Told]:
    """What the card's rules ask somebody to do."""
    if card.actions.is_empty():
        return
    # What is closed is nothing to be done, and stands last, by itself.
    closed = pl.col("status") == "closed"
    for head, rows in (("head-actions", card.actions.filter(~closed)), ("head-closed", card.actions.filter(closed))):
        shown_rows = rows[:most].iter_rows(named=True)
        sentences = [after(str(row["subject"]), _action(row, card.card, catalogue, lang), lang) for row in shown_rows]
        if sentences:
            yield Told(say(head, lang), [*sentences, *_more(rows.height, most, lang)])


def _action(row: Row, card: Card, catalogue: Catalogue, lang: str) -> str:
    to = row["to"] or ABSENT
    due = "" if row["due"] is None else say("action-due", lang, day=dates.day(row["due"], lang))
    behind = f"[{of_action(row, card, catalogue, lang)}]" if row["evidence"] else ""
    status = "" if row["status"] == "fired" else say(f"action-{row['status']}", lang)
    parts = (action_name(card, row["do"], lang), say("action-to", lang, to=to), due, status, behind)
    return listed([part for part in parts if part], lang)


def ahead(card: Scorecard, subject: str, catalogue: Catalogue, lang: str) -> Iterator[Told]:
    """What any one KPI would have to be for the next grade."""
    rows = [row for row in card.needed.iter_rows(named=True) if row["subject"] == subject]
    if not rows:
        return
    head = say("head-ahead", lang, grade=rows[0]["grade"], score=f"{rows[0]['from']:g}")
    if rows[0]["reason"] == "held-by-red-line":
        yield Told(head, [say("held-by-red-line", lang)])
        return
    sentences = [
        after(kpi_name(catalogue, row["kpi"], lang), _step(row, catalogue, lang), lang)
        for row in rows
        if row["reason"] is None
    ]
    beyond = [kpi_name(catalogue, row["kpi"], lang) for row in rows if row["reason"] is not None]
    if len(beyond) == len(rows):
        sentences.append(say("by-no-kpi", lang))
    elif beyond:
        sentences.append(after(say("not-by-this-alone", lang), listed(beyond, lang), lang))
    yield Told(head, sentences)


def _step(row: Row, catalogue: Catalogue, lang: str) -> str:
    own = defined(catalogue, row["kpi"], row["variant"])
    needed = shown(row["needed"], own.unit, own.display, lang)
    change = moved(row["change"], own.unit, own.display, lang)
    return say("needed", lang, needed=needed, change=change, points=fixed(row["points"]))
