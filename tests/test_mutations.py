"""One byte or one record of a correct export changed, two thousand times: each is read for what it is, or refused.

In: small exports in several dresses, and seeds. Out: for each seed a verdict, by a second reading with the csv module
and sums by hand. Refuses to know: how the product reads anything.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import pytest

from ccmetrics import run
from ccmetrics.catalogue import Catalogue, load_catalogue
from ccmetrics.problem import Refused

CASES = 2_000
KPI = (
    "  {name}: {{name: {{en: {name}, zh: {name}}}, category: operational, nature: result, timing: leading,"
    " level: [agent, center], unit: {unit}, better: lower, formula: m_{name}, about: x, source: x,"
    " expect: [{{given: {{m_{name}: 1}}, value: 1}}]}}\n"
)
MEASURES = """measures:
  m_legs: {table: interactions, count: rows}
  m_answered: {table: interactions, count: outcome = 'answered'}
  m_waits: {table: interactions, count: wait_s IS NOT NULL}
  m_wait: {table: interactions, sum: wait_s, unit: s}
kpis:
"""
UNITS = {"legs": "count", "answered": "count", "waits": "count", "wait": "s"}
Numbers = Mapping[tuple[str | None, str], tuple[Decimal, ...]]
"""Of an agent's day: legs, answered ones, ones that have a wait, and the sum of the waits."""

# ---------------------------------------------------------------- correct exports

HEADER = ["interaction_id", "agent_id", "started_at", "direction", "outcome", "reason", "wait_s"]
ROWS = [
    ["K01", "A1", "2026-08-01 09:00:00", "inbound", "answered", "billing", "3"],
    ["K02", "王芳", "2026-08-01 09:05:10", "inbound", "abandoned", "billing", "20.5"],
    ["K03", "A1", "2026-08-01 23:59:59", "outbound", "answered", "", ""],
    ["K04", "A2", "2026-08-02 00:00:00", "inbound", "answered", "late, again", "11"],
    ["K05", "A2", "2026-08-02 10:11:12", "inbound", "answered", "billing", "117"],
    ["K06", "王芳", "2026-08-02 12:30:00", "inbound", "callback", 'a "hot" one', "9"],
    ["K07", "A1", "2026-08-02 13:00:00", "internal", "answered", "billing", "0"],
    ["K08", "A1", "2026-08-03 08:00:01", "inbound", "abandoned", "two\nlines", "31.25"],
    ["K09", "A3", "2026-08-03 08:00:01", "inbound", "answered", "billing", "8"],
    ["K10", "A3", "2026-08-31 17:45:00", "inbound", "answered", "billing", "45"],
]
DRESSES: dict[str, tuple[str, str, str, int]] = {
    "plain": (",", "\n", "", csv.QUOTE_NONE),
    "minimal quotes": (",", "\n", "", csv.QUOTE_MINIMAL),
    "all quoted": (",", "\r\n", "", csv.QUOTE_ALL),
    "semicolon": (";", "\r\n", "\ufeff", csv.QUOTE_NONE),
    "tab": ("\t", "\n", "", csv.QUOTE_MINIMAL),
}


@cache
def dressed(dress: str) -> bytes:
    separator, end, mark, quoting = DRESSES[dress]
    rows = ROWS
    if quoting == csv.QUOTE_NONE:
        rows = [[re.sub(r'[,"\n]', " ", cell) for cell in row] for row in ROWS]
    whole = io.StringIO()
    csv.writer(whole, delimiter=separator, lineterminator=end, quoting=quoting).writerows([HEADER, *rows])
    return (mark + whole.getvalue()).encode()


# ---------------------------------------------------------------- one change

BYTES = b"0123456789AKabcdefz ,;\t|\"'\n\r.:-+/\\_\x00\x01\x7f\x80\xa0\xc2\xe7\xff"


def changed(content: bytes, chance: Random) -> bytes:
    """One byte put in, taken out or made another, or one record gone, twice, cut short or elsewhere."""
    at = chance.randrange(len(content))
    way = chance.choice(WAYS)
    return way(content, at, chance)


