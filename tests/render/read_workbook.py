"""A workbook against the frames: every cell with a number by its head and row, the tidy result cell by cell.

In: a source, the bytes of a workbook. Out: a reading.
Refuses to know: how a workbook is written.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import openpyxl
import polars as pl

from ccmetrics.render import tidy
from tests.render import said
from tests.render.read_back import Reading, Sentences, days, numbers
from tests.render.read_terminal import bare
from tests.render.sources import Row, Source, fixed, signed

Cells = list[dict[str, Any]]
"""Rows of a table, each cell by its head."""
KPIS = {"points": ("{}, points", "{}·分数"), "marks": ("{}, marks", "{}·标记")}
KINDS = ("scored", "provisional", "withheld", "values-only")
PARTS = ("read", "used", "duplicates", "superseded", "folded", "outside", "filtered", "excluded")


def read(source: Source, content: bytes) -> Reading:
    reading, found, texts = Reading(), {}, []
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        inside = set()
        for table in sheet.tables.values():
            head, *rows = sheet[table.ref]
            found[table.name] = [{str(h.value): cell for h, cell in zip(head, row, strict=True)} for row in rows]
            inside |= {cell.coordinate for row in (head, *rows) for cell in row}
        rest = [cell.value for row in sheet.iter_rows() for cell in row if cell.coordinate not in inside and cell.value]
        reading.wrong += [f"{sheet.title}: {value!r} stands alone" for value in rest if not isinstance(value, str)]
        texts += [value for value in rest if isinstance(value, str)]
    _data(reading, source, found.pop("data"))
    _card(reading, source, found.pop(f"card_{source.card.card.card}"))
    _overview(reading, source, found.pop("overview"), found.pop("grades"), found.pop("kpis"))
    _history(reading, source, found.pop("history"))
    _adjustments(reading, source, found.pop("adjustments"))
    _rows(reading, source, found.pop("rows"), found.pop("inputs"))
    _goals(reading, source, found.pop("goals"))
    notes = [str(row[source.words("sentence", "内容")].value) for row in found.pop("notes")]
    found.pop("definitions"), found.pop("made_by")
    reading.wrong += [f"table {name} was read by nobody" for name in found]
    _words(reading, source, texts, notes)
    return reading


def _data(reading: Reading, source: Source, rows: Cells) -> None:
    """The tidy result: every cell what the frame holds, to the last digit."""
    wanted = tidy.scores(source.result)
    reading.same("data", len(rows), [str(len(rows))], [str(wanted.height)], 0)
    for row, true in zip(rows, wanted.to_dicts(), strict=False):
        for head, value in true.items():
            shown = row[head].value
            if (shown if shown is not None else "") != (value if value is not None else ""):
                reading.wrong.append(f"data {true['subject']} {true['item']} {head}: {shown!r} is not {value!r}")
            reading.compared += isinstance(value, int | float)


def _number(reading: Reading, where: object, cell: Any, value: float | None, text: str = "") -> None:
    """The cell holds the number itself, per thousand where its text says so, and is shown as every page shows it."""
    if value is not None and text.endswith("‰"):
        value = float(Decimal(repr(value)).scaleb(3))
    if cell.value != value:
        reading.wrong.append(f"{where}: holds {cell.value!r}, not {value!r}")
    elif value is not None and text:
        shown = numbers(_shown(float(value), cell.number_format))
        reading.same((where, cell.number_format), cell.value, shown, numbers(text))


def _shown(value: float, pattern: str) -> str:
    """As a spreadsheet shows a number by a format: places, percent, words behind it, a sign before it."""
    places = len(found[1]) if (found := re.search(r"0\.(0+)", pattern)) else 0
    words = "".join(re.findall(r'"([^"]*)"', pattern.split(";")[0]))
    text = fixed(float(f"{value * 100:.15g}") if "%" in pattern else value, places)
    sign = "+" if pattern.startswith("+") and value > 0 and re.search("[1-9]", text) else ""
    return f"{sign}{text}{'%' if '%' in pattern else ''}{words}"


def _card(reading: Reading, source: Source, rows: Cells) -> None:
    reading.same("rows", len(rows), [str(len(rows))], [str(len(source.rows))], 0)
    whole = ("rank", "rank_low", "rank_high")
    for cells, row in zip(rows, source.rows, strict=False):
        wanted: dict[str, tuple[float | None, str]] = {key: (row[key], str(row[key])) for key in whole}
        wanted |= {key: (row[key], fixed(row[key], places)) for key, places in (("score", 2), ("low", 1), ("high", 1))}
        wanted |= {key: (row[key], said.percent(row[key] or 0)) for key in ("presence", "coverage")}
        wanted |= {"change": (row["change"], signed(row["change"])), "pay": (row["pay"], f"{row['pay'] or 0:g}")}
        wanted |= {"pay_amount": (row["pay_amount"], fixed(row["pay_amount"]))}
        for key, (value, text) in wanted.items():
            if source.head(key) in cells:
                _number(reading, (row["subject"], key), cells.pop(source.head(key)), value, text)
            elif value is not None:
                reading.wrong.append(f"{row['subject']}: no {key}")
        for kind, lines in (("line", source.lines), ("watch", source.watch)):
            for at, line in enumerate(lines.get(row["subject"], [])):
                _values(reading, source, cells, source.head(f"{kind}.{at}"), line)
        left = {head: cell.value for head, cell in cells.items() if isinstance(cell.value, int | float)}
        reading.wrong += [f"{row['subject']} {head}: {value} has no source" for head, value in left.items()]


def _values(reading: Reading, source: Source, cells: dict[str, Any], head: str, line: Row) -> None:
    text = source.value(line["value"], line["item"], line["variant"])
    _number(reading, (line["subject"], head), cells.pop(head), line["value"], text)
    points, marks = (KPIS[key][source.at].format(head) for key in ("points", "marks"))
    if line["row"] == "kpi":
        _number(reading, (line["subject"], points), cells.pop(points), line["points"], fixed(line["points"], 1))
    told = cells.pop(marks).value if marks in cells else None
    reading.is_((line["subject"], marks), told or "", source.marks(line))


def _overview(reading: Reading, source: Source, cards: Cells, grades: Cells, kpis: Cells) -> None:
    card, kinds = source.card, [row["status"] for row in source.rows]
    cycles = card.course.sort("start").to_dicts()
    counted = [kinds.count(kind) for kind in KINDS if kinds.count(kind)]
    means = (cycles[-1]["median"], cycles[-1]["mean"], cycles[-2]["mean"])
    wanted = [len(kinds), *counted, *means, len(source.red), len({row["subject"] for row in card.alarms.to_dicts()})]
    for cell, value in zip(list(cards[0].values())[1:], wanted, strict=True):
        _number(reading, "overview", cell, value, fixed(value, 1) if value in means else str(value))
    earned = dict(card.grades.filter(period=card.period).select("grade", "n").iter_rows())
    assert sum(earned.values()) == kinds.count("scored")
    found = {head.split(" ")[-1]: cell.value for head, cell in list(grades[0].items())[1:]}
    reading.same("grades", found, list(found.items()), list(earned.items()), len(earned))
    pooled = [row for row in card.pooled.filter(period=card.period).to_dicts() if row["value"] is not None]
    for cells, row in zip(kpis, pooled, strict=True):
        key = (row["kpi"], row["variant"])
        reading.is_(key, cells["KPI" if not source.at else "指标"].value, source.kpi(row["kpi"]))
        for name, head in (("value", source.words("value", "数值")), ("target", source.words("target", "目标"))):
            text = source.value(row[name], *key)
            _number(reading, key, cells[head], row[name], text)
        _number(reading, key, cells[source.words("n", "样本")], row["n"], str(f"{row['n']:,}") if row["n"] else "")


def _history(reading: Reading, source: Source, rows: Cells) -> None:
    for cells, row in zip(rows, source.card.history.to_dicts(), strict=True):
        where = (row["subject"], row["period"])
        reading.is_(where, cells[source.head("subject")].value, row["subject"])
        _number(reading, where, cells[source.head("score")], row["score"], fixed(row["score"]))
        _number(reading, where, cells[source.head("rank")], row["rank"])
        starts = next(cell.value for cell in cells.values() if isinstance(cell.value, datetime))
        reading.same(where, starts, [str(starts.date())], [str(row["start"])], 0)


def _adjustments(reading: Reading, source: Source, rows: Cells) -> None:
    heads = {
        "requested": ("asked", "应计"), "amount": ("amount", "实际分值"), "factor": ("factor", "系数"),
        "score_at_most": ("score at most", "得分不超过"), "pay": ("pay x at most", "薪酬系数不超过"),
    }  # fmt: skip
    wanted = source.card.adjustments.filter(pl.col("fired") | ~pl.col("judged")).to_dicts()
    for cells, row in zip(rows, wanted, strict=True):
        reading.is_(row["name"], cells[source.head("subject")].value, row["subject"])
        for key, pair in heads.items():
            times = key in ("factor", "pay") and row[key] is not None
            said = f"{row[key]:g}" if times else fixed(row[key])
            head = source.words(*pair)
            if head in cells or row[key] is not None:
                _number(reading, (row["subject"], key), cells[head], row[key], said)


def _rows(reading: Reading, source: Source, rows: Cells, inputs: Cells) -> None:
    for cells, account in zip(rows, source.result.accounts, strict=True):
        found = [cell.value for cell in cells.values() if isinstance(cell.value, int)]
        wanted = [*(getattr(account, part) for part in PARTS), sum(account.rejected.values())]
        reading.same(account.export, found, list(map(str, found)), list(map(str, wanted)))
        reading.same(account.export, found, [str(found[0])], [str(sum(found[1:]))], 0)
        told = Sentences([([], " ".join(map(str, account.rejected.values())))])
        told.take(reading, account.export, str(list(cells.values())[-1].value or ""))
        told.end(reading, account.export)
    for cells, each in zip(inputs, source.result.inputs, strict=True):
        found = [cell.value for cell in cells.values() if isinstance(cell.value, int)]
        reading.same(each.name, found, list(map(str, found)), [str(each.rows)])


def _goals(reading: Reading, source: Source, rows: Cells) -> None:
    """Weight and target as numbers; the curve in words, value by value."""
    for at, (cells, line) in enumerate(zip(rows, source.lines[source.rows[0]["subject"]], strict=True)):
        _, _, weight, target, curve = cells.values()
        _number(reading, line["item"], weight, line["weight"])
        _number(
            reading, line["item"], target, line["target"], source.stated(line["target"], line["item"], line["variant"])
        )
        goal = source.card.goals.filter(line=at)
        pairs = zip(goal["knots"].item(), goal["points"].item(), strict=True)
        reading.says(line["item"], curve.value, " ".join(
            f"{source.stated(knot, line['item'], line['variant'])} {points:g}" for knot, points in pairs))  # fmt: skip


def _words(reading: Reading, source: Source, texts: list[str], notes: list[str]) -> None:
    legend: list[said.Said] = [([], "100 50 100 50")]
    pool = Sentences([*said.notices(source.result.notices), said.balance(source), *legend])
    for text in texts:
        pool.take(reading, "text", bare(text, source))
    pool.end(reading, "text")
    below = Sentences(said.below(source))
    for note in notes:
        below.take(reading, "note", note)
    below.end(reading, "note")
    known = source.days()
    reading.wrong += [f"no {day} in the frames" for text in (*texts, *notes) for day in days(text) if day not in known]
