"""Terminal pages against the frames: the leaderboard row by row, one subject's page table by table, all sentences.

In: a source, the lines of a page. Out: a reading.
Refuses to know: how a page is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.render import said
from tests.render.read_back import (
    NUMBER,
    Reading,
    Sentences,
    cells_of,
    days,
    heads_over,
    numbers,
    paragraphs,
    spans,
    squeezed,
)
from tests.render.sources import NONE, Row, Source, fixed, share, signed

HEADS = {
    "value": ("value", "数值"), "n": ("n", "样本"), "interval": ("95% interval", "95% 区间"),
    "all": ("all together", "全体"), "goals": ("floor / target / stretch", "底线 / 目标 / 挑战"),
    "gap": ("to target", "距目标"), "points": ("points", "分数"), "weight": ("weight", "权重"),
    "earns": ("earns", "贡献"), "kpi": ("KPI", "指标"), "against": ("against before", "较前期"),
}  # fmt: skip
MEASURE = 120


def sentences(reading: Reading, source: Source, lines: Sequence[str], wanted: list[said.Said]) -> None:
    """Every sentence with a number has a source, every source was said; days are days of the result."""
    pool, known = Sentences(wanted), source.days()
    for line in lines:
        reading.wrong += [f"{line!r}: no {day} in the frames" for day in days(line) if day not in known]
        pool.take(reading, "sentence", bare(line, source))
    pool.end(reading, "sentence")


def bare(line: str, source: Source) -> str:
    """Without what is no number of a result: the confidence of intervals, versions and hashes."""
    for word in ("95% interval", "95% 区间", *source.result.provenance.values()):
        line = line.replace(word, " ")
    return line


# ---------------------------------------------------------------- everybody


def leaderboard(source: Source, text: str, width: int) -> Reading:
    reading, lines, board = Reading(), text.splitlines(), source.board()
    at = next(at for at, line in enumerate(lines) if line.startswith("────"))
    head_from = max(back for back in range(at) if not lines[back])
    rows = [line for line in lines[at + 1 :] if line.strip()][: len(source.rows)]
    rest = paragraphs(lines[lines.index(rows[-1]) + 1 :], min(width, MEASURE))
    kept = _kept(board, source, rest)
    _whole(reading, lines[head_from + 1 : at], rows, [source.head(key) for key in kept], [board[key] for key in kept])
    scores = [score for score in source.card.history["score"] if score is not None]
    legend = [([], "30"), ([], f"{fixed(min(scores), 1)} {fixed(max(scores), 1)}")]
    legend += [([], str(width))] if len(kept) < len(board) else []
    wanted = [
        said.counts(source),
        *legend,
        *said.below(source),
        *said.notices(source.result.notices),
        said.balance(source),
    ]
    sentences(reading, source, [*lines[:head_from], *rest], wanted)
    return reading


def _kept(board: dict[str, list[str]], source: Source, text: list[str]) -> list[str]:
    """The columns that the page does not say it left out."""
    gone = next((squeezed(line) for line in text if line.startswith(("Not shown", "终端宽"))), "")
    colon, stop, comma = (":.,", "：。、")[source.at]
    names = gone.partition(colon)[2].partition(stop)[0]
    left = names.split(comma) if names else []
    kept = [key for key in board if squeezed(source.head(key)) not in left]
    assert len(kept) == len(board) - len(left), left
    return kept


def _whole(reading: Reading, head: list[str], rows: list[str], heads: list[str], columns: list[list[str]]) -> None:
    """Each row says what its source says, in the order of the columns, and stands under the right heads."""
    places = []
    for line, cells in zip(rows, zip(*columns, strict=True), strict=True):
        found = spans(line, cells)
        places += [found] if found else []
        reading.is_(line.split()[:3], line, "  ".join(cells))
    ends = [(min(low for low, high in each if high), max(high for _, high in each))
            for each in zip(*places, strict=True)]  # fmt: skip
    reading.same("heads", head, heads_over(head, ends), [squeezed(each) for each in heads], 0)


# ---------------------------------------------------------------- one subject


def detail(source: Source, row: Row, text: str, width: int) -> Reading:
    """One subject's page. `source` is of everybody: ranks and medians are."""
    reading, lines = Reading(), text.splitlines()
    tables = [at for at, line in enumerate(lines) if line.startswith("────")]
    inside: set[int] = set()
    wanted = _tables(source, row, width)
    reading.same("tables", len(tables), [str(len(tables))], [str(len(wanted))], 0)
    for at, (heads, rows) in zip(tables, wanted, strict=False):
        start = max(back for back in range(at) if not lines[back] or lines[back].startswith("── "))
        end = next((on for on in range(at + 1, len(lines)) if not lines[on] or lines[on].startswith("  ")), len(lines))
        inside |= set(range(start + 1, end))
        _parted(
            reading, lines[start + 1 : at], lines[at + 1 : end], [HEADS.get(h, (h, h))[source.at] for h in heads], rows
        )
    rest = paragraphs(["" if at in inside else line for at, line in enumerate(lines)], min(width, MEASURE))
    told = [*said.of_subject(source, row["subject"]), *said.notices(source.card.notices), *standing(source, row)]
    told += [([], number) for number in (said.steps(source, row) if row["base"] is not None and row["score"] else [])]
    told += said.on_pay(source, row)
    told += [([source.kpi(line["item"])], str(line["cycles"])) for line in source.lines[row["subject"]]
             if line["value"] is not None and line["cycles"] > 1]  # fmt: skip
    if row["subject"] in source.red:
        told += [pair for pair in said.red_lines(source) if row["subject"] in pair[0]]
    sentences(reading, source, rest, [*told, *said.notices(source.result.notices), said.balance(source)])
    return reading


