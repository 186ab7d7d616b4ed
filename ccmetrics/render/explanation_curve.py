"""How a value earned its points: the curve in force, why that one, and between which of its knots the value lies.

In: a line of an explanation. Out: a branch of its tree.
Refuses to know: where the value comes from, what points are worth.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.tree import Tree

from ccmetrics.catalogue.models import Variant
from ccmetrics.explanation import CurveTold, LineTold, Row
from ccmetrics.render.evidence import goal, part_of
from ccmetrics.render.explanation_below import branch, label
from ccmetrics.render.numbers import ABSENT, digits, exact
from ccmetrics.render.words import after, listed, say

Pair = tuple[float, float]


def points(above: Tree, line: LineTold, own: Variant, lang: str) -> None:
    """The points as a branch, where the line is one of the card and has a curve."""
    curve = line.curve
    if curve is None:
        return
    earned = line.row["points"]
    head = "" if earned is None else say("x-points", lang, points=digits(earned))
    met = say("x-lowest", lang) if line.row["status"] == "floor" else _met(curve, own, lang)
    told = after(head, met, lang) if head and met else head or met
    branch(above, label("", told, _presence(line, curve, own, lang), *_curve(curve, own, lang), style=""))


def _met(curve: CurveTold, own: Variant, lang: str) -> str:
    """Where the value lies: from there its points can be worked out by hand."""
    if curve.met is None or not curve.between:
        return ""
    met = exact(curve.met, own.unit, own.display, lang)
    if curve.steps:
        return say("x-band", lang, value=met, knots=_knots(curve.between, own, lang))
    if len(curve.between) == 1:
        ((at, earned),) = curve.between
        key = "x-at-knot" if at == curve.met else "x-beyond"
        return say(key, lang, value=met, points=digits(earned), knot=_knot(at, earned, own, lang))
    (low, low_points), (high, high_points) = curve.between[0], curve.between[-1]
    ends = {"low": exact(low, own.unit, own.display, lang), "high": exact(high, own.unit, own.display, lang)}
    worth = {"low_points": digits(low_points), "high_points": digits(high_points)}
    if curve.between[0][0] == curve.between[-1][0]:
        return say("x-at-knot", lang, value=met, points=digits(max(low_points, high_points)))
    return say("x-between", lang, value=met, **ends, **worth)


def _presence(line: LineTold, curve: CurveTold, own: Variant, lang: str) -> str:
    if curve.presence == 1 or curve.met is None:
        return ""
    parts = {"met": curve.met, "value": line.row["value"]}
    shown = {name: exact(value, own.unit, own.display, lang) for name, value in parts.items()}
    return say("x-presence", lang, presence=digits(curve.presence), **shown)


def _curve(curve: CurveTold, own: Variant, lang: str) -> list[str]:
    """The curve, and where it comes from; of a blend its parts, too."""
    key = "x-curve-steps" if curve.steps else "x-curve"
    if len(curve.parts) == 1 and curve.knots:
        return [
            listed([say(key, lang, knots=_knots(curve.knots, own, lang)), goal(curve.parts[0]["why"], own, lang)], lang)
        ]
    whole = [say(key, lang, knots=_knots(curve.knots, own, lang))] if curve.knots else []
    return [*whole, *(_part(part, own, lang) for part in curve.parts)]


def _part(part: Row, own: Variant, lang: str) -> str:
    pairs = list(zip(part["knots"] or (), part["points"] or (), strict=False))
    amount = "" if part["amount"] is None else f" ({digits(part['amount'])})"
    said = {
        "part": part_of(part["part"], lang) or ABSENT,
        "share": exact(part["share"], "percent", None, lang),
        "amount": amount,
    }
    knots = _knots(pairs, own, lang) or ABSENT
    return f"  {say('x-part', lang, knots=knots, why=goal(part['why'], own, lang), **said)}"


def _knots(pairs: Sequence[Pair], own: Variant, lang: str) -> str:
    return "  ".join(_knot(at, earned, own, lang) for at, earned in pairs)


def _knot(at: float, earned: float, own: Variant, lang: str) -> str:
    """As cards are shown elsewhere: `75:100`."""
    return f"{exact(at, own.unit, own.display, lang)}:{earned:g}"
