"""References to nothing: counted and named in every run that counts the rows that carry them.

In: exports of a few rows, some of which name what was not exported. Out: sentences.
Refuses to know: what becomes of such rows (they keep their place in every count that needs no reference).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from test_no_lies import THREE, ask, refused, write

from ccmetrics.problem import DataRefused

SURVEYS = "survey_id,interaction_id,answered_at,csat\n" + "".join(
    f"s{n},{interaction},2026-10-2{n} 10:00:00,5\n" for n, interaction in enumerate(["1", "7", "8", "9", "9", "6", ""])
)
ORDERS = "order_id,interaction_id,ordered_at,amount,refund,status\n" + "".join(
    f"o{n},{interaction},2026-10-03 10:00:00,10,0,done\n" for n, interaction in enumerate(["1", "77"])
)
ROSTER = "agent_id,valid_from,role,team\nA1,2026-01-01,agent,Red\n"


def said(*folders: Path, kpi: str) -> set[str]:
    return {notice for notice in ask(*folders, kpis=[kpi]).notices if "does not have" in notice}


def test_surveys_of_unknown_interactions(tmp_path: Path) -> None:
    home = write(tmp_path, interactions=THREE, surveys=SURVEYS)
    assert said(home, kpi="csat") == {
        "surveys: 5 rows name 4 interaction ids that interactions does not have: 6, 7, 8 and 1 more."
    }


def test_orders_of_no_contact(tmp_path: Path) -> None:
    home = write(tmp_path, interactions=THREE, orders=ORDERS)
    assert said(home, kpi="revenue") == {"orders: 1 row names 1 interaction id that interactions does not have: 77."}


def test_agents_the_roster_lacks(tmp_path: Path) -> None:
    home = write(tmp_path, interactions=THREE.replace("3,A1", "3,A9"), roster=ROSTER)
    assert said(home, kpi="aht") == {"interactions: 1 row names 1 agent id that roster does not have on that day: A9."}


def test_private_ids_are_counted_and_not_shown(tmp_path: Path) -> None:
    orders = ORDERS.replace("interaction_id", "customer_id")
    home = write(tmp_path, orders=orders, customers="customer_id,since\n1,2026-01-01\n")
    assert said(home, kpi="revenue") == {"orders: 1 row names 1 customer id that customers does not have."}


def test_nothing_is_said_of_tables_that_were_not_exported(tmp_path: Path) -> None:
    assert said(write(tmp_path, surveys=SURVEYS), kpi="csat") == set()


@pytest.mark.parametrize(
    ("again", "duplicates"), [("A1,2026-01-01,agent,Red\n", 1), ("A1,2026-01-01,agent,Blue\n", None)]
)
def test_a_person_twice_in_the_roster_never_multiplies(tmp_path: Path, again: str, duplicates: int | None) -> None:
    home = write(tmp_path, interactions=THREE, roster=ROSTER + again)
    if duplicates is None:
        with pytest.raises(DataRefused) as caught:
            ask(home, kpis=["aht"], by=["team"])
        assert refused(caught.value) == {"conflicting-duplicate"}
        return
    m = ask(home, kpis=["aht"], by=["team"])
    assert m.values["n"].to_list() == [3]
    assert [account.duplicates for account in m.accounts if account.table == "roster"] == [duplicates]
