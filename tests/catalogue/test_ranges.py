"""Ranges of formulas: by hand, and held against the values that formulas really come to."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccmetrics.catalogue import load
from ccmetrics.catalogue.attainable import scores
from ccmetrics.catalogue.natural import Natural
from ccmetrics.catalogue.ranges import Known, Range, Truth, range_of, truth_of
from ccmetrics.catalogue.roles import is_scored, picks
from ccmetrics.catalogue.scope import Scope
from ccmetrics.formula import evaluate, parse

WHOLE = Path(__file__).parent / "whole"
INF = math.inf
ENDS = {"a": Range(0, INF), "b": Range(0, 1), "c": Range(-3, 2), "d": Range(5, 5)}
KNOWN = Known(lambda name: ENDS[name[0]])


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [
        ("a + c", -3, INF),
        ("b - c", -2, 4),
        ("b * c", -3, 2),
        ("a * c", -INF, INF),
        ("a * d", 0, INF),
        ("1 - b", 0, 1),
        ("-a", -INF, 0),
        ("d / b", 5, INF),
        ("b / d", 0, 0.2),
        ("b / a", 0, INF),
        ("a / c", -INF, INF),
        ("c / (0 - b)", -INF, INF),
        ("d / (0 - b)", -INF, -5),
        ("ABS(c)", 0, 3),
        ("ROUND(b * 2.5)", 0, 3),
        ("FLOOR(c / 2)", -2, 1),
        ("COALESCE(b, d)", 0, 5),
        ("GREATEST(c, b)", -3, 2),
        ("CASE WHEN a > 1 THEN d ELSE b END", 0, 5),
        ("CASE WHEN a > 1 THEN d END", 5, 5),
        ("NULLIF(c, 0)", -3, 2),
    ],
)
def test_the_range_of_a_formula(formula: str, low: float, high: float) -> None:
    assert range_of(parse(formula), KNOWN) == Range(low, high)


@pytest.mark.parametrize(
    ("condition", "can_hold", "can_fail"),
    [
        ("a < 0", False, True),
        ("a <= 0", True, True),
        ("a >= 0", True, False),
        ("b > 1", False, True),
        ("b >= 1", True, True),
        ("b < 1", True, True),
        ("b <= 1", True, False),
        ("b > 0", True, True),
        ("1 < b", False, True),
        ("0 > a", False, True),
        ("d = 5", True, False),
        ("d <> 5", False, True),
        ("b = 2", False, True),
        ("b IN (2, 3)", False, True),
        ("b IN (0.5, 3)", True, True),
        ("c BETWEEN 3 AND 4", False, True),
        ("c BETWEEN 1 AND -1", False, True),
        ("a > 3 AND a < 2", False, True),
        ("a > 2 AND a < 3", True, True),
        ("a > 2 AND a <= 2", False, True),
        ("a >= 2 AND a <= 2", True, True),
        ("a = 2 AND a = 3", False, True),
        ("a > c + 4 AND a < 1", False, True),
        ("a > 2 OR a < 3", True, False),
        ("a > 3 OR a < 2", True, True),
        ("NOT a < 0", True, False),
        ("NOT (a > 2 OR a < 3)", False, True),
        ("a = a", True, False),
        ("a < a", False, True),
        ("a IS NULL", True, True),
        ("a < 0 OR b > 1", False, True),
        ("TRUE", True, False),
    ],
)
def test_what_a_condition_can_come_to(condition: str, can_hold: bool, can_fail: bool) -> None:
    assert truth_of(parse(condition), KNOWN) == Truth(can_hold, can_fail)


names = st.sampled_from(["a", "b", "c", "d", "2", "0.5", "0"])
numbers = st.recursive(
    names,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["ABS", "ROUND", "FLOOR", "CEIL"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["GREATEST", "COALESCE", "NULLIF"]), inner, inner).map(
            lambda t: f"{t[0]}({t[1]}, {t[2]})"
        ),
    ),
    max_leaves=6,
)
bounds = st.tuples(numbers, st.sampled_from(["<", "<=", ">", ">=", "=", "<>"]), numbers).map(" ".join)
conditions = st.recursive(
    bounds,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda t: f"NOT ({t})"),
    ),
    max_leaves=4,
)
values = st.fixed_dictionaries(
    {
        "a": st.none() | st.sampled_from([0.0, 1.0, 2.0, 7.0]),
        "b": st.none() | st.sampled_from([0.0, 0.5, 1.0]),
        "c": st.none() | st.sampled_from([-3.0, -1.0, 0.0, 2.0]),
        "d": st.none() | st.just(5.0),
    }
)


@given(numbers, values)
def test_no_value_lies_outside_of_its_range(formula: str, at: dict[str, float | None]) -> None:
    tree = parse(formula)
    found, reach = evaluate(tree, at), range_of(tree, KNOWN)
    slack = 1e-9 * (1 + abs(found or 0))
    assert found is None or reach.low - slack <= found <= reach.high + slack


@given(conditions, values)
def test_what_is_said_to_be_impossible_never_happens(condition: str, at: dict[str, float | None]) -> None:
    tree = parse(condition)
    found, truth = evaluate(tree, at), truth_of(tree, KNOWN)
    assert truth.can_hold or found is not True
    assert truth.can_fail or found is not False


# ---------------------------------------------------------------- what names can be


def natural(folder: Path, more: str = "") -> Natural:
    for path in WHOLE.glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "more.yaml").write_text(more, encoding="utf-8")
    loaded = load(folder)
    return Natural(Scope(loaded.catalogue, loaded.places))


MORE = """\
measures:
  waited: {table: interactions, sum: wait_s, unit: s}
  waited_answered: {table: interactions, sum: wait_s, where: outcome = 'answered', unit: s}
  longest: {table: interactions, max: wait_s + 10, unit: s}
  balance: {table: events, sum: "CASE WHEN kind = 'in' THEN 1 ELSE -1 END"}
  late: {table: interactions, count: wait_s > :threshold_s}
  waits_known: {table: interactions, count: wait_s IS NOT NULL}
  callers: {table: interactions, distinct: agent_id}
