"""The number behind a parameter's name stands beside it: the line's, the card's, the KPI's, the project's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ccmetrics import run
from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.models import Card
from ccmetrics.render.formats import FORMATS
from ccmetrics.render.in_force import in_force
from ccmetrics.render.look import Look
from tests.render.test_about import text
from tests.tiny_center import center


def card(title: str, seconds: float | None, **more: object) -> Card:
    line = {"kpi": "short_handled_rate", "weight": 100, "floor": 1, "target": 0}
    own = {} if seconds is None else {"parameters": {"short_call_s": seconds}}
    return Card.model_validate({"card": title, "title": title, "subject": "agent_id", "kpis": [line | own], **more})


def test_the_nearest_value_is_told() -> None:
    """10 s in the built-in project."""
    key, known = ("short_handled_rate", ""), load_catalogue()
    assert in_force(key, [], known, "en") == ["short_call_s = 10 s"]
    assert in_force(key, [card("One", None)], known, "zh") == ["short_call_s = 10秒"]
    assert in_force(key, [card("One", None, parameters={"short_call_s": 20})], known, "en") == ["short_call_s = 20 s"]
    both = [card("One", 150), card("Two", 150)]
    assert in_force(key, both, known, "en") == ["short_call_s = 150 s"]
    assert in_force(key, [*both, card("Three", None)], known, "en") == [
        "One: short_call_s = 150 s", "Two: short_call_s = 150 s", "Three: short_call_s = 10 s",
    ]  # fmt: skip
    own = known.kpis["short_handled_rate"].model_copy(update={"parameters": {"short_call_s": 7.0}})
    mine = replace_kpi(known, own)
    assert in_force(key, [card("One", None)], mine, "en") == ["short_call_s = 7 s"]


def replace_kpi(known, own):  # type: ignore[no-untyped-def]
    return known.model_copy(update={"kpis": {**known.kpis, "short_handled_rate": own}})


def test_measures_and_derived_columns_have_parameters_too() -> None:
    known = load_catalogue()
    assert in_force(("fcr", "repeat_window"), [], known, "en") == ["fcr_days = 7 d"]
    assert in_force(("aht", ""), [], known, "en") == []
    journeys = next(name for name, kpi in known.kpis.items() if ":episode_days" in kpi.about.en)
    assert in_force((journeys, ""), [], known, "zh") == ["episode_days = 7天"]


def test_pages_and_workbooks_say_it(tmp_path: Path) -> None:
    home, config = center(tmp_path)
    scored = run.score([home], config=config, period="2026-10", cards=["whole"])
    measured = run.measure([home], config=config, period="2026-10", kpis=["short_handled_rate"])
    for form in ("html", "xlsx"):
        for lang, line, projects in (("en", "short_call_s = 150 s", "short_call_s = 10 s"),
                                     ("zh", "short_call_s = 150秒", "short_call_s = 10秒")):  # fmt: skip
            page = text(form, FORMATS[form].score(replace(scored), Look(lang=lang)))
            assert (line in page, projects in page) == (True, False)
            assert projects in text(form, FORMATS[form].measure(measured, Look(lang=lang)))
