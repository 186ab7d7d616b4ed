"""One card for all its subjects: who stands where, by which values, and everything a reader must know beside.

In: a scorecard and the definitions. Out: the parts of a terminal page.
Refuses to know: how a score came about, files, the terminal itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render import dates
from ccmetrics.render.below import below
from ccmetrics.render.beside import why
from ccmetrics.render.board import BANDS, SMALL, Board, Cell, board, counts, ordered
from ccmetrics.render.candor import MOST as SENTENCES
from ccmetrics.render.look import Look
from ccmetrics.render.numbers import ABSENT, fixed
from ccmetrics.render.page import WIDE, Column, gap, line, rule, table, text
from ccmetrics.render.sparkline import Sparks, sparks
from ccmetrics.render.words import listed, say
from ccmetrics.scorecard import Scorecard

ALWAYS = ("rank", "subject", "name", "score", "grade")
"""Whatever the width. What else there is room for comes in the order of `SOON`, then the other KPIs before `ROOMY` (on
a wide page after it), and what is watched last."""
SOON = ("change", "spark", "range", "line.0", "line.1", "line.2")
ROOMY = ("team", "pay_amount", "interval")
ORDER = (
    "rank", "range", "subject", "name", "team", "score", "change", "spark", "interval", "grade", "pay", "pay_amount",
    "presence", "coverage",
)  # fmt: skip
"""How columns stand side by side; the KPIs after them."""
MOST = {"name": 18, "team": 14}
TIERS = {"top": "▲", "bottom": "▼"}


def leaderboard(card: Scorecard, catalogue: Catalogue, look: Look) -> Iterator[RenderableType]:
    """The card's table with its marks explained, then what must be read first, and the rest in parts."""
    lang = look.lang
    yield text(f"{card.title(lang)} · {dates.period(card.period, lang)}", "bold")
    if card.scores.is_empty():
        yield line(say("nobody", lang), indent=2)
        return
    rows = ordered(card.scores)
    yield text(counts(card, lang))
    if rows[0]["status"] == "values-only":
        yield text(say("no-scores", lang, why=why(rows[0], card, catalogue, lang)), "yellow")
    yield Text()
    yield from _table(board(card, catalogue, lang), sparks(card.history), look)
    for head, told in below(card, catalogue, lang, SENTENCES):
        yield Text()
        yield rule(head, look)
        yield from told


# ---------------------------------------------------------------- the table


def _table(found: Board, drawn: Sparks | None, look: Look) -> Iterator[RenderableType]:
    """What the width holds of the board, what it does not, and what the marks in it mean."""
    lang = look.lang
    columns = _columns(found, drawn, lang)
    kpis = tuple(key for key in columns if key.startswith("line."))
    # The coefficient follows from the grade; where nothing else is said of pay, it is the pay.
    roomy = ROOMY if "pay_amount" in columns else (*ROOMY, "pay")
    wanted = (*roomy, *kpis) if look.width >= WIDE else (*kpis, *roomy)
    order = dict.fromkeys([*ALWAYS, *SOON, *wanted, "pay", *columns])
    shown = _that_fit({key: columns[key] for key in order if key in columns}, look)
    keys = [key for key in columns if key in shown]
    yield table([columns[key] for key in keys], look, _ends(found))
    if len(keys) < len(columns):
        names = listed([column.head for key, column in columns.items() if key not in shown], lang)
        yield line(say("not-shown", lang, width=look.width, names=names), "dim")
    for said in _legend(found, drawn if "spark" in keys else None, keys, lang):
        yield line(said, "dim")


def _that_fit(columns: Mapping[str, Column], look: Look) -> set[str]:
    """Those that must be, and of the others, in their order, whichever there is still room for."""
    shown, left = set(ALWAYS), look.width + gap(look)
    for key, column in columns.items():
        wide = column.width + gap(look)
        if key in ALWAYS or wide <= left:
            shown.add(key)
            left -= wide
    return shown


