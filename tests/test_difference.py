"""Two catalogues held against each other: what differs in the words of the field, what does not, and whom it touches.

In: small made-up catalogues, the built-in one. Out: pass or fail.
Refuses to know: data, scores, how a difference is drawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.difference import Difference, differences
from ccmetrics.catalogue.models import Catalogue

CARD: dict[str, Any] = {
    "card": "agent", "title": "Agent", "subject": "agent_id", "missing": "withhold",
    "kpis": [
        {"kpi": "aht", "weight": 60, "floor": 450, "target": {"2026-01-01": 310, "2026-07-01": 300}},
        {"kpi": "fcr", "variant": "survey", "weight": 40, "points": [[0.5, 0], [0.8, 100]], "min_n": 20},
    ],
    "adjust": {"bonus": [{"name": {"en": "ideas", "zh": "建议"}, "amount": "2 * handled", "cap": 6}]},
    "grades": [{"grade": "A", "from": 95, "pay": 1.1}, {"grade": "B", "from": None, "pay": 0.9}],
}  # fmt: skip
KPI: dict[str, Any] = {
    "name": "Average handle time", "category": "operational", "nature": "efficiency", "timing": "leading", "unit": "s",
    "better": "lower", "level": ["agent"],
}  # fmt: skip


def catalogue(**more: Any) -> Catalogue:
    """A card `agent` of two KPIs over three measures; `more` replaces whole sections."""
    plain = {
        "project": {"parameters": {"fcr_days": 7, "episode_days": 7}},
        "measures": {
            "handled": {"table": "interactions", "count": "outcome = 'answered' AND talk_s > 0"},
            "handle_time": {"table": "interactions", "sum": "talk_s + wrap_s"},
            "solved": {"table": "surveys", "count": "resolved AND days <= :fcr_days"},
        },
        "kpis": {
            "aht": {**KPI, "formula": "handle_time / handled"},
            "fcr": {
                **KPI, "name": {"en": "First contact resolution", "zh": "首次解决率"}, "unit": "percent",
                "better": "higher", "default": "repeat",
                "variants": {"repeat": "1 - solved / handled", "survey": "solved / handled"},
            },
        },
        "cards": {"agent": CARD, "lone": {**CARD, "card": "lone", "kpis": [CARD["kpis"][0]], "adjust": {}}},
    }  # fmt: skip
    return Catalogue.model_validate(plain | more)


def card(**more: Any) -> Catalogue:
    return catalogue(cards={"agent": CARD | more})


def line(at: int, **more: Any) -> Catalogue:
    lines = [dict(each) for each in CARD["kpis"]]
    lines[at] |= more
    return card(kpis=lines)


def told(other: Catalogue, one: Catalogue | None = None) -> list[tuple[str, ...]]:
    """Part, its name, aspect, before, after of each difference of the card `agent`."""
    rows = differences(one or catalogue(cards={"agent": CARD}), other)
    return [(row.part, row.of, row.aspect, row.before, row.after) for row in rows]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (line(0, weight=70), ("line", "aht", "weight", "60", "70")),
        (line(0, weight={"2026-01-01": 60, "2026-10-01": 70}),
         ("line", "aht", "weight", "60", "2026-01-01: 60, 2026-10-01: 70")),
        (line(0, target=290.5),
         ("line", "aht", "target", "2026-01-01: 310, 2026-07-01: 300", "290.5")),
        (line(0, target={"last_year": "-5%", "else": 300}),
         ("line", "aht", "target", "2026-01-01: 310, 2026-07-01: 300",
          "last_year -5%, of card, align label, else 300")),
        (line(0, stretch=240), ("line", "aht", "stretch", "", "240")),
        (line(0, floor=400), ("line", "aht", "floor", "450", "400")),
        (line(1, points=[[0.5, 0], [0.9, 100]]),
         ("line", "fcr", "curve", "[0.5, 0] [0.8, 100]", "[0.5, 0] [0.9, 100]")),
        (line(1, steps=True),
         ("line", "fcr", "curve", "[0.5, 0] [0.8, 100]", "[0.5, 0] [0.8, 100], in steps")),
        (line(1, variant=None), ("line", "fcr", "variant", "survey", "repeat")),
        (line(1, min_n=30), ("line", "fcr", "min_n", "20", "30")),
        (line(1, window=3), ("line", "fcr", "window", "", "3")),
        (line(1, missing="neutral"), ("line", "fcr", "missing", "withhold", "neutral")),
        (card(who="role = 'agent'"), ("", "", "who", "", "role = 'agent'")),
        (card(via={"events": "owner_id"}), ("", "", "via.events", "", "owner_id")),
        (card(grades=[{"grade": "A", "from": 93, "pay": 1.1}, CARD["grades"][1]]), ("grade", "A", "from", "95", "93")),
        (card(grades=[{"grade": "A", "from": 95, "pay": 1.2}, CARD["grades"][1]]), ("grade", "A", "pay", "1.1", "1.2")),
        (card(pay={"base": 3000}), ("", "", "pay.base", "", "3000")),
        (card(adjust={}), ("bonus", "ideas", "removed", "amount 2 * handled, cap 6", "")),
        (card(kpis=CARD["kpis"][:1]),
         ("line", "fcr", "removed", "weight 40, min_n 20, missing withhold, curve [0.5, 0] [0.8, 100], variant survey",
          "")),
    ],
)  # fmt: skip
def test_a_card_that_says_one_thing_otherwise(other: Catalogue, expected: tuple[str, ...]) -> None:
    assert told(other) == [expected]


@pytest.mark.parametrize(
    "other",
    [
        line(0, target={"2026-07-01": 300, "2026-01-01": 310}, window=1),
        line(1, missing="withhold"),
        card(kpis=list(reversed(CARD["kpis"]))),
        card(grades=list(reversed(CARD["grades"]))),
        card(adjust={"bonus": [{"cap": 6.0, "amount": "2*(handled)", "name": CARD["adjust"]["bonus"][0]["name"]}]}),
        card(decimals=2, min_coverage=0.6),
    ],
)
def test_what_only_looks_otherwise_is_no_difference(other: Catalogue) -> None:
    assert told(other) == []


def test_the_default_variant_reaches_the_cards_that_leave_it_unsaid() -> None:
    """A KPI's default is changed in one place, and every card that names none measures something else."""
    one = line(1, variant=None)
    other = one.model_copy(
        update={"kpis": {**one.kpis, "fcr": one.kpis["fcr"].model_copy(update={"default": "survey"})}}
    )
    assert told(other, one) == [
        ("line", "fcr", "variant", "repeat", "survey"),
        ("", "", "default", "repeat", "survey"),
    ]


