"""People whose exports time contacts by different components are ranked apart.

In: two call logs, one with after-contact work and one without. Out: places and ranges by the command's own way.
Refuses to know: how components are found.
"""

from __future__ import annotations

from pathlib import Path

from ccmetrics import run

CARD = """
project: {extends: builtin}
cards:
  speed:
    {card: speed, title: Speed, subject: agent_id, missing: redistribute, allow: {one-sided-mix: for a test},
     kpis: [{kpi: KPI, weight: 100, floor: 600, target: 300}]}
"""
HEAD = "interaction_id,agent_id,started_at,direction,outcome,talk_s"


def scored(folder: Path, kpi: str) -> dict[str, tuple[int, int, int]]:
    (folder / "config").mkdir()
    (folder / "config" / "c.yaml").write_text(CARD.replace("KPI", kpi))
    data = folder / "data"
    data.mkdir()
    plain, wrapped = [HEAD], [HEAD + ",wrap_s"]
    for n, (agent, talk) in enumerate([("A", 400), ("B", 500)]):
        plain += [f"P{n}{k},{agent},2026-10-0{k} 10:00:00,inbound,answered,{talk}" for k in range(1, 6)]
    for n, (agent, talk) in enumerate([("C", 350), ("D", 450), ("E", 550)]):
        wrapped += [f"W{n}{k},{agent},2026-10-0{k} 10:00:00,inbound,answered,{talk},20" for k in range(1, 6)]
    (data / "interactions_old.csv").write_text("\n".join(plain) + "\n")
    (data / "interactions_new.csv").write_text("\n".join(wrapped) + "\n")
    result = run.score([data], config=folder / "config", period="2026-10", cards=["speed"])
    rows = result.scorecards[0].scores.select("subject", "rank", "rank_of", "rank_high").iter_rows()
    assert any("ranked apart" in notice for notice in result.notices)
    return {subject: (rank, of, high) for subject, rank, of, high in rows}


def test_handle_times_of_other_parts_are_ranked_apart(tmp_path: Path) -> None:
    assert scored(tmp_path, "aht") == {
        "A": (1, 2, 2), "B": (2, 2, 2), "C": (1, 3, 3), "D": (2, 3, 3), "E": (3, 3, 3),
    }  # fmt: skip


def test_a_card_without_handle_times_ranks_all_together(tmp_path: Path) -> None:
    found = scored(tmp_path, "average_talk")
    assert [found[name][:2] for name in "CADBE"] == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_who_is_timed_otherwise_than_in_the_month_before_has_no_change(tmp_path: Path) -> None:
    """A's system writes after-contact work from October on, B's never did: A is as quick as ever, and scores less."""
    (tmp_path / "c.yaml").write_text(CARD.replace("KPI", "aht"))
    days = range(1, 31)
    log = {"old": [HEAD], "new": [HEAD + ",wrap_s"]}
    log["old"] += [f"A9{d},A,2026-09-{d:02} 10:00:00,inbound,answered,{380 + d % 2 * 40}" for d in days]
    log["old"] += [
        f"B{m}{d},B,2026-{m}-{d:02} 10:00:00,inbound,answered,{380 + d % 2 * 40}" for m in ("09", "10") for d in days
    ]
    log["new"] += [f"A10{d},A,2026-10-{d:02} 10:00:00,inbound,answered,{380 + d % 2 * 40},60" for d in days]
    data = tmp_path / "data"
    data.mkdir()
    for name, lines in log.items():
        (data / f"interactions_{name}.csv").write_text("\n".join(lines) + "\n")
    card = run.score([data], config=tmp_path / "c.yaml", period="2026-10", cards=["speed"]).scorecards[0]
    told = card.scores.select("subject", "score", "change", "change_beyond", "rank", "rank_of").rows()
    assert told == [("A", 46.67, None, None, 1, 1), ("B", 66.67, 0.0, False, 1, 1)]
    assert card.since == ""
    assert any("since 2026-09 of 1 subject: handle times were made of other" in notice for notice in card.notices)
