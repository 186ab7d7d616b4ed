"""The words of a folder of reports: its index page, its log, the line for a mail's subject.

In: nothing. Out: phrases by key.
Refuses to know: results.
"""

from __future__ import annotations

FOLDER: dict[str, tuple[str, str]] = {
    # the line
    "line-card": ("{period} {card}: {parts}", "{period}{card}：{parts}"),
    "line-so-far": ("{period} (so far, to {day})", "{period}（尚未结束，截至{day}）"),
    "line-scored": ("{n} scored", "{n} 个已评分"),
    "line-part-scored": ("{n} of {total} scored", "{total} 个对象中 {n} 个已评分"),
    "line-on-cards": ("{scored} on {n} cards", "{n} 张记分卡，{scored}"),
    "line-median": ("median {value}", "中位数 {value}"),
    "line-median-before": ("median {value} (before {before})", "中位数 {value}（上期 {before}）"),
    "line-of-card": ("{card} {rest}", "其中“{card}”{rest}"),
    "line-grade": ("{grade} {n}", "{grade} 级 {n} 个"),
    "line-red": ("1 red line", "1 条红线"),
    "line-reds": ("{n} red lines", "{n} 条红线"),
    "line-unjudged": ("red lines not judged for {n}", "{n} 个对象红线无法判定"),
    "line-unjudged-too": ("{n} not judged", "{n} 个对象无法判定"),
    "line-alarm": ("1 alarm", "1 项预警"),
    "line-alarms": ("{n} alarms", "{n} 项预警"),
    "line-partial": ("PARTIAL", "数据不完整"),
    # the index
    "index-what": ("Reports", "报告"),
    "index-title": ("{center}: reports, {period}", "{center}：{period}报告"),
    "index-everybody": ("Everybody", "全部"),
    "index-all": ("All scorecards together", "全部记分卡"),
    "index-cards": ("By scorecard", "按记分卡"),
    "index-teams": ("By team", "按团队"),
    "index-report": ("Report", "报告"),
    "index-subjects": ("Subjects", "对象数"),
    "index-files": ("Files", "文件"),
    "index-beside": ("Beside the reports", "附件"),
    "index-manifest": (
        "what they were made from, and the hash of every file",
        "所用数据与定义，以及每个文件的哈希值",
    ),
    "index-run": ("what was read, where every row went, what was said", "读取了什么，每行的去向，全部说明"),
    "index-rejects": ("rows that could not be read, and why", "无法读取的行及原因"),
    # the log
    "log-period": ("period {label}: {span}, days in {zone}", "周期 {label}：{span}，按 {zone} 计日"),
    "log-definitions": ("definitions {hash}", "定义 {hash}"),
    "log-option": ("option {name}: {value}", "选项 {name}：{value}"),
    "log-read": (
        "read {name}: {rows}, {size}, {about}, sha256 {hash}",
        "读取 {name}：{rows}，{size}，{about}，sha256 {hash}",
    ),
    "log-rows": ("rows of {export} for {table}: {parts}; {verdict}", "{export} 用于 {table} 的行：{parts}；{verdict}"),
    "log-balances": ("balances", "平衡"),
    "log-unbalanced": ("DOES NOT BALANCE", "不平衡"),
    "log-rows-read": ("{n} read", "读入 {n}"),
    "log-set-aside": ("{n} set aside ({reason})", "搁置 {n}（{reason}）"),
    "log-card": ("card {name}: {parts}", "记分卡“{name}”：{parts}"),
    "log-notice": ("notice: {text}", "说明：{text}"),
    "log-card-notice": ("notice of card {name}: {text}", "记分卡“{name}”的说明：{text}"),
    "log-condition": ("condition {text}", "条件 {text}"),
    "log-no-condition": ("no condition was asked for", "未设条件"),
    "log-wrote": ("wrote {name}: {size}, sha256 {hash}", "写入 {name}：{size}，sha256 {hash}"),
    # what a caller made a condition
    "condition-not-met": ("not met.", "未触发。"),
    "condition-no-score": ("nobody has a score.", "无人有得分。"),
    "condition-lower": ("{n} of {total} scores are lower.", "{total} 个得分中有 {n} 个更低。"),
    "condition-not-lower": ("no score is lower.", "没有更低的得分。"),
    "condition-unscored": (
        "Without a score, and not held against it: {n}.",
        "{n} 个无得分，不计入此条件。",
    ),
    "condition-red-line-unjudged": (
        "Subjects whose red lines could not be judged: {cards}.",
        "无法判定红线的对象：{cards}。",
    ),
    "condition-red-line": ("subjects held by a red line: {cards}.", "受红线限制的对象：{cards}。"),
    "condition-alarm": (
        "subjects with a KPI that is better while its guardrail is worse: {cards}.",
        "指标变好而护栏指标变差的对象：{cards}。",
    ),
    "condition-alarm-unwatched": (
        "Subjects of whom it cannot be told (no cycle before, or not for these readers): {cards}.",
        "无法判断的对象（没有前一周期，或不向这些读者公开）：{cards}。",
    ),
    "bytes": ("{n} B", "{n} B"),
}  # fmt: skip
