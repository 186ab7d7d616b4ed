"""A measurement without a group says why: what is lacking, that no row meets the condition, that there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccmetrics import run
from ccmetrics.render.words import told
from tests.tiny_center import center


@pytest.mark.parametrize(
    ("by", "where", "period", "english", "chinese"),
    [
        ("agent_id", "talk_s > 99999", "2026-10", "agent_id: no row meets the condition.",
         "无法按 agent_id 分组：没有符合条件的行。"),
        ("agent_id", None, "2020-01", "agent_id: no rows in the period.", "无法按 agent_id 分组：周期内无记录。"),
        ("team", None, "2026-10", "team: interactions.team.", "无法按 team 分组：缺少 interactions.team。"),
    ],
)  # fmt: skip
def test_nothing_to_group(tmp_path: Path, by: str, where: str | None, period: str, english: str, chinese: str) -> None:
    home, config = center(tmp_path)
    found = run.measure([home], kpis=["aht"], by=[by], where=where, period=period, config=config)
    said = found.notices[0]
    assert found.values.is_empty()
    assert (said, told(said, "zh")) == (f"Nothing to group by {english}", chinese)
