"""A web page against the frames: overview, tables, a page a subject, where rows went; and what nobody asked for.

In: a source, the bytes of a page. Out: a reading.
Refuses to know: how a page is drawn.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from tests.render import parameters, said
from tests.render.read_back import Node, Reading, Sentences, days, numbers, page, squeezed
from tests.render.read_terminal import bare
from tests.render.sources import NONE, Row, Source, fixed, share, signed

KINDS = ("scored", "provisional", "withheld", "values-only")
BANDS = ("○", "◐", "●")


def read(source: Source, content: bytes) -> Reading:
    reading, root = Reading(), page(content)
    _tiles(reading, source, root.one("ul", " tiles "))
    _cards(reading, source, root.one("table", " o "))
    _charts(reading, source, root.all("figure"))
    _ranking(reading, source, root.one("table", " r "))
    articles = [node for node in root.all("article") if node.attrs["id"].startswith(f"{source.card.card.card}/")]
    reading.same("pages", len(articles), [str(len(articles))], [str(len(source.rows))], 0)
    for row, article in zip(source.rows, articles, strict=False):
        _subject(reading, source, row, article)
    _rows(reading, source, root.one("table", " q "))
    _definitions(reading, source, root.all("article", " kpi "))
    _words(reading, source, root)
    return reading


def _tiles(reading: Reading, source: Source, tiles: Node) -> None:
    now = [row for row in source.card.pooled.filter(period=source.card.period).to_dicts()
           if (row["kpi"], row["variant"]) in source.ids and row["value"] is not None]  # fmt: skip
    found = tiles.all("li")
    reading.same("tiles", len(found), [str(len(found))], [str(len(now))], 0)
    for tile, row in zip(found, now, strict=False):
        key = (row["kpi"], row["variant"])
        target = "" if row["target"] is None else source.value(row["target"], *key)
        n = "" if row["n"] is None else f"{row['n']:,}"
        reading.says(key, tile.read(), " | ".join((source.value(row["value"], *key), target, n)))
        reading.is_(key, tile.one("a").text(), source.kpi(row["kpi"]))


def _cards(reading: Reading, source: Source, table: Node) -> None:
    card, kinds = source.card, [row["status"] for row in source.rows]
    cycles = card.course.sort("start").to_dicts()
    earned = card.grades.filter(period=card.period).sort("grade").to_dicts()
    order = [band.grade for band in card.card.grades]
    earned.sort(key=lambda row: order.index(row["grade"]))
    alarmed = {row["subject"] for row in card.alarms.to_dicts()}
    assert sum(row["n"] for row in earned) == kinds.count("scored")
    wanted = [
        "", str(len(kinds)), *(str(kinds.count(kind)) for kind in KINDS),
        fixed(cycles[-1]["median"], 1), fixed(cycles[-1]["mean"], 1), fixed(cycles[-2]["mean"], 1),
        " ".join(str(row["n"]) for row in earned), str(len(source.red)), str(len(alarmed)),
    ]  # fmt: skip
    for cell, text in zip(table.one("tbody").all("tr")[0].cells(), wanted, strict=True):
        reading.says("overview", cell.read(), text)


def _charts(reading: Reading, source: Source, figures: list[Node]) -> None:
    """Every number of a chart is how many, or stands at an axis: at even steps. A part too small for its number has
    none."""
    card = source.card
    wanted = [Counter(map(str, card.bins["n"])), Counter(), Counter(map(str, card.grades["n"]))]
    reading.same("charts", len(figures), [str(len(figures))], ["3"], 0)
    for at, (figure, counts) in enumerate(zip(figures, wanted, strict=False)):
        texts = [(node.attrs["text-anchor"], *_place(node), numbers(node.read())) for node in figure.all("text")]
        low = max(y for _, _, y, found in texts if found)
        upright = [found[0] for anchor, _, _, found in texts if found and anchor == "end"]
        flat = [found[0] for anchor, _, y, found in texts if found and anchor != "end" and y == low and at == 0]
        inside = Counter(found[0] for anchor, _, y, found in texts if found and anchor != "end" and (y != low or at))
        for axis in (sorted(float(text.rstrip("%")) for text in axis) for axis in (upright, flat)):
            steps = {round(two - one, 6) for one, two in pairwise(axis)}
            reading.same("axis", axis, sorted(map(str, steps))[1:], [], 0)
        reading.same("chart", inside, list((inside - counts).elements()), [], 0)
        reading.compared += inside.total()
        if at == 0:
            reading.same("chart", inside, [str(inside.total())], [str(sum(n > 0 for n in card.bins["n"]))], 0)


def _place(node: Node) -> tuple[float, ...]:
    return tuple(map(float, re.findall(r"[-\d.]+", node.attrs["transform"])))


def _ranking(reading: Reading, source: Source, table: Node) -> None:
    """Everybody, by groups: those at the top first."""
    order = {"top": 0, "middle": 1, "bottom": 2, None: 3}
    told = sorted(source.rows, key=lambda row: order[row["tier"]])
    for group in table.all("tr", " g "):
        beside = next(body for body in table.all("tbody") if group in body.parts)
        reading.says("group", group.read(), str(len(beside.all("tr")) - 1))
    rows = [node for node in table.all("tr") if "g" not in node.attrs.get("class", "") and node.all("td")]
    reading.same("rows", len(rows), [str(len(rows))], [str(len(told))], 0)
    heads = [squeezed(node.read()) for node in table.one("thead").all("th")][-len(source.ids) :]
    reading.same("heads", heads, heads, [squeezed(source.kpi(kpi)) for kpi, _ in source.ids], 0)
    for row, node in zip(told, rows, strict=False):
        for cell, text in zip(node.cells(), _ranked(source, row), strict=True):
            reading.is_((row["subject"], text), cell.read(), text)


def _ranked(source: Source, row: Row) -> list[str]:
    subject = row["subject"]
    spread = f"{row['rank_low']}–{row['rank_high']}" if row["rank_low"] != row["rank_high"] else ""
    interval = "" if row["low"] is None else f"{fixed(row['low'], 1)}..{fixed(row['high'], 1)}"
    marks = ("!" if subject in source.red else "") + ("~" if row["status"] == "provisional" else "")
    cells = [
        f"{NONE if row['rank'] is None else row['rank']}{spread}", f"{row['name']}{subject}", row["team"] or "",
        f"{fixed(row['score'])}{marks}{interval}", f"{signed(row['change'])}{'±' if row['change_beyond'] else ''}",
        "", row["grade"] or "",
    ]  # fmt: skip
    for line in source.lines[subject]:
        value = source.value(line["value"], line["item"], line["variant"])
        cells.append(f"{value}{_band(line)}{source.marks(line)}")
    return cells


def _band(line: Row) -> str:
    """What was scored by no value of its own earned nothing by it."""
    if line["points"] is None or line["value"] is None or line["status"] != "own":
        return ""
    return BANDS[(line["points"] >= 50) + (line["points"] >= 100)]


# ---------------------------------------------------------------- one subject


def _subject(reading: Reading, source: Source, row: Row, article: Node) -> None:
    subject = row["subject"]
    reading.is_(subject, article.one("h3").read(), row["name"] or subject)
    facts = [bare(node.read(), source) for node in article.all("dd")]
    wanted = [text for text in _facts(row) if numbers(text)]
    told = [text for text in facts if numbers(text)]
    reading.same(subject, told, [str(len(told))], [str(len(wanted))], 0)
    for text, fact in zip(told, wanted, strict=False):
        reading.says((subject, "fact"), text, fact)
    gaps = dict(source.card.lines.filter(subject=subject).select("line", "gap").iter_rows())
    bodies = [table.one("tbody").all("tr") for table in article.all("table", " l ")]
    for at, (node, line) in enumerate(zip(bodies[0], source.lines[subject], strict=True)):
        _line(reading, source, line, node, at, gaps[at])
    for node, line in zip(bodies[1] if len(bodies) > 1 else [], source.watch.get(subject, []), strict=True):
        texts = [_value(source, line), "", *_against(source, line)]
        _cells(reading, source, line, node, texts)
    steps = [cell.read() for table in article.all("table", " s ") for cell in table.all("td")]
    names = [cell.read() for table in article.all("table", " s ") for cell in table.all("th")]
    if steps:
        both = [f"{name} {step}" for name, step in zip(names, steps, strict=True)]
        reading.says((subject, "sum"), " | ".join(both), " | ".join(said.steps(source, row)))
    pool = Sentences([*said.of_subject(source, subject), *said.on_pay(source, row)])
    beside = [node for node in article.all("p") if not node.attrs.get("class")]
    for node in [*beside, *article.all("li"), *article.all("h4")]:
        pool.take(reading, subject, node.read())
    pool.end(reading, subject)


def _facts(row: Row) -> list[str]:
    if row["score"] is None:
        return [] if row["coverage"] == 1 else [share(row["coverage"])]
    ends = "" if row["low"] is None else f"{fixed(row['low'])} {fixed(row['high'])}"
    rank = f"{row['rank']} {row['rank_of']}" if row["rank"] is not None else ""
    spread = f"{row['rank_low']} {row['rank_high']}" if row["rank_low"] != row["rank_high"] else ""
    pay = (
        "" if row["pay"] is None else f"{row['pay']:g} {'' if row['pay_amount'] is None else fixed(row['pay_amount'])}"
    )
    change = "" if row["change"] is None else signed(row["change"])
    return [f"{fixed(row['score'])} {ends}", f"{rank} {spread}", change, pay,
            "" if row["coverage"] == 1 else share(row["coverage"])]  # fmt: skip


def _value(source: Source, line: Row) -> str:
    cycles = str(line["cycles"]) if line["value"] is not None and line["cycles"] > 1 else ""
    n = "" if line["n"] is None else f"{line['n']:,}"
    return " | ".join((source.value(line["value"], line["item"], line["variant"]), n, cycles, source.span(line)))


def _against(source: Source, line: Row) -> list[str]:
    known = "against" in source.card.changes.columns
    return [source.change(line["subject"], line["item"], line["variant"])] if known else []


def _line(reading: Reading, source: Source, line: Row, node: Node, at: int, gap: float | None) -> None:
    key = (line["item"], line["variant"])
    way = source.moved(gap, *key) if gap else ""
    _cells(reading, source, line, node, [
        _value(source, line), "", f"{source.goal(at)} {way}", fixed(line["points"], 1),
        f"{line['weight']:g}", fixed(line["contribution"]), "", *_against(source, line),
    ])  # fmt: skip


def _cells(reading: Reading, source: Source, line: Row, node: Node, wanted: list[str]) -> None:
    name, *cells = node.cells()
    if not squeezed(name.read()).startswith(squeezed(source.kpi(line["item"]))):
        reading.wrong.append(f"{name.text()!r} is not {line['item']}")
    for cell, text in zip(cells, wanted, strict=True):
        reading.says((line["subject"], line["item"]), cell.read(), text)


# ---------------------------------------------------------------- what it rests on


def _rows(reading: Reading, source: Source, table: Node) -> None:
    """A row an export: read = used + all that follows."""
    for node, account in zip(table.one("tbody").all("tr"), source.result.accounts, strict=True):
        name, _, digest, *cells, _ = node.cells()
        found = [int(numbers(cell.read())[0].replace(",", "")) for cell in cells]
        left = [account.duplicates, account.superseded, account.folded, account.outside, account.filtered]
        parts = [n for n in (*left, account.excluded, sum(account.rejected.values())) if n]
        reading.same(
            account.export,
            found,
            [str(n) for n in found if n],
            [str(n) for n in (account.read, account.used, *parts) if n],
        )
        reading.same(account.export, found, [str(found[0])], [str(sum(found[1:]))], 0)
        reading.says(account.export, digest.read() and name.read() and "", "")


def _definitions(reading: Reading, source: Source, articles: list[Node]) -> None:
    """Weights and goals; the texts of a definition stand as the catalogue has them."""
    lines = {key: at for at, key in enumerate(source.ids)}
    for article in articles:
        _, kpi, *variant = article.attrs["id"].split("/")
        own = source.result.catalogue.kpis[kpi].variant(variant[0] if variant else None)
        texts = (own.formula, own.source.en, own.source.zh or "", own.about.en, own.about.zh or "")
        known = {squeezed(text) for text in texts}
        article.read()
        told = " ".join(node.text() for node in article.all("dd") if squeezed(node.text()) not in known)
        at = lines.get((kpi, variant[0] if variant else ""))
        weight = "" if at is None else f"{source.lines[source.rows[0]['subject']][at]['weight']:g}"
        own_values = parameters.told(source, kpi, variant[0] if variant else "")
        reading.says(kpi, told, own_values if at is None else f"{own_values} {weight} {source.goal(at)}")
        if own_values and squeezed(own_values) not in [squeezed(node.text()) for node in article.all("dd")]:
            reading.wrong.append(f"{kpi}: nobody says {own_values!r}")


def _words(reading: Reading, source: Source, root: Node) -> None:
    """Whatever else stands on the page: sentences beside tables, legends; and nothing that has no source."""
    grave = [*said.red_lines(source), *said.alarms(source)]
    run = said.notices(source.result.notices)
    pool = Sentences([
        *said.below(source), *grave, *run, *said.notices(source.result.notices), said.balance(source), ([], "30"),
        said.counts(source), ([], source.card.card.about.zh if source.at else source.card.card.about.en),
    ])  # fmt: skip
    for node in root.walk():
        if node.tag in ("li", "p", "dd", "footer", "th", "title", "h1", "h2", "h3", "span") and not node.seen:
            pool.take(reading, "beside", bare(node.read(), source))
    pool.end(reading, "beside")
    known = source.days()
    reading.wrong += [f"no {day} in the frames" for day in days(root.text()) if day not in known]
    reading.wrong += [f"{text!r} was read by nobody" for text in root.unseen() if numbers(text)]
