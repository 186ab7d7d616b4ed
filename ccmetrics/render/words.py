"""What a report says around its numbers, in the languages a reader may choose.

In: a key and what goes into the sentence. Out: the sentence; English where a language lacks it.
Refuses to know: results, widths, colors. What is refused, and what `check` finds, is said in English: analysts and CI
read that.
"""

from __future__ import annotations

from datetime import date

from ccmetrics.notice import Called, Clauses, Key, Label, Notice, filled
from ccmetrics.render import dates
from ccmetrics.render.audience_words import AUDIENCE
from ccmetrics.render.board_words import BOARD
from ccmetrics.render.candor_words import CANDOR
from ccmetrics.render.comparison_words import COMPARISON
from ccmetrics.render.explanation_words import EXPLANATION
from ccmetrics.render.folder_words import FOLDER
from ccmetrics.render.html_words import HTML
from ccmetrics.render.listing_words import LISTING
from ccmetrics.render.notice_words import KEYS, RESULTS
from ccmetrics.render.notice_words_of_data import DATA
from ccmetrics.render.numbers import LANGUAGES
from ccmetrics.render.page_words import PAGE
from ccmetrics.render.seal_words import SEAL
from ccmetrics.render.sheet_words import SHEET
from ccmetrics.render.workbook_words import WORKBOOK

