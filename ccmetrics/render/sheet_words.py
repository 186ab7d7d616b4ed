"""Phrases of the card sheet.

In: nothing. Out: phrases by key, English and Chinese.
Refuses to know: how a sentence is put together.
"""

from __future__ import annotations

SHEET: dict[str, tuple[str, str]] = {
    "sheet-on": ("as it stands on {day}", "{day}有效"),
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
    "sheet-pool-by": ("from a common pool of {pool} in each {by}", "每个 {by} 共用池 {pool}"),
    "sheet-of-team": ("of the whole team", "按全团队"),
    "sheet-of-center": ("of the whole center", "按全中心"),
    "sheet-over": ("over {cycles} cycles", "{cycles} 个周期内"),
    "sheet-places": (
        "Grades go by place among {least} or more: {shares}. Fewer, and who crossed a red line, by score.",
        "{least} 人及以上按名次定级：{shares}；人数不足或触碰红线者按得分定级。",
    ),
    "sheet-places-by": (
        "Grades go by place, in each {by} of {least} or more: {shares}. Fewer, and who crossed a red line, by score.",
        "每个 {by} 满 {least} 人按名次定级：{shares}；人数不足或触碰红线者按得分定级。",
    ),
    "sheet-line": (
        "Between the lowest scores of two grades the pay coefficient rises with the score.",
        "两级起点分之间薪酬系数随得分线性变化。",
    ),
    "sheet-budget": ("Pay of all together is brought to {budget}.", "全体薪酬合计调整为 {budget}。"),
    "sheet-cut": ("Pay of all together is held to {budget} at most.", "全体薪酬合计不超过 {budget}。"),
    "sheet-when": ("when {when}", "当 {when}"),
    "sheet-red": ("Lines not to cross: no score buys them back", "红线：任何得分不可抵消"),
    "sheet-year": ("to the end of the year", "直至年末"),
}  # fmt: skip
