"""The words of SQL that a formula may or may not use.

In: nothing. Out: the functions, the fields of time, the words that are no names unless quoted, the words refused.
Refuses to know: how any of them is parsed or computed.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTIONS = _words("abs ceil ceiling coalesce extract floor greatest least length lower nullif round trim upper")
FIELDS = _words("epoch hour minute dow isodow day month")
GRAMMAR = _words("and or not in is null like between case when then else end true false from")

# Words that PostgreSQL keeps for itself: a formula that used one bare would not run there.
RESERVED = GRAMMAR | _words(
    """all analyse analyze any array as asc asymmetric both cast check collate column constraint create current_date
    current_role current_time current_timestamp current_user default deferrable desc distinct do except fetch for
    foreign grant group having initially intersect into lateral leading limit localtime localtimestamp offset on only
    order placing primary references returning select session_user some symmetric system_user table to trailing union
    unique user using variadic where window with
    authorization binary collation concurrently cross current_schema freeze full ilike inner isnull join left natural
    notnull outer overlaps right similar tablesample verbose interval"""
)

# Reserved words that show what was meant: each has its own answer.
MEANT = {
    "select": "A subquery (SELECT) has no place in a formula.",
    "as": "An alias (AS) has no place in a formula.",
    "distinct": "DISTINCT has no place in a formula; a measure counts distinct values.",
    "ilike": "ILIKE has no place in a formula; write LOWER(x) LIKE '...'.",
    "similar to": "SIMILAR TO has no place in a formula; there is LIKE with % and _.",
    "isnull": "Write IS NULL.",
    "notnull": "Write IS NOT NULL.",
    "interval": "There are no intervals; write EXTRACT(EPOCH FROM a - b), which gives seconds.",
    "symmetric": "BETWEEN takes the lower bound first, and no SYMMETRIC.",
    "collate": "COLLATE has no place in a formula.",
}
