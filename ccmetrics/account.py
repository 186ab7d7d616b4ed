"""Where every row went: for each export its hash, for each table it feeds an account that must balance.

In: counts of the stages. Out: inert accounts.
Refuses to know: how rows are read, frames.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Account:
    """Where the rows of one export went, for one table.

    read = used + rejected + duplicates + superseded versions + lines folded into another + outside the period
    + filtered by the layout + excluded with approval.
    """

    export: str
    table: str
    read: int
    used: int
    rejected: Mapping[str, int] = field(default_factory=dict)
    duplicates: int = 0
    outside: int = 0
    filtered: int = 0
    excluded: int = 0
    superseded: int = 0
    folded: int = 0
    sha256: str = ""

    @property
    def balances(self) -> bool:
        left = self.duplicates + self.superseded + self.folded + self.outside + self.filtered + self.excluded
        return self.used >= 0 and self.read == self.used + sum(self.rejected.values()) + left


@dataclass(frozen=True)
class Input:
    """One export as it was read."""

    name: str
    sha256: str
    rows: int
    """Records below the header, blank lines apart."""
    about: str = ""
    size: int = 0
    """Bytes of the file it lies in."""

    @property
    def hashed(self) -> str:
        """What the hash is of."""
        return "size and footer" if self.sha256.startswith("footer:") else "file"


class UnbalancedError(Exception):
    """Rows were lost or invented on the way: a mistake of the program, never a result."""


def balanced(accounts: Iterable[Account]) -> tuple[Account, ...]:
    """The accounts, if all of them balance.

    Raises:
        UnbalancedError: with the exports and their numbers.
    """
    found = tuple(accounts)
    wrong = [str(account) for account in found if not account.balances]
    if wrong:
        raise UnbalancedError("; ".join(wrong))
    return found


def rejected(accounts: Iterable[Account]) -> dict[str, int]:
    """Rows set aside by reason, over all accounts."""
    found: Counter[str] = Counter()
    for account in accounts:
        found.update(account.rejected)
    return dict(sorted(found.items()))


def hash_of(inputs: Iterable[Input]) -> str:
    """One hash of everything that was read, whatever the files are called and in whichever order they came."""
    return hashlib.sha256("\n".join(sorted(each.sha256 for each in inputs)).encode()).hexdigest()
