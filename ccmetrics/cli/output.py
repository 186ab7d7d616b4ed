"""Where results go: standard output as a person or a program wants it, or files.

In: what to draw with, and what the command line said. Out: bytes, sent; sentences on standard error.
Refuses to know: what is drawn.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ccmetrics import write
from ccmetrics.problem import FileFailed, Place, Problem, UsageRefused
from ccmetrics.render.look import Look
from ccmetrics.render.plain import plain

if TYPE_CHECKING:
    from ccmetrics.scorecard import Outcome

SUFFIXES = {
    ".html": "html", ".xlsx": "xlsx", ".md": "md", ".csv": "csv", ".json": "json", ".parquet": "parquet",
    ".txt": "table",
}  # fmt: skip
BINARY = {"parquet": "Parquet", "xlsx": "An Excel workbook"}
"""Formats that a terminal cannot show."""
PAGES = ("table", "text")
FILE_WIDTH = 140
"""Columns of a page that no terminal limits."""

Draw = Callable[[str, Look], bytes]


@dataclass(frozen=True)
class Keep:
    """What a run leaves beside its result: files, and folders with all that is in them."""

    files: Mapping[Path, write.Content]
    folders: Mapping[Path, Mapping[str, bytes]]
    last: Callable[[], None] = lambda: None
    """What is written when all of these are."""


NOTHING = Keep({}, {})


@dataclass(frozen=True)
class Plan:
    """What the command line wants written and shown."""

    files: dict[Path, str]
    shown: str | None
    force: bool
    inputs: tuple[Path, ...]
    quiet: bool
    rejects: Path | None = None
    """Where rows go that are set aside, if any may be."""

    def note(self, text: str) -> None:
        """A sentence beside the result, if there is one to say."""
        if text and not self.quiet:
            typer.echo(plain(text), err=True)


def plan(
    out: Sequence[Path] | None,
    form: str | None,
    force: bool,
    inputs: Sequence[Path],
    quiet: bool,
    suffixes: Mapping[str, str] = SUFFIXES,
) -> Plan:
    """The wish, refused now if it cannot be met, rather than after the work.

    Raises:
        UsageRefused: an output of no known format. FileFailed: an output that must not or cannot be written.
    """
    paths = list(out or ())
    unknown = [path for path in paths if path.suffix.lower() not in suffixes]
    if unknown:
        text = f"An output ends in {', '.join(suffixes)}; that tells its format."
        raise UsageRefused([Problem(Place(str(path)), "unknown-format", text) for path in unknown])
    shown = form or (None if paths else suffixes[".txt"])
    if shown in BINARY and sys.stdout.isatty():
        text = f"{BINARY[shown]} is not for a terminal; say --out."
        raise UsageRefused([Problem(Place("--format"), "unknown-format", text)])
    write.check(paths, force=force, inputs=inputs)
    return Plan({path: suffixes[path.suffix.lower()] for path in paths}, shown, force, tuple(inputs), quiet)


def deliver(wish: Plan, draw: Draw, lang: str, found: Outcome, keep: Keep = NOTHING) -> None:
    """Everything is drawn before anything is written, files and folders before the screen."""
    drawn = {path: draw(form, Look(FILE_WIDTH, lang)) for path, form in wish.files.items()}
    contents: dict[Path, write.Content] = {**drawn, **keep.files}
    screen = draw(wish.shown, look(lang)) if wish.shown else b""
    if wish.rejects is not None and found.partial:
        from ccmetrics.render.csv import written

        contents[wish.rejects] = written(found.rejects)
    write.write(contents, force=wish.force, inputs=wish.inputs)
    for folder, inside in keep.folders.items():
        write.write_folder(folder, inside, inputs=wish.inputs)
    for path in (*contents, *keep.folders):
        wish.note(f"wrote {path}")
    keep.last()
    if wish.rejects is not None and found.partial:
        # No notice but a part of the result: it is said whatever is quiet.
        rows = "1 row was" if found.rejects.height == 1 else f"{found.rejects.height:,} rows were"
        typer.echo(plain(f"PARTIAL: {rows} set aside; {wish.rejects} says which and why."), err=True)
    send(screen)


def chosen(wish: Plan, asked: str | None, period: str) -> None:
    """Which period it is, where nobody said one."""
    if asked is None:
        wish.note(f"No --period was said: {period}, the last one the data covers whole.")


def beside(wish: Plan, notices: Iterable[str]) -> None:
    """Notices, where no page that is shown to whoever runs the command tells them."""
    if wish.shown not in PAGES:
        for notice in notices:
            wish.note(notice)


def send(content: bytes) -> None:
    """To standard output, as UTF-8 into pipes and in the terminal's own encoding at a terminal."""
    try:
        if sys.stdout.isatty():
            sys.stdout.write(
                content.decode().encode(sys.stdout.encoding, "backslashreplace").decode(sys.stdout.encoding)
            )
        else:
            sys.stdout.buffer.write(content)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # What could not be sent must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        text = f"It cannot be written: {error.strerror}."
        raise FileFailed([Problem(Place("standard output"), "output-failed", text)]) from error


def look(lang: str) -> Look:
    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Look(_width(), lang, color)


def _width() -> int:
    """COLUMNS, else the width of the terminal that reads (through a pager too), else that of a file."""
    if any(stream.isatty() for stream in (sys.stdout, sys.stderr, sys.stdin)) or os.environ.get("COLUMNS"):
        return max(40, shutil.get_terminal_size((FILE_WIDTH, 24)).columns)
    return FILE_WIDTH


@contextmanager
def progress(wish: Plan, text: str) -> Iterator[None]:
    """A sign of life while a person watches; nothing in a pipe."""
    if wish.quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield
