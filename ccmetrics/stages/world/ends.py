"""Where the supply of a table ends: its latest time, or the last day it is declared to cover.

In: the world. Out: instants (naive UTC).
Refuses to know: periods, and what an open window means for a measure.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from ccmetrics.stages.world import World


def data_end(world: World, table: str) -> datetime | None:
    """None where the table was not supplied, has no time, or no row has one."""
    if table not in world.tables:
        return None
    if table in world.catalogue.project.covers:
        return world.clock.day(world.catalogue.project.covers[table].end)[1]
    time = world.definition(table).time
    if time is None or not world.there(table, time):
        return None
    frame = world.whole.get(table, world.tables[table]).frame
    latest = frame.select(pl.col(time).max()).collect(engine="streaming").item()
    if latest is None or isinstance(latest, datetime):
        return latest
    return world.clock.day(latest)[1]