def standing(source: Source, row: Row) -> list[said.Said]:
    if row["status"] == "withheld":
        return []
    first = f"{fixed(row['score'])} {signed(row['change']) if row['change'] is not None else ''}"
    if row["status"] == "provisional":
        return [([], first)]
    parts = [f"{row['pay']:g}", str(row["rank"]), str(row["rank_of"])]
    parts += [str(row["rank_low"]), str(row["rank_high"])] if row["rank_low"] != row["rank_high"] else []
    parts += [fixed(row["low"], 1), fixed(row["high"], 1)] if row["low"] is not None else []
    parts += [fixed(row["pay_amount"])] if row["pay_amount"] is not None else []
    return [([], first), ([], " ".join([*parts, share(row["coverage"], source.card.card.min_coverage)]))]


Table = tuple[list[str], list[tuple[str, list[str]]]]
"""Keys of heads; for each row its name and texts."""


def _tables(source: Source, row: Row, width: int) -> list[Table]:
    subject, lines = row["subject"], source.lines[row["subject"]]
    gaps = dict(source.card.lines.filter(subject=subject).select("line", "gap").iter_rows())
    now = {(each["kpi"], each["variant"]): each["value"]
           for each in source.card.pooled.filter(period=source.card.period).to_dicts()}  # fmt: skip
    names, value, aims, earned = [], [], [], []
    for at, line in enumerate(lines):
        key = (line["item"], line["variant"])
        names.append(source.kpi(key[0]))
        value.append([source.value(line["value"], *key), str(line["n"] or ""), source.span(line)])
        met = gaps[at] == 0
        gap = "" if met else source.moved(gaps[at], *key)
        aims.append([source.value(now.get(key), *key), source.goal(at), gap])
        earned.append([fixed(line["points"], 1), f"{line['weight']:g}", fixed(line["contribution"])])
    one, two, three = ["value", "n", "interval"], ["all", "goals", "gap"], ["points", "weight", "earns"]
    if width >= 140:
        found = [([*one, *two, *three], [(name, [*a, *b, *c]) for name, a, b, c in zip(names, value, aims, earned)])]  # noqa: B905
    else:
        found = [
            ([*one, *three], [(name, [*a, *c]) for name, a, c in zip(names, value, earned, strict=True)]),
            (two, list(zip(names, aims, strict=True))),
        ]
    return [*found, *_cycles(source, subject), *_history(source, subject), *_watch(source, subject)]


def _cycles(source: Source, subject: str) -> list[Table]:
    rows = source.card.history.filter(subject=subject).sort("start").to_dicts()
    if len(rows) < 2 or all(each["score"] is None for each in rows):
        return []
    course = {each["period"]: each for each in source.card.course.to_dicts()}
    beside = [course[each["period"]] for each in rows]
    return [([source.brief(each["period"]) for each in rows], [
        ("", [fixed(each["score"]) for each in rows]),
        ("", [NONE if each["rank"] is None else f"{each['rank']}/{of['n']}" for each, of in zip(rows, beside)]),  # noqa: B905
        ("", [fixed(of["median"]) for of in beside]),
        ("", [f"{fixed(of['q1'], 1)}..{fixed(of['q3'], 1)}" for of in beside]),
    ])]  # fmt: skip


def _history(source: Source, subject: str) -> list[Table]:
    trends = source.card.trends
    if "period" not in trends.columns:
        return []
    mine = trends.filter(subject=subject)
    keys = mine.select("kpi", "variant").unique(maintain_order=True).rows()
    periods = mine.sort("start")["period"].unique(maintain_order=True).to_list()
    rows = []
    for key in keys:
        known = {each["period"]: each["value"] for each in source.through(subject, *key)}
        told = [source.value(known.get(period), *key) for period in periods]
        rows.append((source.kpi(key[0]), [*told, source.change(subject, *key)]))
    return [([*map(source.brief, periods), "against"], rows)]


def _watch(source: Source, subject: str) -> list[Table]:
    rows = [
        (source.kpi(line["item"]), [
            source.value(line["value"], line["item"], line["variant"]), str(line["n"] or ""), source.span(line)
        ]) for line in source.watch.get(subject, [])
    ]  # fmt: skip
    return [(["value", "n", "interval"], rows)] if rows else []


def _parted(
    reading: Reading, head: list[str], lines: list[str], heads: list[str], rows: list[tuple[str, list[str]]]
) -> None:
    """Row by row the numbers in their order; then whether each column of them stands under its head."""
    told = [line for line in lines if numbers(line)]
    wanted = [(name, cells) for name, cells in rows if any(map(numbers, cells))]
    reading.same("rows", told, [str(len(told))], [str(len(wanted))], 0)
    places: dict[int, list[tuple[int, int]]] = {}
    for line, (name, cells) in zip(told, wanted, strict=False):
        reading.says(name, line, "  ".join(cells))
        if not squeezed(line).startswith(squeezed(name)[:4]):
            reading.wrong.append(f"{line!r} is not the row of {name}")
        columns = [at for at, cell in enumerate(cells) for _ in numbers(cell)]
        for at, found in zip(columns, NUMBER.finditer(line), strict=False):
            places.setdefault(at, []).append((cells_of(line[: found.start()]), cells_of(line[: found.end()])))
    if len(places) == len(heads):
        ends = [(min(low for low, _ in places[at]), max(high for _, high in places[at])) for at in range(len(heads))]
        numeric = [line.replace("trend", "     ").replace("趋势", "    ") for line in head]
        over = heads_over(numeric, [(0, 4), *ends])[1:]
        reading.same("heads", head, over, [squeezed(each) for each in heads], 0)
