"""How a run reads its exports, and where it puts the rows it sets aside.

In: the command line's words on bad rows and hashes. Out: definitions, a `Reading`, a plan that knows the rejects file.
Refuses to know: what makes a row bad.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ccmetrics import write
from ccmetrics.cli.output import Plan

if TYPE_CHECKING:
    from ccmetrics.catalogue.models import Catalogue
    from ccmetrics.run import Reading

REJECTS = Path("ccmetrics-rejects.csv")


def prepared(
    wish: Plan,
    config: Path | None,
    allow_rejects: str | None,
    rejects: Path | None,
    full_hash: bool,
    apart: bool = True,
) -> tuple[Plan, Catalogue, Reading]:
    """Everything that must be known before the work begins. `apart`: rows set aside get a file, named or not.

    Raises:
        Refused: definitions; no such tolerance; a rejects file that must not be written.
    """
    from ccmetrics.catalogue import load_catalogue
    from ccmetrics.run import Reading

    catalogue = load_catalogue(config)
    reading = Reading(allow_rejects, full_hash)
    path = rejects or (REJECTS if apart else None)
    if path is None or not reading.allowed(catalogue).is_any:
        return wish, catalogue, reading
    write.check([*wish.files, path], force=wish.force, inputs=wish.inputs)
    return replace(wish, rejects=path), catalogue, reading
