"""What the YAML says: read with its places, layered, checked.

In: a folder of definitions. Out: the catalogue, or every problem of it at once.
Refuses to know: exports, frames, values.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ccmetrics.catalogue import layer
from ccmetrics.catalogue.allows import judged
from ccmetrics.catalogue.checks import check
from ccmetrics.catalogue.layer import Loaded, builtin, is_builtin, load
from ccmetrics.catalogue.models import Catalogue
from ccmetrics.catalogue.places import place_at
from ccmetrics.problem import DefinitionsRefused, Problem

__all__ = [
    "Catalogue", "Loaded", "builtin", "check", "errors_of", "is_builtin", "load", "load_catalogue", "load_whole",
    "place_at", "problems_of",
]  # fmt: skip


def errors_of(loaded: Loaded) -> list[Problem]:
    """Every error of what was loaded, allowed or not. Definitions are held against each other only when all could be
    read."""
    between = check(loaded.catalogue, loaded.places) if loaded.is_whole else []
    # A formula cut in two by an unquoted comma is no SQL either; one mistake is one problem.
    cut = {(p.place.file, p.place.line) for p in loaded.problems if p.name == "unquoted-comma"}
    between = [p for p in between if p.name != "formula-syntax" or (p.place.file, p.place.line) not in cut]
    return sorted({*loaded.problems, *between})


def problems_of(loaded: Loaded) -> list[Problem]:
    """What refuses every run: the errors that nobody has allowed."""
    return judged(errors_of(loaded), loaded.catalogue).standing


def load_catalogue(config: Path | None = None) -> Catalogue:
    """The definitions of a folder, layered over the built-in ones where its project says `extends: builtin`; without
    a folder the built-in ones.

    Raises:
        DefinitionsRefused: anything is wrong with them; carries all problems.
        FileFailed: a file cannot be read.
    """
    if config is not None:
        return load_whole(config).catalogue
    known = _builtin(layer.builtin())
    # Models are frozen, and the dicts that hold them are not: whoever changes one changes their own.
    return known.model_copy(update={name: dict(each) for name, each in known if isinstance(each, dict)})


@cache
def _builtin(folder: Path) -> Catalogue:
    """Read once: a third of scoring a small export is reading the definitions that come with the program, which do not
    change under it. `folder` is where they lie."""
    return load_whole().catalogue


def load_whole(config: Path | None = None) -> Loaded:
    """As `load_catalogue`, with the places of all definitions."""
    loaded = load(config)
    problems = problems_of(loaded)
    if problems:
        raise DefinitionsRefused(problems)
    return loaded
