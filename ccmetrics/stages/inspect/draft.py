"""A first layout for an export that nothing fits: YAML to be read line by line, then used.

In: the columns as they look, and the catalogue, whose layouts know how columns are called elsewhere. Out: YAML text.
Refuses to know: whether any guess is right; what cannot be guessed stands there as a comment.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from ccmetrics.catalogue.models import Catalogue, Column
from ccmetrics.stages.inspect.columns import Seen
from ccmetrics.stages.load import Raw
from ccmetrics.stages.load.recognize import called, fold

SOUNDS: tuple[tuple[str, str], ...] = (
    (
        "interaction_id",
        r"(?:call|contact|conversation|interaction|session|unique).?(?:id|no|ref|number)|^id$|流水号|通话id",
    ),
    ("agent_id", r"agent|user|operator|server|employee|agente|usuario|坐席|座席|客服|工号"),
    ("queue_id", r"queue|skill|split|cola|队列|技能"),
    ("customer_id", r"customer|caller|\bani\b|phone|client|cliente|客户|主叫"),
    ("ended_at", r"(?:end|finish|disconnect|hang.?up|fin\b)|结束"),
    ("answered_at", r"(?:answer|connect)\w* ?(?:at|time|date)|接通时间|应答时间"),
    ("started_at", r"start|begin|date|time ?stamp|created|fecha|inicio|开始|日期"),
    ("wait_s", r"wait|queue ?time|speed of answer|\basa\b|espera|等待|排队"),
    ("hold_s", r"hold|retenc|保持"),
    ("wrap_s", r"wrap|acw|after|话后|整理"),
    ("ring_s", r"ring|timbre|振铃"),
    ("talk_s", r"talk|conv|duration|service ?time|length|duraci|conversaci|通话时长|时长"),
    ("outcome", r"outcome|result|status|disposition|answered|abandon|estado|resultado|状态|是否接通"),
    ("direction", r"direction|call ?type|dirección|呼叫类型|方向"),
    ("channel", r"channel|media|canal|渠道"),
    ("reason", r"reason|topic|subject|category|motivo|原因|业务类型"),
    ("resolved", r"resolved|solved|resuelto|解决"),
)
"""Canonical columns of a contact by what their columns are called. The first that fits and is free gets the column."""
SUITS = {
    "datetime": ("datetime", "date"),
    "duration": ("duration", "number"),
    "flag": ("flag",),
    "id": ("id", "word", "number"),
    "category": ("word", "flag"),
}
"""Type of a canonical column to how a column must look for it."""
ANSWERED = re.compile(r"(?i)^(?:y|yes|answered|connected|completed?|handled|ok|1|接通|已接通|已接听|atendida)$")
LOST = re.compile(r"(?i)^(?:n|no|abandon\w*|lost|missed|no ?answer|unanswered|hang|0|未接通|未接听|放弃|abandonada)$")
UNITS = {"ms": r"(?i)\bms\b|millis|毫秒", "min": r"(?i)\bmin(?:ute)?s?\b|分钟", "h": r"(?i)\bhours?\b|小时"}
"""Unit of lengths of time to what a column is called that has it."""
TABLE = "interactions"


def draft(raw: Raw, columns: Sequence[Seen], catalogue: Catalogue) -> str:
    """The layout as YAML text, which a definition check accepts once the lines that ask are answered."""
    guessed = _guesses(columns, catalogue)
    name = re.sub(r"\W+", "_", PurePath(raw.path.name).stem.casefold()).strip("_") or "my_export"
    used = {seen.name for seen in guessed.values()}
    lines = [
        "# Guessed from names and cells. Read every line against the export before its numbers count.",
        f"layout: {_said(name if not name[0].isdigit() else f'export_{name}')}",
        f"match: [{', '.join(_said(seen.name) for seen in columns)}]",
        *_whole(columns),
        "tables:",
        f"  {TABLE}:",
    ]
    table = catalogue.tables[TABLE]
    for column in table.columns:
        if column in guessed:
            lines += [f"    {line}" for line in _column(column, guessed[column], table.columns[column])]
        elif table.columns[column].required:
            lines.append(f"    # {column}: required. Name its column, or say how to build it (constant, join, case).")
    if "direction" not in guessed:
        lines.append(
            "    # direction: {constant: inbound}   # or outbound: the KPIs of a hotline count inbound contacts"
        )
    left = [seen.name for seen in columns if seen.name not in used]
    lines += [f"    # left aside: {_said(name)}" for name in left]
    return "\n".join(lines) + "\n"


def _guesses(columns: Sequence[Seen], catalogue: Catalogue) -> dict[str, Seen]:
    """Canonical column to the column that may be meant: as other layouts have it, else by what it is called."""
    known = _known(catalogue)
    types = catalogue.tables[TABLE].columns
    guessed: dict[str, Seen] = {}
    for seen in columns:
        named = [target for target in (known.get(fold(seen.name)),) if target]
        sounds = [target for target, words in SOUNDS if re.search(words, seen.name, re.IGNORECASE)]
        for target in (*named, *sounds):
            if target in types and target not in guessed and seen.taken in SUITS.get(types[target].type, ()):
                guessed[target] = seen
                break
    return guessed


def _known(catalogue: Catalogue) -> dict[str, str]:
    """Names of columns in the layouts there are, each with the canonical column it is mostly read into."""
    votes: dict[str, Counter[str]] = {}
    for layout in catalogue.layouts.values():
        part = layout.tables.get(TABLE)
        for column, source in part.columns.items() if part else ():
            for name in called(source.origin) if source.origin is not None else ():
                votes.setdefault(fold(name), Counter())[column] += 1
    return {name: counts.most_common(1)[0][0] for name, counts in votes.items()}


def _whole(columns: Sequence[Seen]) -> Iterator[str]:
    if any(seen.says.get("decimal") == "," for seen in columns):
        yield 'decimal: ","'
    if any(seen.taken in ("datetime", "clock") for seen in columns):
        yield "# time_zone: Europe/Berlin   # of the export's times, where it is not the project's"
    words = sorted({word for seen in columns for word in seen.nothing})
    if words:
        yield f'# "null": [{", ".join(map(_said, words))}]   # if these stand for no value'


def _column(name: str, seen: Seen, column: Column) -> Iterator[str]:
    says = {key: value for key, value in seen.says.items() if key != "decimal"}
    if column.type == "duration" and seen.taken == "number":
        unit = next((unit for unit, words in UNITS.items() if re.search(words, seen.name)), None)
        says |= {"unit": unit} if unit else {}
        if unit is None:
            yield f"# {name} is taken as seconds; say `unit: ms` (or min, h) if it is not"
    if column.type in ("category", "flag") and column.values and seen.words:
        yield f"{name}:"
        yield f"  from: {_said(seen.name)}"
        yield f"  # each value becomes one of: {', '.join(column.values)}"
        yield "  map:"
        for word in seen.words:
            meant = "answered" if ANSWERED.match(word) else "abandoned" if LOST.match(word) else None
            known = word.casefold() if word.casefold() in column.values else meant if name == "outcome" else None
            yield f"    {_said(word)}: {known}" if known else f"    # {_said(word)}: say what it means"
        return
    if not says:
        yield f"{name}: {_said(seen.name)}"
        return
    pairs = ", ".join(f"{key}: {_said(value)}" for key, value in says.items())
    yield f"{name}: {{from: {_said(seen.name)}, {pairs}}}"


def _said(text: str) -> str:
    """A scalar that YAML reads as exactly this text."""
    if re.fullmatch(r"[^\W\d][\w ()/.-]*(?<! )", text) and text.casefold() not in RESERVED:
        return text
    return json.dumps(text, ensure_ascii=False)


RESERVED = ("null", "true", "false", "yes", "no", "on", "off", "y", "n", "~")
