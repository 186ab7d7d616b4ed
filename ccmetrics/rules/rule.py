"""What a rule of the definitions is.

In: nothing. Out: the shape of a rule and its severities.
Refuses to know: which rules there are, how any is checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "advice"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "advice")
"""Gravest first. An error refuses every run; a warning and an advice are told by `check` alone."""


@dataclass(frozen=True)
class Rule:
    """One thing that definitions are held against.

    `says`: what is wrong, in one line. `why`: why it matters. `mend`: how to mend it, one sentence. `before` and
    `after`: a piece of YAML that breaks the rule and the same piece mended, laid over definitions that are whole:
    mappings merge key by key, lists and values replace, `null` removes. `source`: where the field says so.
    A line `# targets.csv` begins another file, of that name. `is_file`: the whole piece is a file, or several, which
    stand beside the definitions, since they are no YAML that could be merged.
    """

    name: str
    severity: Severity
    says: str
    why: str
    mend: str
    before: str
    after: str
    source: str
    is_allowable: bool | None = None
    """Whether `allow: {name: why}` may stand for it; where unsaid, for all that is no error."""
    is_file: bool = False