def _made(content: bytes, at: int, chance: Random) -> bytes:
    byte = chance.choice(BYTES) if chance.randrange(4) else chance.randrange(256)
    return content[:at] + bytes([byte]) + content[at + 1 :]


def _put(content: bytes, at: int, chance: Random) -> bytes:
    return content[:at] + bytes([chance.choice(BYTES)]) + content[at:]


def _taken(content: bytes, at: int, chance: Random) -> bytes:
    return content[:at] + content[at + 1 :]


def _cut(content: bytes, at: int, chance: Random) -> bytes:
    return content[:at]


def _record(content: bytes, at: int, chance: Random) -> bytes:
    lines = content.splitlines(keepends=True)
    which = chance.randrange(len(lines))
    line = lines[which]
    way = chance.randrange(4)
    if way == 0:
        del lines[which]
    elif way == 1:
        lines.insert(chance.randrange(len(lines) + 1), line)
    elif way == 2:
        end = b"\r\n" if line.endswith(b"\r\n") else b"\n"
        lines[which] = line[: chance.randrange(len(line))] + end
    else:
        lines.insert(chance.randrange(len(lines)), lines.pop(which))
    return b"".join(lines)


WAYS: tuple[Callable[[bytes, int, Random], bytes], ...] = (_made, _made, _made, _put, _taken, _cut, _record)


# ---------------------------------------------------------------- a second reading


@dataclass
class Reckoned:
    numbers: dict[tuple[str | None, str], list[Decimal]] = field(default_factory=dict)
    read: int = 0
    blank: int = 0
    duplicates: int = 0
    outside: int = 0


def reckoned(content: bytes, separator: str) -> Reckoned | None:
    """The numbers by the csv module and by hand; nothing where the content is no such export."""
    try:
        records = list(_records(content.decode("utf-8-sig"), separator))
        header = [name.strip().casefold() for name in records[0]]
        at = {name: header.index(name) for name in HEADER if name in header}
        found = Reckoned()
        seen: dict[str, list[str | None]] = {}
        for record in records[1:]:
            if not any(cell.strip() for cell in record):
                found.blank += 1
                continue
            if len(record) != len(header):
                return None
            found.read += 1
            row = [record[at[name]].strip(" \t\u00a0") or None if name in at else None for name in HEADER]
            if (before := seen.setdefault(row[0] or "", row)) is not row:
                if before != row:
                    return None
                found.duplicates += 1
                continue
            _count(found, row)
    except (ValueError, csv.Error, IndexError):
        return None
    if len(set(header)) < len(header):
        return None
    if "agent_id" not in at:
        found.numbers = {}  # There is nothing to group by.
    return found


def _records(text: str, separator: str) -> Iterator[list[str]]:
    if "\0" in text or re.search(r"\r(?!\n|\Z)", text):
        raise ValueError("no line end of these")
    quoting = csv.QUOTE_MINIMAL if '"' in text else csv.QUOTE_NONE
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, quoting=quoting)


def _count(found: Reckoned, row: list[str | None]) -> None:
    """Raises ValueError where a cell is none of its kind."""
    id_, agent, started, direction, outcome, _, wait = row
    if not id_ or not started or not outcome:
        raise ValueError("a row that lacks what it must have")
    if direction not in (None, "inbound", "outbound", "internal"):
        raise ValueError("direction")
    if outcome not in ("answered", "abandoned", "callback", "self_served", "ended_in_menu", "not_connected", "failed"):
        raise ValueError("outcome")
    parts = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2}) ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})", started)
    if not parts:
        raise ValueError("time")
    when = datetime(*map(int, parts.groups()))
    if wait is not None and not re.fullmatch(r"[0-9]+\.?[0-9]*|\.[0-9]+", wait):
        raise ValueError("wait")
    waited = None if wait is None else Decimal(wait)
    if waited is not None and waited > 24 * 3600:
        raise ValueError("longer than a day")
    if not datetime(2026, 8, 1) <= when < datetime(2026, 9, 1):
        found.outside += 1
        return
    mine = found.numbers.setdefault((agent, f"{when:%Y-%m-%d}"), [Decimal(0)] * 4)
    for place, more in enumerate((1, outcome == "answered", waited is not None, waited or 0)):
        mine[place] += more


