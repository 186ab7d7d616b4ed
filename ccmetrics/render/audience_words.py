"""The words of reports for a team or an agent: what is told of all without names, and what is not.

In: nothing. Out: phrases by key.
Refuses to know: results.
"""

from __future__ import annotations

AUDIENCE: dict[str, tuple[str, str]] = {
    "part-among": ("Among all", "在全体中"),
    "head-among": ("Everybody on this card, without names", "本记分卡全体（匿名）"),
    "among-quartiles": (
        "{n} scored: lower quartile {q1}, median {median}, upper quartile {q3}",
        "{n} 个已评分：下四分位 {q1}，中位数 {median}，上四分位 {q3}",
    ),
    "among-bins": ("Scores: {parts}", "得分分布：{parts}"),
    "among-bin": ("{low} to under {high}: {n}", "{low} 至不足 {high}：{n} 个"),
    "among-own": ("{bin} (own score {score})", "{bin}（本人得分 {score}）"),
    "among-mark": ("own score: {score}", "本人：{score}"),
    "among-grades": ("Grades: {parts}", "等级分布：{parts}"),
    "among-grade": ("{grade} {n}", "{grade} 级 {n} 个"),
    "not-told": ("suppressed", "不予显示"),
    "head-not-told": (
        "Suppressed: it would tell of fewer than {n} people, or of each the same",
        "不予显示：会透露不足 {n} 人的情况，或人人相同的情况",
    ),
    "frame-scores": ("rank and rank range among all", "在全体中的名次及名次范围"),
    "frame-history": ("rank among all, {cycles}", "在全体中的名次（{cycles}）"),
    "frame-course": ("quartiles of the scores, {cycles}", "得分四分位数（{cycles}）"),
    "frame-bins": ("distribution of the scores", "得分分布"),
    "frame-grades": ("how many have which grade, {cycles}", "各等级人数（{cycles}）"),
    "frame-pooled": ("values of all together: {kpis}", "全体汇总值：{kpis}"),
    "frame-alarms": ("alarms that hold a value against the others'", "与他人数值对比的预警"),
    "frame-shares": ("shares of volume", "业务量份额"),
    "head-all-together": ("All together", "全体汇总"),
    "line-own": ("score {score}", "得分 {score}"),
    "line-own-grade": ("grade {grade}", "{grade} 级"),
    "index-people": ("By person", "按对象"),
    "for-center": (
        "For the center alone: this names everybody's files. Give each reader their own file, never this folder.",
        "仅供中心使用：本页列出所有人的文件。请只把各自的文件交给本人，切勿共享整个文件夹。",
    ),
}  # fmt: skip
