"""Law 8: uncertainty is shown. n beside every value, and Wilson's interval beside every proportion."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccmetrics.catalogue import load_catalogue
from ccmetrics.plan import kpi_ask
from tests.laws.worlds import LAWFUL, Row, World, ask, worlds

PROPORTIONS = ["answer_rate", "abandonment_rate", "csat.top2", "service_level", "short_handled_rate"]


@given(world=worlds(), by=st.sampled_from([(), ("agent_id",)]))
@settings(LAWFUL, max_examples=10)
def test_n_stands_beside_every_value_and_an_interval_around_every_proportion(world: World, by: tuple[str, ...]) -> None:
    for row in ask(world, None, [*PROPORTIONS, "aht", "csat.mean", "wait_p90"], by).rows.values():
        assert row["n"] is None or row["n"] >= 0
        if row["value"] is not None:
            assert row["n"] > 0
        name = f"{row['kpi']}.{row['variant']}" if row["kpi"] == "csat" else row["kpi"]
        if name in PROPORTIONS and row["value"] is not None:
            assert 0 <= row["low"] <= row["value"] <= row["high"] <= 1
            assert row["low"] < row["high"]
        if name == "wait_p90":
            assert row["low"] is None


def test_n_is_always_a_count() -> None:
    """Eight hours are not 28,800 observations, and must not pass for them."""
    catalogue = load_catalogue()
    asks = [
        kpi_ask(catalogue, name, variant) for name, kpi in catalogue.kpis.items() for variant in kpi.variants or [None]
    ]
    assert [ask.key for ask in asks if ask.n is not None and catalogue.measures[ask.n[0]].unit != "count"] == []


def answered(good: int, of: int) -> World:
    answers: list[Row] = [
        {"survey_id": f"s{n}", "answered_at": "2026-10-05 12:00:00", "csat": 5 if n < good else 2} for n in range(of)
    ]
    return {"surveys": answers}


PUBLISHED = [
    # An agent's 15 satisfied answers of 18 can be 61% or 94%.
    (15, 18, 2, "0.61", "0.94"),
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, his method 3.
    (81, 263, 4, "0.2553", "0.3662"),
    (15, 148, 4, "0.0624", "0.1605"),
    (0, 20, 4, "0.0000", "0.1611"),
    (1, 29, 4, "0.0061", "0.1718"),
]


@pytest.mark.parametrize(("good", "of", "digits", "low", "high"), PUBLISHED)
def test_published_intervals(good: int, of: int, digits: int, low: str, high: str) -> None:
    (row,) = ask(answered(good, of), None, ["csat"]).rows.values()
    assert (row["numerator"], row["denominator"], row["n"]) == (good, of, of)
    assert (f"{row['low']:.{digits}f}", f"{row['high']:.{digits}f}") == (low, high)


def test_more_answers_tell_more() -> None:
    widths = []
    for times in (1, 4, 16):
        (row,) = ask(answered(5 * times, 6 * times), None, ["csat"]).rows.values()
        widths.append(row["high"] - row["low"])
    assert widths == sorted(widths, reverse=True)
    # Sixteen times the answers, about a quarter of the width.
    assert widths[0] / widths[2] == pytest.approx(4, rel=0.25)
