"""The words of a board and of pages made of it, in the languages a reader may choose.

In: nothing. Out: phrases by key.
Refuses to know: results.
"""

from __future__ import annotations

BOARD: dict[str, tuple[str, str]] = {
    "field-rank": ("#", "名次"),
    "field-rank_low": ("rank from", "名次自"),
    "field-rank_high": ("rank to", "名次至"),
    "field-subject": ("subject", "对象"),
    "field-name": ("name", "姓名"),
    "field-team": ("team", "团队"),
    "field-score": ("score", "得分"),
    "field-change": ("change", "变化"),
    "field-low": ("score from", "得分自"),
    "field-high": ("score to", "得分至"),
    "field-grade": ("grade", "等级"),
    "field-pay": ("pay x", "薪酬系数"),
    "field-pay_amount": ("pay", "薪酬"),
    "field-presence": ("presence", "在岗"),
    "field-coverage": ("coverage", "覆盖率"),
    "tier": ("tier", "分档"),
    "tier-top": ("top", "前段"),
    "tier-middle": ("middle", "中段"),
    "tier-bottom": ("bottom", "后段"),
    # marks beside a number, in every format
    "mark-^": ("^ over earlier cycles too", "^ 含以前周期"),
    "mark-*": ("* not scored by its own value", "* 未按本人数值计分"),
    "mark-!": ("! held by a red line", "! 受红线限制"),
    "mark-~": ("~ provisional", "~ 暂定"),
    "mark-±": ("± a change larger than chance", "± 变化超出偶然波动"),
}  # fmt: skip
