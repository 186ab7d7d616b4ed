"""`ccmetrics inspect`: what an export holds, which layout fits, what is doubtful about it.

In: the command line. Out: a page a file, or JSON, on standard output; a draft of a layout in a file.
Refuses to know: how a file is looked at or drawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from ccmetrics.cli import output
from ccmetrics.cli.options import Config, Force, Lang


def inspect(
    file: Annotated[list[Path], typer.Argument(metavar="FILE", help="Exports of any kind, or folders of them.")],
    config: Config = None,
    form: Annotated[Literal["table", "json"], typer.Option("--format", help="What goes to standard output.")] = "table",
    layout: Annotated[
        Path | None, typer.Option("--layout", metavar="FILE", help="Write the draft of a layout to this .yaml file.")
    ] = None,
    lang: Lang = None,
    force: Force = False,
) -> int:
    """What an export is and holds.

    Encoding, rows, period, columns, which layout fits, what looks suspicious; a layout to begin with where none fits.
    """
    from ccmetrics import run, write
    from ccmetrics.render.inspection import FORMATS

    if layout is not None:
        write.check([layout], force=force, inputs=file)
    catalogue, inspections = run.inspect(file, config=config)
    look = output.look(lang or catalogue.project.language)
    drafts = "\n---\n".join(found.draft for found in inspections if found.draft)
    if layout is not None and drafts:
        write.write({layout: drafts.encode()}, force=force, inputs=file)
        typer.echo(f"wrote {layout}", err=True)
    output.send(b"\n".join(FORMATS[form](found, look) for found in inspections))
    return 0
