"""Notices of exports in Chinese: what was left aside, how cells were read, what does not fit together.

In: nothing. Out: templates by the English one, with the same parts.
Refuses to know: how a notice is told.
"""

from __future__ import annotations

DATA: dict[str, str] = {
    "{export}: {said}": "{export}：{said}",
    "{column}: {said}": "{column}：{said}",
    "{one} and {other}": "{one} 与 {other}",
    # files
    "{member}: left aside, its name is a hidden file's. Unpack it to have it read.":
        "{member}：未读取，文件名为隐藏文件。如需读取请先解压。",
    "{path}: left aside, it is a folder. Name it to have the exports in it read.":
        "{path}：未读取，这是文件夹。如需读取其中的导出文件，请指明该文件夹。",
    "{path}: left aside, its name does not end as an export's does. Name it to have it read.":
        "{path}：未读取，扩展名不是导出文件。如需读取，请指明该文件。",
    "{path}: left aside, {why}. Unpack it and name the file itself to have it read.":
        "{path}：未读取，{why}。如需读取，请解压后指明该文件。",
    "{path}: left aside, {why}. Name the file itself to have it read.":
        "{path}：未读取，{why}。如需读取，请指明该文件。",
    "no layout knows it": "没有匹配的布局",
    "no layout knows it ({problem})": "没有匹配的布局（{problem}）",
    "{export}: read as {encoding}, {why}": "{export}：按 {encoding} 编码读取，{why}",
    "as layout '{layout}' says": "依据布局“{layout}”",
    "as its byte order mark says": "依据文件的字节顺序标记",
    "{export}: separated by {sign}, as its first line (sep=) says": "{export}：以 {sign} 分隔，依据首行（sep=）",
    "{export}: {n:line} above the data left aside": "{export}：略去数据上方 {n} 行",
    "{export}: {n:line} above the header left aside": "{export}：略去表头上方 {n} 行",
    "{n:blank line} skipped": "跳过 {n} 个空行",
    "{n:blank row} skipped": "跳过 {n} 个空行",
    "{n:repeated header} skipped": "跳过 {n} 个重复表头",
    "{n:unnamed, empty column} dropped": "略去 {n} 个无名空列",
    "{n:hidden row} {n:=is|are} read too": "隐藏的 {n} 行也已读取",
    "the last line has no line end; if such exports have one, this file was cut short":
        "最后一行没有换行符；如果此类导出文件本应有，则文件可能不完整",
    "sheet '{sheet}' is read; left aside: {others}": "读取工作表“{sheet}”；未读取：{others}",
    "sheet '{sheet}' is hidden": "工作表“{sheet}”是隐藏的",
    "lists of objects left aside: {names}": "未读取的对象列表：{names}",
    "{export}: footer of {n:line} left aside": "{export}：略去 {n} 行表尾",
    "{export}: footer of {n:line} left aside, its control {totals:=total agrees|totals agree}":
        "{export}：略去 {n} 行表尾，{totals} 个合计数核对一致",
    "{export}: no footer, for no line begins with '{word}'": "{export}：没有表尾，没有以“{word}”开头的行",
    # what a file is
    "delimited by {sign}": "以 {sign} 分隔",
    "header on line {line}": "表头在第 {line} 行",
    "header in row {row}": "表头在第 {row} 行",
    "no header": "无表头",
    "{one}, {other}": "{one}，{other}",
    "Excel workbook, sheet '{sheet}', {head}": "Excel 工作簿，工作表“{sheet}”，{head}",
    "JSON, an array of objects": "JSON，对象数组",
    "JSON lines": "JSON 行",
    # layouts
    "layout {layout} is experimental. It is known only from its vendor's documentation or a few rows. Check a few rows "
    "by hand.":
        "布局 {layout} 为实验性，仅依据厂商文档或少量样例编写。请人工核对若干行。",
    "{lines:line} of the log folded into {rows:row}": "日志 {lines} 行合并为 {rows} 行",
    "layout {layout} knows columns this file lacks: {columns}": "布局 {layout} 中有该文件没有的列：{columns}",
    "no columns of '{table}', left aside: {columns}": "不是“{table}”的列，未读取：{columns}",
    # rows and cells
    "{n:row} of '{table}' {n:=has|have} no {key}: one that two exports hold is counted twice.":
        "“{table}”有 {n} 行没有 {key}：若两个导出文件含同一行，会重复计数。",
    "{n:exact duplicate row} of '{table}' dropped": "去除“{table}”完全重复的 {n} 行",
    "{n:earlier version} of rows of '{table}'": "“{table}”有 {n} 行旧版本",
    "'{word}' in {n:cell} read as empty": "{n} 个单元格中的“{word}”视为空",
    "{n:cell} of several values between '{sign}' read as the last of them":
        "{n} 个单元格含以“{sign}”分隔的多个值，取最后一个",
    "{n:cell} of several values between '{sign}' read as the first of them":
        "{n} 个单元格含以“{sign}”分隔的多个值，取第一个",
    "{n:cell} below zero read as empty": "{n} 个负值单元格视为空",
    "{n:cell} below zero read as 0": "{n} 个负值单元格视为 0",
    "{column}: half of its cells are below {limit:g} s. Are they seconds? Then say `unit: s`":
        "{column}：半数单元格低于 {limit:g} 秒。单位是秒吗？若是，请注明 `unit: s`",
    "{column}: half of its cells are above {limit:g} h. Are they milliseconds? Then say `unit: ms`":
        "{column}：半数单元格超过 {limit:g} 小时。单位是毫秒吗？若是，请注明 `unit: ms`",
    "{column}: {n:cell} read as {form}: {why}": "{column}：{n} 个单元格按 {form} 读取：{why}",
    "as {forms} they are the same": "按 {forms} 读取结果相同",
    "no other reading fits them all": "没有其他格式适合全部单元格",
    "{column}, '{mean}' times '{weight}', is up to {off:.2g} away from a whole number, and kept as it is.":
        "{column}（“{mean}”乘以“{weight}”）与整数最多相差 {off:.2g}，保持原值。",
    "{n:cell} without an offset read as UTC, as neither project nor layout says a `time_zone`":
        "{n} 个无时差的单元格按 UTC 读取，因为项目和布局均未注明 `time_zone`",
    "{n:cell} in the repeated hour of {zone} read as the earliest": "{zone} 重复的一小时内有 {n} 个单元格，取较早者",
    "{n:cell} in the repeated hour of {zone} read as the latest": "{zone} 重复的一小时内有 {n} 个单元格，取较晚者",
    "{n:cell} in an hour that {zone} skips moved behind it": "{zone} 跳过的一小时内有 {n} 个单元格，移至其后",
    # between tables
    "Exclusion {exclusion} meets no row of {table}.": "排除项 {exclusion} 未匹配 {table} 的任何行。",
    "Exclusion {exclusion} leaves {n:row} of {table} out of {kpis}.":
        "排除项 {exclusion} 使 {table} 的 {n} 行不计入{kpis}。",
    "{kind}: {names} look alike and count as {n}. Write one of them everywhere; `names: nfkc` in the project does so "
    "for all that differs in more than case.":
        "{kind}：{names} 看似相同，却按 {n} 个计。请统一写法；若差异不止大小写，可在项目中设 `names: nfkc`。",
    "'{word}' ({place})": "“{word}”（{place}）",
    "{n:more name|more names} {n:=looks|look} like another.": "另有 {n} 个名称与他名相似。",
    "{table}: {rows:row} {rows:=names|name} {names} {kind} {names:=id|ids} that {target} does not have":
        "{table}：{rows} 行中有 {names} 个 {kind} 编号不在 {target} 中",
    "{table}: {rows:row} {rows:=names|name} {names} {kind} {names:=id|ids} that {target} does not have on that day":
        "{table}：{rows} 行中有 {names} 个 {kind} 编号当日不在 {target} 中",
    "{said}.": "{said}。",
    "{said}: {subjects}.": "{said}：{subjects}。",
    "{said}: {subjects} and {n} more.": "{said}：{subjects}，另有 {n} 个。",
    "{table}: in {n:row} {later} is before {first}. Times between the two are negative there.":
        "{table}：有 {n} 行 {later} 早于 {first}，两者间隔为负。",
    "Handle time is made of other components in some exports of interactions than in others ({components}): handle "
    "times of people from different exports must not be compared, and they are ranked apart.":
        "各导出文件的处理时长构成不同（{components}）：不同导出文件人员的处理时长不可比较，分别排名。",
    # a look at an export
    "'{column}': {said}": "“{column}”：{said}",
    "{n} of {of:cell} {n:=looks|look} like {form}": "{of} 个单元格中有 {n} 个形如 {form}",
    "'{form}' is unclear: {ways}": "“{form}”含义不明：{ways}",
    "{form} ({n})": "{form}（{n}）",
    "cells of different kinds: {forms}": "单元格类型不一：{forms}",
    "dates in more than one form": "日期格式不止一种",
    "{n:cell} can only be day first, {other} only month first: days were swapped":
        "{n} 个单元格只能是日在前，{other} 个只能是月在前：日月被颠倒",
    "every date reads both day first and month first: find out which": "每个日期均可读作日在前或月在前：请查明是哪一种",
    "minutes and seconds, or hours and minutes": "可能是分秒，也可能是时分",
    "a spreadsheet has rounded what stood here": "电子表格已将原值舍入",
    "a thousand, or a fraction": "可能是千位分隔，也可能是小数",
    "{n:id was|ids were} rounded by a spreadsheet (1.23E+17). Export them again as text.":
        "{n} 个编号被电子表格舍入（1.23E+17）。请以文本格式重新导出。",
    "the middle value is {middle:,.0f}; as seconds that is {hours:,.1f} h. Milliseconds?":
        "中位数为 {middle:,.0f}；若为秒则合 {hours:,.1f} 小时。是否为毫秒？",
    "{words} may stand for no value. If so, say `null:` in the layout.":
        "{words} 可能表示无值。若是，请在布局中注明 `null:`。",
    "'{word}' ({n})": "“{word}”（{n}）",
    "{n:cell is|cells are} 0:00:00, which may stand for no value.": "{n} 个单元格为 0:00:00，可能表示无值。",
    "-1 may stand for no value.": "-1 可能表示无值。",
    "The last day, {day}, has {n:row}; a day has {usual:,.0f} as a rule. Was the export cut short?":
        "最后一天（{day}）有 {n} 行，通常每天 {usual:,.0f} 行。导出文件是否不完整？",
    "The last record looks like a total or a note rather than a row. If so, say `file: {{stop_at: ...}}`.":
        "最后一条记录像是合计或备注，而非数据行。若是，请注明 `file: {{stop_at: ...}}`。",
    "{n:value comes|values come} a second time.": "{n} 个值重复出现。",
    "{n:value differs|values differ} only in case, spaces or the width of letters from another.":
        "{n} 个值与他值仅在大小写、空格或全半角上不同。",
}  # fmt: skip
