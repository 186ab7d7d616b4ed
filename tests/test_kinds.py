"""Whether formulas make sense: every mismatch with its place, all of them at once."""

from __future__ import annotations

import pytest

from ccmetrics.formula import FormulaProblem, Kind, check, parse

KNOWN: dict[str, Kind] = {
    "calls": Kind("number", "count"),
    "plain": Kind("number"),
    "talk_s": Kind("number", "s"),
    "hold_s": Kind("number", "s"),
    "cost": Kind("number", "money"),
    "score": Kind("number", "points"),
    "csat": Kind("number", "rating"),
    "share": Kind("number", "percent"),
    "team": Kind("text"),
    "queue.name": Kind("text"),
    "upheld": Kind("flag"),
    "escalated": Kind("flag"),
    "opened_at": Kind("datetime"),
    "closed_at": Kind("datetime"),
    "joined_on": Kind("date"),
}
PARAMETERS = {
    "threshold_s": Kind("number", "s"),
    "fcr_days": Kind("number", "day"),
    "scale": Kind("number"),
    "period_end": Kind("datetime"),
}


def checked(text: str) -> tuple[Kind | None, list[FormulaProblem]]:
    return check(parse(text), lambda name: KNOWN.get(".".join(name)), PARAMETERS, KNOWN)


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        ("talk_s", "number", "s"),
        ("talk_s + hold_s", "number", "s"),
        ("talk_s - 20", "number", "s"),
        ("20 + talk_s * 2", "number", "s"),
        ("talk_s / calls", "number", "s"),
        ("talk_s / hold_s", "number", None),
        ("talk_s / 3600", "number", "h"),
        ("talk_s / 86400", "number", "day"),
        ("86400 * :fcr_days", "number", "s"),
        (":fcr_days * 86400", "number", "s"),
        ("calls / (talk_s / 3600)", "number", "1/h"),
        ("cost / (talk_s / 3600)", "number", "money/h"),
        ("cost / calls", "number", "money"),
        ("1 - calls / plain", "number", None),
        ("100 * share", "number", "percent"),
        ("(csat - 1) / (:scale - 1)", "number", "rating"),
        ("1 + 2", "number", None),
        ("-talk_s", "number", "s"),
        ("COALESCE(talk_s, :threshold_s)", "number", "s"),
        ("COALESCE(talk_s, 0)", "number", "s"),
        ("GREATEST(0, score)", "number", "points"),
        ("NULLIF(talk_s, 0)", "number", "s"),
        ("CASE WHEN upheld THEN cost ELSE 0 END", "number", "money"),
        ("CASE WHEN upheld THEN cost END", "number", "money"),
        ("EXTRACT(EPOCH FROM closed_at - opened_at) / 3600", "number", "h"),
        ("EXTRACT(EPOCH FROM :period_end - joined_on)", "number", "s"),
        ("EXTRACT(HOUR FROM opened_at)", "number", None),
        ("LENGTH(team)", "number", None),
        ("talk_s <= :threshold_s", "flag", None),
        ("talk_s BETWEEN 0 AND :threshold_s", "flag", None),
        ("team IN ('a', 'b') AND NOT upheld OR calls IN (1, 2)", "flag", None),
        ("LOWER(team) LIKE 'a%'", "flag", None),
        ("team = queue.name", "flag", None),
        ("upheld = TRUE", "flag", None),
        ("opened_at < closed_at", "flag", None),
        ("team IS NULL", "flag", None),
        ("UPPER(TRIM(team))", "text", None),
        ("GREATEST(opened_at, closed_at)", "datetime", None),
        ("NULL", "null", None),
    ],
)
def test_kinds_and_units(text: str, kind: str, unit: str | None) -> None:
    found, problems = checked(text)
    assert problems == []
    assert found is not None
    assert (found.kind, found.unit) == (kind, unit)


