"""The words of terminal pages: marks, headings, what one card says in full.

In: nothing. Out: phrases by key.
Refuses to know: results.
"""

from __future__ import annotations

PAGE: dict[str, tuple[str, str]] = {
    "part-first": ("Read this first", "首先要看"),
    "part-scores": ("What moved the scores", "得分的加减与变化"),
    "part-next": ("What follows", "后续事项"),
    "part-trust": ("How far to trust it", "数据可信程度"),
    "part-lines": ("KPI by KPI", "逐项指标"),
    "part-sum": ("From points to the score", "得分的由来"),
    "part-time": ("Through time", "历史走势"),
    "part-watch": ("Watched, never scored", "观察指标（不计分）"),
    "score-is": ("Score {score}", "得分 {score}"),
    "change-is": ("{change} against the cycle before", "较上一周期 {change}"),
    "change-beyond": ("more than chance", "超出偶然波动"),
    "of-all": ("all together", "全体"),
    "to-target": ("to target", "距目标"),
    "met": ("met", "达标"),
    "rank-place": ("rank", "名次"),
    "of-all-median": ("median of all", "全体中位数"),
    "of-all-middle": ("middle half of all", "全体中间一半"),
    "key-tier": (
        "▲ upper half, ▼ lower half, whichever rank of its range it has",
        "▲ 名次区间全部在前一半，▼ 全部在后一半",
    ),
    "key-change": (
        "change: score against the cycle before; ± larger than chance",
        "变化：与上一周期得分相比；± 超出偶然波动",
    ),
    "key-spark": (
        "trend: score from {first} to {last}, ▁ {low} to ▇ {high}, · none",
        "走势：{first}至{last}得分，▁ {low} 至 ▇ {high}，· 无得分",
    ),
    "key-provisional": ("(score): provisional", "（得分）：暂定"),
    "key-small": ("(n): fewer than {n} cases", "（n）：样本少于 {n}"),
    "spark": ("trend", "走势"),
}  # fmt: skip
