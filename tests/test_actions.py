"""A card's rules turned into things to do: who, what, to whom, until when, on what evidence, and what became of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_frames import OCTOBER, card, people, rows, straight
from typer.testing import CliRunner

from ccmetrics import run
from ccmetrics.catalogue.models import Card
from ccmetrics.cli import app
from ccmetrics.formula import evaluate, parse
from ccmetrics.period import Period, back, of
from ccmetrics.problem import DataRefused, FileFailed
from ccmetrics.render import written
from ccmetrics.render.actions import FORMATS
from ccmetrics.run.actions import read_actions
from ccmetrics.stages.act import ACTIONS, PROVED, Acted, act
from ccmetrics.stages.act.before import followed
from ccmetrics.stages.act.proof import limits, proof
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.follow import Values

COURSE = {"when": "csat < 0.70 AND csat.n >= 20", "do": "empathy course", "to": "leader_id", "due": "14d"}
TWICE = {**COURSE, "for": "2 cycles"}
SEPTEMBER = of(date(2026, 9, 1), "month")
LEADERS = {"A": "L02", "B": "L02", "C": None}


def on(*actions: dict[str, Any], **more: Any) -> Card:
    return card([straight("csat", 100)], actions=list(actions), **more)


def measured(found: Iterable[tuple[str, float | None, int]], at: int = 0) -> list[tuple[Any, ...]]:
    """(subject, csat, n) with the condition as SQL has it."""
    made: list[tuple[Any, ...]] = []
    for who, csat, n in found:
        holds = evaluate(parse(COURSE["when"]), {"csat": csat, "csat.n": n})
        made.append(
            (
                who,
                f"actions.{at}.when",
                None if holds is None else float(holds),
                None,
                1,
                None if holds is not None else "all-null",
            )
        )
        made += [(who, f"actions.{at}.csat", csat), (who, f"actions.{at}.csat.n", float(n))]
    return made


def acted(
    cards: Card,
    found: Sequence[tuple[Any, ...]],
    *earlier: Sequence[tuple[Any, ...]],
    before: pl.DataFrame | None = None,
    period: Period = OCTOBER,
    names: Sequence[str] = ("A", "B", "C"),
) -> Acted:
    """With evidence as files have it. `earlier`: what was measured in the cycles before, the latest first."""
    who = people(*names)
    leaders = pl.DataFrame([(name, LEADERS.get(name)) for name in names], schema=["subject", "leader_id"], orient="row")
    facts = Facts(period, rows(found), rows([], subject=False), who, people=leaders)
    others: list[Values] = [
        ("cycle", cycle, rows(past)) for cycle, past in zip(back(period, 9)[1:], earlier, strict=False)
    ]
    previous: Values = ("previous", SEPTEMBER, rows([]))
    found = act(cards, facts, [*others, previous], before)
    assert found.actions.schema == pl.Schema(PROVED)
    return replace(found, actions=written.actions(found.actions))


def plain(found: Acted, *columns: str) -> list[tuple[Any, ...]]:
    return found.actions.select(columns).rows()


def test_the_worked_example_reaches_the_leader_with_its_evidence() -> None:
    october = measured([("A", 0.55, 24), ("B", 0.90, 30), ("C", 0.60, 19)])
    found = acted(on(TWICE), october, measured([("A", 0.61, 22), ("B", 0.50, 25), ("C", 0.60, 40)]))
    assert found.actions.to_dicts() == [
        {
            "card": "agent", "period": "2026-10", "subject": "A", "name": None, "rule": "csat < 0.70 AND csat.n >= 20",
            "cycles": 2, "do": "empathy course", "role": "leader_id", "to": "L02", "status": "fired",
            "since": "2026-10", "due": date(2026, 11, 14),
            "evidence": "2026-10: csat=0.55 csat.n=24; 2026-09: csat=0.61 csat.n=22",
        }
    ]  # fmt: skip
    assert found.notices == ()
    assert found.actions.schema == pl.Schema(ACTIONS)


def test_of_one_cycle_the_evidence_is_its_numbers() -> None:
    found = acted(on(COURSE), measured([("A", 0.55, 24)]))
    assert plain(found, "evidence") == [("csat=0.55 csat.n=24",)]


def test_a_cycle_the_data_do_not_reach_fires_nothing_and_is_said() -> None:
    found = acted(on(TWICE), measured([("A", 0.55, 24), ("B", 0.9, 24), ("C", 0.4, 50)]))
    assert found.actions.is_empty()
    assert found.notices == (
        "Card 'agent', action 'empathy course': not decided for 2 of 3 subjects; 2 cycles asked, 1 in the data.",
    )


@pytest.mark.parametrize(
    ("october", "september", "fires", "said"),
    [
        ((0.5, 24), (None, 24), False, "2026-09: all-null"),
        ((None, 24), (0.5, 24), False, "2026-10: all-null"),
        ((None, 24), (0.9, 24), False, None),  # false in one cycle is false in both, whatever the other
        ((0.5, 24), (None, 0), False, None),  # no survey at all: n >= 20 is false
        ((0.5, 24), (0.5, 20), True, None),
        ((0.5, 24), (0.7, 20), False, None),
    ],
)  # fmt: skip
def test_unknown_is_neither_true_nor_false(
    october: tuple[Any, int], september: tuple[Any, int], fires: bool, said: str | None
) -> None:
    found = acted(on(TWICE), measured([("A", *october)]), measured([("A", *september)]), names=["A"])
    assert bool(found.actions.height) == fires
    assert [said in notice for notice in found.notices] == ([] if said is None else [True])


def test_who_was_not_there_the_cycle_before_is_not_decided() -> None:
    found = acted(on(TWICE), measured([("A", 0.5, 24)]), measured([("B", 0.5, 24)]), names=["A"])
    assert found.actions.is_empty()
    assert found.notices == (
        "Card 'agent', action 'empathy course': not decided for 1 of 1 subject (not there in every cycle).",
    )


def test_only_cycles_count_and_only_subjects_of_the_card() -> None:
    windowed = [
        (who, key, 1 - value if key.endswith("when") else value, None, 3)
        for who, key, value, *_ in measured([("A", 0.5, 24)])
    ]
    found = acted(on(COURSE), [*measured([("A", 0.5, 24), ("Z", 0.1, 90)]), *windowed], names=["A"])
    assert plain(found, "subject", "evidence") == [("A", "csat=0.5 csat.n=24")]


@pytest.mark.parametrize(
    ("to", "reaches"), [("leader_id", "L02"), ("agent_id", "A"), ("center", "center"), ("trainer_id", None)]
)
def test_whom_it_reaches(to: str, reaches: str | None) -> None:
    found = acted(on({**COURSE, "to": to}), measured([("A", 0.5, 24)]), names=["A"])
    assert plain(found, "role", "to", "status") == [(to, reaches, "fired")]
    assert bool(found.notices) == (reaches is None)


def test_an_action_without_a_leader_still_fires_and_is_said() -> None:
    found = acted(on(COURSE), measured([("A", 0.5, 24), ("C", 0.5, 24)]), names=["A", "C"])
    assert plain(found, "subject", "to", "status") == [("A", "L02", "fired"), ("C", None, "fired")]
    assert found.notices == ("Card 'agent': the roster has no leader_id of C: actions about them reach nobody.",)


def test_a_red_line_reaches_the_leader() -> None:
    rule = {"when": "red_line_events > 0", "do": "talk about the red line", "to": "leader_id", "due": "3d"}
    facts = [("A", "actions.0.when", 1.0), ("A", "actions.0.red_line_events", 2.0), ("B", "actions.0.when", 0.0)]
    found = acted(on(rule), facts, names=["A", "B"])
    assert plain(found, "subject", "to", "due", "evidence") == [("A", "L02", date(2026, 11, 3), "red_line_events=2")]


def test_a_period_that_is_no_cycle_decides_nothing_and_says_so() -> None:
    week = of(date(2026, 10, 12), "week")
    found = acted(on(COURSE), measured([("A", 0.5, 24)]), period=week)
    assert found.actions.is_empty()
    assert found.notices == ("Card 'agent': its actions are decided by the month, and 2026-W42 is none.",)


# ---------------------------------------------------------------- from cycle to cycle


def first(names: Sequence[str] = ("A", "B", "C")) -> pl.DataFrame:
    """September's actions: A, B and C."""
    september = measured([(name, 0.5, 30) for name in names])
    return acted(on(COURSE), september, period=SEPTEMBER, names=names).actions


