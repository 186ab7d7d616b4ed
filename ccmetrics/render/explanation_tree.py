"""One card's score as a tree: what it earns, what acted on it, the lines it is the mean of.

In: a told card, the definitions. Out: a tree for a terminal page.
Refuses to know: what stands below a value, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text
from rich.tree import Tree

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.explanation import CardTold, ItemTold, LineTold, Step
from ccmetrics.render import dates
from ccmetrics.render.beside import bite, item_name, why
from ccmetrics.render.explanation_below import GUIDE, branch, given, label, measures, then, value
from ccmetrics.render.explanation_curve import points
from ccmetrics.render.named import defined, full_name, kpi_name
from ccmetrics.render.numbers import digits, exact, fixed
from ccmetrics.render.plain import plain
from ccmetrics.render.words import after, listed, say

Row = dict[str, Any]


def tree(card: CardTold, catalogue: Catalogue, detailed: bool, lang: str) -> Tree:
    """`detailed`: one KPI was asked for; it alone goes down to the rows, and says all there is to say."""
    root = Tree(_score(card, catalogue, lang), guide_style=GUIDE)
    for content in _earned(card, catalogue, lang):
        branch(root, content)
    _items(root, card, detailed, lang)
    _lines(root, card, catalogue, detailed, lang)
    return root


# ---------------------------------------------------------------- the score


def _score(card: CardTold, catalogue: Catalogue, lang: str) -> Text:
    """The printed score and its arithmetic, a line an operation, each with what stands then."""
    row, definition = card.row, card.scorecard.card
    if not card.steps:
        reason = why(dict(row), card.scorecard, catalogue, lang)
        return Text(plain(after(say("head-withheld", lang), reason, lang)), style="bold yellow")
    score = fixed(row["score"], definition.decimals)
    between = f"{fixed(row['low'], definition.decimals)}..{fixed(row['high'], definition.decimals)}"
    head = say("x-score", lang) if row["low"] is None else say("x-score-interval", lang, span=between)
    found = label(score, head)
    if row["status"] == "provisional":
        reason = why(dict(row), card.scorecard, catalogue, lang)
        found.append(f"\n{plain(after(say('head-provisional', lang), reason, lang))}", style="yellow")
    numbers = [score if step.what == "rounded" else digits(step.after) for step in card.steps]
    width = max(map(len, numbers))
    for step, number in zip(card.steps, numbers, strict=True):
        found.append(f"\n  {number.rjust(width)}  {plain(_step(card, step, lang))}", style="")
    return found


SIGNED = {"bonus": "+ {}", "deductions": "- {}", "coefficient": "x {}"}


def _step(card: CardTold, step: Step, lang: str) -> str:
    by = "" if step.by is None else SIGNED.get(step.what, "{}").format(digits(step.by))
    if step.what == "net" and step.by is not None:
        by = f"{step.by:+.4f}".rstrip("0").rstrip(".")
    said = say(f"x-step-{step.what}", lang, by=by)
    low, high = card.scorecard.card.adjust.limits
    if step.what == "coefficient" and step.by in (low, high):
        said = f"{said}{then(lang)}{say('x-limited', lang, low=f'{low:g}', high=f'{high:g}')}"
    return said


def _earned(card: CardTold, catalogue: Catalogue, lang: str) -> Iterator[Text]:
    """Grade, pay, rank, each with why; coverage."""
    row, definition = card.row, card.scorecard.card
    if row["grade"] is not None:
        yield Text(plain(_grade(card, lang)))
        yield Text(plain(_pay(card, lang)))
    if row["rank_of"] is not None and row["rank_of"] > 1:
        low, high = row["rank_low"], row["rank_high"]
        key = "x-rank" if low is None or low == high else "x-rank-range"
        yield Text(plain(say(key, lang, rank=row["rank"], of=row["rank_of"], low=low, high=high)))
    if row["no_interval"] and row["low"] is not None:
        names = [kpi_name(catalogue, name, lang) for name in row["no_interval"].split(", ")]
        yield Text(plain(say("x-no-interval", lang, names=listed(names, lang))))
    if row["coverage"] is not None and row["coverage"] < 1:
        least = f"{definition.min_coverage:.0%}"
        yield Text(plain(say("x-coverage", lang, share=f"{row['coverage']:.0%}", least=least)))
    if row.get("unexcluded") is not None and row["unexcluded"] != row["score"]:
        yield Text(plain(say("x-unexcluded", lang, score=fixed(row["unexcluded"], definition.decimals))))


def _grade(card: CardTold, lang: str) -> str:
    """The band of the score; and what gave another grade than that."""
    row = card.row
    starts = sorted((band.start, band.grade) for band in card.scorecard.card.grades if band.start is not None)
    low = next((start for start, grade in starts if grade == row["grade_by_score"]), None)
    high = min((start for start, _ in starts if start > row["score"]), default=None)
    key = "x-grade-below" if low is None else "x-grade-from" if high is None else "x-grade-between"
    said = {"low": f"{low or 0:g}", "high": f"{high or 0:g}"}
    if row["grade"] == row["grade_by_score"] and row["grade_by"] != "distribution":
        return say(key, lang, grade=row["grade"], **said)
    red = [item.row for item in card.items if item.row["fired"] and item.row["grade_at_most"] is not None]
    ways = [say("x-by-distribution", lang)] if row["grade_by"] == "distribution" else []
    ways += [
        after(item_name(card.scorecard, dict(each), lang), bite(card.scorecard, dict(each), lang), lang) for each in red
    ]
    by_score = say(key, lang, grade=row["grade_by_score"], **said)
    return f"{after(say('x-grade', lang, grade=row['grade']), then(lang).join(ways), lang)}{then(lang)}{by_score}"


def _pay(card: CardTold, lang: str) -> str:
    row, pay = card.row, card.scorecard.card.pay
    steps = [say(f"x-pay-{step.what}", lang, by=digits(step.by), after=digits(step.after)) for step in card.pay]
    found = after(say("x-pay", lang, pay=digits(row["pay"])), listed(steps, lang), lang)
    if row["pay_amount"] is None or pay is None:
        return found
    parts = {
        "amount": fixed(row["pay_amount"]),
        "presence": exact(1.0 if row["presence"] is None else row["presence"], "percent", None, lang),
        "pay": digits(row["pay"]),
    }
    if isinstance(pay.base, str):
        amount = f"{say('x-amount', lang, **parts)} {say('x-private-base', lang, **parts)}"
    else:
        amount = say("x-amount-of", lang, base=digits(pay.base), **parts)
    kept = [say("x-budget", lang, budget=digits(pay.budget))] if pay.budget else []
    return f"{found}{then(lang)}{listed([amount, *kept], lang)}"


# ---------------------------------------------------------------- adjustments


def _items(root: Tree, card: CardTold, detailed: bool, lang: str) -> None:
    """What acted or could not be judged, each with its measures; the others in a line each."""
    acting = [item for item in card.items if item.row["fired"] or not item.row["judged"]]
    for item in acting:
        _item(root, card, item, detailed, lang)
    idle = [item for item in card.items if item not in acting]
    if idle and not detailed:
        node = branch(root, Text(plain(say("x-idle", lang))))
        for item in idle:
            branch(node, Text(plain(then(lang).join([_headed(card, item, lang), *_told(item, lang)]))))


def _item(root: Tree, card: CardTold, item: ItemTold, detailed: bool, lang: str) -> None:
    more = [*_told(item, lang), *_pooled(item, lang)]
    if item.row["fired_in"] not in (None, card.scorecard.period) and item.row["kind"] != "net":
        more.append(say("x-fired-in", lang, periods=dates.periods(item.row["fired_in"], lang)))
    if not item.row["judged"]:
        more.append(say("unjudged", lang, reason=say(str(item.row["reason"]), lang)))
    style = "bold red" if item.row["kind"] == "red_line" and item.row["fired"] else "bold"
    head = Text(plain(_headed(card, item, lang)), style=style)
    head.append("".join(f"\n{plain(row)}" for row in more), style="")
    node = branch(root, head)
    for worth in filter(None, (item.when, item.amount)):
        measures(node, worth, False, lang)


def _headed(card: CardTold, item: ItemTold, lang: str) -> str:
    """`+ 6  ideas adopted`."""
    row = item.row
    name = item_name(card.scorecard, dict(row), lang)
    if row["kind"] == "net":
        amount = "–" if row["amount"] is None else f"{row['amount']:+.4f}".rstrip("0").rstrip(".")
        return say("x-cycle", lang, name=row["name"], amount=amount)
    if row["kind"] in ("bonus", "deduction"):
        return f"{'+' if row['kind'] == 'bonus' else '-'} {digits(row['amount'])}  {name}"
    if row["kind"] == "coefficient":
        named = say("bracketed", lang, head=name, more=say("x-acts-on-pay", lang)) if row["on"] == "pay" else name
        return say("x-multiplied", lang, factor=f"{row['factor']:g}", name=named)
    return f"!  {after(name, bite(card.scorecard, dict(row), lang), lang)}"


def _told(item: ItemTold, lang: str) -> Iterator[str]:
    """The condition and the amount, with the values they were worked out with."""
    when, amount, row = item.when, item.amount, item.row
    if when is not None:
        condition = say("bracketed", lang, head=when.formula, more=given(when, lang))
        key = "x-unknown" if when.value is None else "x-holds" if when.value else "x-holds-not"
        around = [say(f"x-of-{row['of']}", lang, who=when.subject or "")] if row["of"] in ("team", "center") else []
        around += [say("x-over", lang, cycles=when.cycles)] if when.cycles > 1 else []
        said = say(key, lang, condition=condition, reason=say(str(when.reason), lang))
        yield listed([said, *around], lang)
    if amount is not None:
        caps = [say("x-item-cap", lang, cap=digits(row["cap"]))] if row["cap"] is not None else []
        found = f"{amount.formula} = {digits(amount.value)}"
        yield listed([say("bracketed", lang, head=found, more=given(amount, lang)), *caps], lang)


def _pooled(item: ItemTold, lang: str) -> Iterator[str]:
    row = item.row
    if row.get("pool") is None or row["pool_asked"] is None or row["capped"] is None:
        return
    parts = {name: digits(row[name]) for name in ("capped", "pool")} | {"asked": digits(row["pool_asked"])}
    cut = row["amount"] is not None and row["amount"] < row["capped"]
    key = "x-item-pool" if cut and row["pool_asked"] > row["pool"] else "x-item-out" if cut else "x-item-enough"
    yield say(key, lang, **parts)
    if requests := [_request(each, lang) for each in item.more if "capped" in each]:
        yield say("x-requests", lang, parts=listed(requests, lang))


def _request(each: Mapping[str, Any], lang: str) -> str:
    capped, amount = digits(each["capped"]), digits(each["amount"])
    return (
        f"{each['subject']} {capped} / {amount}"
        if each["amount"]
        else say("x-request-out", lang, who=each["subject"], capped=capped)
    )


# ---------------------------------------------------------------- lines


def _lines(root: Tree, card: CardTold, catalogue: Catalogue, detailed: bool, lang: str) -> None:
    scored = [line for line in card.lines if line.at is not None]
    watched = [line for line in card.lines if line.at is None]
    node = root
    if card.steps and card.divisor:
        text = say("x-base", lang, sum=digits(card.weighted), divisor=digits(card.divisor))
        node = branch(root, label(digits(card.row["base"]), text))
    for line in scored:
        if line.worth is not None and line is not scored[0]:
            _spaced(node)
        _line(node, card, line, catalogue, detailed, lang)
    for line in watched:
        _line(root, card, line, catalogue, detailed, lang)


def _spaced(above: Tree) -> None:
    """A blank line below all that stands there."""
    if not above.children:
        return
    last = above
    while last.children:
        last = last.children[-1]
    if isinstance(last.label, Text) and not last.label.plain.endswith("\n"):
        last.label.append("\n")


def _line(above: Tree, card: CardTold, line: LineTold, catalogue: Catalogue, detailed: bool, lang: str) -> None:
    row, own = line.row, defined(catalogue, line.kpi, line.variant)
    name = full_name(catalogue, line.kpi, line.variant, lang)
    about = [(own.about or catalogue.kpis[line.kpi].about).say(lang)] if detailed and line.worth else []
    node = branch(above, label(digits(row.get("contribution")), name, _earns(card, line, lang), *about))
    if detailed and line.worth is None:
        return
    points(node, line, own, lang)
    if line.worth is not None:
        value(node, line.worth, own, line.min_n, detailed, lang)
    if line.stand_in is not None:
        value(node, line.stand_in, own, None, detailed, lang)
    if line.linked:
        parts = {"sum": digits(line.linked_sum), "days": digits(line.linked_days)}
        said = f"= {say('x-linked', lang, **parts)}"
        days = f"{row['coverage']:.0%}" if row["coverage"] is not None else "–"
        linked = branch(node, label(digits(row["value"]), said, say("x-linked-days", lang, share=days)))
        for each in line.linked:
            worth = {"worth": digits(each["worth"]), "days": each["days"], "who": each["linked_subject"]}
            branch(linked, Text(plain(say("x-linked-one", lang, **worth))))


def _earns(card: CardTold, line: LineTold, lang: str) -> str:
    row = line.row
    if line.at is None:
        return say("x-watched", lang)
    reason = say(str(row["reason"]), lang)
    if row["status"] == "redistributed":
        return say("x-left-out", lang, reason=reason)
    if row["points"] is None:
        return say("x-withheld", lang, reason=reason)
    parts = {"points": digits(row["points"]), "weight": digits(row["weight"]), "divisor": digits(card.divisor)}
    said = say("x-earns", lang, **parts)
    if line.weights:
        days = listed([say("x-weight-days", lang, weight=digits(w), days=n) for w, n in line.weights], lang)
        said += f"{then(lang)}{say('x-weights', lang, days=days)}"
    replaced = {"neutral": "neutral", "floor": "floor"}.get(row["status"])
    if replaced:
        said += f"{then(lang)}{say('replaced', lang, reason=reason, policy=say(replaced, lang))}"
    return said
