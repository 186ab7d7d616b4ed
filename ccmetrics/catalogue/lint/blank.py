"""Words that stand where words are still to come.

In: a text. Out: whether it says anything.
Refuses to know: what it is said of.
"""

from __future__ import annotations

TO_COME = {"", "tbd", "tba", "tbc", "todo", "fixme", "n/a", "na", "none", "nobody", "unknown", "xxx", "待定", "未知"}


def is_blank(text: str) -> bool:
    """Whether a text is empty, only signs (`?`, `-`), or says that it will be written later."""
    words = "".join(sign for sign in text.casefold() if sign.isalnum() or sign == "/")
    return words in TO_COME
