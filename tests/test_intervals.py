"""Intervals of values and of scores: by hand, by published tables, and by how often they hold the truth."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from scoring_frames import OCTOBER, card, kpi, people, rows, straight
from test_no_lies import EXCLUSIONS, LEGS, ask, cells, config, write

from ccmetrics.stages.facts import Facts
from ccmetrics.stages.measure.intervals import student
from ccmetrics.stages.score import Scores, score
from tests.bench import coverage

Interval = tuple[float | None, float | None]
NONE = (None, None)

# ---------------------------------------------------------------- Student's t


@pytest.mark.parametrize(
    ("freedom", "published"),
    # Fisher and Yates, Statistical Tables, two-sided 5%.
    [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042), (39, 2.023), (40, 2.021), (60, 2.000),
     (100, 1.984), (120, 1.980), (10**9, 1.960)],
)  # fmt: skip
def test_the_quantile_of_t(freedom: int, published: float) -> None:
    found = pl.DataFrame({"v": [freedom]}).select(student(pl.col("v"))).item()
    assert round(found, 3) == published


def test_without_freedom_there_is_no_t() -> None:
    assert pl.DataFrame({"v": [0, -1, None]}).select(student(pl.col("v"))).to_series().to_list() == [None] * 3


# ---------------------------------------------------------------- means


def legs(*handled: tuple[str, Any]) -> str:
    return LEGS + "".join(
        f"{n},{who},2026-10-{2 + n:02} 10:00:00,inbound,answered,5,{talk},{'' if talk == '' else 0},0\n"
        for n, (who, talk) in enumerate(handled)
    )


def spans(measured: Any, name: str) -> dict[Any, Interval]:
    low, high = cells(measured, name, "low"), cells(measured, name, "high")
    return {who: (low[who], high[who]) for who in low}


def around(middle: float, half: float, rel: float = 1e-3) -> tuple[Any, Any]:
    return pytest.approx(middle - half, rel=rel), pytest.approx(middle + half, rel=rel)


def test_a_mean_of_rows(tmp_path: Path) -> None:
    # A1: 1..5, mean 3, variance 2.5, t(4) 2.776: half of 2.776 x sqrt(0.5). A2 has one row, A3 three that are alike.
    home = write(
        tmp_path,
        interactions=legs(
            *(("A1", n) for n in (1, 2, 3, 4, 5)), ("A2", 90), ("A3", 60), ("A3", 60), ("A3", 60), ("A1", "")
        ),
    )
    found = ask(home, kpis=["aht"], by=["agent_id"])
    assert spans(found, "aht") == {"A1": around(3, 2.776 * 0.5**0.5), "A2": NONE, "A3": NONE}
    assert cells(found, "aht", "se") == {"A1": pytest.approx(0.5**0.5), "A2": None, "A3": None}
    # 1, 2, 3, 4, 5, 90, 60, 60, 60: mean 285 / 9, sum of squares 18,955, t(8) 2.306.
    variance = (18_955 - 285**2 / 9) / 8
    assert spans(ask(home, kpis=["aht"]), "aht") == {"": around(285 / 9, 2.306 * (variance / 9) ** 0.5)}
    by_day = ask(home, kpis=["aht"], by=["day"])
    assert set(spans(by_day, "aht").values()) == {NONE}


def test_rows_left_out_of_one_kpi_are_left_out_of_its_interval(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        interactions=legs(*(("A1", n) for n in (1, 2, 3, 4, 5, 900))),
        exclusions=f"{EXCLUSIONS}U1,interactions,5,,,,,aht,r,b\n",
    )
    found = ask(home, kpis=["aht", "average_talk"])
    assert spans(found, "aht") == {"": around(3, 2.776 * 0.5**0.5)}
    # 1..5 and 900: mean 152.5, sum of squares 810,055, t(5) 2.571.
    variance = (810_055 - 915**2 / 6) / 5
    assert spans(found, "average_talk") == {"": around(152.5, 2.571 * (variance / 6) ** 0.5)}


def test_large_values_close_together_lose_nothing_and_too_large_ones_have_none(tmp_path: Path) -> None:
    orders = "order_id,agent_id,ordered_at,amount\n" + "".join(
        f"{n},{who},2026-10-{n + 2:02} 10:00:00,{amount}\n"
        for n, (who, amount) in enumerate(
            [
                *(("A1", 999_999_990.25 + k) for k in (1, 2, 3, 4, 5)),
                ("A2", 2_000_000_000),
                ("A2", 2_000_000_001),
                ("A3", 1.000001),
                ("A3", 1.000002),
            ]
        )
    )
    found = ask(write(tmp_path, orders=orders), kpis=["average_order_value.gross"], by=["agent_id"])
    low, high = spans(found, "average_order_value")["A1"]
    assert (high or 0) - (low or 0) == pytest.approx(2 * 2.776 * 0.5**0.5, rel=1e-3)
    assert spans(found, "average_order_value")["A2"] == NONE
    # A millionth apart: variance 0.5 of a millionth squared, t(1) 12.706.
    assert spans(found, "average_order_value")["A3"] == (
        pytest.approx(1.0000015 - 12.706 * 0.5e-6, abs=1e-9),
        pytest.approx(1.0000015 + 12.706 * 0.5e-6, abs=1e-9),
    )


ODD = """kpis:
  odd:
    name: {en: Odd, zh: 怪}
    category: operational
    nature: efficiency
    timing: leading
    level: [agent]
    unit: s
    better: lower
    formula: %s
    n: %s
    interval: mean
    about: x
    source: x
    expect: [{given: {handle_time: 10, %s: 2}, value: 5}]
