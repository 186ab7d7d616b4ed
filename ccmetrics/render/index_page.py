"""The first page of a folder of reports: every file in it, and what must be known before any is opened.

In: a result, its reports, the files drawn of them. Out: the bytes of an HTML page.
Refuses to know: the disk, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ccmetrics.render.collection import Report
from ccmetrics.render.file_names import address
from ccmetrics.render.html.head import head
from ccmetrics.render.html.paper import written
from ccmetrics.render.summary import summary
from ccmetrics.render.words import say
from ccmetrics.scorecard import Result, Scorecard

KINDS = {"all": "index-all", "card": "index-cards", "team": "index-teams", "person": "index-people"}
BESIDE = ("manifest.json", "run.log", "rejects.csv")
"""Files that are no reports, and the page says what they are."""


@dataclass(frozen=True)
class File:
    name: str
    address: str
    size: str


@dataclass(frozen=True)
class Row:
    name: str
    subjects: str
    files: tuple[File, ...]


def index_page(result: Result, found: Sequence[Report], files: Mapping[str, bytes], lang: str) -> bytes:
    """`files`: those drawn of the reports, and what else is known already of the folder."""
    top = head(result, lang)
    title = say("index-title", lang, center=top.center, period=top.period)
    parts = {kind: [_row(report, files, lang) for report in found if report.of == kind] for kind in KINDS}
    return written(
        "folder.html.j2",
        lang,
        head=replace(top, what=say("index-what", lang), title=title),
        summary=summary(result, lang).decode().strip() if result.audience == "center" else say("for-center", lang),
        parts=[(kind, say(KINDS[kind], lang), rows) for kind, rows in parts.items() if rows],
        beside=[(name, say(f"index-{name.partition('.')[0]}", lang)) for name in _beside(files)],
    )


def _row(report: Report, files: Mapping[str, bytes], lang: str) -> Row:
    own = [name for name in files if name.rpartition(".")[0] == report.path]
    return Row(
        _title(report, lang),
        f"{len({who for card in report.result.scorecards for who in _subjects(card)}):,}",
        tuple(File(name.rpartition(".")[2], address(name), _size(len(files[name]))) for name in own),
    )


def _subjects(card: Scorecard) -> Iterator[tuple[str, str]]:
    """Whoever is on two cards is one; an agent and a team of one name are two."""
    return ((card.card.subject, who) for who in card.scores["subject"])


def _size(n: int) -> str:
    """In two or three digits: the manifest has it to the byte."""
    if n < 1000:
        return f"{n}\u00a0B"
    number, unit = (n / 1000, "kB") if n < 999_500 else (n / 1_000_000, "MB")
    return f"{number:.0f}\u00a0{unit}" if number >= 9.95 else f"{number:.1f}\u00a0{unit}"


def _title(report: Report, lang: str) -> str:
    if report.of == "card":
        return report.result.scorecards[0].title(lang)
    return report.name or say("index-everybody", lang)


def _beside(files: Mapping[str, bytes]) -> Iterator[str]:
    """The manifest and the log are made after this page, always."""
    return (name for name in BESIDE if name in files or name != "rejects.csv")
