"""A thousand private values, seeded into every private column, and hostile ones into the others.

Whatever a run prints, writes or refuses, no private value is in it, and no hostile one can act.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SEEDED = 1000
CARDS = ("--card", "agent", "--card", "voice")
PERIOD = "2026-10"


def secret(dice: random.Random) -> str:
    return f"CANARY{dice.randrange(10**9):09d}X"


@pytest.fixture(scope="module")
def secrets() -> list[str]:
    dice = random.Random(20261)
    return [secret(dice) for _ in range(SEEDED)]


def exports(folder: Path, secrets: list[str], broken: bool = False) -> Path:
    """Contacts and surveys: 500 customer ids, 500 comments, every one a secret."""
    folder.mkdir()
    ids, comments = secrets[: SEEDED // 2], secrets[SEEDED // 2 :]
    rows = [
        f"{at},2026-10-{at % 28 + 1:02d} 09:00:00,answered,inbound,A{at % 7},{name},{'x' if broken and at == 9 else 5}"
        for at, name in enumerate(ids)
    ]
    head = "interaction_id,started_at,outcome,direction,agent_id,customer_id,talk_s"
    (folder / "interactions.csv").write_text("\n".join([head, *rows]) + "\n")
    answers = [f'{at},{at},2026-10-{at % 28 + 1:02d} 10:00:00,4,5,"{text}"' for at, text in enumerate(comments)]
    if broken:
        answers[3] += ",one too many"
        answers[5] = answers[5].replace("2026", "20x6")
    head = "survey_id,interaction_id,answered_at,csat,csat_scale,comment"
    (folder / "surveys.csv").write_text("\n".join([head, *answers]) + "\n")
    return folder


def ran(folder: Path, *words: str) -> str:
    """Everything a run leaves behind: both streams, and every file beside the exports, temporary ones too."""
    work = folder.parent / "work"
    work.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(work), "CCMETRICS_DEBUG": "1", "PYTHONPATH": os.getcwd()}
    done = subprocess.run(
        [sys.executable, "-m", "ccmetrics", *words], cwd=work, env=environment, capture_output=True, check=False
    )
    return (done.stdout + done.stderr).decode() + "".join(left(work))


def left(work: Path) -> Iterator[str]:
    for path in sorted(work.rglob("*")):
        if path.is_file():
            yield path.read_bytes().decode("utf-8", errors="replace")


def commands(data: Path) -> list[list[str]]:
    files = [str(data / name) for name in ("interactions.csv", "surveys.csv")]
    ends = ("csv", "json", "parquet", "txt", "html", "xlsx", "md")
    out = [part for end in ends for part in ("--out", f"out.{end}")]
    return [
        ["score", str(data), "--period", PERIOD, "--force", *CARDS, *out],
        ["measure", str(data), "--period", PERIOD, "--by", "agent_id", "--format", "json"],
        ["measure", str(data), "--period", PERIOD, "--by", "customer_id"],
        ["measure", str(data), "--period", PERIOD, "--where", "customer_id = 'x'"],
        ["inspect", *files],
        ["inspect", *files, "--format", "json"],
        ["score", str(data), "--period", PERIOD, *CARDS, "--allow-rejects", "10", "--out-dir", "reports"],
    ]


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("at", range(7))
def test_no_private_value_is_ever_told(tmp_path: Path, secrets: list[str], broken: bool, at: int) -> None:
    data = exports(tmp_path / "data", secrets, broken)
    said = ran(data, *commands(data)[at])
    assert said
    assert "Traceback" not in said
    assert not [name for name in secrets if name in said]


HOSTILE = [
    '=HYPERLINK("http://x","y")', "+1+1", "@SUM(A1)", "-2+3", "[bold]x[/bold]", "[/Sales]", "\x1b]0;owned\x07",
    "\x1b[31mred", "<script>alert(1)</script>", "a\u202eb", "a\u200bb", "{0}", "%s", "$(id)", "../../etc/passwd",
]  # fmt: skip


def hostile_exports(folder: Path) -> Path:
    folder.mkdir()
    head = "interaction_id,started_at,outcome,direction,agent_id,queue_id,talk_s"
    rows = []
    for at, name in enumerate(HOSTILE):
        cell = '"' + name.replace('"', '""') + '"'
        rows += [f"{at}-{n},2026-10-01 09:00:00,answered,inbound,{cell},{cell},60" for n in range(3)]
    (folder / "interactions.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_hostile_names_are_plain_text(tmp_path: Path, form: str) -> None:
    data = hostile_exports(tmp_path / "data")
    said = ran(data, "measure", str(data), "--kpi", "aht", "--by", "agent_id", "--period", PERIOD, "--format", form)
    assert "Traceback" not in said
    assert not any(sign in said for sign in ("\x1b", "\x07", "\u202e", "\u200b"))
    if form == "csv":
        assert not [line for line in said.splitlines() if line.lstrip('"')[:1] in ("=", "+", "-", "@")]
    if form == "json":
        found = json.loads(said[said.index("{") : said.rindex("}") + 1])
        assert {row["agent_id"] for row in found["values"]} == set(HOSTILE)
    if form == "table":
        assert "[bold]x[/bold]" in said
        assert "[/Sales]" in said


def test_hostile_names_in_refusals_and_inspections(tmp_path: Path) -> None:
    data = hostile_exports(tmp_path / "data")
    path = data / "interactions.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",60\n", ",6x\n", 2), encoding="utf-8")
    for words in (["score", str(data)], ["inspect", str(path)]):
        said = ran(data, *words)
        assert "Traceback" not in said
        assert not any(sign in said for sign in ("\x1b", "\x07", "\u202e"))
