"""Exports from the disk: each file opened by what it is, and as a frame that nothing was guessed about.

In: paths, and the layouts, of which only `match` and `file` are looked at. Out: `Raw`s.
Refuses to know: canonical tables, what a cell means.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from ccmetrics.catalogue.models import Layout
from ccmetrics.notice import Notice
from ccmetrics.problem import DataRefused, FileFailed, Place, Problem, Refused, together
from ccmetrics.stages.load.content import text_of
from ccmetrics.stages.load.delimited import delimited
from ccmetrics.stages.load.excel import excel
from ccmetrics.stages.load.find import OPENING, find_exports, is_doubtful, seems_known
from ccmetrics.stages.load.json_lines import is_json, json_lines
from ccmetrics.stages.load.parquet import is_parquet, parquet
from ccmetrics.stages.load.raw import Raw, file_hash, guarded, stamp_of, unreadable
from ccmetrics.stages.load.recognize import is_called, names_all
from ccmetrics.stages.load.unpack import members, packed_as, unpacked
from ccmetrics.stages.load.workbook import is_workbook

__all__ = ["Raw", "find_exports", "guarded", "load", "load_all", "misfit_problems"]


def load_all(
    paths: Sequence[Path | str],
    notices: list[Notice] | None = None,
    layouts: Mapping[str, Layout] | None = None,
    patterns: Mapping[str, str] | None = None,
    full_hash: bool = False,
    refused: list[Refused] | None = None,
    canonical: Collection[Sequence[str]] = (),
) -> list[Raw]:
    """Every export of the paths, each once, with all problems of all files collected. Misfits stay on the `Raw`s.

    `patterns` (file-name pattern to layout) leaves one layout to open a file by; else all of them are tried. `refused`
    takes what is wrong with files instead of its being raised, so that the rest can be looked at, too. `canonical` are
    names that a file needs no layout for, if it has all of a row.
    """
    layouts, notices = layouts or {}, [] if notices is None else notices
    raws: list[Raw] = []
    refusals: list[Refused] = []
    given = {Path(path) for path in paths}
    plain = [Layout(layout="canonical", match=tuple(names), tables={}) for names in canonical if names]
    for path in find_exports(paths, notices):
        inside = _members(path, refusals, notices)
        for member in inside:
            own = _named(path, member, layouts, patterns or {})
            is_alone = len(inside) == 1 and path in given
            is_sure = bool(own) or is_alone or not is_doubtful(member or path.name)
            read = partial(opened, path, own or tuple(layouts.values()), full_hash, member, bool(own))
            try:
                raws += [read()] if is_sure else _if_known(path, member, read, (layouts.values(), plain), notices)
            except (DataRefused, FileFailed) as failed:
                refusals.append(failed)
    if again := _twice(raws):
        refusals.append(DataRefused(again))
    if paths and not raws and not refusals:
        text = "There is nothing here that a layout knows. Name the files themselves to have them read."
        refusals.append(FileFailed([Problem(Place(str(path)), "no-exports", text) for path in paths]))
    if refused is not None:
        refused += refusals
    elif refusals:
        raise together(refusals)
    return raws


def _if_known(
    path: Path,
    member: str | None,
    read: Callable[[], Raw],
    known: tuple[Collection[Layout], Collection[Layout]],
    notices: list[Notice],
) -> list[Raw]:
    """What may be an export or a note beside some: taken if a layout knows it, left aside with a word if none does."""
    try:
        raw = read()
    except DataRefused as refused:
        if _seems_known(path, member, *known):
            raise
        why = refused.problems[0].name
    else:
        if raw.layout or any(names_all(raw.header, layout) for layout in chain(*known)):
            return [raw]
        why = ""
    about = Notice("no layout knows it ({problem})", problem=why) if why else Notice("no layout knows it")
    if member:
        notices.append(
            Notice(
                "{path}: left aside, {why}. Unpack it and name the file itself to have it read.",
                path=f"{path}!{member}",
                why=about,
            )
        )
    else:
        notices.append(
            Notice("{path}: left aside, {why}. Name the file itself to have it read.", path=str(path), why=about)
        )
    return []


def _seems_known(path: Path, member: str | None, layouts: Collection[Layout], plain: Collection[Layout]) -> bool:
    with path.open("rb") as file:
        start = file.read(OPENING)
    if packed_as(start):
        try:
            start = unpacked(path, str(path), member)
        except DataRefused:
            return True
    # The names of a canonical table are words of notes as well, but for its header.
    return seems_known(start, layouts) or seems_known(start.split(b"\n", 1)[0], plain)


def _members(path: Path, refusals: list[Refused], notices: list[Notice]) -> Sequence[str | None]:
    """What an archive holds; one nameless member of any other file."""
    try:
        return members(path, notices) or [None]
    except DataRefused as refused:
        refusals.append(refused)
        return []
    except OSError:
        return [None]  # To be said when it is opened.


def _named(
    path: Path, member: str | None, layouts: Mapping[str, Layout], patterns: Mapping[str, str]
) -> tuple[Layout, ...]:
    known = {pattern: name for pattern, name in patterns.items() if name in layouts}
    names = [name for pattern, name in known.items() if is_called(path, member, pattern)]
    return tuple(layouts[name] for name in names[:1])


def _twice(raws: Sequence[Raw]) -> list[Problem]:
    """The same content under any name would count every row twice."""
    problems = []
    seen: dict[str, Raw] = {}
    for raw in raws:
        first = seen.setdefault(raw.unpacked or raw.sha256, raw)
        if first is not raw and (raw.kind == "text" or file_hash(raw.path) == file_hash(first.path)):
            text = f"The same content as {first.name}. Give it once."
            problems.append(Problem(Place(raw.name), "duplicate-file", text))
    return problems


def load(path: Path | str, layouts: Sequence[Layout] = (), full_hash: bool = False) -> Raw:
    """One export, opened by a layout where it does not open by itself; refused whole if its structure is in doubt."""
    raw = opened(path, layouts, full_hash)
    if raw.misfits.height:
        raise DataRefused(misfit_problems(raw))
    return raw


def opened(
    path: Path | str,
    layouts: Sequence[Layout] = (),
    full_hash: bool = False,
    member: str | None = None,
    named: bool = False,
) -> Raw:
    """One export, with its misfits listed. Of an archive of several, `member` says which.

    `named`: the layouts are one, which the project names for this file.
    """
    path, name = Path(path), f"{path}!{member}" if member else str(path)
    stamp = stamp_of(path, name)
    try:
        if is_parquet(path):
            raw = parquet(path, name, stamp, full_hash)
        elif is_workbook(path):
            raw = excel(path, name, stamp, layouts, named)
        else:
            with text_of(path, name, layouts, member, named) as text:
                if is_json(text.data, name):
                    raw = json_lines(text, path, name, stamp)
                else:
                    raw = delimited(text, path, name, stamp, layouts, named)
    except OSError as error:
        raise FileFailed([unreadable(name, error)]) from error
    raw.check_unchanged()
    return raw


def misfit_problems(raw: Raw) -> list[Problem]:
    """Every misfit at its line; the first 20 of a reason, the rest counted."""
    problems = []
    for (reason,), found in raw.misfits.group_by("reason", maintain_order=True):
        for line, column, _, text in found.head(SHOWN).iter_rows():
            problems.append(Problem(Place(raw.name, line, column or 0), str(reason), text))
        if found.height > SHOWN:
            more = f"{found.height - SHOWN:,} more records have this problem."
            problems.append(Problem(Place(raw.name), str(reason), more))
    return problems


SHOWN = 20
