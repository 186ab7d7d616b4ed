"""Which layout, or which canonical table, an export is: decided by name and header, or refused.

In: exports and the catalogue. Out: feeds, each saying how one export becomes rows of one table.
Refuses to know: cells (but for the values a layout asks to see), types, rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

import polars as pl

from ccmetrics.catalogue.models import Catalogue, Layout, LayoutTable, Source, Table
from ccmetrics.notice import Notice, of_export
from ccmetrics.problem import DataRefused, DefinitionsRefused, Place, Problem
from ccmetrics.stages.load import Raw, guarded
from ccmetrics.stages.load.recognize import called, fold, is_called, names_all
from ccmetrics.stages.normalize.conditions import columns_named
from ccmetrics.stages.normalize.feed import VERSION, Feed, header_line, named, place, resolved, sources, spelled
from ccmetrics.stages.normalize.fold import folded
from ccmetrics.stages.normalize.rates import looks_counted, unweighted
from ccmetrics.stages.normalize.written import is_writable, written

LOOKED_AT = 100
KNOWN = "It is known only from its vendor's documentation or a few rows."
COUNTED = (
    " It looks like a report that was already counted, by interval or day: its rates and means are read only with a "
    "`weight:`, for the mean of a day's percentages is not the day's percentage."
)


def feeds(raws: Sequence[Raw], catalogue: Catalogue, notices: list[Notice]) -> list[Feed]:
    """What every export feeds.

    Raises:
        DataRefused: exports that fit nothing, or two things; columns missing or misspelled. All of them.
    """
    found: list[Feed] = []
    problems: list[Problem] = []
    for raw in raws:
        try:
            layout = layout_of(raw, catalogue)
            found += by_layout(raw, layout, catalogue, notices) if layout else [by_name(raw, catalogue, notices)]
        except DataRefused as refused:
            problems += refused.problems
    if problems:
        raise DataRefused(problems)
    return found


# ---------------------------------------------------------------- layouts


def layout_of(raw: Raw, catalogue: Catalogue) -> Layout | None:
    """The one that opened it, or by the project's file-name patterns, else the one that matches most of the header."""
    if raw.layout is not None:
        return catalogue.layouts[raw.layout]
    for pattern, name in catalogue.project.layouts.items():
        if is_called(raw.path, raw.name.removeprefix(f"{raw.path}!"), pattern):
            if name not in catalogue.layouts:
                text = f"The project reads '{pattern}' by layout '{name}', which is not there."
                raise DefinitionsRefused([Problem(Place("project"), "unknown-layout", text)])
            return catalogue.layouts[name]
    fitting = [layout for layout in catalogue.layouts.values() if fits(raw, layout)]
    most = max((len(layout.match) for layout in fitting), default=0)
    best = [layout for layout in fitting if len(layout.match) == most]
    if len(best) > 1:
        names = ", ".join(layout.layout for layout in best)
        text = f"The layouts {names} fit this header equally well. Name one for it in the project (`layouts:`)."
        raise DataRefused([Problem(Place(raw.name, 1), "two-layouts-fit", text)])
    return best[0] if best else None


def fits(raw: Raw, layout: Layout) -> bool:
    names = spelled(raw)
    if not names_all(raw.header, layout):
        return False
    return all(_holds_only(raw, names[fold(column)], values) for column, values in layout.match_values.items())


def _holds_only(raw: Raw, column: str, values: Sequence[str]) -> bool:
    """Whether the first cells of a column hold nothing but these values, and at least one of them."""
    dtype = guarded(raw.frame.collect_schema, raw.name)[column]
    if not is_writable(dtype):
        return False
    cell = written(pl.col(column), dtype).str.strip_chars()
    top = guarded(lambda: raw.frame.select(cell).head(LOOKED_AT).collect().to_series(), raw.name)
    seen = set(top.drop_nulls()) - {""}
    return bool(seen) and seen <= set(values)


