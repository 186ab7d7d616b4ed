"""What follows a row in its group, against the same question asked row by row.

In: random small groups with ties, rows within rows and rows of no group. Out: the same answer, however it is cut up.
Refuses to know: contacts and customers.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccmetrics.stages.derive import following, sequence
from ccmetrics.stages.derive.following import Collision, Rows

ROW = st.tuples(st.sampled_from([None, 0, 1, 2, 9]), st.integers(0, 12), st.integers(0, 5), st.booleans())
Row = tuple[int | None, int, int, bool]


def by_hand(rows: list[Row]) -> list[int]:
    answers = []
    for group, begun, lasted, _ in rows:
        later = [b for g, b, _, found in rows if found and g is not None and g == group and b > begun + lasted]
        answers.append(min(later) + 1 if later else 0)
    return answers


@pytest.mark.parametrize("scale", [1, 2**60])  # the latter takes wider numbers
@pytest.mark.parametrize("shard", [3, 1000])
@settings(max_examples=40, deadline=None)
@given(rows=st.lists(ROW, max_size=30))
def test_the_next_row_of_the_group(shard: int, scale: int, rows: list[Row]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(following, "SHARD", shard)
        patch.setattr(following, "PIECE", shard + 1)
        group = pl.Series([None if g is None else g * scale for g, *_ in rows], dtype=pl.UInt64)
        begun = pl.Series([b for _, b, *_ in rows], dtype=pl.UInt32)
        over = pl.Series([b + lasted for _, b, lasted, _ in rows], dtype=pl.UInt32)
        found = pl.Series([f for *_, f in rows], dtype=pl.Boolean)
        assert following.following(Rows(group, begun, over, found)).to_list() == by_hand(rows)


def test_two_groups_of_one_hash_are_told_apart() -> None:
    group, time, found = pl.Series([7, 7], dtype=pl.UInt64), pl.Series([1, 2], dtype=pl.UInt32), pl.Series([True, True])
    proof = pl.Series([1, 2], dtype=pl.UInt16)
    with pytest.raises(Collision):
        following.following(Rows(group, time, time, found, proof))


@pytest.mark.parametrize(
    ("ids", "numbers"),
    [
        (["7", "0", None, "12"], [7, 0, None, 12]),
        (["4294967296", "1"], [4294967296, 1]),
        (["07", "7"], None),
        (["+7", "7"], None),
        (["-7", "7"], None),
        (["7 ", "7"], None),
        (["A7"], None),
        (["9223372036854775808"], None),
        ([None], [None]),
    ],
)
def test_only_ids_that_are_plain_numbers_are_taken_as_such(ids: list[str | None], numbers: list[int | None]) -> None:
    found = sequence.numbered(pl.LazyFrame({"who": ids}, schema={"who": pl.String}))
    assert (None if found is None else found.to_list()) == numbers


@pytest.mark.parametrize("fraction", [0, 1])
@pytest.mark.parametrize("start", [datetime(2026, 10, 5, 9), datetime(1969, 12, 31), datetime(2200, 1, 1)])
def test_times_come_back_as_they_were(start: datetime, fraction: int) -> None:
    begun = [start, start + timedelta(seconds=90, microseconds=fraction), start + timedelta(days=900)]
    over = [time + timedelta(seconds=60) for time in begun]
    frame = pl.LazyFrame({"begun": begun, "over": over}, schema={"begun": pl.Datetime("us"), "over": pl.Datetime("us")})
    times = sequence.times(frame)
    group = pl.Series([1, 1, 1], dtype=pl.UInt32)
    found = following.following(Rows(group, times.begun, times.over, pl.Series([True] * 3)))
    moments = found.to_frame("found").select(times.moment(pl.col("found"))).to_series()
    assert moments.to_list() == [begun[1], begun[2], None]


def test_no_rows() -> None:
    empty = pl.Series([], dtype=pl.UInt32)
    assert following.following(Rows(empty, empty, empty, pl.Series([], dtype=pl.Boolean))).to_list() == []
