"""A measure over the roster itself, on a card that says who its people are.

In: the sample and a card of its own. Out: how many versions everybody has at the end of October.
Refuses to know: routes.
"""

from __future__ import annotations

from pathlib import Path

from ccmetrics import run

DEFINITIONS = """
project: {extends: builtin}
measures:
  versions: {table: roster, count: rows, as_of: end, unit: count}
kpis:
  held:
    {name: Versions held, category: operational, nature: quality, timing: leading, unit: count, better: higher,
     level: [agent], formula: versions}
cards:
  there:
    {card: there, title: There, subject: agent_id, who: role = 'agent', missing: redistribute,
     kpis: [{kpi: held, weight: 100, floor: 0, target: 1}], allow: {one-sided-mix: for a test}}
"""


def test_rows_of_the_roster_are_their_own_versions(tmp_path: Path) -> None:
    (tmp_path / "there.yaml").write_text(DEFINITIONS)
    sample = Path(__file__).parents[1] / "sample_data"
    found = run.score([sample], config=tmp_path, period="2026-10", cards=["there"]).scorecards[0].lines
    values = dict(found.select("subject", "value").iter_rows())
    # A041 left on 16 October; the other 53 are still there.
    assert values.pop("A041") == 0
    assert set(values.values()) == {1.0}
    assert len(values) == 53
