"""Names that look like one and are two: said, or brought to one spelling where the project wishes it.

In: exports of a few rows. Out: sentences, and rows that meet.
Refuses to know: how they are read.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from test_no_lies import ask, cells, config, write

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.period import Clock
from ccmetrics.stages.normalize import Supplied
from ccmetrics.stages.world import World
from ccmetrics.stages.world.lookalike import lookalikes

LEGS = "interaction_id,agent_id,queue_id,started_at,direction,outcome,reason,talk_s,hold_s,wrap_s\n"
LEG = "{id},{agent},{queue},2026-10-0{id} 10:00:00,inbound,answered,{reason},100,0,0\n"
ROSTER = "agent_id,valid_from,valid_to,name,role,team\n{agent},2026-01-01,,{name},agent,{team}\n"


def legs(*agents: str, queue: str = "Q1", reason: str = "bill") -> str:
    return LEGS + "".join(LEG.format(id=n, agent=a, queue=queue, reason=reason) for n, a in enumerate(agents, 1))


def said(*notices: str) -> list[str]:
    return [notice for notice in notices if "look alike" in notice]


@pytest.mark.parametrize(
    ("one", "two", "shown"),
    [
        ("A1", "Ａ１", "'A1' (interactions.agent_id) and 'Ａ１' (interactions.agent_id)"),
        ("A1", "A1\u200b", r"'A1' (interactions.agent_id) and 'A1\u200b' (interactions.agent_id)"),
        ("Zo\u00eb", "Zoe\u0308", r"'Zoe\u0308' (interactions.agent_id) and 'Zoë' (interactions.agent_id)"),
        ("A 1", "A\u00a01", r"'A 1' (interactions.agent_id) and 'A\u00a01' (interactions.agent_id)"),
        ("a1", "A1", "'A1' (interactions.agent_id) and 'a1' (interactions.agent_id)"),
    ],
)
def test_two_spellings_of_an_agent_are_said(tmp_path: Path, one: str, two: str, shown: str) -> None:
    m = ask(write(tmp_path, interactions=legs(one, two)), kpis=["aht"], by=["agent_id"])
    [notice] = said(*m.notices)
    assert notice.startswith(f"roster: {shown} look alike and count as 2.")
    assert len(cells(m, "aht")) == 2


def test_across_tables(tmp_path: Path) -> None:
    roster = ROSTER.format(agent="a1", name="Ann", team="Red")
    m = ask(write(tmp_path, interactions=legs("A1"), roster=roster), kpis=["aht"], by=["team"])
    [notice] = said(*m.notices)
    assert "'A1' (interactions.agent_id) and 'a1' (roster.agent_id)" in notice


def test_categories_are_looked_at_and_people_s_names_are_not(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        interactions=LEGS
        + LEG.format(id=1, agent="A1", queue="Q1", reason="bill")
        + LEG.format(id=2, agent="A2", queue="Q1", reason="Bill"),
        roster=ROSTER.format(agent="A1", name="Ann", team="Red") + "A2,2026-01-01,,ANN,agent,red\n",
    )
    notices = said(*ask(home, kpis=["aht"], by=["reason", "team"]).notices)
    assert [notice.split(" look alike")[0] for notice in notices] == [
        "reason: 'Bill' (interactions.reason) and 'bill' (interactions.reason)",
        "team: 'Red' (roster.team) and 'red' (roster.team)",
    ]


@pytest.mark.parametrize("private", [False, True])
def test_private_words_are_never_shown(private: bool) -> None:
    column = {"type": "category", "private": private}
    tables = {"notes": {"about": "Notes.", "key": "note", "columns": {"note": {"type": "id"}, "word": column}}}
    frame = pl.LazyFrame({"note": ["1", "2"], "word": ["debt", "Debt"]})
    supplied = Supplied("notes", frame, frozenset({"note", "word"}), 2)
    world = World(Catalogue.model_validate({"tables": tables}), {"notes": supplied}, Clock("UTC"))
    assert bool(lookalikes(world)) is not private


def test_names_that_differ_are_not_said(tmp_path: Path) -> None:
    assert (
        said(*ask(write(tmp_path, interactions=legs("A1", "A11", "Á1")), kpis=["aht"], by=["agent_id"]).notices) == []
    )


def test_twenty_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    agents = [f"{letter}{n}" for n in range(23) for letter in "aA"]
    rows = LEGS + "".join(
        f"{n},{agent},Q1,2026-10-02 10:00:00,inbound,answered,x,100,0,0\n" for n, agent in enumerate(agents)
    )
    notices = ask(write(tmp_path, interactions=rows), kpis=["aht"], by=["agent_id"]).notices
    assert len(said(*notices)) == 20
    assert "3 more names look like another." in notices


def test_one_spelling_where_the_project_wishes_it(tmp_path: Path) -> None:
    """Full-width and unseen signs are gone, so rows meet the roster; case is left, and said."""
    home = write(
        tmp_path / "data",
        interactions=legs("Ａ１", "A1\u200b", "a1"),
        roster=ROSTER.format(agent="A1", name="Ann", team="Red"),
    )
    m = ask(home, kpis=["aht"], by=["team"], config=config(tmp_path, "  names: nfkc\n"))
    assert cells(m, "aht", "n") == {"Red": 2, None: 1}
    [notice] = said(*m.notices)
    assert "'A1'" in notice
    assert "'a1'" in notice


def test_one_spelling_makes_one_key(tmp_path: Path) -> None:
    """The same contact, exported twice in two spellings of its number, is one."""
    home = write(tmp_path / "data", interactions=legs("A1"))
    (home / "interactions_2.csv").write_text(legs("A1").replace("\n1,", "\n１,"), encoding="utf-8")
    apart = ask(home, kpis=["aht"])
    assert (cells(apart, "aht", "n"), [a.duplicates for a in apart.accounts]) == ({"": 2}, [0, 0])
    one = ask(home, kpis=["aht"], config=config(tmp_path, "  names: nfkc\n"))
    assert (cells(one, "aht", "n"), [a.duplicates for a in one.accounts]) == ({"": 1}, [0, 1])