# ---------------------------------------------------------------- the product's reading


@dataclass(frozen=True)
class Outcome:
    """What came of one file: problems as (name, line), or numbers with what was said of the rows."""

    refused: tuple[tuple[str, int], ...] = ()
    numbers: Numbers = field(default_factory=dict)
    account: tuple[int, int, int] = (0, 0, 0)
    """Rows read, duplicates dropped, rows outside the period."""
    notices: frozenset[str] = frozenset()


def measured(path: Path, catalogue: Catalogue) -> Outcome:
    asked = {"kpis": list(UNITS), "by": ["agent_id", "day"], "period": "2026-08"}
    try:
        found = run.measure([path], config=catalogue, **asked)
    except Refused as refused:
        return Outcome(tuple((problem.name, problem.place.line) for problem in refused.problems))
    values: dict[tuple[str | None, str], dict[str, float | None]] = {}
    for row in found.values.iter_rows(named=True):
        values.setdefault((row["agent_id"], row["day"]), {})[row["kpi"]] = row["value"]
    numbers = {key: tuple(Decimal(repr(own[kpi] or 0)) for kpi in UNITS) for key, own in values.items()}
    (account,) = found.accounts
    kept = (account.read, account.duplicates, account.outside)
    return Outcome((), numbers, kept, frozenset(n.split(": ", 1)[-1] for n in found.notices))


# ---------------------------------------------------------------- the verdict


def verdict(before: bytes, after: bytes, found: Outcome, same: Outcome, separator: str) -> str:
    """`refused`, `same` or `other`; or, with an exclamation mark, what is dishonest about it."""
    expected = reckoned(after, separator)
    if found.refused:
        lines = near(before, after)
        if any(not line or line in lines for _, line in found.refused) or clash(found):
            return "refused"
        return f"! refused elsewhere: {found.refused}, where lines {sorted(lines)} were changed"
    if expected is None:
        unchanged = (found.numbers, found.account) == (same.numbers, same.account)
        return "same" if unchanged else "! read, but it is no such export"
    numbers = {key: tuple(own) for key, own in expected.numbers.items()}
    if plain(found.numbers) != plain(numbers):
        return f"! numbers {plain(found.numbers)}, by hand {plain(numbers)}"
    if found.account != (expected.read, expected.duplicates, expected.outside):
        return f"! account {found.account}, by hand {expected}"
    if expected.blank and not any("blank" in notice for notice in found.notices):
        return "! blank lines are not said"
    if not after.endswith(b"\n") and not any("no line end" in notice for notice in found.notices):
        return "! it may have been cut short, and that is not said"
    return "same" if plain(found.numbers) == plain(same.numbers) else "other"


def clash(found: Outcome) -> bool:
    """A key that two rows have now is no one line's fault."""
    return any(name == "conflicting-duplicate" for name, _ in found.refused)


def plain(numbers: Numbers) -> dict[tuple[str | None, str], tuple[float, ...]]:
    return {key: tuple(round(float(number), 6) for number in own) for key, own in numbers.items() if own[0]}


def near(before: bytes, after: bytes) -> set[int]:
    """The lines that differ, with their neighbors."""
    old, new = before.split(b"\n"), after.split(b"\n")
    same = [one == other for one, other in zip(old, new, strict=False)]
    ahead = same.index(False) if False in same else len(same)
    same = [one == other for one, other in zip(reversed(old), reversed(new), strict=False)][: len(same) - ahead]
    behind = same.index(False) if False in same else len(same)
    return set(range(ahead, len(new) - behind + 2))


# ---------------------------------------------------------------- two thousand of two thousand


