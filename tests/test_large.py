"""Text too large to be held: read lazily it becomes the same rows, and what is wrong is told in the same words.

Every export here is read both ways, whatever its size.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import yaml
from polars.testing import assert_frame_equal

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.problem import DataRefused, Problem
from ccmetrics.stages.load import opened
from ccmetrics.stages.normalize import Normalized, normalize, text_feed, tolerance

CATALOGUE = """
project: {time_zone: Europe/Berlin}
tables:
  calls:
    about: One row a call.
    key: call_id
    time: started_at
    columns:
      call_id: {type: id, required: true}
      contact_id: {type: id, default: call_id}
      agent_id: {type: id}
      phone: {type: id, private: true}
      started_at: {type: datetime, required: true}
      ended_at: {type: datetime}
      outcome: {type: category, values: [answered, abandoned]}
      talk_s: {type: duration}
      wait_s: {type: duration}
      resolved: {type: flag}
      share: {type: percent}
      price: {type: money}
      nps: {type: rating}
      day: {type: date}
  answers:
    about: One row an answer.
    key: answer_id
    columns:
      answer_id: {type: id}
      csat: {type: rating}
layouts:
  desk:
    layout: desk
    match: [Id, Date, Time, Answered]
    "null": ["-"]
    tables:
      calls:
        where: '"Answered" <> ''test'''
        call_id: Id
        agent_id: {from: Agents, split: ";", take: first}
        phone: Phone
        started_at: {datetime: [Date, Time]}
        outcome: {case: [["\\"Answered\\" = 'Y'", answered], ["\\"Answered\\" = 'N'", abandoned]]}
        talk_s: {from: Talk, where: "\\"Answered\\" = 'Y'", negative: zero}
        price: {from: Price, decimal: ",", thousands: ".", currency: EUR}
      answers:
        where: '"Stars" IS NOT NULL'
        answer_id: {join: [Id, Date]}
        csat: Stars
