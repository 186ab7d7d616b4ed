"""Phrases of the card sheet.

In: nothing. Out: phrases by key, English and Chinese.
Refuses to know: how a sentence is put together.
"""

from __future__ import annotations

SHEET: dict[str, tuple[str, str]] = {
    "sheet-on": ("as it stands on {day}", "{day} 有效"),
    "sheet-latest": ("by its latest goals and weights", "按最新目标与权重"),
    "sheet-points": ("{points} points", "{points} 分"),
    "sheet-between": (
        "Between two values points rise in a straight line; a score is the mean of the points by weight.",
        "两值之间分数线性变化；得分为各指标分数的加权平均。",
    ),
    "sheet-last-year": ("goals against last year, {change}; shown: what holds where there is none",
                        "目标相对去年同期 {change}；此处显示无去年数据时的目标"),
    "linked-line": ("Mean score on the card {card}", "“{card}”得分均值"),
    "sheet-steps": ("What a step pays (a step: a tenth of the way from floor to target)",
                    "每进一步的回报（一步：底线到目标的十分之一）"),
    "sheet-step": ("step", "一步"),
    "sheet-below": ("score, up to the target", "得分（目标以内）"),
    "sheet-above": ("score, beyond the target", "得分（超过目标）"),
    "sheet-most": ("pays most", "回报最高"),
    "sheet-grades": ("Which score earns which grade and pay", "得分对应的等级与薪酬系数"),
    "sheet-from": ("from score", "最低得分"),
    "sheet-bonus": ("Added", "加分"),
    "sheet-deductions": ("Taken", "扣分"),
    "sheet-factors": ("Multiplied", "系数"),
    "sheet-cap": ("at most {cap}", "最多 {cap}"),
    "sheet-pool": ("from a common pool of {pool}", "共用池 {pool}"),
    "sheet-when": ("when {when}", "当 {when}"),
    "sheet-red": ("Lines not to cross: no score buys them back", "红线：任何得分不可抵消"),
    "sheet-year": ("to the end of the year", "直至年末"),
}  # fmt: skip
