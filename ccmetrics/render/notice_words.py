"""Notices of a result in Chinese: what was scored, paid, decided, held beside a seal.

In: nothing. Out: templates by the English one, with the same parts; words that are parts.
Refuses to know: how a notice is told.
"""

from __future__ import annotations

RESULTS: dict[str, str] = {
    # the run
    "Nothing to group by {dimensions}: {names}.": "无法按 {dimensions} 分组：缺少 {names}。",
    "Nothing to group by {dimensions}: no row meets the condition.": "无法按 {dimensions} 分组：没有符合条件的行。",
    "Nothing to group by {dimensions}: no rows in the period.": "无法按 {dimensions} 分组：周期内无记录。",
    "The data end on {day}, before {period} is over: what is told of it is of a part, and may still change.":
        "数据截至{day}，{period}尚未结束：以下仅反映其中一部分，结果仍可能变化。",
    "Card '{card}' is in one of the two only, so nobody is compared on it.":
        "记分卡“{card}”只存在于其中一方，因此不作比较。",
    # cards
    "Line {number} is a mean of {what} of those scored on card '{card}', weighted by {days}; it is not recomputed "
    "from rows.":
        "第 {number} 行取记分卡“{card}”已评分对象的{what}均值，按{days}加权；不从明细重新计算。",
    "the points of {kpi}": "“{kpi}”分数",
    "the scores": "得分",
    "the bases": "基础分",
    "the days of the period": "周期内天数",
    "the days under each {by}": "在每个 {by} 下的天数",
    "{first}": "{first}",
    "{first} ...": "{first}……",
    "The shift plan has no hours on {n:workday} of {period} ({days}): presence is by workdays x contract instead. "
    "Supply the whole plan, or say in `calendar` that these are none.":
        "{period}有 {n} 个工作日没有排班工时（{days}）：出勤改按工作日 × 合同工时计算。请提供完整排班，或在 "
        "`calendar` 中注明这些日子不是工作日。",
    "Not scored for comparison: {cycles}, before the first day of a goal or weight.":
        "未评分以供比较：{cycles}，早于目标或权重的首个生效日。",
    "No change of scores since {period}: the goals or weights of {lines} are not the same.":
        "不比较{period}以来的得分变化：{lines}的目标或权重前后不同。",
    "No change of scores since {period} of {n:subject}: handle times were made of other components then.":
        "{n} 个对象不比较{period}以来的得分变化：当时处理时长的构成不同。",
    "No roster was supplied: the {n:subject} {n:=is the one|are those} the data names.":
        "未提供名册：{n} 个对象取自数据本身。",
    "The roster has people without a team on days of {period}: {n} ({subjects}). Their rows of those days count for no "
    "team.":
        "{period}内名册中有 {n} 人在部分日子没有团队（{subjects}）。这些日子的记录不计入任何团队。",
    "Not supplied, so not measured: {names}.": "未提供数据，因此无法衡量：{names}。",
    "{kpi}: '{table}' is left aside, since not all of the formula can be taken from it.":
        "{kpi}：未采用数据表“{table}”，因为公式无法全部取自该表。",
    "{table} has one value a period; ask for each {grain} by itself":
        "{table}每个周期只有一个值，请分别查询每个{grain}",
    "{name}": "{name}",
    "{table}.{column}": "{table}.{column}",
    "{column} in every export": "{column}（并非每个导出文件都有）",
    "one source for all of it ({table})": "公式全部取自同一来源（{table}）",
    "The data has no cycle before {period}: changes of what guards a KPI were not watched.":
        "数据中没有{period}之前的周期：未监测护栏指标的变化。",
    # grades by distribution
    "Grades are by score, not by distribution: the roster does not say '{column}'.":
        "按得分定级，未按强制分布：名册中没有“{column}”。",
    "Grades are by score, not by distribution: it takes {least:subject} scored and free of red lines; here {n:=is|are} "
    "{n}.":
        "按得分定级，未按强制分布：至少需 {least} 个已评分且未触碰红线的对象，现有 {n} 个。",
    "Grades are by score, not by distribution, in groups of fewer than {least} scored and free of red lines: "
    "{groups}.":
        "以下分组已评分且未触碰红线者不足 {least} 人，按得分定级，未按强制分布：{groups}。",
    "Grades are by score, not by distribution, where the roster does not say '{column}': {n}.":
        "名册中“{column}”为空者按得分定级，未按强制分布：{n} 个。",
    "Grades by distribution that are lower than by score: {lost}, told by the interval from the last of a better "
    "grade: {apart}; higher: {won}.":
        "按强制分布低于按得分的等级：{lost} 个，其中与上一等级末位可由区间区分的 {apart} 个；高于按得分的：{won} 个。",
    # pay
    "No pay amounts: {period} is not one {cycle}.": "不计算薪酬金额：{period}不是一个完整的{cycle}。",
    "Pay is by steps, not along a line: a distribution gives the grades.":
        "薪酬按等级分档，不按得分插值：等级由强制分布决定。",
    "Pay sums to {sum}.": "薪酬合计 {sum}。",
    "Pay sums to {sum}, within the budget of {budget}.": "薪酬合计 {sum}，在预算 {budget} 之内。",
    "Pay sums to {sum}; multiplied by {by:.4f} it keeps to the budget of {budget}.":
        "薪酬合计 {sum}；乘以 {by:.4f} 后等于预算 {budget}。",
    "Nobody earns pay: nothing of the budget of {budget} is spent.": "无人获得薪酬：预算 {budget} 未动用。",
    "Without pay are {subjects}: the sum is not the whole bill.": "以下未计薪酬：{subjects}；合计并非全部应付。",
    "{n} {why}": "{why} {n} 个",
    # lists and shares
    "No lists over cycles: {period} is not one {cycle}.": "不生成跨周期名单：{period}不是一个完整的{cycle}。",
    "Not judged: '{list}' ({rule}), because there {n:=is|are} {n:cycle}.":
        "未判定：“{list}”（{rule}），因为只有 {n} 个周期。",
    "{grade} or better in {times} of {of:cycle}": "{of} 个周期中有 {times} 个不低于 {grade} 级",
    "{grade} or worse in {times} of {of:cycle}": "{of} 个周期中有 {times} 个不高于 {grade} 级",
    "No watch list: it looks at {asked:cycle}, and there {n:=is|are} {n}.":
        "不生成观察名单：需要 {asked} 个周期，现有 {n} 个。",
    "No watch list: fewer than three were scored in {cycles}.": "不生成观察名单：{cycles}已评分者不足三个。",
    "Not on the watch list: {subjects} was the last in {n:cycle} running and below {grade}, but is not told from the "
    "next in {cycles}.":
        "未列入观察名单：{subjects} 连续 {n} 个周期末位且低于 {grade} 级，但在{cycles}与前一名无法区分。",
    "No share of volume, because none is known: {subjects}.": "业务量未知，因此没有份额：{subjects}。",
    "Not scored, so their share of volume stays: {subjects}.": "未评分，业务量份额不变：{subjects}。",
    "No next shares: {n} with at least {low:.1%} and at most {high:.1%} each cannot share {part:.1%} of the volume by "
    "their scores.":
        "无下期份额：{n} 个对象每个至少 {low:.1%}、至多 {high:.1%}，无法按得分分配 {part:.1%} 的业务量。",
    # actions
    "Card '{card}': its actions are decided by the {cycle}, and {period} is none.":
        "记分卡“{card}”的措施按{cycle}判定，{period}不是一个完整的{cycle}。",
    "Card '{card}', action '{action}': not decided for {n} of {of:subject}":
        "记分卡“{card}”的措施“{action}”：{of} 个对象中有 {n} 个无法判定",
    "{said}; {asked:cycle} asked, {n} in the data.": "{said}；需要 {asked} 个周期，数据中有 {n} 个。",
    "{period}: {reasons}": "{period}：{reasons}",
    "{said} ({reasons}).": "{said}（{reasons}）。",
    "not there in every cycle": "并非每个周期都在",
    "Card '{card}': the roster has no {role} of {subjects}: actions about them reach nobody.":
        "记分卡“{card}”：名册中没有 {subjects} 的 {role}，有关措施无人接收。",
    "Card '{card}': actions are closed because their subject is no longer on it: {subjects}.":
        "记分卡“{card}”：以下对象已不在该卡，措施关闭：{subjects}。",
    "{n:notice} {n:=is|are} for the center alone and not shown here.": "另有 {n} 条说明仅供中心查看，此处不显示。",
    # beside a seal
    "The definitions are not those it was sealed by.": "定义与封存时不同。",
    "Sealed by {name} {then}, run by {now}.": "封存时使用 {name} {then}，本次使用 {now}。",
    "It is not the export that was sealed as {name}.": "与封存时的 {name} 不是同一文件。",
    "It was sealed and is not among these exports.": "封存时有，本次导出文件中没有。",
    "It was not among the sealed exports.": "封存时的导出文件中没有。",
}  # fmt: skip

KEYS: dict[str, tuple[str, str]] = {
    "half_hour": ("half hour", "半小时"),
    "hour": ("hour", "小时"),
    "weekday": ("weekday", "星期"),
    "day": ("day", "日"),
    "week": ("week", "周"),
    "month": ("month", "月"),
    "quarter": ("quarter", "季度"),
    "year": ("year", "年"),
    "team": ("team", "团队"),
    "provisional": ("provisional", "暂定"),
    "withheld": ("withheld", "不评分"),
    "values-only": ("values only", "仅列数值"),
    "without a base": ("without a base", "无薪酬基数"),
    "without a grade": ("without a grade", "无等级"),
    "words": ("words", "文字"),
}
"""Words that are parts of notices. Reasons are said as everywhere."""
