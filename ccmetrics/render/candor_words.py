"""Phrases of what stands beside a score: time, alarms, other policies, the next grade.

In: nothing. Out: phrases by key, English and Chinese.
Refuses to know: how a sentence is put together.
"""

from __future__ import annotations

CANDOR: dict[str, tuple[str, str]] = {
    "rank-range": ("range", "名次区间"),
    "score-interval": ("95% interval", "95% 区间"),
    "rank-told": ("the data tell {low} to {high}", "数据可分辨 {low} 至 {high} 名"),
    "interval-is": ("95% interval {low}..{high}", "95% 区间 {low}..{high}"),
    "amount-is": ("pays {amount}", "薪酬 {amount}"),
    "pay-amount": ("pay", "薪酬"),
    "head-alarms": ("Guardrail alarms: better here, worse where it counts", "护栏预警：此处变好，彼处变差"),
    "alarm-change": (
        "{kpi} {before} > {value} better, {guardrail} {guard_before} > {guard} worse than the cycle before",
        "{kpi} {before} > {value} 变好，{guardrail} {guard_before} > {guard} 变差（较上周期）",
    ),
    "alarm-level": (
        "{kpi} {value} better than the others' {before}, {guardrail} {guard} worse than their {guard_before}",
        "{kpi} {value} 优于他人 {before}，{guardrail} {guard} 差于他人 {guard_before}",
    ),
    "head-changed-previous": ("Changed beyond chance since {period} (same weekdays, as many days)",
                              "较 {period} 显著变化（相同星期与天数）"),
    "head-changed-last_year": ("Changed beyond chance since a year ago, {period} (same weekdays, as many days)",
                               "较去年 {period} 显著变化（相同星期与天数）"),
    "changed-better": ("better {names}", "变好 {names}"),
    "changed-worse": ("worse {names}", "变差 {names}"),
    "changed-moved": ("moved {names}", "变动 {names}"),
    "and-more": ("and {n} more", "另有 {n} 个"),
    "head-history": ("Through time", "历史走势"),
    "trend": ("trend", "趋势"),
    "trend-rising": ("rising *", "上升 *"),
    "trend-falling": ("falling *", "下降 *"),
    "against-previous": ("against before", "较前期"),
    "against-last_year": ("against last year", "较去年"),
    "like-previous": ("before: {period}, the same weekdays; * more than chance",
                      "前期：{period}，相同星期；* 超出偶然波动"),
    "like-last_year": ("last year: {period}, the same weekdays", "去年：{period}，相同星期"),
    "progress": ("{value} by {day}, {share} of the {expected} to be expected by then (target {target})",
                 "截至 {day} 为 {value}，达应有 {expected} 的 {share}（目标 {target}）"),
    "head-policies": ("The score by another policy for missing values", "采用其他缺失值策略时的得分"),
    "policy-withhold": ("withheld", "不评分"),
    "policy-floor": ("floor", "底线"),
    "policy-neutral": ("neutral", "中性"),
    "policy-redistribute": ("redistributed", "重分配"),
    "head-unexcluded": ("Score (without the exclusions)", "得分（不做排除时）"),
    "head-effective": ("Weight as stated > part in the differences between scores", "名义权重 > 对得分差异的实际影响"),
    "head-list": ("List: {name}", "名单：{name}"),
    "head-shares": ("Share of volume > share by score", "业务量份额 > 按得分调整后"),
    "head-actions": ("To be done (--actions FILE writes it)", "待办事项（--actions FILE 可导出）"),
    "action-to": ("to {to}", "通知 {to}"),
    "action-due": ("by {day}", "{day} 前"),
    "head-ahead": ("For grade {grade} (from {score}), by one KPI alone", "单凭一项指标达到 {grade} 级（{score} 分起）"),
    "needed": ("{needed} ({change}), {points} points more", "{needed}（{change}），再得 {points} 分"),
    "not-by-this-alone": ("not by these alone", "仅凭以下各项无法达到"),
    "by-no-kpi": ("no KPI alone is enough", "任何单项均不足以达到"),
    "held-by-red-line": ("a red line holds the score down", "红线限制得分"),
}  # fmt: skip