COMMON: dict[str, tuple[str, str]] = {
    # columns
    "rank": ("#", "名次"),
    "subject": ("subject", "对象"),
    "name": ("name", "姓名"),
    "team": ("team", "团队"),
    "score": ("score", "得分"),
    "grade": ("grade", "等级"),
    "pay": ("pay x", "薪酬系数"),
    "kpi": ("KPI", "指标"),
    "kpi-name": ("name", "名称"),
    "value": ("value", "数值"),
    "n": ("n", "样本"),
    "interval": ("95% interval", "95% 区间"),
    "goals": ("floor / target / stretch", "底线 / 目标 / 挑战"),
    "points": ("points", "分数"),
    "weight": ("weight", "权重"),
    "earns": ("earns", "贡献"),
    "reason": ("why there is none", "无数值原因"),
    # headings and sentences
    "period": ("Period: {span}, days in {zone}", "周期：{span}，按 {zone} 计日"),
    "counts": ("Subjects: {total} ({parts})", "对象：{total}（{parts}）"),
    "scored": ("{n} scored", "{n} 个已评分"),
    "provisional": ("{n} provisional", "{n} 个暂定"),
    "withheld": ("{n} withheld", "{n} 个不评分"),
    "values-only": ("{n} with values only", "{n} 个仅列数值"),
    "nobody": ("Nobody to score: no subject of this card in the period.", "本周期没有该记分卡的对象。"),
    "no-scores": ("No scores: {why}.", "不评分：{why}。"),
    "head-provisional": ("Provisional: no grade, no pay, no rank", "暂定：无等级、无薪酬系数、无名次"),
    "head-withheld": ("Not scored", "不评分"),
    "head-red": ("Red lines", "红线"),
    "head-adjustments": ("Added, taken and multiplied", "加分、扣分与系数"),
    "head-missing": ("* No own value to score", "* 无本人数值可评分"),
    "head-window": ("^ Reaches back for enough cases", "^ 向前追溯以凑足样本"),
    "head-watch": ("Watched, never scored", "观察指标（不计分）"),
    "head-run": ("Notices of the run", "本次运行的说明"),
    "head-suspicions": ("Look at this before you trust it", "使用前请先核对"),
    "head-problems": ("Cannot be read as it is", "按现状无法读取"),
    "head-draft": (
        "A layout to begin with (--layout FILE writes it to a file)",
        "可由此开始的布局（--layout FILE 写入文件）",
    ),
    "inspect-what": ("{about}: {rows} rows, {columns} columns", "{about}：{rows} 行，{columns} 列"),
    "inspect-covers": ("covers {days} (by '{column}')", "覆盖{days}（依据“{column}”）"),
    "inspect-layout": ("read by layout {layout}: {tables}", "按布局 {layout} 读取：{tables}"),
    "inspect-canonical": ("read by its own column names: {tables}", "按自身列名读取：{tables}"),
    "inspect-experimental": (
        "This layout is experimental: check a few rows by hand.",
        "该布局为实验性：请人工核对若干行。",
    ),
    "inspect-none": ("No layout fits, and no table has these columns.", "没有合适的布局，也没有含这些列的表。"),
    "inspect-near": (
        "layout {layout} finds {share} of its names, but wants {lacks}",
        "布局 {layout} 匹配 {share}，但还需要 {lacks}",
    ),
    "column": ("column", "列"),
    "reads-as": ("reads as", "类型"),
    "empty": ("empty", "空"),
    "distinct": ("distinct", "不同值"),
    "holds": ("holds", "内容"),
    "private": ("private", "不公开"),
    "taken-datetime": ("date and time", "日期时间"),
    "taken-date": ("date", "日期"),
    "taken-clock": ("time of day", "时刻"),
    "taken-duration": ("duration", "时长"),
    "taken-number": ("number", "数字"),
    "taken-percent": ("percent", "百分比"),
    "taken-money": ("money", "金额"),
    "taken-flag": ("yes or no", "是否"),
    "taken-id": ("id", "编号"),
    "taken-word": ("words", "文字"),
    "taken-empty": ("nothing", "无"),
    "head-notices": ("Notices", "说明"),
    "head-skipped": ("Cards that cannot be measured from what is supplied", "现有数据无法衡量的记分卡"),
    "not-shown": (
        "Not shown in {width} columns: {names}. A wider terminal, --subject or --format csv shows them.",
        "终端宽{width}列，未显示：{names}。可加宽终端，或用 --subject、--format csv 查看。",
    ),
    "small-n": ("(n) after a value: it rests on fewer than {n} cases.", "数值后的（n）：样本少于 {n}。"),
    "missing-line": ("{kpi}: {n} of {total}, {reason}; {policy}", "{kpi}：{n}/{total} 个对象，{reason}；{policy}"),
    "bracketed": ("{head} ({more})", "{head}（{more}）"),
    "missing-value": ("{kpi}: {n} of {total}, {reason}", "{kpi}：{n}/{total} 个对象，{reason}"),
    "replaced": ("{reason}; {policy}", "{reason}；{policy}"),
    "window-line": ("{kpi}: up to {cycles} cycles for {n} of {total}", "{kpi}：{n}/{total} 个，最多 {cycles} 个周期"),
    "held-at": ("score at most {score}", "得分不超过 {score}"),
    "red-grade": ("grade at most {grade}", "等级不高于 {grade}"),
    "red-pay": ("pay at most {pay}", "薪酬系数不超过 {pay}"),
    "of-pool": ("{amount} asked of a pool of {pool}, {asked} by all", "申请 {amount}，奖池 {pool}，共申请 {asked}"),
    "of-cycles": ("mean of what the cycles added and took: {parts}", "各周期加减的平均：{parts}"),
    "fired-in": ("in {periods}", "于{periods}"),
    "on-pay": ("{name} (on pay)", "{name}（作用于薪酬）"),
    "multiplied": ("{name} x {factor}", "{name} × {factor}"),
    "base": ("base: weighted mean of points", "基础分：加权平均"),
    "asked": ("asked {amount}, cap {cap}", "应计 {amount}，上限 {cap}"),
    "at-most": ("at most ({name})", "封顶（{name}）"),
    "unjudged": ("not judged, {reason}", "无法判定，{reason}"),
    "rank-of": ("rank {rank} of {of}", "第 {rank} 名，共 {of} 名"),
    "grade-is": ("grade {grade}", "等级 {grade}"),
    "grade-was": ("grade {grade} ({by_score} by score)", "等级 {grade}（按得分为 {by_score}）"),
    "pay-is": ("pay x {pay}", "薪酬系数 {pay}"),
    "coverage": ("coverage {share}", "覆盖率 {share}"),
    "status": ("status: {status}", "状态：{status}"),
    "over-cycles": ("value over {cycles} cycles", "取 {cycles} 个周期的数值"),
    "partial": (
        "PARTIAL: without {rows} that could not be read ({reasons}).",
        "部分数据（PARTIAL）：不含无法读取的 {rows}（{reasons}）。",
    ),
    "one-row": ("1 row", "1 行"),
    "many-rows": ("{n} rows", "{n} 行"),
    "one-export": ("1 export", "1 个导出文件"),
    "many-exports": ("{n} exports", "{n} 个导出文件"),
    "for-tables": ("{exports} for {n} tables", "{exports}（{n} 张表）"),
    "rows": ("{exports}, {read} read: {parts}; {verdict}.", "{exports}，读入 {read}：{parts}；{verdict}。"),
    "rows-used": ("{n} used", "使用 {n}"),
    "rows-duplicates": ("{n} duplicates", "重复 {n}"),
    "rows-superseded": ("{n} earlier versions", "旧版本 {n}"),
    "rows-folded": ("{n} folded", "并入他行 {n}"),
    "rows-outside": ("{n} outside the period", "周期之外 {n}"),
    "rows-filtered": ("{n} filtered", "过滤 {n}"),
    "rows-excluded": ("{n} excluded", "排除 {n}"),
    "rows-rejected": ("{n} set aside", "搁置 {n}"),
    "balance": ("all balance", "全部平衡"),
    "imbalance": ("{names} does not balance", "{names} 不平衡"),
    "made-by": (
        "ccmetrics {version}, definitions {catalogue}, inputs {inputs} (--format json: in full)",
        "ccmetrics {version}，定义 {catalogue}，输入 {inputs}（全文见 --format json）",
    ),
    "unvalued": ("No value for {n} of {total} KPIs: {names}.", "{total} 个指标中 {n} 个无数值：{names}。"),
    "groups-cut": (
        "{n} more groups are not shown; --format csv has them all.",
        "另有 {n} 组未显示；--format csv 可得全部。",
    ),
    "nothing-measured": ("No KPI has a value in this period.", "本周期没有任何指标有数值。"),
    # how a missing value is met
    "neutral": ("the value of all together stands in", "以全体汇总值代替"),
    "floor": ("scored at the floor", "按底线计分"),
    "redistributed": ("left out, its weight goes to the rest", "略去，权重分给其余指标"),
    "withheld-line": ("the score is withheld", "不予评分"),
    # reasons
    "below-min-n": ("too few cases", "样本不足"),
    "n-unknown": ("number of cases not known", "样本数未知"),
    "denominator-zero": ("nothing to divide by", "分母为零"),
    "no-rows": ("no rows", "无记录"),
    "all-null": ("no answers in the rows", "记录中无取值"),
    "not-covered": ("table has no rows in the period", "该表本周期无记录"),
    "table-not-supplied": ("table not supplied", "未提供该表"),
    "column-not-supplied": ("column not supplied", "未提供该列"),
    "not-by-time": ("one value a period only", "每个周期只有一个值"),
    "goal-of-one-cycle": ("of several cycles, and last year's goal is of one", "数值含多个周期，去年目标只含一个"),
    "not-present": ("not present", "不在岗"),
    "short-period": ("the period is shorter than the card's cycle", "周期短于记分卡周期"),
    "presence": ("present for less than {least} of the period", "在岗不足周期的 {least}"),
    "coverage-low": ("own values weigh {share}, {least} is needed", "本人数值权重 {share}，需 {least}"),
    "no-values": ("no values", "无数值"),
    "missing": ("no value for {names}", "缺少{names}"),
    "cycle-not-scored": ("not scored in {names}", "在{names}未评分"),
    "not-scored": ("not scored in this cycle", "该周期未评分"),
    "nobody-scored": ("nobody below is scored", "所属对象均未评分"),
    "no-pool-group": ("belongs to no group with a pool", "不属于任何奖池分组"),
    "pool-not-judged": ("others' claims on the pool are not known yet", "他人对奖池的申请尚未确定"),
    "not-judged": ("not judged: {names}", "无法判定：{names}"),
    "not-supplied": ("not supplied, so not measured: {names}", "未提供数据，无法衡量：{names}"),
}  # fmt: skip