"""


@pytest.mark.parametrize(
    ("formula", "n", "told"),
    [
        ("handle_time / timed", "timed", {"A1", "A2"}),
        # All handled, A2's without a handle time too: only A1's are the rows that were summed.
        ("handle_time / handled", "handled", {"A1"}),
        # As many rows, but others; and a denominator that is no count of what n counts.
        ("handle_time / abandoned", "abandoned", set()),
        ("handle_time / abandoned", "timed", set()),
        # Rows of another table.
        ("handle_time / nps_answers", "nps_answers", set()),
    ],
)
def test_only_a_mean_over_the_very_rows_that_are_counted_has_an_interval(
    tmp_path: Path, formula: str, n: str, told: set[str]
) -> None:
    given = formula.split("/")[1].strip()
    cfg = config(tmp_path, odd=ODD % (formula, n, given))
    gone = "".join(f"x{k},A{who},2026-10-20 10:00:00,inbound,abandoned,5,,,\n" for k, who in enumerate((1, 1, 1, 2)))
    rows_of = legs(("A1", 10), ("A1", 20), ("A1", 60), ("A2", 10), ("A2", 30), ("A2", "")) + gone
    answers = surveys(A1="9 9 9", A2="9 9")
    found = ask(
        write(tmp_path / "data", interactions=rows_of, surveys=answers), kpis=["odd"], by=["agent_id"], config=cfg
    )
    assert {who for who, span in spans(found, "odd").items() if span != NONE} == told


def test_totals_of_reports_have_no_rows_to_tell_a_spread(tmp_path: Path) -> None:
    report = (
        "queue_id,started_at,length_s,offered,answered,talk_s,hold_s,wrap_s\n"
        "Q1,2026-10-02 10:00:00,1800,60,60,6000,0,0\nQ1,2026-10-03 10:00:00,1800,60,60,9000,0,0\n"
    )
    found = ask(write(tmp_path, intervals=report), kpis=["aht"])
    assert (cells(found, "aht"), spans(found, "aht")) == ({"": 125}, {"": NONE})


# ---------------------------------------------------------------- differences of shares


def surveys(**answers: str) -> str:
    given = [(who, answer) for who, text in answers.items() for answer in text.split()]
    return "survey_id,agent_id,answered_at,nps\n" + "".join(
        f"{n},{who},2026-10-05 10:00:00,{answer}\n" for n, (who, answer) in enumerate(given)
    )


def test_nps(tmp_path: Path) -> None:
    # 60 promoters, 20 detractors of 100. With one more of either: (61 - 21) / 102 = 0.392157, variance
    # (82 / 102 - 0.392157^2) / 102 = 0.0063741, half 1.95996 x 0.0798377 = 0.156479. Of 20 promoters alone:
    # 20 / 22 = 0.909091 and (1 - 0.826446) / 22, half 0.174082.
    answers = surveys(A1="9 " * 60 + "8 " * 20 + "2 " * 20, A2="10 " * 20, A3="0", A4="7")
    found = ask(write(tmp_path, surveys=answers), kpis=["nps"], by=["agent_id"])
    assert cells(found, "nps") == {"A1": 40, "A2": 100, "A3": -100, "A4": 0}
    assert spans(found, "nps") == {
        "A1": (pytest.approx(23.5678, abs=1e-3), pytest.approx(54.8636, abs=1e-3)),
        "A2": (pytest.approx(73.5009, abs=1e-3), 100),
        # One answer tells next to nothing: (0 - 2) / 3, variance (1 - 4/9) / 3... clipped at -100.
        "A3": (-100, pytest.approx(100 * (-1 / 3 + 1.95996 * ((1 - 1 / 9) / 3) ** 0.5), abs=1e-2)),
        "A4": (pytest.approx(-100 * 1.95996 * (2 / 9) ** 0.5, abs=1e-2), pytest.approx(92.394, abs=1e-2)),
    }
    assert cells(found, "nps", "se")["A1"] == pytest.approx(8)


def test_net_easy_and_net_emotion_are_such_differences_too(tmp_path: Path) -> None:
    answers = "survey_id,answered_at,ces,emotion\n" + "".join(
        f"{n},2026-10-05 10:00:00,{ces},{emotion}\n"
        for n, (ces, emotion) in enumerate([(7, "positive")] * 60 + [(4, "neutral")] * 20 + [(1, "negative")] * 20)
    )
    found = ask(write(tmp_path, surveys=answers), kpis=["ces.net_easy", "nev.of_all", "nev.of_emotional"])
    wide = (pytest.approx(23.5678, abs=1e-3), pytest.approx(54.8636, abs=1e-3))
    assert spans(found, "ces") == {"": wide}
    both = found.values.filter(pl.col("kpi") == "nev")
    assert (both["low"][0], both["high"][0]) == wide
    # Among 80 with an emotion 60 and 20: (61 - 21) / 82, all of them on one side or the other.
    half = 1.95996 * ((1 - (40 / 82) ** 2) / 82) ** 0.5
    assert (both["low"][1], both["high"][1]) == around(100 * 40 / 82, 100 * half, rel=1e-4)


# ---------------------------------------------------------------- scores


def scores_of(on: Any, *measured: tuple[str, str, float, float | None, float | None], **more: Any) -> Scores:
    """Subject, KPI, value, low, high."""
    found = rows([(who, name, value, 100) for who, name, value, *_ in measured]).with_columns(
        low=pl.Series([each[3] for each in measured], dtype=pl.Float64),
        high=pl.Series([each[4] for each in measured], dtype=pl.Float64),
    )
    extra = more.pop("extra", [])
    values = pl.concat([found, rows(extra)]) if extra else found
    who = people(*sorted(set(values["subject"])))
    return score(on, {line.kpi: kpi(line.kpi) for line in on.kpis}, Facts(OCTOBER, values, values.clear(), who))


def ends(scores: Scores, subject: str = "A") -> Any:
    return scores.scores.filter(pl.col("subject") == subject).select("low", "score", "high", "no_interval").row(0)


def test_the_interval_of_a_score() -> None:
    on = card([straight("csat", 60), straight("fcr", 40)])
    # Points 80 in 70..85 and 90 in 80..105: L = 84 - sqrt((.6 x 10)^2 + (.4 x 10)^2) = 84 - sqrt(52), U = 84 +
    # sqrt((.6 x 5)^2 + (.4 x 15)^2) = 84 + sqrt(45).
    found = scores_of(on, ("A", "csat", 80, 70, 85), ("A", "fcr", 90, 80, 105))
    assert ends(found) == (76.79, 84.0, 90.71, None)
    both = found.lines.select("points_low", "points", "points_high").rows()
    assert both == [(70, 80, 85), (80, 90, 105)]


def test_a_line_without_an_interval_is_named() -> None:
    on = card([straight("csat", 60), straight("fcr", 40)])
    assert ends(scores_of(on, ("A", "csat", 80, 70, 85), ("A", "fcr", 90, None, None))) == (78.0, 84.0, 87.0, "fcr")
    assert ends(scores_of(on, ("A", "csat", 80, None, None), ("A", "fcr", 90, None, None))) == (
        None, 84.0, None, "csat, fcr",
    )  # fmt: skip


def test_a_line_left_out_weighs_nothing_in_the_interval() -> None:
    on = card([straight("csat", 60), straight("fcr", 20, missing="redistribute"), straight("ces", 20)])
    # Of 80 weight: csat 3/4, ces 1/4; sqrt((.75 x 10)^2 + (.25 x 40)^2) = 12.5.
    found = scores_of(on, ("A", "csat", 80, 70, 90), ("A", "ces", 60, 20, 100), ("A", "fcr", None, None, None))
    assert ends(found) == (62.5, 75.0, 87.5, "fcr")


def test_points_are_taken_at_the_ends_of_the_interval_and_end_where_the_curve_does() -> None:
    on = card([{"kpi": "aht", "weight": 100, "floor": 480, "target": 330, "stretch": 280}])
    # Less is better: 405 s is 50 points, 270 s more than the 120 there are, 540 s less than none.
    assert ends(scores_of(on, ("A", "aht", 405, 390, 435))) == (30.0, 50.0, 60.0, None)
    assert ends(scores_of(on, ("A", "aht", 405, 270, 540))) == (0.0, 50.0, 120.0, None)


def test_an_interval_may_hold_the_ideal() -> None:
    on = card([{"kpi": "occupancy", "weight": 100, "ideal": [0.75, 0.85], "limits": [0.55, 0.95]}])
    # 0.7 earns 75, 0.65 half, 0.9 half; between them lies the ideal.
    assert ends(scores_of(on, ("A", "occupancy", 0.7, 0.65, 0.90))) == (50.0, 75.0, 100.0, None)
    assert ends(scores_of(on, ("A", "occupancy", 0.7, 0.65, 0.73))) == (50.0, 75.0, 90.0, None)
    # Both ends short of everything, the value within.
    assert ends(scores_of(on, ("A", "occupancy", 0.8, 0.50, 0.99))) == (0.0, 100.0, 100.0, None)
    assert ends(scores_of(on, ("A", "occupancy", 0.88, 0.86, 0.93))) == (20.0, 70.0, 90.0, None)


def test_in_bands_the_ends_are_bands() -> None:
    on = card([{"kpi": "csat", "weight": 100, "points": [[0, 0], [60, 60], [80, 100]], "steps": True}])
    assert ends(scores_of(on, ("A", "csat", 75, 59, 80))) == (0.0, 60.0, 100.0, None)


ADJUST = {
    "bonus": [{"name": "ideas", "amount": "ideas", "cap": 6}],
    "coefficients": [{"name": "aware", "when": "aware > 0", "factor": 1.1}],
    "red_lines": [{"name": "rude", "when": "rude > 0", "score_at_most": 59}],
}


@pytest.mark.parametrize(
    ("rude", "expected"),
    # Base 80, 70..85; 4 more, 1.1 times: 92.4, 81.4..97.9. A red line holds down what is above it.
    [(0, (81.4, 92.4, 97.9, None)), (1, (59.0, 59.0, 59.0, None))],
)
def test_adjustments_are_taken_as_they_are(rude: int, expected: Any) -> None:
    extra = [("A", "bonus.0.amount", 4.0), ("A", "coefficients.0.when", 1.0), ("A", "red_lines.0.when", float(rude))]
    found = scores_of(card([straight("csat", 100)], adjust=ADJUST), ("A", "csat", 80, 70, 85), extra=extra)
    assert ends(found) == expected


def test_whoever_has_no_score_has_no_interval() -> None:
    on = card([straight("csat", 60), straight("fcr", 40)])
    found = scores_of(on, ("A", "csat", 80, 70, 85), ("B", "csat", 80, 70, 85), ("B", "fcr", 80, 70, 85))
    assert ends(found) == (None, None, None, None)
    assert ends(found, "B")[0] is not None


# ---------------------------------------------------------------- how often they hold the truth

AGENTS = 2000


def test_proportions_hold_the_truth() -> None:
    dice = random.Random(1)
    found = [
        coverage.proportions(dice, [round(dice.uniform(0.5, 0.98), 3) for _ in range(AGENTS // 10)], n)
        for n in range(15, 215, 20)
    ]
    assert 0.94 <= coverage.covered(pl.concat(found)) <= 0.965


@pytest.mark.parametrize(("above", "below", "n"), [(0.5, 0.2, 60), (0.7, 0.1, 20), (0.97, 0.01, 20), (0.34, 0.33, 12)])
def test_net_scores_hold_the_truth_even_where_nearly_all_are_alike(above: float, below: float, n: int) -> None:
    assert coverage.covered(coverage.nets(random.Random(2), above, below, n, AGENTS)) >= 0.94


@pytest.mark.parametrize("n", [3, 8, 30])
def test_means_hold_the_truth(n: int) -> None:
    dice = random.Random(3)
    found = coverage.means([80.0] * AGENTS, n, [lambda: dice.gauss(80, 8)] * AGENTS)
    assert 0.935 <= coverage.covered(found) <= 0.965


@pytest.mark.parametrize(
    ("name", "least", "most"),
    # Where every KPI lies at an end of its curve, a value by chance beyond the end earns nothing by it, so that chance
    # works one way only, and the interval holds the truth less often than it says: it is known how much less.
    [("away from the ends", 0.93, 0.98), ("usual", 0.93, 0.98), ("near 0", 0.62, 0.78), ("near 120", 0.72, 0.86)],
)
def test_scores_hold_the_truth(name: str, least: float, most: float) -> None:
    curves, truths = coverage.CARDS[name]
    found = coverage.scored(curves, coverage.four(random.Random(4), truths, AGENTS // 4))
    assert least <= coverage.covered(found) <= most