def _columns(found: Board, drawn: Sparks | None, lang: str) -> dict[str, Column]:
    """The board's fields as they are read: a rank with its tier, both ends of a range in one."""
    heads = {field.key: field.head for field in found.fields}
    cells = {key: found.column(key) for key in heads}
    columns = {key: _column(key, heads[key], cells[key]) for key in heads}
    if "rank" in columns:
        tiers = [TIERS.get(row.tier, " ") for row in found.rows]
        ranks = [f"{cell.text}{tier}".rstrip() if not any(map(str.strip, tiers)) else f"{cell.text}{tier}"
                 for cell, tier in zip(cells["rank"], tiers, strict=True)]  # fmt: skip
        columns["rank"] = Column(heads["rank"], [text(rank) for rank in ranks], right=True)
    for key, ends, joint in (("range", ("rank_low", "rank_high"), "-"), ("interval", ("low", "high"), "..")):
        if all(end in cells for end in ends):
            spans = [_span(low, high, joint) for low, high in zip(*(cells[end] for end in ends), strict=True)]
            columns[key] = Column(say({"range": "rank-range"}.get(key, "score-interval"), lang), spans, right=True)
    if drawn is not None:
        columns["spark"] = Column(say("spark", lang), [text(drawn.of(row.subject)) for row in found.rows])
    known = [key for key in ORDER if key in columns]
    return {key: columns[key] for key in [*known, *(key for key in columns if "." in key)]}


def _column(key: str, head: str, cells: Sequence[Cell]) -> Column:
    if key in ("subject", "name", "team", "grade"):
        blank = ABSENT if key == "grade" else ""
        return Column(head, [text(cell.text or blank) for cell in cells], most=MOST.get(key, 24))
    if key == "score":
        return Column(head, [_score(cell) for cell in cells], right=True)
    pairs = [(cell.text, _marks(cell)) for cell in cells]
    left, right = (max(map(cell_len, side), default=0) for side in zip(*pairs, strict=True))
    found = []
    for cell, (value, marks) in zip(cells, pairs, strict=True):
        # What scores by another value than its own says nothing about its own by its color.
        style = BANDS.get(cell.band, "")
        padded = text(" " * (left - cell_len(value)))
        padded.append(value, style).append(marks + " " * (right - cell_len(marks)), "dim")
        found.append(padded)
    return Column(head, found, right=True)


def _marks(cell: Cell) -> str:
    return f"{'' if cell.n is None else f' ({cell.n})'}{cell.marks}"


def _score(cell: Cell) -> Text:
    """A provisional score stands in brackets, and one that met a red line has its mark."""
    if cell.value is None:
        return text(ABSENT)
    if "~" in cell.marks:
        return text(f"({cell.text})", "yellow")
    return text(f"{cell.text}!", "bold red") if "!" in cell.marks else text(f"{cell.text} ")


def _span(low: Cell, high: Cell, joint: str) -> Text:
    if low.value is None or high.value is None:
        return text(ABSENT)
    return text(low.text if joint == "-" and low.value == high.value else f"{low.text}{joint}{high.text}")


def _ends(found: Board) -> set[int]:
    """The last rows of groups: of tiers, where their order is that of the ranks, and of those who have a rank."""
    ranked = [row.status == "scored" for row in found.rows]
    tiers = [row.tier for row, has in zip(found.rows, ranked, strict=True) if has]
    runs = [tier for tier, _ in groupby(tiers)]
    groups = [row.tier if len(runs) == len(set(runs)) and has else str(has) for row, has in zip(found.rows, ranked)]  # noqa: B905
    return {at for at, (one, next_one) in enumerate(pairwise(groups)) if one != next_one}


def _legend(found: Board, drawn: Sparks | None, keys: list[str], lang: str) -> Iterator[str]:
    """The marks that are there, and no others."""
    shown = [cell for key in keys if key in {field.key for field in found.fields} for cell in found.column(key)]
    marks = {mark for cell in shown for mark in cell.marks}
    if any(row.tier in TIERS for row in found.rows):
        yield say("key-tier", lang)
    if "change" in keys:
        yield say("key-change", lang)
    if drawn is not None:
        ends = {"first": dates.brief(drawn.cycles[0], lang), "last": dates.brief(drawn.cycles[-1], lang)}
        yield say("key-spark", lang, low=fixed(drawn.low, 1), high=fixed(drawn.high, 1), **ends)
    # A provisional score stands in brackets here: there is no room for one more sign.
    said = {"~": "key-provisional"} | {mark: f"mark-{mark}" for mark in "!^*"}
    small = [say("key-small", lang, n=SMALL)] if any(cell.n is not None for cell in shown) else []
    known = [*small, *(say(key, lang) for mark, key in said.items() if mark in marks)]
    if known:
        yield ("；" if lang == "zh" else "; ").join(known)
