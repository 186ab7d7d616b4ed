"""Cards whose people are chosen by a number, and cards of dimensions whose names mean something else elsewhere.

In: exports and definitions of a few lines, written here. Out: who is scored, and on what.
Refuses to know: frames, and how anything is drawn.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ccmetrics import run
from ccmetrics.problem import DefinitionsRefused
from ccmetrics.scorecard import Scorecard

HEAD = "interaction_id,customer_id,agent_id,started_at,direction,outcome,wait_s,talk_s,hold_s,wrap_s"
CARD = """
cards:
  c:
    title: c
    subject: {subject}
    cycle: month
    kpis:
      - {{kpi: aht, weight: 60, floor: {{2026-01-01: 500, 2026-10-10: 600}}, target: 200}}
      - {{kpi: short_handled_rate, weight: 40, floor: 1, target: 0}}
    grades: [{{grade: A, from: 95, pay: 1.2}}, {{grade: B, from: null, pay: 0.8}}]
    actions: [{{when: aht > 250, do: talk, to: {subject}, due: 5d}}]
    watch: [fcr.customers_once]
    allow: {{one-sided-mix: for a test}}
"""
ROSTER = """agent_id,valid_from,valid_to,role,fte,plan_n,joined_on
A,2024-01-01,,agent,1,9,2024-01-01
B,2024-01-01,,agent,0.4,10,2026-09-01
C,2024-01-01,2026-10-10,agent,0.4,10,2026-09-01
C,2026-10-11,,agent,1,9,2026-09-01
"""


TABLES = Path(__file__).parent.parent / "configs" / "tables.yaml"


def scored(home: Path, rows: str, definitions: str, roster: str = "") -> Scorecard:
    data, config = home / "data", home / "config"
    data.mkdir()
    config.mkdir()
    (data / "interactions.csv").write_text(rows, encoding="utf-8")
    if roster:
        (data / "roster.csv").write_text(roster, encoding="utf-8")
    (config / "cards.yaml").write_text("project:\n  extends: builtin\n" + definitions, encoding="utf-8")
    return run.score([data], config=config, cards=["c"], period="2026-10").scorecards[0]


def legs(*rows: tuple[str, int, int], column: str = "") -> str:
    """(whose, day of October, seconds of talk); `column` is whose they are, beside one agent, instead of the agent."""
    lines = [HEAD + (f",{column}" if column else "")]
    for at, (who, day, talk) in enumerate(rows):
        agent, more = ("Z", f",{who}") if column else (who, "")
        lines.append(f"I{at},C{at},{agent},2026-10-{day:02} 10:00:00,inbound,answered,1,{talk},0,0{more}")
    return "\n".join(lines) + "\n"


def with_column(name: str) -> str:
    """The table of interactions with one more column, which is a dimension."""
    table = yaml.safe_load(TABLES.read_text(encoding="utf-8"))["tables"]["interactions"]
    table["columns"][name] = {"type": "category"}
    return yaml.safe_dump({"tables": {"interactions": table}}, sort_keys=False)


def handled(card: Scorecard) -> dict[str, tuple[float | None, int | None]]:
    """By subject the handle time and how many contacts it is of."""
    rows = card.lines.filter(kpi="aht").select("subject", "value", "n").iter_rows()
    return {who: (value, n) for who, value, n in rows}


@pytest.mark.parametrize(
    ("who", "found"),
    # C was at 0.4 up to the tenth: of its days on the 5th, 10th and 20th the one of the 20th is on the card.
    [
        ("fte >= 0.5", {"A": (200, 3), "C": (300, 1)}),
        ("fte = 1 AND role = 'agent'", {"A": (200, 3), "C": (300, 1)}),
        ("plan_n = 10", {"B": (200, 3), "C": (150, 2)}),
        ("plan_n IN (9)", {"A": (200, 3), "C": (300, 1)}),
        ("joined_on IS NULL OR plan_n > 9", {"B": (200, 3), "C": (150, 2)}),
        ("role = 'agent'", {"A": (200, 3), "B": (200, 3), "C": (200, 3)}),
    ],
)
def test_a_number_of_the_roster_decides_by_the_day_who_is_scored(
    tmp_path: Path, who: str, found: dict[str, tuple[float, int]]
) -> None:
    rows = [(agent, day, 200) for agent in "AB" for day in (5, 10, 20)]
    rows += [("C", 5, 100), ("C", 10, 200), ("C", 20, 300)]
    card = CARD.format(subject="agent_id") + f'    who: "{who}"\n'
    assert handled(scored(tmp_path, legs(*rows), card, ROSTER)) == found


@pytest.mark.parametrize("name", ["line", "order", "kpi", "value", "amount", "subject", "period", "cycles", "target"])
def test_a_dimension_may_have_any_name(tmp_path: Path, name: str) -> None:
    rows = legs(("x", 5, 200), ("x", 6, 300), ("y", 31, 260), column=name)
    card = scored(tmp_path, rows, with_column(name) + CARD.format(subject=name))
    assert handled(card) == {"x": (250, 2), "y": (260, 1)}
    # Floor 500 for nine days and 600 for the rest of October; by its two contacts of before the tenth x has 500, and
    # 1 - (250 - 200) / 300 is 83.33; y has 600, and 1 - 60 / 400 is 85.
    points = dict(card.lines.filter(kpi="aht").select("subject", "points").iter_rows())
    assert points == {"x": pytest.approx(250 / 3), "y": pytest.approx(85)}
    assert card.actions["subject"].to_list() == ["y"]


def test_a_grain_of_time_is_no_subject(tmp_path: Path) -> None:
    with pytest.raises(DefinitionsRefused, match="'week', which means a grain of time") as refused:
        scored(tmp_path, legs(("x", 5, 200), column="week"), with_column("week") + CARD.format(subject="week"))
    assert [problem.name for problem in refused.value.problems] == ["unfit-subject"]
