"""How long 5,000 subjects and eight KPIs take from measured values to scores, grades, pay and ranks.

    python tests/bench/scoring.py [SUBJECTS]

In: made-up values of one seed. Out: seconds, the median of five runs, by step.
Refuses to know: how values are measured.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import polars as pl
from scoring_frames import OCTOBER, VALUES, card, kpi, people

from ccmetrics.stages.facts import Facts
from ccmetrics.stages.judge import judge
from ccmetrics.stages.score import score

NAMES = [f"k{n}" for n in range(8)]
GRADES = [
    {"grade": "A", "from": 95, "pay": 1.1},
    {"grade": "B", "from": 80, "pay": 1},
    {"grade": "C", "from": None, "pay": 0.8},
]


def facts(subjects: int) -> Facts:
    dice = Random(7)
    rows = []
    for n in range(subjects):
        for name in NAMES:
            value = None if dice.random() < 0.02 else dice.gauss(85, 12)
            low, high = (None, None) if value is None else (value - 6, value + 6)
            reason = "no-rows" if value is None else None
            rows.append((f"A{n:05}", OCTOBER.label, 1, name, "", value, 40, None, None, low, high, 3.0, reason))
        rows.append((f"A{n:05}", OCTOBER.label, 1, "bonus.0.amount", "", dice.choice([0, 2]), *[None] * 7))
        rows.append((f"A{n:05}", OCTOBER.label, 1, "red_lines.0.when", "", float(dice.random() < 0.01), *[None] * 7))
    values = pl.DataFrame(rows, schema=VALUES, orient="row")
    pooled = pl.DataFrame(
        [(OCTOBER.label, 1, name, "", 85.0, 40 * subjects, *[None] * 6) for name in NAMES],
        schema={name: kind for name, kind in VALUES.items() if name != "subject"},
        orient="row",
    )
    return Facts(OCTOBER, values, pooled, people(*(f"A{n:05}" for n in range(subjects)), presence=1.0))


def main(subjects: int) -> None:
    on = card(
        [{"kpi": name, "weight": 12.5, "floor": 60, "target": 90, "stretch": 100} for name in NAMES],
        missing="neutral",
        grades=GRADES,
        pay={"base": 1000, "budget": 900 * subjects},
        adjust={
            "bonus": [{"name": "ideas", "amount": "ideas", "cap": 6, "pool": 100}],
            "red_lines": [{"name": "rude", "when": "rude", "score_at_most": 59}],
        },
    )
    kpis, given = {name: kpi(name) for name in NAMES}, facts(subjects)
    scoring, judging = [], []
    for _ in range(5):
        start = perf_counter()
        scores = score(on, kpis, given)
        middle = perf_counter()
        judge(on, scores, given)
        scoring.append(middle - start)
        judging.append(perf_counter() - middle)
    print(f"{subjects:,} subjects x 8 KPIs: scores {median(scoring):.2f} s, judged {median(judging):.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
