"""A folder of all reports of a run: `--out-dir`.

In: the command line's words, a result. Out: the folder as it shall be, or why it must not; then the folder.
Refuses to know: how anything is computed or drawn, how a folder is replaced.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ccmetrics import swap, write
from ccmetrics.cli.conditions import Condition
from ccmetrics.cli.options import parted
from ccmetrics.cli.output import FILE_WIDTH, SUFFIXES, Plan, progress
from ccmetrics.manifest import Found, differences, in_the_way, manifested, opened, untouched
from ccmetrics.period import TREND
from ccmetrics.problem import FileFailed, Place, Problem, UsageRefused
from ccmetrics.render.look import Look

if TYPE_CHECKING:
    from ccmetrics.cli.archive import Archive
    from ccmetrics.run import Reading
    from ccmetrics.scorecard import Audience, Result

DEFAULT = ("html", "xlsx", "md", "csv", "json")
INDEX, LOG, REJECTS = "index.html", "run.log", "rejects.csv"
PERIOD = "{period}"


@dataclass(frozen=True)
class Wanted:
    """The wish for a folder of reports."""

    folder: Path
    """With `{period}` in it, where it was said so."""
    formats: Mapping[str, str]
    """Ending of a file to its format."""
    rejects: bool
    """Whether rows set aside have their file here: nobody named another, and all that is here is the center's."""
    audience: Audience = "center"

    def of(self, label: str) -> Path:
        from ccmetrics.render.file_names import file_name

        return Path(str(self.folder).replace(PERIOD, file_name(label)))


def wanted(
    folder: Path | None,
    formats: list[str] | None,
    rejects: Path | None,
    inputs: Sequence[Path],
    audience: Audience = "center",
) -> Wanted | None:
    """The wish, refused now if it cannot be met.

    Raises:
        UsageRefused: an option that means nothing beside the others, no such format or placeholder. FileFailed: a
        place where no reports may lie.
    """
    if folder is None:
        if formats is not None:
            _needless("--formats", "It is of the reports in --out-dir.")
        return None
    others = sorted(set(re.findall(r"\{[^{}]*\}|[{}]", str(folder))) - {PERIOD})
    if others:
        text = f"{', '.join(others)} stands for nothing. {PERIOD} stands for the period."
        raise UsageRefused([Problem(Place("--out-dir"), "unknown-placeholder", text)])
    chosen = list(dict.fromkeys(parted(formats) or [name for name in DEFAULT if f".{name}" in SUFFIXES]))
    unknown = [name for name in chosen if f".{name}" not in SUFFIXES]
    if unknown:
        text = f"Formats of reports are {', '.join(ending[1:] for ending in SUFFIXES)}; not {', '.join(unknown)}."
        raise UsageRefused([Problem(Place("--formats"), "unknown-format", text)])
    swap.check_place(folder, inputs=inputs)
    endings = {f".{name}": SUFFIXES[f".{name}"] for name in chosen}
    return Wanted(folder, endings, rejects is None and audience == "center", audience)


def check_apart(wanted: Wanted | None, label: str | None, seal: Path | None, files: Iterable[Path | None]) -> None:
    """What else is written lies in no folder of this run; of a `{period}` not known yet, this is told once it is.

    Raises:
        FileFailed: something does.
    """
    folders = [] if wanted is None else [wanted.folder if label is None else wanted.of(label)]
    write.check_apart([*folders, *([seal] if seal else [])], [path for path in files if path])


def _needless(option: str, text: str) -> NoReturn:
    raise UsageRefused([Problem(Place(option), "needless-option", text)])


def shelved(
    wanted: Wanted,
    wish: Plan,
    result: Result,
    lang: str,
    options: Mapping[str, str],
    conditions: Sequence[Condition],
) -> Callable[[], None]:
    """Everything drawn and held against what is there; what is returned writes it.

    Raises:
        FileFailed: the folder is not one of reports, holds others that nobody said to replace, or some that were
        changed since.
    """
    folder = wanted.of(result.period.label)
    swap.check_place(folder, inputs=wish.inputs)
    with progress(wish, "Drawing the reports"):
        files = contents(wanted, result, lang, options, conditions)
    swap.restore_folder(folder, untouched)
    found = opened(folder)
    if found is None:
        return lambda: _new(folder, files, wish)
    problems = in_the_way(found, files)
    said = differences(found, files)
    if problems:
        raise FileFailed(problems)
    if said and not wish.force:
        advice = [f"{folder} holds the reports of an earlier run. Say --force to replace them."]
        raise FileFailed([Problem(Place(str(folder)), "reports-differ", text) for text in said], advice)
    return lambda: _again(found, files if said else {}, wish)