def only(other: Catalogue) -> Difference:
    (row,) = differences(catalogue(), other)
    return row


def with_measure(name: str, **more: Any) -> Catalogue:
    measures = {key: value.model_dump(exclude_none=True) for key, value in catalogue().measures.items()}
    measures[name] = {"table": measures[name]["table"], **more}
    return catalogue(measures=measures)


def test_a_changed_measure_tells_which_kpis_and_cards_hang_on_it() -> None:
    row = only(with_measure("handled", count="outcome = 'answered'"))
    assert (row.kind, row.name, row.aspect) == ("measure", "handled", "formula")
    assert row.before == "COUNT(outcome = 'answered' AND talk_s > 0)"
    assert row.after == "COUNT(outcome = 'answered')"
    assert row.kpis == ("aht", "fcr.repeat", "fcr.survey")
    assert row.cards == ("agent", "lone")
    assert with_measure("handled", count="( outcome='answered' ) and talk_s>0") != catalogue()
    assert differences(catalogue(), with_measure("handled", count="( outcome='answered' ) and talk_s>0")) == ()


def test_a_condition_of_its_own_is_an_aspect_of_its_own() -> None:
    row = only(with_measure("handle_time", sum="talk_s + wrap_s", where="talk_s > 0"))
    assert (row.aspect, row.before, row.after) == ("where", "", "talk_s > 0")
    assert (row.kpis, row.cards) == (("aht",), ("agent", "lone"))


def test_a_parameter_reaches_through_measures_to_cards() -> None:
    row = only(catalogue(project={"parameters": {"fcr_days": 5, "episode_days": 7}}))
    assert (row.kind, row.name, row.before, row.after) == ("parameter", "fcr_days", "7", "5")
    # `lone` has no line that counts what is solved.
    assert (row.kpis, row.cards) == (("fcr.repeat", "fcr.survey"), ("agent",))


def test_a_parameter_that_no_formula_names_touches_nobody_by_name() -> None:
    row = only(catalogue(project={"parameters": {"fcr_days": 7, "episode_days": 9}}))
    assert (row.name, row.kpis, row.cards) == ("episode_days", (), ())


def with_fcr(**more: Any) -> Catalogue:
    kpis = {key: kpi.model_dump(exclude_defaults=True) for key, kpi in catalogue().kpis.items()}
    kpis["fcr"] |= more
    return catalogue(kpis=kpis)


def test_one_variant_touches_only_the_cards_that_take_it() -> None:
    changed = with_fcr(variants={"repeat": "1 - solved / (handled + 1)", "survey": "solved / handled"})
    row = only(changed)
    assert (row.kind, row.name, row.part, row.of, row.aspect) == ("kpi", "fcr", "variant", "repeat", "formula")
    assert row.cards == ()
    row = only(with_fcr(variants={"repeat": "1 - solved / handled", "survey": "solved / (handled + 1)"}))
    assert row.cards == ("agent",)


@pytest.mark.parametrize(
    ("more", "aspect", "cards"),
    [
        ({"unit": "ratio"}, "unit", ("agent",)),
        ({"better": "lower"}, "better", ("agent",)),
        ({"guardrails": ["aht"]}, "guardrails", ("agent",)),
        ({"about": "Solved at once."}, "about", ()),
    ],
)
def test_a_kpi_as_a_whole(more: dict[str, Any], aspect: str, cards: tuple[str, ...]) -> None:
    row = only(with_fcr(**more))
    assert (row.aspect, row.cards) == (aspect, cards)
    assert row.moves_numbers == bool(cards)


def test_what_only_one_of_them_defines() -> None:
    fewer = catalogue(cards={"agent": CARD})
    assert [(row.name, row.aspect, row.after) for row in differences(fewer, catalogue())] == [("lone", "added", "aht")]
    assert [(row.name, row.aspect, row.before) for row in differences(catalogue(), fewer)] == [
        ("lone", "removed", "aht")
    ]


def test_the_built_in_catalogue_differs_from_itself_in_nothing(tmp_path: Path) -> None:
    """A folder that adds nothing, and one that writes a card in another order and a formula over two lines."""
    shipped = load_catalogue(None)
    (tmp_path / "project.yaml").write_text("project: {extends: builtin}\n")
    assert differences(shipped, load_catalogue(tmp_path)) == ()
    (tmp_path / "m.yaml").write_text(
        "measures:\n  handled:\n    unit: count\n    else: {sum: answered, table: intervals}\n    table: interactions\n"
        "    count: |\n      outcome = 'answered'\n        and (coalesce(served_by, 'human') = 'human')\n"
        "    about: Answered legs of any direction served by a human.\n"
    )
    assert differences(shipped, load_catalogue(tmp_path)) == ()