def by_layout(raw: Raw, layout: Layout, catalogue: Catalogue, notices: list[Notice]) -> list[Feed]:
    """One feed a table of the layout. What the layout names and this export lacks is not supplied."""
    rows = folded(raw, layout)
    raw, names = rows.raw, spelled(rows.raw)
    if layout.experimental:
        text = Notice(
            "layout {layout} is experimental. It is known only from its vendor's documentation or a few rows. Check a "
            "few rows by hand.",
            layout=layout.layout,
        )
        notices.append(of_export(raw.name, text))
    if rows.merged or rows.skipped:
        text = Notice("{lines:line} of the log folded into {rows:row}", lines=rows.merged + raw.rows, rows=raw.rows)
        notices.append(of_export(raw.name, text))
    found, problems = [], list(_two_names(raw, layout))
    for name, part in layout.tables.items():
        read = part.columns if part.latest is None else {**part.columns, VERSION: part.latest}
        known = {c: resolved(s, raw.header) for c, s in read.items()}
        there = {c: s for c, s in known.items() if s is not None}
        lacking = [s for c, s in read.items() if c not in there]
        wanted = {column for s in lacking for column in (*sources(s), *([called(s.weight)[0]] if s.weight else []))}
        wanted |= {column for text in _conditions(part) for column in columns_named(text)}
        absent = sorted(column for column in wanted if fold(column) not in names)
        if absent:
            text = Notice(
                "layout {layout} knows columns this file lacks: {columns}", layout=layout.layout, columns=absent
            )
            notices.append(of_export(raw.name, text))
        feed = Feed(raw, name, there, layout, part.where, rows.merged, rows.skipped)
        problems += [*missing(feed, catalogue.tables[name]), *unweighted(feed, catalogue.tables[name])]
        found.append(feed)
    if problems:
        raise DataRefused(problems)
    return found


def _conditions(part: LayoutTable) -> list[str]:
    each = [source.where for source in part.columns.values()]
    decided = [text for source in part.columns.values() for text, _ in source.case or ()]
    return [text for text in (part.where, *each, *decided) if text]


def _two_names(raw: Raw, layout: Layout) -> Iterator[Problem]:
    """Columns that go by several names, of which this header has more than one: nobody can tell which is meant."""
    names = spelled(raw)
    asked = {
        called(each)
        for part in layout.tables.values()
        for source in (*part.columns.values(), *([part.latest] if part.latest else []))
        for each in (*named(source), *([source.weight] if source.weight else []))
    }
    for several in sorted(asked):
        there = [names[fold(name)] for name in several if fold(name) in names]
        if len(there) > 1:
            text = (
                f"Layout '{layout.layout}' takes {' or '.join(map(repr, several))} for one column, and here are both."
            )
            mend = " Read the file by a layout of your own that names the one that is meant."
            at = Place(raw.name, header_line(raw), place(raw, there[1]))
            yield Problem(at, "two-columns-fit", text + mend)


# ---------------------------------------------------------------- canonical files


def by_name(raw: Raw, catalogue: Catalogue, notices: list[Notice]) -> Feed:
    """A file in the canonical form: the table its name says, else the only one whose columns these are."""
    name = table_named(raw, catalogue) or table_of_header(raw, catalogue)
    table = catalogue.tables[name]
    known = {column for column, definition in table.columns.items() if not definition.derived}
    there = [header for header in raw.header if header in known]
    other = [header for header in raw.header if header not in known]
    problems = [_misspelled(raw, header, known - set(there)) for header in other]
    feed = Feed(raw, name, {header: Source(origin=header) for header in there})
    wrong = [p for p in problems if p] + [*missing(feed, table), *unweighted(feed, table)]
    if wrong:
        raise DataRefused(wrong)
    if other:
        text = Notice("no columns of '{table}', left aside: {columns}", table=name, columns=other)
        notices.append(of_export(raw.name, text))
    return feed


