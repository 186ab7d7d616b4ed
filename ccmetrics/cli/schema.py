"""`ccmetrics schema`: the JSON Schema of the files of definitions, for editors.

In: the command line. Out: one schema on standard output, or those of all kinds as files.
Refuses to know: any definitions, data. Imports no polars.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from ccmetrics import write
from ccmetrics.cli import output
from ccmetrics.cli.options import Force


def schema(
    kind: Annotated[
        Literal["definitions", "card", "layout", "any"],
        typer.Argument(metavar="KIND", help="definitions, card or layout; else one that fits any of them."),
    ] = "any",
    out_dir: Annotated[
        Path | None, typer.Option("--out-dir", metavar="DIR", help="Write the schemas of all kinds there instead.")
    ] = None,
    force: Force = False,
) -> int:
    """The JSON Schema of the YAML, by which editors complete and explain it.

    The first line of a file names it: # yaml-language-server: $schema=schema/card.json
    """
    from ccmetrics.catalogue import schema as schemas

    if out_dir is None:
        output.send(_text(schemas.schema(kind)))
        return 0
    texts = {f"{each}.json": _text(schemas.schema(each)) for each in schemas.KINDS}
    if out_dir.exists():
        write.write({out_dir / name: text for name, text in texts.items()}, force=force)
    else:
        write.write_folder(out_dir, texts)
    for name in texts:
        typer.echo(f"wrote {out_dir / name}", err=True)
    return 0


def _text(found: dict[str, object]) -> bytes:
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()
