"""`ccmetrics compare` as a user meets it: two folders of definitions, with exports and without, and two months.

In: folders and a small export written here, the command line. Out: pages, exit codes.
Refuses to know: how anything is compared.

Points by hand, October: talk time 220, 300, 250 s on 400..200 and on 400..250, transfers 1, 0, 2 of 4 on 50%..0.
A1: 0.6 x 90 + 0.4 x 50 = 74; target 250: 60 + 20 = 80; weights 50 and 50: 75. A2: 30 + 40 = 70, 80, 83.33.
A3: 45 + 0 = 45, 60, 50.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccmetrics.cli import app

OLD = """\
project: {extends: builtin}
---
measures:
  taken: {table: interactions, count: "outcome = 'answered'", unit: count}
  spoken: {table: interactions, sum: talk_s, unit: s}
---
kpis:
  pace:
    name: {en: Talk time a call, zh: 每通通话时长}
    category: operational
    nature: efficiency
    timing: leading
    unit: s
    better: lower
    level: [agent]
    formula: spoken / taken
    n: taken
    interval: mean
---
card: speed
title: {en: Speed, zh: 速度}
subject: agent_id
missing: withhold
kpis:
  - {kpi: pace, weight: 60, floor: 400, target: 200}
  - {kpi: transfer_rate, variant: all, weight: 40, floor: 0.5, target: 0}
grades:
  - {grade: A, from: 75, pay: 1.1}
  - {grade: B, from: null, pay: 0.9}
allow: {one-sided-mix: two lines are enough here}
"""
CHANGES = {
    "target: 200": "target: 250",
    "weight: 60": "weight: 50",
    "weight: 40": "weight: 50",
    "sum: talk_s,": "sum: talk_s, where: \"talk_s > 0 OR outcome LIKE 'a|b'\",",
}
REWRITTEN = {
    "sum: talk_s, unit: s": "unit: s, sum: ( talk_s )",
    "count: \"outcome = 'answered'\"": "count: \"outcome='answered'\"",
    "weight: 60, floor: 400": "floor: 400.0, window: 1, weight: 60",
}
PAGE = """\
old -> new
4 differences (Card speed: 3, Measure spoken: 1); numbers may move on: speed

Card speed
  target of Talk time a call 200 -> 250
  weight of Talk time a call 60 -> 50
  weight of Transfer rate 40 -> 50

Measure spoken
  where none -> talk_s > 0 OR outcome LIKE 'a|b'; used by KPIs pace, on cards
    speed
"""
MOVES = """\

Both score the same data, October 2026.

Speed
  3 scored on both sides: 3 up, 0 down, 0 unchanged; 1 leave the interval they
    had (*)
  Grades: B -> A 2; 1 keep theirs
  Pay coefficients x presence: 2.70 -> 3.10 (+0.40, +14.8%), 3 -> 3 paid

subject before after  change grade  target weight pay x      #      range
─────────────────────────────────────────────────────────────────────────
A2       70.00 83.33 +13.33* B -> A +10.00  +3.33 0.9 -> 1.1 2 -> 1 1-3
A3       45.00 50.00   +5.00 B      +15.00 -10.00 0.9        3      1-3
A1       74.00 75.00   +1.00 B -> A  +6.00  -5.00 0.9 -> 1.1 1 -> 2 1-3
Swapped one at a time, in this order: formula, target, weight, adjust. The parts
  add up to the change.
0 for everybody: formula, adjust.
"""
MARKDOWN = """\
## old → new

4 differences (Card speed: 3, Measure spoken: 1); numbers may move on: speed

### Card speed

| what | aspect | before | after |
| --- | --- | --- | --- |
| Talk time a call | target | 200 | 250 |
| Talk time a call | weight | 60 | 50 |
| Transfer rate | weight | 40 | 50 |

### Definitions

| what | aspect | before | after | what hangs on it |
| --- | --- | --- | --- | --- |
| Measure spoken | where | none | `talk_s > 0 OR outcome LIKE 'a\\|b'` | used by KPIs pace, on cards speed |
"""
CHINESE = """\
old -> new
4 处不同（记分卡 speed：3、度量 spoken：1）；可能影响的记分卡：speed

记分卡 speed
  每通通话时长的目标 200 -> 250
  每通通话时长的权重 60 -> 50
  转接率的权重 40 -> 50

度量 spoken
  条件（where） 无 -> talk_s > 0 OR outcome LIKE 'a|b'；影响指标 pace、涉及记分
    卡 speed
