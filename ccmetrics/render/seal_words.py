"""Phrases of sealed periods: the page for signatures, what is stated anew.

In: nothing. Out: phrases by key, English and Chinese.
Refuses to know: how a sentence is put together.
"""

from __future__ import annotations

SEAL: dict[str, tuple[str, str]] = {
    "head-signatures": ("Results of {label}, for signature", "{label}考核结果签字页"),
    "sign-span": ("{days}, days in {zone}", "{days}，按 {zone} 计日"),
    "sign-card": ("{title} ({card}): {parts}", "{title}（{card}）：{parts}"),
    "sign-nobody": ("nobody to score", "无评分对象"),
    "sign-pay": ("pay {sum}", "薪酬合计 {sum}"),
    "sign-sum": ("Pay of all cards: {sum}", "全部记分卡薪酬合计：{sum}"),
    "head-sign-inputs": ("Made from", "数据来源"),
    "sign-input": ("{name}: {rows}, sha256", "{name}：{rows}，sha256"),
    "head-sign-files": ("Archived with this page", "与本页一同归档"),
    "sign-made": ("Made by ccmetrics {version} (polars {polars}).", "由 ccmetrics {version}（polars {polars}）生成。"),
    "sign-restates": ("States anew the period sealed as {seal}.", "重述封存为 {seal} 的周期。"),
    "sign-prepared": ("Prepared by", "编制"),
    "sign-checked": ("Checked by", "复核"),
    "sign-approved": ("Approved by", "批准"),
    "sign-line": ("{role} {line}  place, date {short}", "{role} {line}  地点、日期 {short}"),
    "head-restated": ("{label} was sealed ({seal}); now beside it", "{label}已封存（{seal}）；现与封存结果相比"),
    "restated-same": ("Every result is as it was sealed.", "所有结果与封存时一致。"),
    "restated-new": ("{subject} ({card}): not there when it was sealed", "{subject}（{card}）：封存时没有"),
    "restated-gone": ("{subject} ({card}): sealed, and no longer there", "{subject}（{card}）：封存时有，现已没有"),
    "restated-total": ("{subject} ({card}): {changes}", "{subject}（{card}）：{changes}"),
    "restated-change": ("{column} {sealed} > {now}", "{column} {sealed} > {now}"),
    "restated-rows": ("{table}: {changes}", "{table}：{changes}"),
    "restated-cells": (
        "{n} cells differ in all; --format json has each of them.",
        "共 {n} 个单元格不同；--format json 列出全部。",
    ),
    "restated-none": ("none", "无"),
}  # fmt: skip
