"""A look at an export, for a person at a terminal or as JSON.

In: an inspection. Out: UTF-8 text.
Refuses to know: how anything was found, the disk. Values of private columns are never drawn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from ccmetrics.render import dates
from ccmetrics.render.look import Look
from ccmetrics.render.page import Column, drawn, line, squeezed, table, text
from ccmetrics.render.plain import escaped, plain
from ccmetrics.render.words import listed, say, told
from ccmetrics.stages.inspect import Inspection, Seen

SHOWN = 10
"""Problems drawn; the others are counted."""


def page(found: Inspection, look: Look) -> bytes:
    # A draft is there to be copied: its lines stay whole, however narrow the page.
    draft = "".join(f"{plain(row)}\n" for row in found.draft.splitlines())
    return f"{drawn(_parts(found, look), look)}{draft}".encode()


def data(found: Inspection, look: Look) -> bytes:
    """Everything, as JSON with keys in a fixed order."""
    raw = found.raw
    whole = {
        "schema": "ccmetrics.inspect/1",
        "file": raw.name,
        "about": raw.about,
        "sha256": raw.sha256,
        "bytes": raw.stamp[0],
        "rows": raw.rows + raw.misfits.height,
        "covers": dict(zip(("first", "last", "column"), found.covers, strict=True)) if found.covers else None,
        "layout": found.fit.layout.layout if found.fit.layout else None,
        "tables": sorted({feed.table for feed in found.fit.feeds}),
        "near": [{"layout": name, "share": round(share, 3), "lacks": lacks} for name, share, lacks in found.fit.near],
        "columns": [_column(seen, found) for seen in found.columns],
        "suspicions": found.suspicions,
        "problems": [{"line": p.place.line, "column": p.place.column, "problem": p.name, "text": p.text}
                     for p in found.problems],
        "notices": found.notices,
        "draft": found.draft or None,
    }  # fmt: skip
    return f"{escaped(json.dumps(whole, ensure_ascii=False, indent=1))}\n".encode()


FORMATS: dict[str, Callable[[Inspection, Look], bytes]] = {"table": page, "json": data}


def _column(seen: Seen, found: Inspection) -> dict[str, Any]:
    low, high, words = _range(seen, found)
    return {
        "name": seen.name,
        "at": seen.at,
        "reads_as": seen.taken,
        "feeds": found.feeds.get(seen.name, ()),
        "forms": dict(seen.forms),
        "empty": seen.empty,
        "distinct": seen.distinct,
        "low": low,
        "high": high,
        "values": words,
    }


PERSONAL = re.compile(
    r"(?i)name|client|customer|caller|phone|mobile|\bani\b|mail|address|iban|card|plate|note|comment|record|url|nombre|"
    r"cliente|tel[eé]f|correo|姓名|客户|号码|电话|手机|地址|邮箱|备注|录音|卡号"
)
"""Words in the name of a column that may hold people's data, where no layout says what it is."""
TELLING = re.compile(r"(?:\d[^\w]?){7,}|[\w.]+@[\w.]+|://")
"""Values that tell who somebody is, whatever their column is called."""


def _range(seen: Seen, found: Inspection) -> tuple[str, str, tuple[str, ...]]:
    """What may be shown of the values: nothing of private columns and ids, nor of others what may be people's data."""
    if seen.name in found.private or seen.taken in ("id", "empty"):
        return "", "", ()
    unread = seen.name not in found.feeds
    is_number = seen.taken in ("number", "money", "percent", "duration")
    if unread and (PERSONAL.search(seen.name) or (is_number and TELLING.search(seen.high))):
        return "", "", ()
    # A layout knows which words matter. Where none fits, those that hardly repeat may be people's names.
    repeats = len(seen.words) * 2 <= seen.rows - seen.empty
    words = seen.words if repeats and not (unread and found.fit.feeds) else ()
    return seen.low, seen.high, words if not any(map(TELLING.search, words)) else ()


# ---------------------------------------------------------------- the page