"""


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, changes in (("old", {}), ("new", CHANGES), ("same", REWRITTEN)):
        text = OLD
        for one, other in changes.items():
            assert one in text
            text = text.replace(one, other)
        (tmp_path / name).mkdir()
        (tmp_path / name / "all.yaml").write_text(text)
    (tmp_path / "data").mkdir()
    lines = ["interaction_id,started_at,outcome,direction,agent_id,talk_s,transferred"]
    for month in ("09", "10"):
        for agent, talk, moved in (("A1", 220, 1), ("A2", 300, 0), ("A3", 250, 2)):
            spoken = talk + (20 if month == "09" else 0)
            for n in range(4):
                passed = "true" if n < moved else "false"
                time = f"2026-{month}-1{n} 10:00:00"
                lines.append(f"{agent}-{month}-{n},{time},answered,inbound,{agent},{spoken},{passed}")
    lines.append("Z,2026-11-02 10:00:00,answered,inbound,A1,1,false")
    (tmp_path / "data" / "interactions.csv").write_text("\n".join(lines) + "\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def call(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["compare", *words])
    return done.exit_code, done.stdout, done.stderr


DATA = ("--data", "data", "--period", "2026-10", "--card", "speed")


def test_two_folders_in_words() -> None:
    assert call("old", "new") == (0, PAGE, "")
    assert call("old", "new", "--format", "markdown") == (0, MARKDOWN, "")
    assert call("old", "new", "--lang", "zh") == (0, CHINESE, "")


def test_with_data_who_moves_by_which_part_and_what_it_costs() -> None:
    assert call("old", "new", *DATA) == (0, PAGE + MOVES, "")


def test_markdown_has_a_table_of_who_moves() -> None:
    code, out, _ = call("old", "new", *DATA, "--format", "markdown")
    assert code == 0
    assert out.startswith(MARKDOWN)
    assert "| A2 | 70.00 | 83.33 | +13.33\\* | +10.00 | +3.33 | B → A | 0.9 → 1.1 | 2 → 1 | 1-3 |\n" in out


def test_two_months_under_one_catalogue() -> None:
    """20 s less are 10 points of talk time, weighed by 0.6: 68, 64, 39 in September."""
    code, out, _ = call(
        "2026-09", "2026-10", "--data", "data", "--config", "old", "--card", "speed", "--format", "json"
    )
    assert code == 0
    found = json.loads(out)
    assert found["of"] == "periods"
    moves = {row["subject"]: row for row in found["cards"][0]["moves"]}
    assert {name: (row["score_before"], row["score_after"], row["data"]) for name, row in moves.items()} == {
        "A1": (68.0, 74.0, 6.0), "A2": (64.0, 70.0, 6.0), "A3": (39.0, 45.0, 6.0),
    }  # fmt: skip
    text = call("2026-09", "2026-10", "--data", "data", "--config", "old", "--card", "speed")[1]
    assert "0 for everybody: roster, formula, target, weight, adjust." in text
    assert "One catalogue measures both periods" in text


def test_the_exit_code_tells_whether_anything_differs() -> None:
    assert call("old", "new", "--exit-code")[0] == 1
    assert call("old", "same", "--exit-code") == (0, "old -> same\nThe definitions say the same.\n", "")
    assert call("builtin", "builtin", "--exit-code")[0] == 0
    assert call("old", "same", *DATA, "--exit-code")[0] == 0
    assert call("2026-09", "2026-10", "--data", "data", "--config", "old", "--exit-code")[0] == 1


def test_files_by_their_endings() -> None:
    code, out, err = call("old", "new", "--out", "pr.md", "--out", "all.json", "--out", "page.txt")
    assert (code, out, err) == (0, "", "wrote pr.md\nwrote all.json\nwrote page.txt\n")
    assert Path("pr.md").read_text() == MARKDOWN
    rows = json.loads(Path("all.json").read_text())["differences"]
    assert rows[0]["sentence"] == "Card speed: target of Talk time a call 200 -> 250"
    assert rows[3]["sentence"].endswith("; used by KPIs pace, on cards speed")
    assert {"kind", "name", "part", "of", "aspect", "before", "after", "kpis", "cards"} <= set(rows[0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["old"], ""),
        (["old", "2026-10", "--data", "data"], "unlike-sides"),
        (["olde", "new"], "unlike-sides"),
        (["2026-09", "2026-10"], "no-folder"),
        (["2026-09", "2026-10", "--data", "data", "--period", "2026-10"], "needless-option"),
        (["old", "new", "--period", "2026-10"], "needless-option"),
        (["old", "new", "--config", "old"], "needless-option"),
        (["2026-09", "September", "--data", "data", "--config", "old"], "bad-period"),
        (["2026-09", "2026-Q4", "--data", "data", "--config", "old"], "unlike-periods"),
        (["old", "new", "--card", "spede"], "unknown-name"),
        (["old", "new", "--out", "report.xlsx"], "unknown-format"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_a_usage_error(words: list[str], said: str) -> None:
    code, out, err = call(*words)
    assert (code, out) == (2, "")
    assert said in err


def test_broken_definitions_on_either_side_are_refused() -> None:
    Path("new/all.yaml").write_text(OLD.replace("weight: 60", "weight: 61"))
    code, out, err = call("old", "new")
    assert (code, out) == (4, "")
    assert "new/all.yaml" in err


def test_names_from_exports_act_on_nothing() -> None:
    text = Path("data/interactions.csv").read_text().replace(",A2,", ",@team|<b>`x`,")
    Path("data/interactions.csv").write_text(text)
    out = call("old", "new", *DATA, "--format", "markdown")[1]
    assert r"| &#64;team\|\<b\>\`x\` |" in out