def test_what_becomes_of_the_actions_of_the_cycle_before() -> None:
    """A is still below, B is mended, C cannot be told, D is new, E has left the card."""
    before = first(["A", "B", "C", "E"])
    october = measured([("A", 0.6, 24), ("B", 0.9, 40), ("C", None, 30), ("D", 0.1, 99)])
    found = acted(on(COURSE), october, before=before, names=["A", "B", "C", "D"])
    assert plain(found, "subject", "status", "since", "due", "evidence") == [
        ("A", "repeated", "2026-09", date(2026, 11, 14), "csat=0.6 csat.n=24"),
        ("B", "closed", "2026-09", None, "csat=0.9 csat.n=40"),
        ("C", "unknown", "2026-09", None, "csat=null csat.n=30"),
        ("D", "fired", "2026-10", date(2026, 11, 14), "csat=0.1 csat.n=99"),
        ("E", "closed", "2026-09", None, None),
    ]
    assert "Card 'agent': actions are closed because their subject is no longer on it: E." in found.notices


def test_since_is_kept_over_many_cycles_and_begins_anew_after_a_close() -> None:
    before, seen = first(["A"]), []
    for month, csat in ((10, 0.5), (11, None), (12, 0.5), (13, 0.9), (14, 0.5)):
        period = of(date(2026 + (month > 12), (month - 1) % 12 + 1, 1), "month")
        before = acted(on(COURSE), measured([("A", csat, 30)]), before=before, period=period, names=["A"]).actions
        seen += before.select("status", "since").rows()
    assert seen == [
        ("repeated", "2026-09"), ("unknown", "2026-09"), ("repeated", "2026-09"), ("closed", "2026-09"),
        ("fired", "2027-02"),
    ]  # fmt: skip


