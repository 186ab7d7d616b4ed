"""What a page may say of a result, number by number, out of its frames alone.

In: a result, a language. Out: texts as they must stand on a page; sentences as names and numbers.
Refuses to know: how any page is drawn. Digits and units are said here once more, by hand.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import polars as pl

from ccmetrics.render import tidy
from ccmetrics.run import Result
from ccmetrics.scorecard import Scorecard
from tests.render.written_days import MONTHS, between, day, written

Row = dict[str, Any]
NONE = "–"
ENDS = {"s": (" s", "秒"), "h": (" h", "小时"), "day": (" d", "天"), "per_hour": ("/h", "/小时")}
PLACES = {"h": 1, "day": 1, "points": 1, "per_hour": 1, "rating": 2, "money": 2}
HEADS = {
    "rank": ("#", "名次"), "range": ("range", "名次区间"), "subject": ("subject", "对象"), "name": ("name", "姓名"),
    "team": ("team", "团队"), "score": ("score", "得分"), "change": ("change", "变化"), "spark": ("trend", "走势"),
    "interval": ("95% interval", "95% 区间"), "grade": ("grade", "等级"), "pay": ("pay x", "薪酬系数"),
    "pay_amount": ("pay", "薪酬"), "rank_low": ("rank from", "名次自"), "rank_high": ("rank to", "名次至"),
    "low": ("score from", "得分自"), "high": ("score to", "得分至"), "presence": ("presence", "在岗"),
    "coverage": ("coverage", "覆盖率"),
}  # fmt: skip


def rounded(value: float, places: int) -> str:
    """Half up, of the fifteen digits a spreadsheet keeps: what it shows, and a person with a pencil."""
    kept = Context(prec=15).create_decimal(Decimal(float(value)))
    found = kept.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{found if found else abs(found):,}"


def fixed(value: float | None, places: int = 2) -> str:
    return NONE if value is None else rounded(value, places)


def times(value: float, factor: int) -> float:
    return float(Decimal(repr(float(value))) * factor)


def digits(value: float, unit: str | None, display: str | None) -> str:
    """Without its unit, but `%` and `‰`."""
    if display == "per_1000":
        return f"{rounded(times(value, 1000), 1)}‰"
    if unit == "percent":
        return f"{rounded(times(value, 100), 2 if 0 < abs(value) < 0.01 else 1)}%"
    if unit == "s":
        return rounded(value, 0 if abs(value) >= 10 else 1)
    if unit == "count":
        return rounded(value, 0 if value == int(value) else 1)
    if unit in PLACES:
        return rounded(value, PLACES[unit])
    return rounded(value, 2 if abs(value) < 100 else 0)


def share(value: float, *limits: float) -> str:
    """Whole percent, with more digits where it would look like all, nothing or a limit, or lie beyond one."""
    true, places = Decimal(repr(value)), 0
    marks = [Decimal(0), Decimal(1), *(Decimal(repr(limit)) for limit in limits)]
    while True:
        shown = true.quantize(Decimal(1).scaleb(-places - 2), ROUND_HALF_UP)
        if all((shown < mark, shown > mark) == (true < mark, true > mark) for mark in marks):
            return f"{rounded(times(value, 100), places)}%"
        places += 1


def signed(value: float | None, places: int = 1) -> str:
    text = fixed(value, places)
    return f"+{text}" if value is not None and value > 0 and re.search("[1-9]", text) else text


class Source:
    """One result in one language."""

    def __init__(self, result: Result, lang: str) -> None:
        self.result, self.lang, self.at = result, lang, ("en", "zh").index(lang)
        self.card: Scorecard = result.scorecards[0]
        tall = tidy.scores(result).filter(card=self.card.card.card)
        total = tall.filter(row="total").join(
            self.card.scores.select("subject", "rank_of", "base", "net", "bonus", "deductions", "coefficient"),
            on="subject", maintain_order="left",
        )  # fmt: skip
        standing = {"scored": 0, "provisional": 1}
        self.rows = sorted(
            total.to_dicts(),
            key=lambda row: (standing.get(row["status"], 2), row["rank"] or 0, -(row["score"] or 0), row["subject"]),
        )
        self.lines = self._by_subject(tall.filter(row="kpi"))
        self.watch = self._by_subject(tall.filter(row="watch"))
        self.red = set(self.card.adjustments.filter((pl.col("kind") == "red_line") & pl.col("fired"))["subject"])
        self.ids = [(line["item"], line["variant"]) for line in self.lines[self.rows[0]["subject"]]]
        self.watched = [(line["item"], line["variant"]) for line in self.watch.get(self.rows[0]["subject"], [])]

    @staticmethod
    def _by_subject(frame: pl.DataFrame) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in frame.to_dicts():
            found.setdefault(row["subject"], []).append(row)
        return found

    def words(self, en: str, zh: str) -> str:
        return (en, zh)[self.at]

    # ------------------------------------------------------------ values

    def unit(self, kpi: str, variant: str) -> tuple[str | None, str | None]:
        own = self.result.catalogue.kpis[kpi].variant(variant or None)
        return own.unit, own.display

    def kpi(self, name: str) -> str:
        found = self.result.catalogue.kpis[name].name
        return found.zh if self.lang == "zh" else found.en

    def value(self, value: float | None, kpi: str, variant: str) -> str:
        if value is None:
            return NONE
        unit, display = self.unit(kpi, variant)
        return digits(value, unit, display) + self._end(unit, display)

    def _end(self, unit: str | None, display: str | None) -> str:
        return ENDS[unit][self.at] if unit in ENDS and display is None else ""

    def moved(self, value: float | None, kpi: str, variant: str) -> str:
        """A difference: of rates in percentage points."""
        if value is None:
            return NONE
        unit, display = self.unit(kpi, variant)
        size = abs(value)
        if unit == "percent" and display is None:
            text = f"{rounded(times(size, 100), 1 if size >= 0.001 else 2)}{(' pp', '个百分点')[self.at]}"
        else:
            text = digits(size, unit, display) + self._end(unit, display)
        return f"{'+' if value > 0 else '-'}{text}" if re.search("[1-9]", text) else text

    def span(self, row: Row) -> str:
        if row["low"] is None or row["high"] is None:
            return ""
        unit, display = self.unit(row["item"], row["variant"])
        if unit == "percent" and display is None:
            places = 2 if row["high"] < 0.01 else 1
            return f"{rounded(times(row['low'], 100), places)}..{rounded(times(row['high'], 100), places)}%"
        low, high = digits(row["low"], unit, display), digits(row["high"], unit, display)
        return f"{low.rstrip('‰')}..{high}{self._end(unit, display)}"

    def marks(self, row: Row) -> str:
        """Cases where they are few, cycles before, not by its own value."""
        if row["value"] is None:
            return ""
        few = row["n"] is not None and row["n"] < 30 and row["unit"] != "count"
        other = row["row"] == "kpi" and row["status"] != "own"
        n = f"({row['n']})" if few else ""
        return f"{n}{'^' if row['cycles'] > 1 else ''}{'*' if other else ''}"

    def stated(self, knot: float | None, kpi: str, variant: str) -> str:
        """A goal with its own digits and its unit."""
        if knot is None:
            return NONE
        unit, display = self.unit(kpi, variant)
        size, sign = (1000, "‰") if display == "per_1000" else (100, "%") if unit == "percent" else (1, "")
        return f"{rounded(times(knot, size), 4).rstrip('0').rstrip('.')}{sign}{self._end(unit, display)}"

    def behind(self, number: Row) -> str:
        """A number of an action's condition, and what it was held against."""
        kpi, *n = number["name"].split(".")
        known = kpi in self.result.catalogue.kpis
        unit, display = ("count", None) if n or not known else self.unit(kpi, "")
        assert n in ([], ["n"])
        size = digits(number["value"], unit, display) + self._end(unit, display)
        name = self.words("n", "样本") if n else self.kpi(kpi) if known else kpi
        value, limit = number["value"], number["limit"]
        signs = {"<", "≠"} if value < limit else {">", "≠"} if value > limit else {"="}
        signs |= {"≤"} if value <= limit else set()
        signs |= {"≥"} if value >= limit else set()
        assert number["sign"] in signs
        own = rounded(times(limit, 100 if unit == "percent" else 1), 4).rstrip("0").rstrip(".")
        end = "%" if unit == "percent" else self._end(unit, display)
        return f"{name} {size} {number['sign']} {own}{end}"

    def goal(self, line: int) -> str:
        """Knots by rising points; what earns the same on both sides, or other points than usual, by rising value."""
        rows = self.card.goals.filter(pl.col("line") == line)
        assert rows["subject"].is_null().all()
        assert rows.height == 1
        knots, points = rows["knots"].item().to_list(), rows["points"].item().to_list()
        unit, display = self.unit(*self.ids[line])
        if points == sorted(points, reverse=True):
            knots, points = knots[::-1], points[::-1]
        size = 1000 if display == "per_1000" else 100 if unit == "percent" else 1
        texts = [rounded(times(knot, size), 4).rstrip("0").rstrip(".") for knot in knots]
        if points in ([0, 100], [0, 100, 120], [0, 100, 100, 0]):
            return " ".join(texts)
        return " ".join(f"{text} {point:g}" for text, point in zip(texts, points, strict=True))

    def change(self, subject: str, kpi: str, variant: str, against: str = "previous") -> str:
        if "against" not in self.card.changes.columns:
            return NONE
        key = {"subject": subject, "kpi": kpi, "variant": variant, "against": against}
        rows = self.card.changes.filter(**key).to_dicts()
        return self.moved(rows[0]["difference"], kpi, variant) if rows else NONE

    def through(self, subject: str, kpi: str, variant: str) -> list[Row]:
        """A KPI's cycles, of one subject or of all together."""
        frame = self.card.trends if subject else self.card.pooled
        if "period" not in frame.columns:
            return []
        mine = frame.filter(kpi=kpi, variant=variant)
        return (mine.filter(subject=subject) if subject else mine).sort("start").to_dicts()

    # ------------------------------------------------------------ the table

    def board(self) -> dict[str, list[str]]:
        """Columns in their order, each with its texts from the first row to the last; none that says nothing."""
        spark = _sparks(self.card)
        found: dict[str, list[str]] = {
            "rank": [NONE if row["rank"] is None else f"{row['rank']}{self.tier(row)}" for row in self.rows],
            "range": [_range(row) for row in self.rows],
            **{key: [row[key] or "" for row in self.rows] for key in ("subject", "name", "team")},
            "score": [self.score(row) for row in self.rows],
            "change": [f"{signed(row['change'])}{'±' if row['change_beyond'] else ''}" for row in self.rows],
            "spark": [spark[row["subject"]] for row in self.rows],
            "interval": [
                NONE if row["low"] is None else f"{fixed(row['low'], 1)}..{fixed(row['high'], 1)}" for row in self.rows
            ],
            "grade": [row["grade"] or NONE for row in self.rows],
            "pay": [NONE if row["pay"] is None else f"{row['pay']:g}" for row in self.rows],
            "pay_amount": [fixed(row["pay_amount"]) for row in self.rows],
            **{
                key: [NONE if row[key] is None else share(row[key]) for row in self.rows]
                for key in ("presence", "coverage")
            },
        }
        for kind, names, lines in (("line", self.ids, self.lines), ("watch", self.watched, self.watch)):
            for at, (kpi, variant) in enumerate(names):
                mine = [lines[row["subject"]][at] for row in self.rows]
                found[f"{kind}.{at}"] = [
                    f"{self.value(line['value'], kpi, variant)} {self.marks(line)}".strip().replace(" ^", "^")
                    .replace(" *", "*") for line in mine
                ]  # fmt: skip
        return {key: texts for key, texts in found.items() if any(text not in ("", NONE) for text in texts)}

    def head(self, key: str) -> str:
        if "." not in key:
            return HEADS[key][self.at]
        kind, at = key.split(".")
        name = self.kpi((self.ids if kind == "line" else self.watched)[int(at)][0])
        return f"({name})" if kind == "watch" else name

    def tier(self, row: Row) -> str:
        return {"top": "▲", "bottom": "▼"}.get(row["tier"], "")

    def score(self, row: Row) -> str:
        text = fixed(row["score"], self.card.card.decimals)
        return f"({text})" if row["status"] == "provisional" else f"{text}{'!' if row['subject'] in self.red else ''}"

    # ------------------------------------------------------------ periods

    def brief(self, label: str) -> str:
        year, month = int(label[:4]), int(label[5:])
        return f"{year % 100}年{month}月" if self.lang == "zh" else f"{MONTHS[month - 1][:3]} {year}"

    def days(self) -> set[str]:
        """Every period and day that may stand on a page, however it is written."""
        card, period = self.card, self.result.period
        found = {*written(period.label), *between(period.start, period.last)}
        for frame in (card.history, card.course, card.trends, card.pooled):
            for label in frame["period"].unique() if "period" in frame.columns else ():
                found |= written(label)
        for label in card.changes["period"].unique() if "period" in card.changes.columns else ():
            first, last = label.split("..")
            found |= {label, *between(*map(date.fromisoformat, (first, last)))}
        for due in card.actions["due"].drop_nulls() if "due" in card.actions.columns else ():
            found |= day(due)
        return found


# ---------------------------------------------------------------- small things


def _range(row: Row) -> str:
    if row["rank_low"] is None:
        return NONE
    low, high = row["rank_low"], row["rank_high"]
    return str(low) if low == high else f"{low}-{high}"


def _sparks(card: Scorecard) -> dict[str, str]:
    """Five steps between the least and the greatest score of the last six cycles."""
    last = card.history.select("period", "start").unique().sort("start")["period"].to_list()[-6:]
    known = {(row["subject"], row["period"]): row["score"] for row in card.history.to_dicts()}
    drawn = [score for (_, period), score in known.items() if period in last and score is not None]
    low, high = min(drawn), max(drawn)

    def block(score: float | None) -> str:
        return "·" if score is None else "▁▂▃▅▇"[min(int((score - low) / (high - low) * 5), 4)]

    return {subject: "".join(block(known.get((subject, each))) for each in last) for subject in card.scores["subject"]}
