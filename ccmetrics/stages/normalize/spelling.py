"""One spelling of a name, whichever of its forms a system wrote: full-width letters, composed accents, unseen signs.

In: text. Out: the same text in Unicode's NFKC, without signs of no width, spaces single.
Refuses to know: which columns hold names. Case is left as it is: `a17` may be somebody else than `A17`.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from ccmetrics.catalogue.models import Table

NO_WIDTH = r"[\u{ad}\u{200b}-\u{200f}\u{2060}\u{feff}]"
NAMES = frozenset({"id", "category", "person"})


def plain(text: pl.Expr) -> pl.Expr:
    bare = text.str.normalize("NFKC").str.replace_all(NO_WIDTH, "").str.replace_all(r"\s+", " ").str.strip_chars()
    return pl.when(bare.str.len_bytes() > 0).then(bare).otherwise(text)


def plainly(table: Table, there: Collection[str]) -> list[pl.Expr]:
    """The names of a table, each in its one spelling."""
    return [plain(pl.col(c)).alias(c) for c in sorted(there) if table.columns[c].type in NAMES]