def test_rules_that_share_a_word_are_told_apart() -> None:
    other = {**COURSE, "when": "csat < 0.5", "to": "center"}
    before = first(["A"])
    october = [*measured([("A", 0.4, 30)]), ("A", "actions.1.when", 1.0), ("A", "actions.1.csat", 0.4)]
    found = acted(on(COURSE, other), october, before=before, names=["A"])
    assert plain(found, "rule", "to", "status") == [
        (COURSE["when"], "L02", "repeated"), ("csat < 0.5", "center", "fired")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"period": "2026-10"}, "actions-of-another-cycle"),
        ({"period": "2026-11"}, "actions-of-another-cycle"),
        ({"period": "2026-08"}, "actions-of-another-cycle"),
        ({"card": "leader"}, "actions-of-another-card"),
        ({"rule": "csat < 0.75"}, "actions-of-another-rule"),
        ({"do": "another course"}, "actions-of-another-rule"),
        ({"status": "done"}, "bad-actions"),
        ({"subject": None}, "bad-actions"),
    ],
)
def test_a_file_that_cannot_be_followed_up_is_refused(change: dict[str, Any], name: str) -> None:
    file = first(["A"]).with_columns(pl.lit(value).cast(ACTIONS[key]).alias(key) for key, value in change.items())
    with pytest.raises(DataRefused) as refused:
        followed(file, "actions.csv", [on(COURSE)], OCTOBER)
    assert {problem.name for problem in refused.value.problems} == {name}
    assert followed(first(["A"]), "actions.csv", [on(COURSE)], OCTOBER).height == 1


