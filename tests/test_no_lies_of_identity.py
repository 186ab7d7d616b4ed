"""Rows that once were taken for others, or for none: twins, versions and contacts, each counted as by hand.

In: exports of a few rows, each built so that the easy answer is the wrong one. Out: what anyone counts by hand.
Refuses to know: which stage gives the answer.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from test_no_lies import LEGS, ask, cells, refused

from ccmetrics.problem import DataRefused
from ccmetrics.run import Reading

ONE = Reading(allow_rejects="1")
LAYOUT = """
layout: desk
match: [CID, When, Upd, Res, Talk, Nps]
tables:
  interactions:
    latest: Upd
    interaction_id: CID
    started_at: When
    direction: {constant: inbound}
    outcome: {from: Res, map: {Y: answered, N: abandoned}}
    talk_s: Talk
"""
SURVEYS = """
  surveys:
    where: Nps IS NOT NULL
    survey_id: CID
    answered_at: When
    nps: Nps
"""
DELETED = LAYOUT.replace("    latest: Upd", "    latest: Upd\n    where: Res <> 'DEL'")
HEADER = "CID,When,Upd,Res,Talk,Nps\n"
OLD = "c1,2026-10-05 10:00:00,2026-10-05 10:05:00,Y,900,\n"
NEW = "c1,2026-10-05 10:00:00,2026-10-06 10:05:00,%s,100,%s\n"
OTHER = "c2,2026-10-05 11:00:00,2026-10-05 11:05:00,Y,100,9\n"


def desk(folder: Path, layout: str, *, name: str = "desk") -> Path:
    home = folder / "config" / "layouts"
    home.mkdir(parents=True, exist_ok=True)
    (home.parent / "project.yaml").write_text("project:\n  extends: builtin\n  time_zone: UTC\n")
    (home / f"{name}.yaml").write_text(layout, encoding="utf-8")
    return home.parent


def export(folder: Path, text: str, name: str = "x.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize("cell", ["eleven", "9"])
def test_a_row_that_another_table_cannot_take_may_be_the_latest_version(tmp_path: Path, cell: str) -> None:
    cfg = desk(tmp_path, LAYOUT + SURVEYS)
    path = export(tmp_path, HEADER + OLD + NEW % ("Y", cell) + OTHER)
    if cell == "9":
        assert cells(ask(path, kpis=["aht", "nps"], config=cfg, reading=ONE), "aht") == {"": 100}
        return
    with pytest.raises(DataRefused) as caught:
        ask(path, kpis=["aht", "nps"], config=cfg, reading=ONE)
    assert "version-set-aside" in refused(caught.value)


@pytest.mark.parametrize("bad", ["c1,2026-10-05 10:00:00,2026-10-06 10:05:00,Y,100\n", NEW.replace("c1", "1.2E+17")])
def test_of_versions_none_may_be_set_aside_whose_row_nobody_knows(tmp_path: Path, bad: str) -> None:
    path = export(tmp_path, HEADER + OLD + bad.replace("%s,100,%s", "Y,100,") + OTHER)
    with pytest.raises(DataRefused) as caught:
        ask(path, kpis=["aht"], config=desk(tmp_path, LAYOUT), reading=ONE)
    assert len(caught.value.problems) == 2
    assert "version-set-aside" in refused(caught.value)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_what_the_latest_version_leaves_out_does_not_count_by_an_earlier_one(tmp_path: Path, kind: str) -> None:
    path = export(tmp_path, HEADER + OLD + NEW % ("DEL", "") + OTHER)
    if kind == "parquet":
        pl.read_csv(path, infer_schema=False).write_parquet(tmp_path / "x.parquet")
        path = tmp_path / "x.parquet"
    m = ask(path, kpis=["aht"], config=desk(tmp_path, DELETED))
    assert cells(m, "aht") == {"": 100}
    [account] = m.accounts
    assert (account.read, account.used, account.superseded, account.filtered) == (3, 1, 1, 1)


def test_a_version_that_is_left_out_may_be_an_earlier_one_but_not_of_the_same_instant(tmp_path: Path) -> None:
    cfg = desk(tmp_path, DELETED)
    path = export(tmp_path, HEADER + OLD.replace("Y", "DEL") + NEW % ("Y", "") + OTHER)
    assert cells(ask(path, kpis=["aht"], config=cfg), "aht") == {"": 100}
    path = export(tmp_path, HEADER + OLD + OLD.replace("Y", "DEL") + OTHER)
    with pytest.raises(DataRefused) as caught:
        ask(path, kpis=["aht"], config=cfg)
    assert refused(caught.value) == {"conflicting-duplicate"}


def test_an_interval_of_a_queue_is_the_same_without_an_agent(tmp_path: Path) -> None:
    header = "queue_id,agent_id,started_at,length_s,offered,answered,abandoned\n"
    row = "Q1,,2026-10-05 10:00:00,1800,100,90,10\n"
    rest = "Q1,,2026-10-05 10:30:00,1800,100,50,50\nQ1,A1,2026-10-05 10:30:00,1800,100,50,50\n"
    path = export(tmp_path, header + row + row + rest, "intervals.csv")
    [account] = ask(path, kpis=["answer_rate"]).accounts
    assert (account.read, account.used, account.duplicates) == (4, 3, 1)
    path = export(tmp_path, header + row + row.replace("100,90", "200,90"), "intervals.csv")
    with pytest.raises(DataRefused) as caught:
        ask(path, kpis=["answer_rate"])
    assert refused(caught.value) == {"conflicting-duplicate"}


def test_a_row_set_aside_lets_none_of_the_same_key_count(tmp_path: Path) -> None:
    row = "%s,A1,2026-10-02 10:00:00,inbound,answered,5,%s,0,0\n"
    twins = LEGS + row % (1, 900) + row % (1, "x") + row % (2, 100)
    with pytest.raises(DataRefused) as caught:
        ask(export(tmp_path, twins, "interactions.csv"), kpis=["aht"], reading=ONE)
    assert [(each.name, each.place.line) for each in caught.value.problems] == [("version-set-aside", 2)]
    alone = LEGS + row % (1, 900) + row % (3, "x") + row % (2, 100)
    m = ask(export(tmp_path, alone, "interactions.csv"), kpis=["aht"], reading=ONE)
    assert cells(m, "aht") == {"": 500}


ZH = "主叫号码,客户号码,坐席姓名,坐席工号,开始时间,通话时长,项目名称,任务名称,客户状态\n"
CALL = "1000,%s,张三,A1,2026-10-05 10:00:00,%s,P,%s,x\n"


@pytest.mark.parametrize("zero", ["0秒", "0分0秒", "0.0", "00:00:00.000"])
def test_a_zero_in_a_spelling_of_its_own_is_no_talk(tmp_path: Path, zero: str) -> None:
    with pytest.raises(DataRefused) as caught:
        ask(export(tmp_path, ZH + CALL % (1, zero, "T") + CALL % (2, 38, "T")), kpis=["connect_rate"])
    assert [(each.name, each.place.line) for each in caught.value.problems] == [("unknown-value", 2)]
    m = ask(export(tmp_path, ZH + CALL % (1, "0", "T") + CALL % (2, 38, "T")), kpis=["connect_rate"])
    assert cells(m, "connect_rate") == {"": 0.5}


def test_a_log_whose_time_runs_backward_is_not_folded(tmp_path: Path) -> None:
    events = (
        "1791190800|c1|q|NONE|ENTERQUEUE||555|1\n",
        "1791190810|c1|q|A1|CONNECT|10|u|3\n",
        "1791190860|c1|q|A1|COMPLETECALLER|10|50|1\n",
    )
    path = export(tmp_path, "".join(events), "q.log")
    assert cells(ask(path, kpis=["average_talk"]), "average_talk") == {"": 50}
    path = export(tmp_path, "".join(reversed(events)), "q.log")
    with pytest.raises(DataRefused) as caught:
        ask(path, kpis=["average_talk"])
    assert [(each.name, each.place.line) for each in caught.value.problems] == [
        ("events-not-in-order", 2),
        ("events-not-in-order", 3),
    ]


def test_calls_told_apart_in_one_export_are_not_one_in_two(tmp_path: Path) -> None:
    one, same = ZH + CALL % (1, 38, "T"), export(tmp_path, ZH + CALL % (1, 38, "T") + CALL % (3, 38, "T"), "c.csv")
    m = ask(export(tmp_path, one, "a.csv"), same, kpis=["connect_rate"])
    assert [(each.used, each.duplicates) for each in m.accounts] == [(1, 0), (1, 1)]
    with pytest.raises(DataRefused) as caught:
        ask(tmp_path / "a.csv", export(tmp_path, ZH + CALL % (1, 38, "T2"), "b.csv"), kpis=["connect_rate"])
    assert refused(caught.value) == {"conflicting-duplicate"}
    both = export(tmp_path, one + CALL % (1, 38, "T2"), "all.csv")
    assert [each.used for each in ask(both, kpis=["connect_rate"]).accounts] == [2]


def test_a_count_that_is_unknown_is_not_zero_beside_others(tmp_path: Path) -> None:
    header = "queue_id,started_at,length_s,offered,answered,abandoned\nQ1,2026-10-05 10:00:00,1800,100,90,10\n"
    path = export(tmp_path, header + "Q1,2026-10-05 10:30:00,1800,,90,10\n", "intervals.csv")
    with pytest.raises(DataRefused) as caught:
        ask(path, kpis=["answer_rate"])
    assert [(p.name, p.place.line, p.place.column) for p in caught.value.problems] == [("missing-value", 3, 4)]
    path = export(tmp_path, "queue_id,started_at,answered,talk_s\nQ1,2026-10-05 10:30:00,,90\n", "intervals.csv")
    with pytest.raises(DataRefused):
        ask(path, kpis=["average_talk"])
    path = export(tmp_path, header + "Q1,2026-10-05 10:30:00,1800,,,\n", "intervals.csv")
    assert cells(ask(path, kpis=["answer_rate"]), "answer_rate") == {"": 0.9}


def test_more_than_all_of_a_count_is_no_share_of_it(tmp_path: Path) -> None:
    layout = (
        "layout: rates\nmatch: [Q, When, N, Ans, SL]\ntables:\n  intervals:\n    queue_id: Q\n    started_at: When\n"
        "    offered: N\n    answered: Ans\n    answered_in_threshold: {from: SL, weight: Ans, unit: percent}\n"
    )
    cfg, row = desk(tmp_path, layout, name="rates"), "Q,When,N,Ans,SL\nQ1,2026-10-05 10:00:00,100,90,%s\n"
    assert ask(export(tmp_path, row % 100), kpis=["answer_rate"], config=cfg)
    for kind in ("csv", "parquet"):
        path = export(tmp_path, row % 150)
        if kind == "parquet":
            pl.read_csv(path).with_columns(pl.col("When").str.to_datetime()).write_parquet(tmp_path / "x.parquet")
            path = tmp_path / "x.parquet"
        with pytest.raises(DataRefused) as caught:
            ask(path, kpis=["service_level", "answer_rate"], config=cfg)
        assert refused(caught.value) == {"bad-weight"}


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_day_and_month_stand_in_one_order_in_all_exports_of_a_kind(tmp_path: Path, kind: str) -> None:
    header = "interaction_id,started_at,direction,outcome,talk_s\n"
    call = "%s,%s 10:00,inbound,answered,100\n"
    days = header + call % (1, "13/09/2026") + call % (2, "09/10/2026")
    months = header + call % (3, "10/13/2026") + call % (4, "10/09/2026")
    paths = [export(tmp_path, days, "interactions_1.csv"), export(tmp_path, months, "interactions_2.csv")]
    if kind == "parquet":
        pl.read_csv(paths[1], infer_schema=False).write_parquet(tmp_path / "interactions_2.parquet")
        paths[1] = tmp_path / "interactions_2.parquet"
    with pytest.raises(DataRefused) as caught:
        ask(*paths, kpis=["average_talk"])
    assert refused(caught.value) == {"day-month-unclear"}
    assert cells(ask(paths[0], kpis=["average_talk"]), "average_talk") == {"": 100}


def test_a_row_of_a_log_says_whose_line_it_stands_at(tmp_path: Path) -> None:
    log = "1791190800|c1|q|NONE|ENTERQUEUE||555|1\n1791190810|c1|q|A1|CONNECT|10|u|3\n"
    with pytest.raises(DataRefused) as caught:
        ask(export(tmp_path, log + "1791190860|c1|q|A1|COMPLETECALLER|10|long|1\n", "q.log"), kpis=["average_talk"])
    [problem] = caught.value.problems
    assert problem.place.line == 1
    assert "the first of its contact" in problem.text