def merged(*parts: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """All phrases; a key that two have would be said with the words of whichever comes last."""
    found: dict[str, tuple[str, str]] = {}
    for part in parts:
        if doubles := sorted(found.keys() & part.keys()):
            raise KeyError(f"phrases of the same key: {', '.join(doubles)}")
        found |= part
    return found


PHRASES = merged(
    COMMON, BOARD, PAGE, SHEET, CANDOR, SEAL, COMPARISON, EXPLANATION, LISTING, WORKBOOK, HTML, FOLDER, AUDIENCE
)


def say(key: str, lang: str, **parts: object) -> str:
    """The phrase of a key. A key nobody knows is its own phrase: a new reason is shown, not hidden."""
    if key not in PHRASES:
        return key
    return PHRASES[key][LANGUAGES.index(lang)].format(**parts)


NOTICES = RESULTS | DATA
"""Templates of notices in Chinese, by the English ones."""


def told(notice: str, lang: str) -> str:
    """A notice in a reader's language, with days and periods written out. What is no `Notice` is shown as it is."""
    if not isinstance(notice, Notice):
        return notice
    template = NOTICES.get(notice.template, notice.template) if lang == "zh" else notice.template
    return filled(template, notice.parts, lambda part: _part(part, lang))


def _part(part: object, lang: str) -> str:
    if isinstance(part, Notice):
        return told(part, lang)
    if isinstance(part, Label):
        return dates.period(part, lang)
    if isinstance(part, Key):
        return _key(part, lang)
    if isinstance(part, Called):
        return part.words.say(lang) or str(part)
    if isinstance(part, Clauses):
        return clauses([_part(each, lang) for each in part], lang)
    if isinstance(part, (list, tuple)):
        return listed([_part(each, lang) for each in part], lang)
    return dates.day(part, lang) if isinstance(part, date) else str(part)


def _key(word: str, lang: str) -> str:
    """A word of notices, or of reports where its phrase has no parts."""
    phrases = KEYS.get(word) or PHRASES.get(word, (word, word))
    return word if "{" in phrases[0] else phrases[LANGUAGES.index(lang)]


def listed(names: list[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(names)


def clauses(parts: list[str], lang: str) -> str:
    """Of what has commas of its own."""
    return ("；" if lang == "zh" else "; ").join(parts)


def after(head: str, rest: str, lang: str) -> str:
    """What is said of something: `head: rest`."""
    return f"{head}：{rest}" if lang == "zh" else f"{head}: {rest}"