def test_the_same_action_twice_is_refused() -> None:
    twice = pl.concat([first(["A"]), first(["A"])])
    with pytest.raises(DataRefused, match="stands in it twice"):
        followed(twice, "actions.csv", [on(COURSE)], OCTOBER)


# ---------------------------------------------------------------- the evidence is the proof


def numbers(evidence: str) -> list[dict[str, float | None]]:
    """The numbers of every cycle that evidence names."""
    found = []
    for part in evidence.split("; "):
        pairs = re.sub(r"^\d{4}-\d\d: ", "", part).split(" ")
        found.append({k: None if v == "null" else float(v) for k, _, v in (pair.partition("=") for pair in pairs)})
    return found


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("csat < 0.70 AND csat.n >= 20", {"csat": ("lt", 0.7), "csat.n": ("ge", 20)}),
        ("NOT (-3 >= balance) OR 0.5 = fcr.survey", {"balance": ("le", -3), "fcr.survey": ("eq", 0.5)}),
        ("0.7 <= csat AND 1 < aht AND 2 > fcr AND 3 <> nps",
         {"csat": ("ge", 0.7), "aht": ("gt", 1), "fcr": ("lt", 2), "nps": ("ne", 3)}),
        # Of two limits none is the one, and what is no number is none.
        ("aht > 500 OR aht < 100", {}),
        ("csat < :goal AND fcr < csat AND aht BETWEEN 1 AND 2 AND 2 * risks > 4", {}),
    ],
)  # fmt: skip
def test_what_a_condition_holds_its_numbers_against(condition: str, found: dict[str, tuple[str, float]]) -> None:
    assert limits(condition) == found


def test_a_number_stands_to_its_limit_as_it_does_whatever_the_condition_asks() -> None:
    """Below, on and above 0.7, and not known; how `>=` and the others say it is worked out by hand."""
    values = {"A": 0.6, "B": 0.7, "C": 0.8, "D": None}
    measured = rows([(who, "actions.0.csat", value) for who, value in values.items()])
    said = {"<": "<≥≥", "<=": "≤≤>", ">": "≤≤>", ">=": "<≥≥", "=": "≠=≠", "<>": "≠=≠"}
    for sign, signs in said.items():
        found = proof(f"csat {sign} 0.7", 0, [("2026-10", measured)])
        told = [row["evidence"][0] for row in found.to_dicts()]
        assert [each["sign"] for each in told] == [*signs, None]
        assert {each["limit"] for each in told} == {0.7}


CSAT = st.one_of(st.none(), st.floats(0, 1))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(CSAT, st.integers(0, 40), CSAT, st.integers(0, 40)), min_size=1, max_size=8),
    st.sampled_from([COURSE, TWICE]),
)  # fmt: skip
def test_every_rows_evidence_proves_its_status(found: list[tuple[Any, int, Any, int]], rule: dict[str, Any]) -> None:
    names = [f"S{at}" for at in range(len(found))]
    october = measured([(name, row[0], row[1]) for name, row in zip(names, found, strict=True)])
    september = measured([(name, row[2], row[3]) for name, row in zip(names, found, strict=True)])
    before = acted(on(rule), september, september, period=SEPTEMBER, names=names).actions
    actions = acted(on(rule), october, september, before=before, names=names).actions
    for row in actions.iter_rows(named=True):
        answers = [evaluate(parse(row["rule"]), cycle) for cycle in numbers(row["evidence"])]
        if row["status"] in ("fired", "repeated"):
            assert answers == [True] * row["cycles"]
        elif row["status"] == "closed":
            assert False in answers
        else:
            assert None in answers
            assert False not in answers
    fired = {row["subject"] for row in actions.iter_rows(named=True) if row["status"] in ("fired", "repeated")}
    low = {n for n, (now, n_now, then, n_then) in zip(names, found, strict=True)
           if now is not None and now < 0.7 and n_now >= 20
           and (rule is COURSE or (then is not None and then < 0.7 and n_then >= 20))}  # fmt: skip
    assert fired == low


# ---------------------------------------------------------------- from exports to actions

