"""Parquet exports: columns with types of their own, never read before they are needed.

In: a Parquet file. Out: `Raw`, lazily.
Refuses to know: canonical tables, which types are welcome.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl

from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.raw import Raw, file_hash, guarded
from ccmetrics.stages.load.recognize import check_names


def is_parquet(path: Path) -> bool:
    """Whether content or name say so."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1" or path.suffix.lower() == ".parquet"


def parquet(path: Path, name: str, stamp: tuple[int, int], full_hash: bool) -> Raw:
    footer = _footer(path, name)
    # Folders called `month=2026-01` are folders, and no column.
    frame = pl.scan_parquet(path, glob=False, hive_partitioning=False)
    schema = guarded(frame.collect_schema, name)
    header = tuple(schema.names())
    check_names(header, name, 0)
    # A column of no type holds nothing, as an empty column of text does.
    frame = frame.with_columns(pl.col(column).cast(pl.String) for column, kind in schema.items() if kind == pl.Null)
    rows = guarded(lambda: frame.select(pl.len()).collect(engine="streaming").item(), name)
    sha256 = file_hash(path) if full_hash else f"footer:{footer}"
    return Raw(path, name, "typed", header, frame, int(rows), sha256, stamp, columns=header, about="Parquet")


def _footer(path: Path, name: str) -> str:
    """A stand-in for the hash of gigabytes: that of the size and the footer, which holds every chunk's statistics."""
    size = path.stat().st_size
    with path.open("rb") as file:
        starts_well = file.read(4) == b"PAR1"
        file.seek(max(0, size - 8))
        tail = file.read(8)
        length = int.from_bytes(tail[:4], "little")
        if not starts_well or tail[4:] != b"PAR1" or length > size - 12:
            text = "This is no Parquet file, or it was cut short. Export it again."
            raise DataRefused([Problem(Place(name), "not-parquet", text)])
        file.seek(size - 8 - length)
        return hashlib.sha256(size.to_bytes(8, "little") + file.read(length)).hexdigest()
