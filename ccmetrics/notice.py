"""A sentence that must be said beside numbers, in a form that other languages can be made of.

In: an English template and what goes into it. Out: the English sentence, which remembers both.
Refuses to know: other languages, who says it, where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping


class Notice(str):
    """The English sentence. `template` is its key in other languages; `parts` fill it, notices among them."""

    template: str
    parts: Mapping[str, object]

    def __new__(cls, template: str, /, **parts: object) -> Notice:
        found = super().__new__(cls, template.format(**parts))
        found.template, found.parts = template, parts
        return found
