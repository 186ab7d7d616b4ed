"""The command line: words parsed, one function called, its result sent out.

In: arguments. Out: a result on standard output or in files, all else on standard error, an exit code.
Refuses to know: how anything is computed or drawn. Nothing here imports polars before a command needs it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

import typer

from ccmetrics.cli.check import check
from ccmetrics.cli.compare import compare
from ccmetrics.cli.explain import explain
from ccmetrics.cli.init import init
from ccmetrics.cli.inspect import inspect
from ccmetrics.cli.list import list_
from ccmetrics.cli.measure import measure
from ccmetrics.cli.outcome import outcome
from ccmetrics.cli.schema import schema
from ccmetrics.cli.score import score
from ccmetrics.cli.verify import verify
from ccmetrics.version import VERSION

COMMANDS: dict[str, Callable[..., int]] = {
    "score": score,
    "measure": measure,
    "explain": explain,
    "inspect": inspect,
    "verify": verify,
    "compare": compare,
    "check": check,
    "init": init,
    "list": list_,
    "schema": schema,
}

app = typer.Typer(
    name="ccmetrics",
    help="Scorecards from contact-center exports, by KPI definitions in YAML.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, command in COMMANDS.items():
    app.command(name)(outcome(command))


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"ccmetrics {VERSION}")
        raise typer.Exit


@app.callback()
def _whole(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    pass


def main() -> None:
    # Definitions are a hundred thousand small objects that live to the end: looking for garbage among them, in between
    # and once more when all is over, is a fifth of the time of `check`.
    gc.set_threshold(500_000)
    try:
        app(prog_name="ccmetrics")
    finally:
        gc.freeze()
