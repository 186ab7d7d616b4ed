"""`ccmetrics init`: a project of one's own to start from.

In: the name of a new folder. Out: definitions laid over the built-in ones, a made-up month, what editors know of them.
Refuses to know: what the files say. Imports no polars.
"""

from __future__ import annotations

import shlex
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
    here, data = _typed(folder), _typed(folder / "data")
    typer.echo(f"  ccmetrics check {here} --strict")
    typer.echo(f"  ccmetrics score {data} --config {here} --period 2026-10")
    return 0


def _typed(path: Path) -> str:
    """A path as a shell takes it for one, and no command for an option."""
    text = path.as_posix()
    return shlex.quote(f"./{text}" if text.startswith("-") else text)


def starter() -> dict[str, bytes]:
    """Every file of the project by its path in it."""
    return {
        path.relative_to(STARTER).as_posix(): path.read_bytes()
        for path in sorted(STARTER.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
