"""`ccmetrics init`: a project of one's own to start from.

In: the name of a new folder. Out: definitions laid over the built-in ones, a made-up month, what editors know of them.
Refuses to know: what the files say. Imports no polars.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccmetrics import write

STARTER = Path(__file__).resolve().parents[1] / "starter"


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new folder, or an empty one.")],
) -> int:
    """A project of your own, to start from.

    YAML laid over the built-in definitions, with comments that teach, a test, and a made-up month to try it on.
    """
    from ccmetrics.catalogue import builtin

    schemas = {f"schema/{path.name}": path.read_bytes() for path in sorted((builtin() / "schema").glob("*.json"))}
    write.write_folder(folder, {**starter(), **schemas})
    typer.echo(f"{folder} holds a project: {len(starter())} files to read and change. Try:")
    for words in ("check {} --strict", "score {}/data --config {} --period 2026-10"):
        typer.echo(f"  ccmetrics {words.replace('{}', folder.as_posix())}")
    return 0


def starter() -> dict[str, bytes]:
    """Every file of the project by its path in it."""
    return {
        path.relative_to(STARTER).as_posix(): path.read_bytes()
        for path in sorted(STARTER.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
