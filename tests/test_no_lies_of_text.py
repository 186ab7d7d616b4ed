"""Text that was once read as something else, or refused without reason; as `test_no_lies`, for the form of files.

In: small exports, each built so that the easy answer is the wrong one. Out: the rows anyone reads, or what is at fault.
Refuses to know: how text is cut, matched or parsed.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from ccmetrics.catalogue.models import Layout
from ccmetrics.problem import Refused
from ccmetrics.stages.load import Raw, opened

ROOM = Path(__file__).resolve().parents[1] / "ccmetrics"


def layout(**file: object) -> Layout:
    return Layout.model_validate({"layout": "x", "match": [], "file": file, "tables": {}})


def read(folder: Path, content: str | bytes, **file: object) -> Raw:
    path = folder / "x.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return opened(path, (layout(**file),) if file else (), named=bool(file))


def rows(raw: Raw) -> list[tuple[str | None, ...]]:
    return raw.frame.collect().rows()


def refused(folder: Path, content: str | bytes, **file: object) -> list[tuple[str, int]]:
    with pytest.raises(Refused) as caught:
        read(folder, content, **file)
    return [(problem.name, problem.place.line) for problem in caught.value.problems]


# ---------------------------------------------------------------- odd records far apart


@pytest.mark.parametrize("late", ["m,1", "m,1,2,3,4", "m,1,2,3,"])
@pytest.mark.parametrize("early", ["", "m,1", "m,1,2,3,4"])
def test_odd_records_of_a_long_file_are_told_however_far_apart(tmp_path: Path, early: str, late: str) -> None:
    lines = [f"{i},2026-10-01 09:00:00,agent{i % 7},some twenty signs more" for i in range(25_000)]
    lines[5], lines[24_000] = early, late
    raw = read(tmp_path, "id,at,agent,note\n" + "\n".join(lines) + "\n")
    odd = [(at, text) for at, text in ((7, early), (24_002, late)) if text]
    assert raw.rows == 24_998
    assert raw.misfits["line"].to_list() == [at for at, _ in odd]
    assert [said[: said.index(".")] for said in raw.misfits["text"]] == [
        f"{text.count(',') + 1} cells where the header has 4" for _, text in odd
    ]


def test_the_engine_is_not_asked_what_it_panics_at() -> None:
    """`pl.format` does, on a frame of several chunks of which a filter left one empty; `concat_str` does not."""
    chunks = [pl.DataFrame({"chunk": [k] * 3, "n": [1, 2, 3]}) for k in (1, 2, 3)]
    left = pl.concat(chunks, rechunk=False).lazy().filter(pl.col("chunk") == 2)
    assert left.select(pl.concat_str("chunk", pl.lit("-Q"), "n")).collect().to_series().to_list() == [
        "2-Q1", "2-Q2", "2-Q3",
    ]  # fmt: skip
    assert not [path.name for path in ROOM.rglob("*.py") if "pl.format(" in path.read_text(encoding="utf-8")]
