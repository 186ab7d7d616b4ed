"""How a command ends: the only place where what happened becomes an exit code.

In: a command. Out: the same command, ending in an exit code with all trouble told on standard error.
Refuses to know: what the commands do.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from traceback import extract_tb, print_exc
from typing import ParamSpec

import typer

from ccmetrics.problem import Problem, Refused
from ccmetrics.render.plain import plain

P = ParamSpec("P")

BUG, INTERRUPTED = 70, 130
MOST = 20
"""Problems of one name shown for one file; the others are counted."""


def outcome(command: Callable[P, int]) -> Callable[P, None]:
    """The command with its exit code raised as typer wants it."""

    @wraps(command)
    def ended(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = command(*args, **kwargs)
            sys.stdout.flush()
        except Refused as refused:
            code = _told(refused)
        except KeyboardInterrupt:
            _say("ccmetrics: interrupted")
            code = INTERRUPTED
        except BrokenPipeError:
            # Whoever read has seen enough. Nothing more may be flushed into the closed pipe at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 0
        except (typer.Exit, SystemExit):
            raise
        except BaseException as error:  # Panics of the engine are no Exceptions.
            code = _bug(error)
        raise typer.Exit(code)

    return ended


def _told(refused: Refused) -> int:
    for text in (*told(refused.problems), *map(plain, refused.advice)):
        _say(text)
    return refused.exit_code


def told(problems: tuple[Problem, ...]) -> Iterator[str]:
    """Every problem as text, of each name the first few lines of a file; then how many more there are."""
    seen: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        key = (problem.place.file, problem.name)
        seen[key] += bool(problem.place.line)
        if seen[key] <= MOST or not problem.place.line:
            yield shown(problem)
    for (file, name), count in seen.items():
        if count > MOST:
            yield f"{plain(file)}: {name}: {count - MOST:,} more"


def shown(problem: Problem) -> str:
    """Its text, with whatever an excerpt holds spelled out; tabs keep the caret in its place."""
    lines = str(problem).split("\n")
    return "\n".join("\t".join(map(plain, line.split("\t"))) for line in lines)


def _bug(error: BaseException) -> int:
    """One line to report. The message of a foreign error may quote cells, so only its kind and place are told."""
    frames = extract_tb(error.__traceback__)
    at = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    _say(
        f"ccmetrics: internal error: {type(error).__name__}{at}. This is a mistake in ccmetrics: "
        "please report this line and the command. CCMETRICS_DEBUG=1 shows more."
    )
    if os.environ.get("CCMETRICS_DEBUG"):
        print_exc()
    return BUG


def _say(text: str) -> None:
    typer.echo(text, err=True)
