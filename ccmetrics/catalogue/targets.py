"""Goals from a table beside the YAML: `targets.csv`, as HR's workbook saves it.

In: the bytes of the file and the cards as they were read. Out: the cards with its goals put in, each number with its
place; and what is wrong with it.
Refuses to know: whether goals make a fair curve (checks).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from ccmetrics.catalogue.places import Source, Spot, source
from ccmetrics.catalogue.read import decoded, scalar
from ccmetrics.catalogue.separated import cells_of
from ccmetrics.problem import Problem, did_you_mean

FILE = "targets.csv"
GOALS = ("floor", "target", "stretch")
REQUIRED = ("card", "kpi", "floor", "target")
COLUMNS = ("card", "kpi", "variant", "from", "segment", *GOALS)
CURVES = (*GOALS, "points", "ideal", "limits", "segments")
"""Keys of a line by which its goal is stated in the YAML."""
ALWAYS = "0001-01-01"
"""Since when a goal without a date holds, beside others that have one."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Cards = Mapping[str, Spot]
Row = dict[str, Spot]


@dataclass(frozen=True)
class Target:
    """One row, found to be about a line of a card."""

    row: Row
    line: Spot
    segment: tuple[str, str]
    """What segments go by, and which; empty for all."""

    @property
    def day(self) -> str:
        return str(self.row["from"].data or ALWAYS)


def put_in(file: str, content: bytes, cards: Cards) -> list[Problem]:
    """Puts the goals of one file into the raw lines of the cards they name. What cannot be put there is a problem."""
    text, problems = decoded(file, content)
    origin = source(file, text or "")
    rows = _rows(origin, problems) if text is not None else iter(())
    by_line: dict[int, list[Target]] = {}
    for row in rows:
        target = _target(row, cards, problems)
        if target is not None:
            by_line.setdefault(id(target.line), []).append(target)
    for targets in by_line.values():
        problems += _stated(targets)
    for card in cards.values() if problems else ():
        # A line whose goal could not be taken from here is not blamed for having none.
        card.is_cut = card.is_cut or any(_has_no_goal(line) for line in _lines_of(card))
    return problems


# ---------------------------------------------------------------- the file


def _rows(origin: Source, problems: list[Problem]) -> Iterator[Row]:
    """The rows as cells by column, every column there is."""
    lines = cells_of(origin)
    header = next(lines, [])
    names = [str(cell.data) for cell in header]
    wrong = [_unknown_column(cell, names) for cell in header if cell.data not in COLUMNS]
    wrong += [cell.problem("duplicate-key", f"The column '{cell.data}' stands here a second time.")
              for at, cell in enumerate(header) if cell.data in names[:at]]  # fmt: skip
    missing = [name for name in REQUIRED if name not in names]
    if missing and not wrong:
        text = f"The table of targets needs the column{'s' * (len(missing) > 1)} {', '.join(missing)}."
        wrong.append(Spot(origin, 0, 1).problem("missing-key", text))
    problems += wrong
    for cells in lines if not wrong else ():
        if len(cells) != len(names):
            text = f"The row has {len(cells)} cells, and the header {len(names)}. Put a text with a comma in quotes."
            problems.append(cells[-1].problem("bad-value", text))
            continue
        end = Spot(origin, cells[-1].end, cells[-1].end, "", "")
        yield dict.fromkeys(COLUMNS, end) | dict(zip(names, cells, strict=True))


def _unknown_column(cell: Spot, names: list[str]) -> Problem:
    if len(names) == 1 and ";" in names[0]:
        return cell.problem("bad-value", "The columns are separated by semicolons. Save the table with commas.")
    hint = did_you_mean(str(cell.data), COLUMNS) or f" Known: {', '.join(COLUMNS)}."
    return cell.problem("unknown-key", f"'{cell.data}' is no column of a table of targets.{hint}")


# ---------------------------------------------------------------- what a row is about


def _target(row: Row, cards: Cards, problems: list[Problem]) -> Target | None:
    wrong = [*_numbers(row), *_segment_problems(row)]
    line = _line(row, cards, problems)
    problems += wrong
    if line is None or wrong:
        return None
    by, _, key = str(row["segment"].data).partition("=")
    return Target(row, line, (by.strip(), key.strip()))


def _numbers(row: Row) -> Iterator[Problem]:
    for name in GOALS:
        cell = row[name]
        number = scalar(str(cell.data))
        if cell.data == "" and name in REQUIRED:
            yield cell.problem("missing-key", f"The row states no {name}.")
        elif cell.data != "" and (isinstance(number, bool) or not isinstance(number, (int, float))):
            text = f"The {name} is '{cell.data}', where a number like 0.85 is expected."
            yield cell.problem("bad-value", text)
    day = str(row["from"].data)
    if day and not (_DAY.fullmatch(day) and _is_day(day)):
        yield row["from"].problem("bad-value", f"'{day}' is no date like 2026-10-15.")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _segment_problems(row: Row) -> Iterator[Problem]:
    text = str(row["segment"].data)
    by, sign, key = (part.strip() for part in text.partition("="))
    if text and not (by and sign and key):
        said = f"'{text}' is no segment. Write weekday=1, queue=tech or tenure=<90, or leave it empty for all."
        yield row["segment"].problem("bad-value", said)


def _line(row: Row, cards: Cards, problems: list[Problem]) -> Spot | None:
    """The line of the card that the row is about."""
    name, kpi, variant = (str(row[key].data) for key in ("card", "kpi", "variant"))
    card = cards.get(name)
    if card is None:
        text = f"The row names '{name}', which is no card.{did_you_mean(name, cards)}"
        problems.append(row["card"].problem("unknown-card", text))
        return None
    lines = _lines_of(card)
    of_kpi = [line for line in lines if _named(line) == kpi]
    found = [line for line in of_kpi if not variant or str(_data(line).get("variant", "")) == variant]
    if len(found) == 1:
        return found[0]
    if found:
        text = f"Card '{name}' has {len(found)} lines of '{kpi}'. Say which by its variant."
        problems.append(row["kpi"].problem("unknown-variant", text))
    elif of_kpi:
        text = f"The row names '{variant}', which is no variant of '{kpi}' on card '{name}'."
        problems.append(row["variant"].problem("unknown-variant", text))
    elif not card.is_cut:
        known = [_named(line) for line in lines]
        text = f"The row names '{kpi}', which is no KPI of card '{name}'.{did_you_mean(kpi, known)}"
        problems.append(row["kpi"].problem("unknown-kpi", text))
    return None


def _lines_of(card: Spot) -> list[Spot]:
    spot = card.items.get("kpis")
    return [line for line in spot.items.values() if isinstance(line.data, dict)] if spot is not None else []


def _has_no_goal(line: Spot) -> bool:
    return "linked_card" not in _data(line) and not any(key in _data(line) for key in CURVES)


def _named(line: Spot) -> str:
    data = _data(line)
    return f"linked:{data['linked_card']}" if "linked_card" in data else str(data.get("kpi", ""))


def _data(line: Spot) -> dict[str, object]:
    return line.data if isinstance(line.data, dict) else {}


# ---------------------------------------------------------------- into the line


def _stated(targets: list[Target]) -> list[Problem]:
    """Puts all rows about one line into it."""
    line = targets[0].line
    problems = [*_in_two_places(targets), *_twice(targets), *_unlike(targets)]
    if problems:
        return problems
    parts = [target for target in targets if target.segment[0]]
    if parts:
        curves = _mapping(parts[0].row["segment"])
        by, key = parts[0].segment[0], parts[0].row["segment"]
        segments = _mapping(key)
        _add(segments, "by", Spot(key.source, key.start, key.end, "", by), key)
        _add(segments, "curves", curves, key)
        for segment, rows in groupby(sorted(parts, key=_in_order), key=lambda target: target.segment[1]):
            dated = list(rows)
            curve = _mapping(dated[0].row["segment"])
            _put(curve, dated)
            _add(curves, segment, curve, dated[0].row["segment"])
        _add(line, "segments", segments, key)
    own = sorted((target for target in targets if not target.segment[0]), key=_in_order)
    if own:
        _put(line, own)
    return []


def _in_order(target: Target) -> tuple[tuple[str, str], str]:
    return target.segment, target.day


def _in_two_places(targets: list[Target]) -> Iterator[Problem]:
    line, cell = targets[0].line, targets[0].row["kpi"]
    there = next((key for key in CURVES if key in _data(line)), None)
    if there is not None:
        spot = line.items[there].key or line.items[there]
        other = spot.source.place(spot.start, spot.end)
        text = f"The goal of '{cell.data}' is stated here, and at {other}, too. Remove one."
        yield cell.problem("two-targets", text)


def _twice(targets: list[Target]) -> Iterator[Problem]:
    seen: dict[tuple[tuple[str, str], str], Spot] = {}
    for target in targets:
        cell, key = target.row["kpi"], _in_order(target)
        first = seen.setdefault(key, cell)
        if first is not cell:
            other = first.source.place(first.start, first.end)
            text = f"The goal of '{cell.data}' of this date and segment is stated here a second time; first at {other}."
            yield cell.problem("duplicate-target", text)


def _unlike(targets: list[Target]) -> Iterator[Problem]:
    """A line's goals go by one kind of segment, and have a stretch on all dates or on none."""
    parts = [target for target in targets if target.segment[0]]
    for target in parts:
        by = parts[0].segment[0]
        if target.segment[0] != by:
            text = f"The goal of '{target.row['kpi'].data}' goes by {by} in other rows; a line's goals go by one."
            yield target.row["segment"].problem("bad-value", text)
    whole = [target for target in targets if target.row["stretch"].data != ""]
    for target in targets if whole else ():
        if target.row["stretch"].data == "":
            text = f"The goal of '{target.row['kpi'].data}' has a stretch in other rows. State it in all, or in none."
            yield target.row["floor"].problem("unlike-curves", text)


def _put(curve: Spot, rows: list[Target]) -> None:
    """The goals of one curve: numbers, or by date where rows have one."""
    for goal in GOALS:
        cells = [(target, target.row[goal]) for target in rows if target.row[goal].data != ""]
        if not cells:
            continue
        if len(rows) == 1 and rows[0].day == ALWAYS:
            _add(curve, goal, _number(cells[0][1]), cells[0][1])
            continue
        dated = _mapping(cells[0][1])
        for target, cell in cells:
            _add(dated, target.day, _number(cell), target.row["from"])
        _add(curve, goal, dated, cells[0][1])


def _number(cell: Spot) -> Spot:
    return Spot(cell.source, cell.start, cell.end, "", scalar(str(cell.data)))


def _mapping(cell: Spot) -> Spot:
    return Spot(cell.source, cell.start, cell.end, ":", {})


def _add(to: Spot, key: str, value: Spot, place: Spot) -> None:
    """What a reader of YAML would have built, had it stood there."""
    value.key = Spot(place.source, place.start, place.end, place.style, key)
    to.items[key] = value
    _data(to)[key] = value.data
