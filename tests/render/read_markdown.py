"""A message in Markdown against the frames: its table row by row, its sentences.

In: a source, the text of a message. Out: a reading.
Refuses to know: how a message is drawn.
"""

from __future__ import annotations

import re

from tests.render import said
from tests.render.read_back import Reading, squeezed
from tests.render.read_terminal import sentences
from tests.render.sources import NONE, Row, Source, fixed, signed

KEYS = ("rank", "subject", "name", "team", "score", "change", "grade")


def read(source: Source, text: str) -> Reading:
    reading = Reading()
    plain = re.sub(r"\\(.)", r"\1", text.replace("&#58;", ":").replace("&#46;", ".").replace("&#64;", "@"))
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in plain.splitlines() if line.startswith("|")
    ]
    head, told = rows[0], rows[2:]
    heads = [source.head(key) for key in KEYS]
    reading.same("heads", head, [squeezed(each) for each in head[: len(KEYS)]], [squeezed(each) for each in heads], 0)
    ranked = [row for row in source.rows if row["rank"] is not None]
    wanted = source.rows if len(source.rows) <= 30 else [*ranked[:10], None, *ranked[-10:]]
    reading.same("rows", len(told), [str(len(told))], [str(len(wanted))], 0)
    for cells, row in zip(told, wanted, strict=False):
        for cell, source_says in zip(cells, _cells(source, row) if row else ["…"], strict=False):
            reading.is_((row or {}).get("subject"), cell, source_says)
    more: list[said.Said] = [([], str(len(source.rows) - 20))] if len(source.rows) > 30 else []
    beside = [*said.first(source), *said.actions(source), *said.lists(source), *more, said.counts(source)]
    beside += [*said.notices(source.result.notices), said.balance(source)]
    sentences(reading, source, [line for line in plain.splitlines() if not line.startswith("|")], beside)
    return reading


def _cells(source: Source, row: Row) -> list[str]:
    marks = ("!" if row["subject"] in source.red else "") + ("~" if row["status"] == "provisional" else "")
    low, high = row["rank_low"], row["rank_high"]
    spread = f" ({low}–{high})" if low != high else ""
    return [
        NONE if row["rank"] is None else f"{row['rank']}{spread}", row["subject"], row["name"], row["team"] or "",
        f"{fixed(row['score'])}{marks}", f"{signed(row['change'])}{'±' if row['change_beyond'] else ''}",
        row["grade"] or "",
    ]  # fmt: skip
