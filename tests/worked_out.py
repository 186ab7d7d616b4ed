"""The numbers of an explanation worked out again, each from the level below it.

In: an explanation's JSON with every row. Out: assertions.
Refuses to know: how the explanation was made; the arithmetic here is a second one.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from ccmetrics import formula

Json = dict[str, Any]


def near(value: float | None, other: float | None) -> bool:
    if value is None or other is None:
        return value is other
    return math.isclose(value, other, rel_tol=1e-9, abs_tol=1e-9)


def measure_of(kind: str, values: list[Any], q: float | None) -> float | None:
    """An aggregate over the values that the listed rows give; a hidden one is told apart by its number."""
    if kind == "count":
        return float(len(values))
    if kind == "distinct":
        return float(len(set(values)))
    if kind == "sum":
        return math.fsum(values)
    if not values:
        return None
    if kind in ("min", "max"):
        return float(min(values) if kind == "min" else max(values))
    if kind == "mean":
        return math.fsum(values) / len(values)
    ordered = sorted(values)
    rank = (len(ordered) - 1) * (0.5 if q is None else q)
    low, high = ordered[math.floor(rank)], ordered[math.ceil(rank)]
    return float(low + (high - low) * (rank - math.floor(rank)))


def points_of(curve: Json) -> float:
    """Straight lines through the knots, clamped; at a jump the better side."""
    met, pairs = curve["met"], [tuple(pair) for pair in curve["knots"]]
    there = [points for value, points in pairs if math.isclose(value, met, rel_tol=1e-9)]
    if there:
        return float(max(there))
    if met < pairs[0][0] or met > pairs[-1][0]:
        return float(pairs[0][1] if met < pairs[0][0] else pairs[-1][1])
    ((low, a), (high, b)) = next(two for two in pairwise(pairs) if two[0][0] < met < two[1][0])
    assert [list(pair) for pair in ((low, a), (high, b))] == curve["between"]
    return float(a + (met - low) * (b - a) / (high - low))


def worked_out(worth: Json) -> float | bool | None:
    values = {measure["label"]: measure["value"] for measure in worth["measures"]}
    return formula.evaluate(formula.parse(worth["formula"]), values)


def check_worth(worth: Json) -> None:
    """A value from its measures, halves and n too; and every fate of the rows adds up."""
    found = worked_out(worth)
    assert near(worth["value"], None if found is None else float(found)), worth["formula"]
    if worth["numerator"] and worth["value"] is not None:
        assert near(worth["value"], worth["values"]["numerator"] / worth["values"]["denominator"])
    if worth["n_label"]:
        assert worth["n"] == next(m["value"] for m in worth["measures"] if m["label"] == worth["n_label"])
    for measure in worth["measures"]:
        if measure["value"] is not None:
            assert near(measure["value"], sum(s["value"] for s in measure["sources"] if s["value"] is not None))
        for source in measure["sources"]:
            assert sum(fate["rows"] for fate in source["fates"]) == source["rows"]
            used = sum(fate["rows"] for fate in source["fates"] if fate["what"] == "used")
            assert len(source["listed"]) == used
            # Of hidden values only the different ones can be told apart.
            if not source["hidden"] or source["kind"] == "distinct":
                values = [row["="] for row in source["listed"]]
                assert near(source["value"], measure_of(source["kind"], values, source["q"])), source["sql"]


def check_line(line: Json, divisor: float) -> None:
    row, curve = line["row"], line["curve"]
    for worth in filter(None, (line["worth"], line["stand_in"])):
        check_worth(worth)
    if line["worth"]:
        assert near(row["value"], line["worth"]["value"])
    if line["linked"]:
        known = [each for each in line["linked"] if each["worth"] is not None]
        assert near(line["linked_sum"], sum(each["worth"] * each["days"] for each in known))
        assert near(row["value"], line["linked_sum"] / sum(each["days"] for each in known))
    if row["status"] in ("own", "neutral") and curve is not None:
        met = line["stand_in"]["value"] if line["stand_in"] else row["value"] / curve["presence"]
        assert near(curve["met"], met)
        shares = [part["share"] for part in curve["parts"]]
        assert near(sum(shares), 1.0)
        for at, (value, _) in enumerate(curve["knots"]):
            assert near(value, sum(part["share"] * part["knots"][at] for part in curve["parts"]))
        assert curve["steps"] or near(row["points"], points_of(curve))
    if row["points"] is not None and row["status"] != "redistributed":
        assert near(row["contribution"], row["weight"] * row["points"] / divisor)


def check_item(item: Json, period: str) -> None:
    """Amount from its formula, cap and pool; a condition from its measures."""
    row, when, amount = item["row"], item["when"], item["amount"]
    for worth in filter(None, (when, amount)):
        check_worth(worth)
    if row["fired"] and when is not None and row["fired_in"] == period:
        assert when["value"] == 1.0
    if amount is None or not row["judged"]:
        return
    holds = when is None or bool(when["value"])
    assert near(row["requested"], amount["value"] if holds else 0.0)
    assert near(row["capped"], min(max(row["requested"], 0.0), row["cap"]))
    if row["pool_asked"] is not None and row["pool_asked"] > row["pool"] and row["amount"]:
        share = Decimal(str(row["capped"])) * Decimal(str(row["pool"])) / Decimal(str(row["pool_asked"]))
        assert row["amount"] == float(share.quantize(Decimal("0.01"), rounding="ROUND_DOWN"))
        asked = sum(each["capped"] for each in item["more"] if each["amount"])
        assert near(row["pool_asked"], asked)
    elif row["pool"] is None:
        assert near(row["amount"], row["capped"])


def check_score(card: Json) -> None:
    """The score from base and items, in the order of the rule; the base from the contributions."""
    row, items = card["score"], [item["row"] for item in card["adjustments"]]
    scored = [line["row"] for line in card["lines"] if line["at"] is not None]
    counted = [line for line in scored if line["status"] != "redistributed"]
    assert near(card["divisor"], sum(line["weight"] for line in counted))
    if row["score"] is None:
        assert card["steps"] == []
        return
    base = sum(line["contribution"] for line in counted)
    assert near(row["base"], base)
    assert near(card["weighted"] / card["divisor"], base)
    fired = [item for item in items if item["fired"]]
    if row["net"] is not None:
        nets = [item["amount"] for item in items if item["kind"] == "net" and item["amount"] is not None]
        result = max(base + sum(nets) / len(nets), 0.0)
    else:
        result = base + sum(item["amount"] for item in fired if item["kind"] == "bonus")
        result = max(result - sum(item["amount"] for item in fired if item["kind"] == "deduction"), 0.0)
        factor = math.prod(i["factor"] for i in fired if i["kind"] == "coefficient" and i["on"] == "score")
        result *= min(max(factor, card["limits"][0]), card["limits"][1])
        caps = [item["score_at_most"] for item in fired if item["score_at_most"] is not None]
        result = min([result, *caps])
    assert near(card["steps"][-2]["after"], result)
    assert row["score"] == printed(result, card["decimals"])
    check_steps(card["steps"], card["decimals"])


def printed(value: float, decimals: int) -> float:
    exact = Decimal(value).quantize(Decimal("1e-9"))
    return float(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def check_steps(steps: list[Json], decimals: int) -> None:
    for before, step in pairwise(steps):
        by, at = step["by"], before["after"]
        match step["what"]:
            case "net" | "bonus":
                expected = at + by
            case "deductions":
                expected = at - by
            case "coefficient":
                expected = at * by
            case "capped":
                expected = min(at, by)
            case "rounded":
                expected = printed(at, decimals)
            case _:
                expected = 0.0
        assert near(step["after"], expected), step


def check_earned(card: Json) -> None:
    """The grade from the bands and red lines; the coefficient from the grade; the amount from base and presence."""
    row = card["score"]
    if row["grade"] is None:
        return
    reached = [band for band in card["grades"] if band["from"] is None or row["score"] >= band["from"]]
    best = max(reached, key=lambda band: -math.inf if band["from"] is None else band["from"])
    assert row["grade_by_score"] == best["grade"]
    names = [band["grade"] for band in card["grades"]]
    red = [item["row"] for item in card["adjustments"] if item["row"]["fired"] and item["row"]["kind"] == "red_line"]
    limits = [names.index(item["grade_at_most"]) for item in red if item["grade_at_most"] is not None]
    assert row["grade"] == names[max([names.index(best["grade"]), *limits])]
    first, *rest = card["pay_steps"]
    assert first["after"] == next(band["pay"] for band in card["grades"] if band["grade"] == row["grade"])
    assert near(row["pay"], (rest or [first])[-1]["after"])
    if row["pay_amount"] is not None and card["pay"]["base"] is not None and card["pay"]["budget"] is None:
        presence = 1.0 if row["presence"] is None else row["presence"]
        assert row["pay_amount"] == printed(card["pay"]["base"] * presence * row["pay"], 2)


def check(card: Json) -> None:
    check_score(card)
    check_earned(card)
    for line in card["lines"]:
        check_line(line, card["divisor"])
    for item in card["adjustments"]:
        check_item(item, card["period"])