@pytest.mark.parametrize(
    ("text", "name", "part"),
    [
        ("cals / plain", "unknown-name", "cals"),
        ("talk_s <= :treshold_s", "unknown-parameter", ":treshold_s"),
        ("talk_s + cost", "unit-mismatch", "talk_s + cost"),
        ("talk_s + calls", "unit-mismatch", "talk_s + calls"),
        ("talk_s > talk_s / 3600", "unit-mismatch", "talk_s > talk_s / 3600"),
        ("talk_s <= :fcr_days", "unit-mismatch", "talk_s <= :fcr_days"),
        ("talk_s BETWEEN 0 AND cost", "unit-mismatch", "talk_s BETWEEN 0 AND cost"),
        ("COALESCE(talk_s, cost)", "unit-mismatch", "talk_s, cost"),
        ("NULLIF(talk_s, cost)", "unit-mismatch", "talk_s, cost"),
        ("CASE WHEN upheld THEN cost ELSE talk_s END", "unit-mismatch", "upheld THEN cost ELSE talk_s"),
        ("score - csat", "unit-mismatch", "score - csat"),
        ("team > 3", "kind-mismatch", "team > 3"),
        ("team = 3", "kind-mismatch", "team = 3"),
        ("calls = '3'", "kind-mismatch", "calls = '3'"),
        ("calls IN ('a', 'b')", "kind-mismatch", "calls IN ('a', 'b'"),
        ("team IN ('a', 1)", "kind-mismatch", "team IN ('a', 1"),
        ("upheld = 1", "kind-mismatch", "upheld = 1"),
        ("opened_at > '2026-01-01'", "kind-mismatch", "opened_at > '2026-01-01'"),
        ("opened_at < joined_on", "kind-mismatch", "opened_at < joined_on"),
        ("team < 'b'", "kind-mismatch", "team < 'b'"),
        ("upheld < escalated", "kind-mismatch", "upheld < escalated"),
        ("team BETWEEN 'a' AND 'b'", "kind-mismatch", "team BETWEEN 'a' AND 'b'"),
        ("calls AND upheld", "kind-mismatch", "calls"),
        ("upheld OR team", "kind-mismatch", "team"),
        ("NOT calls", "kind-mismatch", "calls"),
        ("upheld AND NULL", "kind-mismatch", "NULL"),
        ("upheld + 1", "kind-mismatch", "upheld"),
        ("calls * team", "kind-mismatch", "team"),
        ("calls / upheld", "kind-mismatch", "upheld"),
        ("-team", "kind-mismatch", "team"),
        ("ABS(team)", "kind-mismatch", "team"),
        ("calls + NULL", "kind-mismatch", "NULL"),
        ("calls = NULL", "kind-mismatch", "NULL"),
        ("NULL <> team", "kind-mismatch", "NULL"),
        ("closed_at - opened_at", "kind-mismatch", "closed_at - opened_at"),
        ("closed_at + opened_at", "kind-mismatch", "closed_at + opened_at"),
        ("closed_at - 3600", "kind-mismatch", "closed_at"),
        ("EXTRACT(EPOCH FROM closed_at - calls)", "kind-mismatch", "calls"),
        ("EXTRACT(HOUR FROM calls)", "kind-mismatch", "calls"),
        ("EXTRACT(HOUR FROM joined_on)", "kind-mismatch", "joined_on"),
        ("calls LIKE '1%'", "kind-mismatch", "calls"),
        ("LOWER(calls)", "kind-mismatch", "calls"),
        ("LENGTH(upheld)", "kind-mismatch", "upheld"),
        ("GREATEST(team, 'a')", "kind-mismatch", "team, 'a'"),
        ("CASE WHEN calls THEN 1 END", "kind-mismatch", "calls"),
        ("CASE WHEN upheld THEN 1 ELSE 'x' END", "kind-mismatch", "upheld THEN 1 ELSE 'x'"),
        ("COALESCE(team, 0)", "kind-mismatch", "team, 0"),
    ],
)
def test_mismatches(text: str, name: str, part: str) -> None:
    _, problems = checked(text)
    assert [(p.name, text[p.start : p.end]) for p in problems] == [(name, part)], [p.text for p in problems]


def test_all_problems_are_found_in_the_order_of_the_text() -> None:
    text = "talk_s + cost > :x AND (nobody = team OR calls) AND upheld + 1 > 0"
    kind, problems = checked(text)
    assert kind == Kind("flag")
    assert [(p.name, text[p.start : p.end]) for p in problems] == [
        ("unit-mismatch", "talk_s + cost"),
        ("unknown-parameter", ":x"),
        ("unknown-name", "nobody"),
        ("kind-mismatch", "calls"),
        ("kind-mismatch", "upheld"),
    ]


def test_the_kind_is_unknown_where_a_problem_hides_it() -> None:
    assert checked("talk_s + cost")[0] is None
    assert checked("nobody")[0] is None


def test_messages_offer_the_nearest_name() -> None:
    assert checked("queue.nam = 'a'")[1][0].text == "'queue.nam' is no name known here. Did you mean 'queue.name'?"
    assert (
        checked("talk_s < :treshold_s")[1][0].text
        == "':treshold_s' is no parameter of the project. Did you mean 'threshold_s'?"
    )