"""


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [
        ("offered", 0, INF),
        ("callers", 0, INF),
        ("waited", 0, INF),
        ("longest", 10, INF),
        ("balance", -INF, INF),
        ("revenue", -INF, INF),
        ("csat.n", 0, INF),
        ("csat", 0, 1),  # csat >= 4 tells that csat is there
        ("service_level", 0, 1),
        ("service_level.of_answered", 0, 1),
        ("1 - answered / offered", 0, 1),
        ("offered / answered", 1, INF),
        ("waited_answered / waited", 0, 1),
        ("waited / waited_answered", 1, INF),
        ("GREATEST(answered / offered, 1)", 1, 1),
        ("GREATEST(answered, offered)", 0, INF),
        ("LEAST(offered / answered, 2)", 1, 2),
        ("late / waits_known", 0, 1),
        ("answered / (answered + late)", 0, 1),
        ("100 * (answered - late) / offered", -100, 100),
        ("100 * (offered - late) / offered", 0, 100),
        ("no_such_name", -INF, INF),
        ("this is (no formula", -INF, INF),
    ],
)
def test_what_measures_and_kpis_can_be(formula: str, low: float, high: float, tmp_path: Path) -> None:
    assert natural(tmp_path, MORE).amount(formula) == Range(low, high)


COLUMNS = """\
tables:
  days:
    about: One row a day.
    key: day_id
    columns:
      day_id: {type: id, required: true}
      growth: {type: percent}
      booked: {type: number, unit: count}
      spent_s: {type: duration}
      kept_s: {type: duration, default: -1}
      lent_s: {type: duration, default: booked}
      legs: {type: number, unit: count, derived: true}
      spread: {type: number, derived: true}
      nps: {type: rating}
      mark: {type: rating}