PROJECT = """
project: {extends: builtin, time_zone: UTC}
"""
CARD = """
card: talk
title: Talk
subject: agent_id
who: role = 'agent'
cycle: month
kpis:
  - {kpi: csat, weight: 100, floor: 0, target: 1, min_n: 1}
actions:
  - {when: csat < 0.70 AND csat.n >= 2, for: 2 cycles, do: empathy course, to: leader_id, due: 14d}
  - {when: red_line_events > 0, do: talk about the red line, to: leader_id, due: 3d}
allow: {one-sided-mix: test, all-lagging: test}
"""


def exports(folder: Path, answers: Sequence[tuple[str, str, int]], events: str = "") -> Path:
    """Surveys (agent, day, csat of 5) with a call each, and a roster with leaders."""
    folder.mkdir(parents=True, exist_ok=True)
    calls = ["interaction_id,agent_id,started_at,direction,outcome,wait_s,talk_s"]
    surveys = ["survey_id,interaction_id,agent_id,answered_at,csat"]
    for at, (agent, day, csat) in enumerate(answers):
        calls.append(f"i{at},{agent},{day} 10:00:00,inbound,answered,5,100")
        surveys.append(f"s{at},i{at},{agent},{day} 11:00:00,{csat}")
    (folder / "interactions.csv").write_text("\n".join(calls) + "\n")
    (folder / "surveys.csv").write_text("\n".join(surveys) + "\n")
    roster = "agent_id,valid_from,role,team,leader_id\nA1,2026-01-01,agent,T1,L1\nA2,2026-01-01,agent,T1,\n"
    (folder / "roster.csv").write_text(roster)
    if events:
        (folder / "events.csv").write_text("event_id,agent_id,at,recorded_at,kind,valid\n" + events)
    return folder


def definitions(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "project.yaml").write_text(PROJECT)
    (folder / "card.yaml").write_text(CARD)
    return folder


LOW_TWICE = [
    ("A1", "2026-09-01", 1), ("A1", "2026-09-05", 5), ("A1", "2026-10-05", 2), ("A1", "2026-10-06", 1),
    ("A2", "2026-09-05", 5), ("A2", "2026-09-06", 5), ("A2", "2026-10-05", 1), ("A2", "2026-10-31", 1),
]  # fmt: skip


def test_from_exports(tmp_path: Path) -> None:
    """A1: one good answer of two in September, none of two in October. A2 was fine in September."""
    data = exports(tmp_path / "data", LOW_TWICE, "e1,A2,2026-10-10 10:00:00,2026-10-10 10:00:00,red_line,true\n")
    config = definitions(tmp_path / "config")
    found = run.score([data], config=config, period="2026-10", cards=["talk"]).scorecards[0]
    assert written.actions(found.actions).select("subject", "do", "to", "due", "evidence").rows() == [
        ("A1", "empathy course", "L1", date(2026, 11, 14), "2026-10: csat=0 csat.n=2; 2026-09: csat=0.5 csat.n=2"),
        ("A2", "talk about the red line", None, date(2026, 11, 3), "red_line_events=1"),
    ]
    assert any("no leader_id of A2" in notice for notice in found.notices)


def test_without_events_a_red_line_is_not_decided_and_said(tmp_path: Path) -> None:
    data = exports(tmp_path / "data", LOW_TWICE)
    found = run.score([data], config=definitions(tmp_path / "config"), period="2026-10", cards=["talk"]).scorecards[0]
    assert found.actions["do"].to_list() == ["empathy course"]
    assert any("action 'talk about the red line': not decided for 2 of 2 subjects" in n for n in found.notices)


# ---------------------------------------------------------------- the file, and the file of the cycle before


