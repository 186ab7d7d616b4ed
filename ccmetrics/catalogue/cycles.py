"""Chains of needs that come back to themselves.

In: what each thing needs. Out: every cycle once, as the chain one reads aloud.
Refuses to know: what the things are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def cycles(needs: Mapping[T, Iterable[T]]) -> list[list[T]]:
    """Cycles that share no member, each begun at the member that comes first in `needs`."""
    left = {thing: list(needed) for thing, needed in needs.items()}
    order = {thing: at for at, thing in enumerate(left)}
    found: list[list[T]] = []
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            # graphlib lists what is needed before what needs it, and the first thing again at the end.
            chain: list[T] = error.args[1][:0:-1]
            first = min(range(len(chain)), key=lambda at: order[chain[at]])
            found.append(chain[first:] + chain[:first])
            left = {thing: needed for thing, needed in left.items() if thing not in chain}
            continue
        return sorted(found, key=lambda chain: order[chain[0]])