def _parts(found: Inspection, look: Look) -> Iterator[RenderableType]:
    yield from _opening(found, look.lang)
    yield Text()
    yield table(_columns(found, look), look)
    lists = (
        ("head-suspicions", found.suspicions),
        ("head-run", found.notices),
        ("head-problems", tuple(_problems(found))),
    )
    for head, sentences in lists:
        if sentences:
            yield Text()
            yield text(say(head, look.lang), "bold red" if head == "head-problems" else "bold")
            yield from (line(told(sentence, look.lang), indent=2) for sentence in sentences)
    if found.draft:
        yield Text()
        yield text(say("head-draft", look.lang), "bold")


def _problems(found: Inspection) -> Iterator[str]:
    """The first problem of each name and column: what is wrong, rather than how often."""
    seen = set()
    for problem in found.problems:
        key = (problem.name, problem.place.column)
        if key not in seen and problem.place.line:
            seen.add(key)
            yield f"line {problem.place.line}, column {problem.place.column}: {problem.name}: {problem.text}"
    if not seen:
        yield from (f"{problem.name}: {problem.text}" for problem in found.problems[:SHOWN])


def _opening(found: Inspection, lang: str) -> Iterator[RenderableType]:
    raw = found.raw
    yield text(raw.name, "bold")
    rows = f"{raw.rows + raw.misfits.height:,}"
    about = told(raw.about or raw.kind, lang)
    yield line(say("inspect-what", lang, about=about, rows=rows, columns=len(raw.header)), indent=2)
    yield line(f"{raw.stamp[0]:,} B, sha256 {raw.sha256}", indent=2)
    if found.covers:
        first, last, column = found.covers
        yield line(
            say(
                "inspect-covers",
                lang,
                days=dates.days(date.fromisoformat(first), date.fromisoformat(last), lang),
                column=column,
            ),
            indent=2,
        )
    yield from (line(sentence, style, indent=2) for sentence, style in _fits(found, lang))


def _fits(found: Inspection, lang: str) -> Iterator[tuple[str, str]]:
    layout = found.fit.layout
    if found.fit.feeds:
        tables = {account.table: account.used for account in found.accounts}
        names = [f"{name} {tables[name]:,}" if name in tables else name for name in _tables(found)]
        key = "inspect-layout" if layout else "inspect-canonical"
        yield say(key, lang, layout=layout.layout if layout else "", tables=listed(names, lang)), "green"
        if layout and layout.experimental:
            yield say("inspect-experimental", lang), "yellow"
        return
    yield say("inspect-none", lang), "yellow"
    for name, share, lacks in found.fit.near:
        yield say("inspect-near", lang, layout=name, share=f"{share:.0%}", lacks=listed(list(lacks), lang)), ""


def _tables(found: Inspection) -> list[str]:
    return list(dict.fromkeys(feed.table for feed in found.fit.feeds))


def _columns(found: Inspection, look: Look) -> list[Column]:
    lang, seen = look.lang, found.columns
    columns = [
        Column("#", [text(str(each.at)) for each in seen], True),
        Column(say("column", lang), [text(each.name) for each in seen], most=28),
        Column(say("reads-as", lang), [text(say(f"taken-{each.taken}", lang)) for each in seen]),
        Column(say("empty", lang), [text(f"{each.empty:,}" if each.empty else "") for each in seen], True),
        Column(say("distinct", lang), [text(f"{each.distinct:,}") for each in seen], True),
        Column(say("holds", lang), [text(_holds(each, found, lang)) for each in seen]),
    ]
    return squeezed(columns, len(columns) - 1, look)


def _holds(seen: Seen, found: Inspection, lang: str) -> str:
    """Its values in a few words: a choice, a range, or the forms alone."""
    low, high, words = _range(seen, found)
    forms = [name for name in seen.forms if name != "words"]
    form = " / ".join(forms[:3]) if forms and seen.taken not in ("flag", "word") else ""
    values = ", ".join(words) if words else f"{low} .. {high}" if low or high else ""
    if seen.name in found.private:
        values = say("private", lang)
    targets = dict.fromkeys(target.partition(".")[2] for target in found.feeds.get(seen.name, ()))
    feeds = "-> " + ", ".join(targets) if targets else ""
    return "; ".join(part for part in (values, form, feeds) if part)