"""
HEADER = "call_id,started_at,outcome,agent_id,phone,talk_s,resolved,share,price,nps,day\n"
DESK = "Id,Date,Time,Answered,Agents,Phone,Talk,Price,Stars\n"
CALL = "{},2026-10-{:02d} 09:00:00,answered,A1,0049123,{},Y,0.5,12.5,9,2026-10-01\n"
LOG = "{},{},{},{},A{};B2,0049123,{},{},{}\n"


def calls(*talks: str) -> str:
    return HEADER + "".join(CALL.format(f"c{n}", n + 1, talk) for n, talk in enumerate(talks))


EXPORTS: dict[str, str] = {
    "plain": calls("60", "61", "0.5"),
    "nothing": HEADER,
    "of many forms": calls("60", "0:02:23", "2m 23s", ""),
    "with a bad cell": calls("60", "x", "61"),
    "with bad cells of two kinds": calls("x", "-1", "99999999", "1:30", "60"),
    "with a talk too long": calls("60", "99999999"),
    "with a talk below zero": calls("60", "-1"),
    "with a talk that is no number": calls("60", "nan", "inf"),
    "with forty bad cells": HEADER + "".join(CALL.format(f"c{n}", n % 28 + 1, "x") for n in range(45)),
    "padded": calls(" 60", "61 ").replace("answered", " answered ").replace("A1", "A1 "),
    "quoted": calls("60", "61").replace("c1", '"c\n1"').replace("A1", '"A,1"'),
    "with times of two forms": calls("60", "61", "62").replace("2026-10-02 09:00:00", "2026-10-02T09:00"),
    "with times that have an offset": calls("60", "61").replace("09:00:00", "09:00:00+02:00"),
    "with a skipped hour": calls("60", "61").replace("2026-10-01 09:00:00", "2026-03-29 02:30:00"),
    "with days written otherwise": calls("60", "61").replace("2026-10-01 09:00:00", "01.10.2026 09:00"),
    "with days all written otherwise": calls("60", "61")
    .replace("2026-10-01 09", "13.10.2026 09")
    .replace("2026-10-02 09", "02.10.2026 09"),
    "with days that could be months": calls("60").replace("2026-10-01 09", "01/10/2026 09"),
    "without a key": calls("60", "61").replace("c1,", ",", 1),
    "with an unknown word": calls("60", "61").replace("answered", "lost", 1),
    "with a share above one": calls("60").replace("0.5,12.5", "50,12.5"),
    "with a signed share": calls("60").replace("0.5,12.5", "50%,12.5"),
    "with a broken nps": calls("60").replace(",9,", ",11,"),
    "with a rounded id": calls("60").replace("c0", "1.23457E+17"),
    "with infinity": calls("60", "61").replace("12.5", "inf", 1),
    "with a row twice": calls("60", "61") + CALL.format("c1", 2, "61"),
    "with a row in two versions": calls("60", "61") + CALL.format("c1", 2, "62"),
    "with blank lines": calls("60", "61").replace("c1", "\n\nc1"),
    "short of a cell": calls("60", "61") + "c9,2026-10-01 09:00:00\n" + CALL.format("c8", 3, "x"),
}
DESKS: dict[str, str] = {
    "of two columns": DESK + LOG.format("c1", "2026-10-01", "9:12:58", "Y", 1, "-5", "1.234,50 EUR", 5),
    "day first": DESK
    + LOG.format("c1", "13/10/2026", "09:00", "Y", 1, "60", "2,5", "")
    + LOG.format("c2", "02/10/2026", "10:00", "N", 1, "", "2,5", 4),
    "day or month first": DESK + LOG.format("c1", "03/10/2026", "09:00", "Y", 1, "60", "2,5", 3),
    "with tests": DESK
    + LOG.format("c1", "2026-10-01", "09:00", "test", 1, "x", "y", "")
    + LOG.format("c2", "2026-10-01", "09:00", "Y", "-", "60", "-", 2),
    "undecided": DESK + LOG.format("c1", "2026-10-01", "09:00", "maybe", 1, "60", "2.5", "many"),
    "half a time": DESK + LOG.format("c1", "2026-10-01", "", "Y", 1, "60", "2,5", 1),
}


def catalogue() -> Catalogue:
    return Catalogue.model_validate(yaml.safe_load(CATALOGUE))


def both(
    path: Path, monkeypatch: pytest.MonkeyPatch, allowed: str = "0"
) -> tuple[Normalized | DataRefused, Normalized | DataRefused]:
    """What becomes of a file held whole, and of the same file read lazily."""
    found: list[Normalized | DataRefused] = []
    for large in (1 << 60, 0):
        monkeypatch.setattr(text_feed, "LARGE", large)
        try:
            found.append(
                normalize([opened(path, list(catalogue().layouts.values()))], catalogue(), None, tolerance(allowed))
            )
        except DataRefused as refused:
            found.append(refused)
    return found[0], found[1]


def told(problems: tuple[Problem, ...]) -> list[tuple[int, int, str, str]]:
    return [(p.place.line, p.place.column, p.name, p.text) for p in problems]


def same(whole: Normalized | DataRefused, lazy: Normalized | DataRefused) -> None:
    if isinstance(whole, DataRefused):
        assert isinstance(lazy, DataRefused)
        assert told(lazy.problems) == told(whole.problems)
        assert lazy.advice == whole.advice
        return
    assert isinstance(lazy, Normalized), lazy
    assert list(lazy.tables) == list(whole.tables)
    for name, table in whole.tables.items():
        assert_frame_equal(lazy.tables[name].frame.collect(), table.frame.collect())
        assert lazy.tables[name].columns == table.columns
    assert (lazy.accounts, lazy.notices) == (whole.accounts, whole.notices)
    assert_frame_equal(lazy.rejects, whole.rejects)


@pytest.mark.parametrize("name", EXPORTS)
def test_a_canonical_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(EXPORTS[name])
    same(*both(path, monkeypatch))
    same(*both(path, monkeypatch, "3"))


@pytest.mark.parametrize("name", DESKS)
def test_an_export_by_a_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = tmp_path / "desk.csv"
    path.write_text(DESKS[name])
    same(*both(path, monkeypatch))
    same(*both(path, monkeypatch, "1"))


def test_the_exports_above_are_good_and_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lest all of them be refused for one reason, and so the same."""
    found = []
    for text in (*EXPORTS.values(), *DESKS.values()):
        path = tmp_path / ("calls.csv" if text.startswith("call_id") else "desk.csv")
        path.write_text(text)
        found.append(both(path, monkeypatch)[1])
    names = {p.name for each in found if isinstance(each, DataRefused) for p in each.problems}
    assert sum(isinstance(each, Normalized) for each in found) >= 10
    assert len(names) >= 10, names


def test_only_large_files_are_read_lazily(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(calls("60"))
    raw = opened(path)
    assert not text_feed.is_lazy(raw)
    monkeypatch.setattr(text_feed, "LARGE", path.stat().st_size)
    assert text_feed.is_lazy(raw)


def test_nothing_of_a_large_file_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(calls("60"))
    monkeypatch.setattr(text_feed, "LARGE", 0)
    frame = normalize([opened(path)], catalogue()).tables["calls"].frame
    assert "Csv SCAN" in frame.explain()
    assert isinstance(frame, pl.LazyFrame)
