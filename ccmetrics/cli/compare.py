"""`ccmetrics compare`: two catalogues in words, and with data who moves and what it costs; or two periods.

In: the command line. Out: a comparison on standard output or in files.
Refuses to know: how anything is compared or drawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ccmetrics.cli import output
from ccmetrics.cli.conditions import MET
from ccmetrics.cli.options import AllowRejects, Config, Force, FullHash, Lang, Period, Quiet
from ccmetrics.problem import Place, Problem, UsageRefused

if TYPE_CHECKING:
    from ccmetrics.catalogue.models import Catalogue
    from ccmetrics.comparison import Comparison
    from ccmetrics.run import Reading

BUILTIN = "builtin"


def compare(
    one: Annotated[str, typer.Argument(metavar="A", help="A folder of definitions, `builtin`, or a period.")],
    two: Annotated[str, typer.Argument(metavar="B", help="What A is compared with: of the same kind.")],
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", metavar="DATA", help="Exports or folders of them that both score; repeatable."),
    ] = None,
    card: Annotated[
        list[str] | None, typer.Option("--card", metavar="NAME", help="Only this card; repeatable.")
    ] = None,
    period: Period = None,
    config: Config = None,
    out: Annotated[
        list[Path] | None,
        typer.Option("--out", metavar="FILE", help="Write to a .txt, .md or .json file; repeatable."),
    ] = None,
    form: Annotated[
        Literal["text", "markdown", "json"] | None,
        typer.Option("--format", help="What goes to standard output: text unless there is an --out."),
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with code 1 if anything differs.")] = False,
    lang: Lang = None,
    force: Force = False,
    allow_rejects: AllowRejects = None,
    full_hash: FullHash = False,
    quiet: Quiet = False,
) -> int:
    """What differs between two catalogues, or two periods.

    Two folders of definitions in the words of the field (A or B may be `builtin`); with --data also who moves by it,
    by which part, and what it costs. Two periods (2026-09 2026-10) take --data, and --config for their definitions.
    """
    from ccmetrics.render.comparison import FORMATS, SUFFIXES
    from ccmetrics.run import Reading

    paths = list(data or ())
    wish = output.plan(out, form, force, paths, quiet, SUFFIXES)
    reading = Reading(allow_rejects, full_hash)
    if _is_folder(one) and _is_folder(two):
        _only("--config", config, "two folders are the definitions")
        _only("--period", None if paths else period, "it takes --data")
        found = _catalogues(wish, (one, two), paths, period, card or [], reading)
        if paths and found.periods is not None:
            output.chosen(wish, period, found.periods[0].label)
    else:
        _refuse_folders(one, two, paths)
        _only("--period", period, "A and B are the periods")
        found = _periods(wish, (one, two), paths, config, card or [], reading)
    lang = lang or found.catalogues[1].project.language
    output.deliver(wish, lambda name, look: FORMATS[name](found, look), lang, found)
    if found.partial and wish.shown is None:
        typer.echo(f"PARTIAL: {found.rejects.height:,} rows were set aside.", err=True)
    return MET if exit_code and found.differs else 0


def _catalogues(
    wish: output.Plan,
    names: tuple[str, str],
    paths: list[Path],
    period: str | None,
    cards: list[str],
    reading: Reading,
) -> Comparison:
    one, two = (_catalogue(name) for name in names)
    with output.progress(wish, "Reading, measuring, scoring twice"):
        from ccmetrics.run.compare import catalogues

        return catalogues((one, two), names, paths, period=period, cards=cards, reading=reading)


def _periods(
    wish: output.Plan,
    labels: tuple[str, str],
    paths: list[Path],
    config: Path | None,
    cards: list[str],
    reading: Reading,
) -> Comparison:
    from ccmetrics.catalogue import load_catalogue

    catalogue = load_catalogue(config)
    with output.progress(wish, "Reading, measuring, scoring twice"):
        from ccmetrics.run.compare import periods

        return periods(catalogue, paths, labels, cards=cards, reading=reading)


def _catalogue(name: str) -> Catalogue:
    from ccmetrics.catalogue import load_catalogue

    return load_catalogue(None if name == BUILTIN and not Path(name).exists() else Path(name))


def _is_folder(name: str) -> bool:
    return name == BUILTIN or Path(name).exists()


def _refuse_folders(one: str, two: str, paths: list[Path]) -> None:
    """Raises UsageRefused unless both can be periods of supplied data."""
    there = [name for name in (one, two) if _is_folder(name)]
    if there:
        gone = two if one in there else one
        text = f"'{there[0]}' holds definitions, and '{gone}' is no folder. Compare two folders, or two periods."
        raise UsageRefused([Problem(Place("compare"), "unlike-sides", text)])
    if not paths:
        text = f"Neither '{one}' nor '{two}' is a folder of definitions. Two periods are compared with --data."
        raise UsageRefused([Problem(Place("compare"), "no-folder", text)])


def _only(option: str, value: object, why: str) -> None:
    if value is not None:
        text = f"It has no meaning here: {why}."
        raise UsageRefused([Problem(Place(option), "needless-option", text)])