"""


@pytest.mark.parametrize(
    ("column", "low", "high"),
    [
        ("growth", -INF, INF),  # -3% is read, and 250% where the layout says `unit: percent`
        ("booked", -INF, INF),  # -2 is read
        ("spent_s", 0, INF),
        ("kept_s", -INF, INF),
        ("lent_s", -INF, INF),
        ("legs", 0, INF),
        ("spread", -INF, INF),
        ("nps", 0, 10),
        ("mark", -INF, INF),
    ],
)
def test_a_column_has_the_values_that_are_not_refused_in_it(
    column: str, low: float, high: float, tmp_path: Path
) -> None:
    more = f"{COLUMNS}measures:\n  mean: {{table: days, mean: {column}}}\n"
    assert natural(tmp_path, more).amount("mean") == Range(low, high)


def test_a_parameter_is_whatever_it_is_given_anywhere(tmp_path: Path) -> None:
    card = (WHOLE / "card.yaml").read_text(encoding="utf-8").replace("card: agent", "card: other")
    found = natural(tmp_path, card + "parameters: {threshold_s: 30}\n")
    assert found.amount(":threshold_s * 2") == Range(40, 60)


def test_the_highest_and_lowest_score_of_a_card(tmp_path: Path) -> None:
    """Weights 30 to 120, 30 to 100, 20 to 120, 10 to 100, 10 to 100, and ideas to 6: 110 + 6."""
    found = natural(tmp_path)
    card = found.scope.catalogue.cards["agent"]
    assert scores(found, card, {}) == Range(0, 116)
    # What may be left out may leave the best: csat and revenue, which reach 120.
    assert scores(found, card.model_copy(update={"missing": "redistribute"}), {}) == Range(0, 126)


def linked(name: str, to: str, lines: int) -> str:
    line = f"{{linked_card: {to}, by: center, category: growth, weight: {100 / lines}}}"
    bonus = "{bonus: [{name: ideas, amount: 2 * ideas_adopted, cap: 6}]}"
    kpis = ", ".join([line] * lines)
    return f"---\ncard: {name}\ntitle: Linked\nsubject: center\nkpis: [{kpis}]\nadjust: {bonus}\n"


def test_a_card_that_many_lines_lead_to_is_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four cards of eight lines, each line the next card's score: 116 of the agents, and 6 more from card to card."""
    found = natural(tmp_path, "".join(linked(f"c{at}", f"c{at + 1}" if at < 3 else "agent", 8) for at in range(4)))
    amount, asked = found.amount, []
    monkeypatch.setattr(found, "amount", lambda formula: asked.append(formula) or amount(formula))
    assert scores(found, found.scope.catalogue.cards["c0"], {}) == Range(0, 116 + 4 * 6)
    assert len(asked) == 1 + 4 * 8  # the first card's bonus, and that of what each of 32 lines leads to


def test_a_circle_of_cards_ends(tmp_path: Path) -> None:
    found = natural(tmp_path, linked("here", "there", 1) + linked("there", "here", 1))
    assert scores(found, found.scope.catalogue.cards["here"], {}) == Range(0, INF)


# ---------------------------------------------------------------- roles


@pytest.mark.parametrize(
    ("who", "agent", "trainer"),
    [
        ("role = 'agent'", True, False),
        ("role IN ('agent', 'trainer')", True, True),
        ("role <> 'agent'", False, True),
        ("role = 'agent' AND team = 'x'", None, False),
        ("role = 'agent' OR team = 'x'", True, None),
        ("team IS NULL", None, None),
        ("LOWER(role) = 'agent'", None, None),
        ("role IS NOT NULL", True, True),
        ("not (a formula", None, None),
        (None, None, None),
    ],
)
def test_which_roles_a_card_picks(who: str | None, agent: bool | None, trainer: bool | None, tmp_path: Path) -> None:
    card = natural(tmp_path).scope.catalogue.cards["agent"].model_copy(update={"who": who})
    assert (picks(card, "agent"), picks(card, "trainer")) == (agent, trainer)


def test_a_card_that_takes_everybody_is_the_role_s_own_where_none_of_its_kind_asks(tmp_path: Path) -> None:
    card = natural(tmp_path).scope.catalogue.cards["agent"]
    everybody = card.model_copy(update={"who": None, "card": "all"})
    assert is_scored({"all": everybody}, "trainer", {"agent_id"})
    assert not is_scored({"all": everybody, "agent": card}, "trainer", {"agent_id"})
    assert not is_scored({"all": everybody.model_copy(update={"subject": "center"})}, "trainer", {"agent_id"})
    assert is_scored({"trainer": card}, "trainer", {"agent_id"})