def saved(frame: pl.DataFrame, path: Path) -> Path:
    path.write_bytes(FORMATS[path.suffix](frame))
    return path


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet"])
def test_a_file_of_actions_reads_back_as_it_was(tmp_path: Path, suffix: str) -> None:
    strange = pl.lit("=1+1").alias("subject")
    found = pl.concat([first(["A", "C"]), first(["B"]).with_columns(strange, due=pl.lit(None, dtype=pl.Date))])
    assert read_actions(saved(found, tmp_path / f"actions.{suffix}")).equals(found)
    nobody = saved(found.clear(), tmp_path / f"none.{suffix}")
    assert read_actions(nobody).schema == found.schema


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""), ("a.csv", b"card,period\nagent,2026-09\n"), ("a.csv", b"\xff\xfe"), ("a.json", b"[1]"),
        ("a.json", b'{"actions": [{"card": "agent"}]}'), ("a.parquet", b"PAR1 no"), ("a.xlsx", b""),
        ("a.csv", b",".join(name.encode() for name in ACTIONS) + b"\nagent,2026-09,A\n"),
        ("a.csv", b",".join(name.encode() for name in ACTIONS) + b"\nagent,2026-09,A,,r,two,d,o,x,fired,2026-09,,\n"),
        ("a.csv", b",".join(name.encode() for name in ACTIONS) + b"\nagent,2026-09,A,,r,2,d,o,x,fired,2026-09,soon,\n"),
    ],
)  # fmt: skip
def test_no_file_of_actions_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataRefused) as refused:
        read_actions(tmp_path / name)
    assert {problem.name for problem in refused.value.problems} <= {"bad-actions", "unreadable"}
    with pytest.raises(FileFailed):
        read_actions(tmp_path / "not there.csv")


def test_a_rule_folded_in_the_yaml_is_one_line_and_found_again(tmp_path: Path) -> None:
    folded = on({**COURSE, "when": "csat < 0.70\nAND csat.n >= 20"})
    september = acted(folded, measured([("A", 0.5, 30)]), period=SEPTEMBER, names=["A"]).actions
    file = read_actions(saved(september, tmp_path / "actions.csv"))
    assert followed(file, "actions.csv", [folded], OCTOBER)["rule"].to_list() == [COURSE["when"]]


def call(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, done.stdout, done.stderr


def test_from_month_to_month_on_the_command_line(tmp_path: Path) -> None:
    """A1 is low in August, September and October; A2 has a red line in September only."""
    answers = [("A1", f"2026-{month}-05", 1) for month in ("08", "09", "09", "10", "10")]
    data = exports(
        tmp_path / "data",
        [("A1", "2026-08-01", 1), *answers, ("A2", "2026-09-05", 5), ("A2", "2026-10-31", 5)],
        "e1,A2,2026-09-10 10:00:00,2026-09-10 10:00:00,red_line,true\n"
        "e2,A2,2026-10-10 10:00:00,2026-10-10 10:00:00,praise,true\n",
    )
    wish = ["score", data, "--config", definitions(tmp_path / "config"), "--card", "talk"]
    files = [tmp_path / "09.csv", tmp_path / "10.csv"]
    assert call(*wish, "--period", "2026-09", "--actions", files[0])[0] == 0
    code, _, err = call(*wish, "--period", "2026-10", "--actions", files[1], "--previous-actions", files[0])
    assert (code, f"wrote {files[1]}" in err) == (0, True)
    told = [
        [(row["subject"], row["status"], row["since"]) for row in csv.DictReader(file.read_text().splitlines())]
        for file in files
    ]
    assert told == [
        [("A1", "fired", "2026-09"), ("A2", "fired", "2026-09")],
        [("A1", "repeated", "2026-09"), ("A2", "closed", "2026-09")],
    ]
    code, out, err = call(*wish, "--period", "2026-10", "--actions", files[1])
    assert (code, out, "output-exists" in err) == (5, "", True)
    assert call(*wish, "--period", "2026-10", "--actions", files[1], "--force")[0] == 0
    code, out, err = call(*wish, "--period", "2026-09", "--previous-actions", files[1])
    assert (code, out, "actions-of-another-cycle" in err) == (3, "", True)
    assert call(*wish, "--actions", tmp_path / "actions.txt")[0] == 2
