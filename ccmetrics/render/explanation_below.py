"""What stands below a value: its formula, the measures in it, their SQL, what became of the rows, the first of them.

In: worths of an explanation. Out: branches of its tree.
Refuses to know: points, scores, how anything was computed.
"""

from __future__ import annotations

from rich.text import Text
from rich.tree import Tree

from ccmetrics.catalogue.models import Variant
from ccmetrics.explanation import Fate, MeasureTold, Source, Worth
from ccmetrics.render import dates
from ccmetrics.render.numbers import ABSENT, digits, exact, span
from ccmetrics.render.plain import plain
from ccmetrics.render.words import after, listed, say

GUIDE = "dim"
SQL = "cyan"


def then(lang: str) -> str:
    """Between two things that are said of one."""
    return "；" if lang == "zh" else "; "


def label(number: str, what: str, *more: str, style: str = "bold") -> Text:
    """A number with what it is, and lines of less weight below."""
    found = Text(plain("  ".join(filter(None, (number, what)))), style=style)
    for row in filter(None, more):
        found.append(f"\n{plain(row)}", style="")
    return found


def branch(above: Tree, content: Text) -> Tree:
    return above.add(content, guide_style=GUIDE)


def value(above: Tree, worth: Worth, own: Variant, least: int | None, detailed: bool, lang: str) -> None:
    """A KPI's value as a branch: formula, numerator over denominator, n, span; its measures below."""
    known = worth.values
    number = exact(worth.value, own.unit, own.display, lang)
    halves = [worth.numerator, worth.denominator]
    text = worth.formula
    if all(halves) and worth.value is not None:
        text += f" = {digits(known['numerator'])} / {digits(known['denominator'])}"
    if worth.value is None:
        text = after(text, say(str(worth.reason), lang), lang)
    told = []
    if worth.n_label:
        n = ABSENT if worth.n is None else f"{worth.n:,}"
        told.append(say("x-n-least", lang, n=n, least=least) if least else say("x-n", lang, n=n))
    told.append(_span(worth, lang))
    if between := span(known["low"], known["high"], own.unit, own.display, lang):
        told.append(say("x-interval", lang, span=between))
    defined = say("x-defined", lang, formula=worth.written) if detailed and worth.written != worth.formula else ""
    if worth.subject is None:
        text = say("x-all", lang, rest=text)
    node = branch(above, label(number, f"= {text}", listed(told, lang), defined))
    measures(node, worth, detailed, lang)


def _span(worth: Worth, lang: str) -> str:
    key = "x-span-cycles" if worth.cycles > 1 else "x-span"
    return say(key, lang, days=dates.days(worth.first, worth.last, lang), cycles=worth.cycles)


def measures(above: Tree, worth: Worth, detailed: bool, lang: str) -> None:
    for measure in worth.measures:
        _measure(above, measure, detailed, lang)


def given(worth: Worth, lang: str) -> str:
    """The values a formula was worked out with: `adopted_ideas = 4`."""
    return listed([f"{m.label} = {exact(m.value, m.unit, None, lang)}" for m in worth.measures], lang)


def _measure(above: Tree, measure: MeasureTold, detailed: bool, lang: str) -> None:
    number = exact(measure.value, measure.unit, None, lang)
    about = measure.about if detailed else ""
    if not measure.sources:
        branch(above, label(number, after(measure.label, say(str(measure.reason), lang), lang), about))
        return
    if len(measure.sources) == 1:
        _source(above, measure.sources[0], number, measure.label, about, detailed, lang)
        return
    node = branch(above, label(number, measure.label, about))
    for source in measure.sources:
        _source(node, source, exact(source.value, measure.unit, None, lang), source.table, "", detailed, lang)


def _source(above: Tree, source: Source, number: str, name: str, about: str, detailed: bool, lang: str) -> None:
    """One aggregate: what it is in SQL, and what became of the rows."""
    content = label(number, name, about)
    content.append(f"\n{plain(sql(source))}", style=SQL)
    content.append(f"\n{plain(_placed(source, lang))}")
    if not detailed or len(source.fates) == 1:
        content.append(f"{then(lang)}{plain(_fates(source, lang))}")
        branch(above, content)
    else:
        node = branch(above, content)
        for fate in source.fates:
            branch(node, Text(plain(_fate(fate, source, lang)), style="bold" if fate.what == "used" else ""))


AGGREGATES = {
    "sum": "SUM({})",
    "mean": "AVG({})",
    "min": "MIN({})",
    "max": "MAX({})",
    "median": "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY {})",
    "quantile": "PERCENTILE_CONT({q:g}) WITHIN GROUP (ORDER BY {})",
    "distinct": "COUNT(DISTINCT {})",
}


def sql(source: Source) -> str:
    """The aggregate as a query of the analyst's own."""
    conditions = [source.where] if source.where else []
    if source.kind == "count":
        what = "COUNT(*)"
        conditions = [*([] if source.formula == "rows" else [source.formula]), *conditions]
    else:
        what = AGGREGATES[source.kind].format(source.formula, q=source.q)
    if len(conditions) > 1:
        conditions = [f"({each})" if " OR " in each else each for each in conditions]
    where = ["WHERE", " AND ".join(conditions)] if conditions else []
    return " ".join(["SELECT", what, "FROM", source.table, *where])


def _placed(source: Source, lang: str) -> str:
    told = [say(f"x-stock-{source.as_of}", lang) if source.as_of else say("x-placed", lang, at=source.at)]
    told += [f":{name} = {value:g}" if isinstance(value, float) else f":{name} = {value}"
             for name, value in source.parameters.items()]  # fmt: skip
    return listed(told, lang)


def _fates(source: Source, lang: str) -> str:
    """`22 of 230 rows: 1 does not meet the condition, 207 outside the period`."""
    if not source.rows:
        return say("x-no-row", lang)
    others = [fate for fate in source.fates if fate.what != "used"]
    if not others:
        return say("x-fates-all", lang, rows=f"{source.rows:,}")
    rest = listed([_fate(fate, source, lang) for fate in others], lang)
    return say("x-fates", lang, used=f"{source.used:,}", rows=f"{source.rows:,}", rest=rest)


def _fate(fate: Fate, source: Source, lang: str) -> str:
    what = "unbegun" if fate.what == "outside" and source.as_of else fate.what
    return say(f"x-fate-{what}", lang, n=f"{fate.rows:,}", id=fate.id, reason=fate.reason, by=fate.approved_by)
