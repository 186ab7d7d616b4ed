"""Whom a KPI is for: what a subject that answers for people can be scored by."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccmetrics.catalogue import load, problems_of

CARD = """
card: of_others
title: Of others
subject: {subject}
kpis:
  - {{kpi: {kpi}, weight: 100, floor: 0, target: 1}}
allow: {{one-sided-mix: for a test, all-lagging: for a test}}
"""


@pytest.mark.parametrize(
    ("subject", "kpi", "said"),
    [
        ("leader_id", "csat", ""),  # of agents
        ("leader_id", "service_level", ""),  # of teams
        # Of the center alone: no leader, trainer or evaluator makes customers stay.
        (
            "leader_id",
            "retention_rate",
            "by leader_id, who answer for agents and teams, and 'retention_rate' is for center",
        ),
        ("trainer_id", "self_service_rate", "'self_service_rate' is for queue, center"),
        ("evaluator_id", "channel_switch_rate", "'channel_switch_rate' is for center"),
        ("agent_id", "service_level", "the level agent, and 'service_level' is for team, queue, vendor, center"),
        ("site", "retention_rate", ""),  # a site can be a center
    ],
)
def test_who_answers_for_people_is_scored_by_what_people_can_do(
    tmp_path: Path, subject: str, kpi: str, said: str
) -> None:
    (tmp_path / "card.yaml").write_text("project: {extends: builtin}\n---" + CARD.format(subject=subject, kpi=kpi))
    found = [problem.text for problem in problems_of(load(tmp_path)) if problem.name == "level-mismatch"]
    assert [said in text for text in found] == [True] * bool(said)