def contents(
    wanted: Wanted, result: Result, lang: str, options: Mapping[str, str], conditions: Sequence[Condition]
) -> dict[str, bytes]:
    """All files of the folder by their paths in it, the manifest last."""
    from ccmetrics.render.collection import drawn, reports
    from ccmetrics.render.csv import written
    from ccmetrics.render.index_page import index_page
    from ccmetrics.render.run_log import run_log

    found = reports(result, wanted.audience)
    files = drawn(found, wanted.formats, Look(FILE_WIDTH, lang))
    if wanted.rejects and result.partial:
        files[REJECTS] = written(result.rejects)
    # Where reports are handed out one by one, what lies beside them tells of nobody.
    beside = result if wanted.audience == "center" else replace(result, scorecards=(), audience=wanted.audience)
    files[INDEX] = index_page(beside, found, files, lang)
    said = {**options, "formats": ", ".join(ending[1:] for ending in wanted.formats)}
    files[LOG] = run_log(beside, files, said, [each.text(lang) for each in conditions], lang)
    asked = {**said, "conditions": ", ".join(each.option for each in conditions)}
    reported = [{"path": each.path, "of": each.of, "name": each.name} for each in found]
    return manifested({**_made_from(beside, lang, asked), "reports": reported}, files)


def _made_from(result: Result, lang: str, asked: Mapping[str, str]) -> dict[str, Any]:
    from ccmetrics.render.words import say

    period = result.period
    days = {"from": period.start.isoformat(), "to": period.last.isoformat(), "cycle": period.cycle}
    return {
        **({"for": say("for-center", lang)} if result.audience != "center" else {}),
        "made_by": {name: result.provenance[name] for name in ("version", "polars")},
        "period": {"label": period.label, **days},
        "language": lang,
        "audience": result.audience,
        "arguments": dict(asked),
        "catalogue": result.provenance["catalogue"],
        "inputs": [asdict(each) for each in result.inputs],
    }


def options(cards: Sequence[str] | None, reading: Reading, previous: Path | None, archive: Archive) -> dict[str, str]:
    """What was said on the command line that shapes the numbers."""
    said = {
        "card": ", ".join(cards or ()),
        "allow-rejects": reading.allow_rejects or "",
        "trend": "" if archive.trend == TREND else str(archive.trend),
        "full-hash": "yes" if reading.full_hash else "",
        "previous-actions": "" if previous is None else _hashed(previous),
        "restates": archive.restates.hash if archive.restates is not None else "",
    }
    return {name: value for name, value in said.items() if value}


def _hashed(path: Path) -> str:
    """A file beside the exports, by name and content."""
    try:
        return f"{path} ({hashlib.sha256(path.read_bytes()).hexdigest()})"
    except OSError as error:
        raise FileFailed([write.failed(path, error)]) from error


def _new(folder: Path, files: Mapping[str, bytes], wish: Plan) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileFailed([write.failed(folder, error)]) from error
    write.write_folder(folder, files, inputs=wish.inputs)
    wish.note(f"wrote {folder}: {len(files)} files")


def _again(found: Found, files: Mapping[str, bytes], wish: Plan) -> None:
    """Nothing is touched where there is nothing to change."""
    if files:
        swap.replace_folder(found.folder, files, found.own)
        wish.note(f"replaced {found.folder}: {len(files)} files")
    else:
        wish.note(f"unchanged {found.folder}")
    for name in found.strangers:
        wish.note(f"{found.folder / name} is no report, and was left as it is.")


def on_screen(wish: Plan, folder: Path | None, form: str | None, summary: bool) -> Plan:
    """What goes to standard output: a line, what `--format` says, nothing beside a folder of reports.

    Raises:
        UsageRefused: two of them.
    """
    if summary and form is not None:
        _needless("--format", "--summary is what goes to standard output. Leave one of them out.")
    if summary:
        return replace(wish, shown="summary")
    return wish if folder is None or form is not None else replace(wish, shown=None)