def cases(seeds: range) -> Iterator[tuple[int, str, bytes, bytes]]:
    for seed in seeds:
        chance = Random(seed)
        dress = list(DRESSES)[seed % len(DRESSES)]
        before = dressed(dress)
        while (after := changed(before, chance)) == before:
            pass
        yield seed, dress, before, after


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("config")
    (folder / "project.yaml").write_text("project:\n  extends: builtin\n")
    kpis = "".join(KPI.format(name=name, unit=unit) for name, unit in UNITS.items())
    (folder / "counts.yaml").write_text(MEASURES + kpis)
    return load_catalogue(folder)


def judged(seeds: range, folder: Path, reader: Callable[[Path], Outcome]) -> Counter[str]:
    path = folder / "interactions.csv"
    same: dict[str, Outcome] = {}
    found: Counter[str] = Counter()
    for seed, dress, before, after in cases(seeds):
        if dress not in same:
            path.write_bytes(before)
            same[dress] = reader(path)
        path.write_bytes(after)
        said = verdict(before, after, reader(path), same[dress], DRESSES[dress][0])
        found[f"seed {seed} ({dress}): {said}" if said.startswith("!") else said] += 1
    return found


def honest(found: Counter[str], files: int) -> None:
    """All are accounted for; and a reader that refuses whatever it meets is of no use."""
    assert [text for text in found if text.startswith("seed")] == []
    assert found.total() == files
    assert found["refused"] < 0.75 * files
    assert min(found["same"], found["other"]) > 0.05 * files


def test_every_change_is_seen_for_what_it_is(tmp_path: Path, catalogue: Catalogue) -> None:
    honest(judged(range(CASES // 8), tmp_path, lambda path: measured(path, catalogue)), CASES // 8)


@pytest.mark.slow
def test_two_thousand_of_two_thousand(tmp_path: Path, catalogue: Catalogue) -> None:
    honest(judged(range(CASES), tmp_path, lambda path: measured(path, catalogue)), CASES)


# ---------------------------------------------------------------- readers that the verdict must find out


def sloppy(path: Path, fault: str) -> Outcome:
    """The second reading as a product, with one fault that readers in use have."""
    content = path.read_bytes()
    separator = max(",;\t", key=content.decode(errors="ignore").count)
    lines = content.split(b"\n")
    wanted = lines[0].count(separator.encode())
    if fault == "skips records of another width":
        content = b"\n".join(line for line in lines if line.count(separator.encode()) == wanted) + b"\n"
    elif fault == "fills short records":
        pad = separator.encode()
        content = b"\n".join(line + pad * (wanted - line.count(pad)) if line else line for line in lines)
    elif fault == "drops bytes that are no text":
        content = content.decode(errors="ignore").replace("\0", "").encode()
    elif fault == "takes bad numbers for none":
        content = re.sub(
            rb"(?<=%b)[^%b\n\"]*[^0-9.\r\n%b\"][^%b\n\"]*(?=\r?\n)" % ((separator.encode(),) * 4), b"", content
        )
    found = reckoned(content, separator)
    if found is None:
        return Outcome((("bad", 0),))
    numbers = {key: tuple(own) for key, own in found.numbers.items()}
    notices = frozenset({"blank lines", "no line end"})
    return Outcome((), numbers, (found.read, found.duplicates, found.outside), notices)


FAULTS = [
    "skips records of another width",
    "fills short records",
    "drops bytes that are no text",
    "takes bad numbers for none",
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sloppy_reader_is_found_out(tmp_path: Path, fault: str) -> None:
    assert not any(text.startswith("seed") for text in judged(range(400), tmp_path, lambda path: sloppy(path, "")))
    found = judged(range(400), tmp_path, lambda path: sloppy(path, fault))
    assert sum(text.startswith("seed") for text in found) >= 3


@pytest.mark.parametrize("shift", [-1, 40])
def test_a_problem_at_a_wrong_line_is_found_out(tmp_path: Path, catalogue: Catalogue, shift: int) -> None:
    def astray(path: Path) -> Outcome:
        true = measured(path, catalogue)
        return Outcome(
            tuple((name, line and line + shift * 3) for name, line in true.refused), true.numbers, true.account
        )

    found = judged(range(80), tmp_path, astray)
    assert sum("refused elsewhere" in text for text in found) >= 10