def table_named(raw: Raw, catalogue: Catalogue) -> str | None:
    """`interactions_2026-10.csv`, `surveys.parquet`, `cases-north.csv`: the name up to a digit, a dash or a dot."""
    match = re.match(r"[a-z_]+?(?=_*(?:[\d\-. ]|$))", raw.path.stem.lower())
    return match[0] if match and match[0] in catalogue.tables else None


def table_of_header(raw: Raw, catalogue: Catalogue) -> str:
    headers = set(raw.header)
    fitting = [
        name
        for name, table in catalogue.tables.items()
        if headers <= set(table.columns) and {c for c, d in table.columns.items() if d.required} <= headers
    ]
    if len(fitting) == 1:
        return fitting[0]
    shown = ", ".join(f"'{header}'" for header in raw.header)
    if fitting:
        what = f"It could be {' or '.join(fitting)}: name the file after its table."
    else:
        what = f"The closest is {_closest(raw, catalogue)}. Name the file after its table, or write a layout."
        what += COUNTED if looks_counted(raw.header) else ""
    text = f"No layout fits this header, and no one table has these columns: {shown}. {what}"
    raise DataRefused([Problem(Place(raw.name, 1), "no-layout-fits", text)])


def _closest(raw: Raw, catalogue: Catalogue) -> str:
    """The layout or table that shares most names with the header, and what it lacks."""
    own = {fold(header) for header in raw.header}
    wanted = {
        f"layout '{n}'": [fold(called(c)[0]) for c in (*la.match, *la.match_values)]
        for n, la in catalogue.layouts.items()
    }
    wanted |= {f"table '{n}'": [c for c, d in t.columns.items() if d.required] for n, t in catalogue.tables.items()}
    best = max(sorted(wanted), key=lambda n: len(own & set(wanted[n])) / max(1, len(wanted[n])), default="none")
    lacking = [f"'{c}'" for c in wanted.get(best, []) if c not in own]
    return f"{best}, which also wants {', '.join(lacking)}" if lacking else best


def _misspelled(raw: Raw, header: str, unused: set[str]) -> Problem | None:
    """An unknown column is nobody's business unless it is a known one, written differently."""
    plain = re.sub(r"[\s\-]+", "_", header.strip().casefold())
    hint = f" Did you mean '{plain}'?" if plain in unused else _close(plain, unused)
    if not hint:
        return None
    text = f"'{header}' is no column of this table.{hint} Rename it, or read the file by a layout."
    return Problem(Place(raw.name, header_line(raw), place(raw, header)), "misspelled-column", text)


def _close(plain: str, unused: set[str]) -> str:
    """Closer than for names in definitions: exports have columns of their own, `agent` is no slip for `agent_id`."""
    close = get_close_matches(plain, sorted(unused), n=1, cutoff=0.88)
    return f" Did you mean '{close[0]}'?" if close else ""


def missing(feed: Feed, table: Table) -> list[Problem]:
    """Required columns, and the key's, that the export does not have and no default supplies."""

    def supplied(column: str) -> bool:
        default = table.columns[column].default
        return column in feed.columns or (
            default is not None and (default not in table.columns or supplied(str(default)))
        )

    absent = [c for c, d in table.columns.items() if d.required and not supplied(c)]
    if not any(supplied(column) for column in table.key):
        absent += [column for column in table.key if column not in absent]
    if feed.layout and feed.layout.tables[feed.table].latest and VERSION not in feed.columns:
        absent.append("what `latest:` says")
    if not absent:
        return []
    by = f"layout '{feed.layout.layout}'" if feed.layout else f"table '{feed.table}'"
    found = ", ".join(f"'{header}'" for header in feed.raw.header)
    text = f"Required for '{feed.table}' and not there ({by}): {', '.join(absent)}. The header has {found}."
    return [Problem(Place(feed.raw.name, header_line(feed.raw)), "missing-column", text)]
