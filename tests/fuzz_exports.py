"""Damaged exports of every format: each is read or refused, and nothing else ever happens.

In: a number of files and a first seed. Out: seeds at which anything but a refusal was raised, or nothing came back.
Refuses to know: what should be read; `test_mutations.py` does.

    python tests/fuzz_exports.py --files 20000 --seed 0 --seconds 600
    python tests/fuzz_exports.py --only 4711        (one file again, with its traceback)
"""

from __future__ import annotations

import argparse
import csv
import faulthandler
import gzip
import io
import os
import re
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
PATIENCE = 5
"""Seconds that one file may take."""


@dataclass(frozen=True)
class Export:
    """A correct one, as what is damaged (a member, a sheet's XML) and what makes a file of it."""

    name: str
    content: bytes
    packed: Callable[[bytes], bytes] = bytes


# ---------------------------------------------------------------- correct exports


def exports() -> list[Export]:
    """Small ones in every format, more often than those of the layouts' systems, which are wide and many."""
    return 4 * own() + samples()


def own() -> list[Export]:
    plain, whole = CANONICAL[0].encode(), workbook(CANONICAL[0])
    return [
        *(Export(f"canonical{at}.csv", text.encode()) for at, text in enumerate(CANONICAL)),
        Export("quoted.csv", quoted(CANONICAL[0]).encode()),
        Export("semicolon.csv", plain.replace(b",", b";")),
        Export("tabs.txt", plain.replace(b",", b"\t")),
        Export("bom.csv", b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")),
        Export("utf16.csv", CANONICAL[0].encode("utf-16")),
        Export("packed.csv.gz", plain, lambda content: gzip.compress(content, 1)),
        Export("packed.zip", plain, lambda content: zipped({"a.csv": content})),
        Export("gzip.csv", gzip.compress(plain)),
        Export("two.zip", zipped({"a.csv": plain, "b.csv": CANONICAL[1].encode()})),
        Export("table.parquet", parquet(CANONICAL[0])),
        Export("whole.xlsx", whole),
        *(Export("sheet.xlsx", content, repacked(whole, name)) for name, content in sheets(whole)),
    ]


def samples() -> list[Export]:
    """The first lines of the made-up exports beside the layouts."""
    found = sorted((HERE / "layouts").glob("*/sample*"))
    return [Export(f"{each.parent.name}{each.suffix}", b"".join(first(each.read_bytes()))) for each in found]


def first(content: bytes) -> list[bytes]:
    return [content] if content.startswith(b"PK") else content.splitlines(keepends=True)[:9]


CANONICAL = (
    "interaction_id,agent_id,started_at,outcome,wait_s\n"
    "K1,A1,2026-08-01 09:00:00,answered,3\nK2,王芳,2026-08-01 10:00:00,abandoned,20.5\n"
    "K3,A1,2026-08-02 11:30:00,answered,\nK4,李娜,2026-08-03 23:59:59,answered,7\n",
    "survey_id,interaction_id,answered_at,csat\nS1,K1,2026-08-01 09:30:00,5\nS2,K3,2026-08-02 12:00:00,4\n",
    "cost_id,from,to,kind,amount\nX1,2026-08-01,2026-08-31,wages,73758.98\nX2,2026-08-01,2026-08-31,tools,12\n",
    "agent_id,valid_from,valid_to,name,role\nA1,2026-01-01,,Hannah Hale,agent\nA2,2026-01-01,2026-09-30,李娜,agent\n",
)


def quoted(text: str) -> str:
    whole = io.StringIO()
    rows = list(csv.reader(io.StringIO(text)))
    rows[1][1] = 'A "1",\nB'
    csv.writer(whole, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return whole.getvalue()


def zipped(entries: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return whole.getvalue()


def parquet(text: str) -> bytes:
    import polars as pl

    whole = io.BytesIO()
    pl.read_csv(io.StringIO(text), try_parse_dates=True).write_parquet(whole)
    return whole.getvalue()


def workbook(text: str) -> bytes:
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for at, row in enumerate(csv.reader(io.StringIO(text))):
        cells: list[object] = list(row)
        if at:
            cells[2:3] = [datetime.fromisoformat(row[2])]
            cells[4:] = [float(row[4]) if row[4] else None]
        book.active.append(cells)
    whole = io.BytesIO()
    book.save(whole)
    return shared(whole.getvalue())


def shared(whole: bytes) -> bytes:
    """The workbook with its texts where Excel itself has them: in a part of their own."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet, texts = parts["xl/worksheets/sheet1.xml"], []

    def moved(match: re.Match[bytes]) -> bytes:
        texts.append(match[1])
        return b't="s"><v>%d</v>' % (len(texts) - 1)

    parts["xl/worksheets/sheet1.xml"] = re.sub(rb't="inlineStr"><is>(.*?)</is>', moved, sheet)
    strings = b"".join(b"<si>%s</si>" % text for text in texts)
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="%smain">%s</sst>' % (SHEETS, strings)
    kind = b'PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    types = b'<Override %sspreadsheetml.sharedStrings+xml"/></Types>' % kind
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", types)
    link = b'<Relationship Id="rId99" Target="sharedStrings.xml" Type="%s/sharedStrings"/>' % RELATIONS
    links = "xl/_rels/workbook.xml.rels"
    parts[links] = parts[links].replace(b"</Relationships>", link + b"</Relationships>")
    return zipped(parts)


SHEETS = b"http://schemas.openxmlformats.org/spreadsheetml/2006/"
RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def sheets(whole: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        for name in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"):
            yield name, archive.read(name)


def repacked(whole: bytes, member: str) -> Callable[[bytes], bytes]:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    return lambda content: zipped({**entries, member: content})


# ---------------------------------------------------------------- damage

BITS = [
    *(b",", b";", b"\t", b"|", b'"', b'""', b"'", b"\n", b"\r", b"\r\n", b"\n\n", b" ", b"\\", b"-", b".", b":", b"/"),
    *(b"\0", b"\xff", b"\x80", b"\xc3", b"\xe7\x8e", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1a", b"\x1b[31m", b"\xc2\xa0"),
    *(b"nan", b"inf", b"-1", b"1e400", b"9" * 20, b"9" * 400, b"0x10", b"1,5", b"99999999999999999999.5", b"true"),
    *(b"24:00:00", b"2026-02-30", b"9999-12-31 23:59:59", b"0000-00-00", b"-262144-01-01", b"1780304400000"),
    *(b"=1+1", b"{}", b"[", b"<a/>", b"&x;", b"#REF!", b"$^", b"(?", b"x" * 5000, b"sep=;\n", b"%s", b"\\x00"),
    *("\u202e\u200b\u0663\uff11\u2212".encode(), "\U0001f600".encode(), "王".encode("gb18030"), b"a,b,c\n"),
]


def damaged(whole: bytes, chance: Random, other: bytes) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        whole = chance.choice(WAYS)(whole, chance, other)
    return whole


def one_byte(whole: bytes, chance: Random, other: bytes) -> bytes:
    at = chance.randrange(len(whole) or 1)
    return whole[:at] + bytes([chance.randrange(256)]) + whole[at + 1 :]


def one_bit(whole: bytes, chance: Random, other: bytes) -> bytes:
    at = chance.randrange(len(whole) or 1)
    return whole[:at] + bytes(byte ^ 1 << chance.randrange(8) for byte in whole[at : at + 1]) + whole[at + 1 :]


def put_in(whole: bytes, chance: Random, other: bytes) -> bytes:
    at = chance.randrange(len(whole) + 1)
    return whole[:at] + chance.choice(BITS) + whole[at + chance.choice((0, 0, 1, 3)) :]


def cell(whole: bytes, chance: Random, other: bytes) -> bytes:
    """Another cell between two commas or tags."""
    marks = [at for at, byte in enumerate(whole) if byte in b",;\t|\n><"]
    if len(marks) < 2:
        return whole
    at = chance.randrange(len(marks) - 1)
    return whole[: marks[at] + 1] + chance.choice(BITS) + whole[marks[at + 1] :]


def cut_off(whole: bytes, chance: Random, other: bytes) -> bytes:
    return whole[: chance.randrange(len(whole) + 1)]


def cut_out(whole: bytes, chance: Random, other: bytes) -> bytes:
    at = chance.randrange(len(whole) + 1)
    return whole[:at] + whole[at + chance.randrange(1, 40) :]


def spliced(whole: bytes, chance: Random, other: bytes) -> bytes:
    return whole[: chance.randrange(len(whole) + 1)] + other[chance.randrange(len(other) + 1) :]


def lines(whole: bytes, chance: Random, other: bytes) -> bytes:
    """A line twice, gone, or elsewhere."""
    found = whole.splitlines(keepends=True)
    if not found:
        return whole
    line = found[chance.randrange(len(found))]
    way = chance.randrange(3)
    if way:
        found.remove(line)
    if way != 1:
        found.insert(chance.randrange(len(found) + 1), line)
    return b"".join(found)


WAYS = (one_byte, one_bit, put_in, put_in, cell, cell, cut_off, cut_out, spliced, lines)


def file_of(seed: int, correct: list[Export]) -> tuple[str, bytes]:
    """The damaged file of a seed: its name, and its bytes."""
    chance = Random(seed)
    export = correct[seed % len(correct)]
    content = export.packed(damaged(export.content, chance, chance.choice(correct).content))
    if chance.randrange(20) == 0:
        content = damaged(content, chance, export.content)
    ending = chance.choice((".csv", ".parquet", ".xlsx", ".jsonl")) if chance.randrange(50) == 0 else ""
    return export.name + ending, content


# ---------------------------------------------------------------- the run


def read(path: Path) -> bool:
    """Whether it was taken. Raises whatever is no refusal."""
    from ccmetrics.problem import Refused
    from ccmetrics.stages.load import load_all
    from ccmetrics.stages.normalize import normalize

    catalogue = definitions()
    try:
        found = normalize(load_all([path], [], catalogue.layouts, catalogue.project.layouts), catalogue)
        for supplied in found.tables.values():
            supplied.frame.collect()
    except Refused as refused:
        if not refused.problems:
            raise AssertionError("a refusal that says nothing") from None
        return False
    assert all(account.balances for account in found.accounts), "rows were lost or made up"
    return True


KNOWN: list[object] = []


def definitions():  # type: ignore[no-untyped-def]
    from ccmetrics.catalogue import load_catalogue

    if not KNOWN:
        KNOWN.append(load_catalogue())
    return KNOWN[0]


def work(seeds: range, until: float, folder: Path) -> None:
    """Prints what failed; leaves the seed under way in a file, for whoever finds this process dead."""
    definitions()
    correct, taken, done = exports(), 0, 0
    under_way = os.open(folder / f"seed.{seeds.start}", os.O_WRONLY | os.O_CREAT)
    for seed in seeds:
        if time.time() > until:
            break
        name, content = file_of(seed, correct)
        path = folder / f"{seeds.start}.{name}"
        path.write_bytes(content)
        os.pwrite(under_way, b"%12d" % seed, 0)
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        try:
            taken += read(path)
        except BaseException as error:
            print(f"seed {seed} ({name}): {type(error).__name__}: {str(error)[:300]}", flush=True)
        faulthandler.cancel_dump_traceback_later()
        done += 1
        path.unlink()
    print(f"done {done} taken {taken}", flush=True)


def run(files: int, first: int, seconds: float, processes: int = 2) -> tuple[int, int, list[str]]:
    """How many files were read or refused, how many of them read, and what failed."""
    until, ends = time.time() + seconds, range(first, first + processes)
    with tempfile.TemporaryDirectory() as folder:
        workers = [started(range(at, first + files, processes), until, Path(folder)) for at in ends]
        done = taken = 0
        failed: list[str] = []
        for at, worker in zip(ends, workers, strict=True):
            code = worker.wait()
            *said, last = (Path(folder) / f"said.{at}").read_text(errors="replace").splitlines() or [""]
            failed += said
            if code or not last.startswith("done "):
                seed = Path(folder) / f"seed.{at}"
                failed.append(f"{last}\nseed {seed.read_text() if seed.exists() else 'none'}: hung or died")
                continue
            done, taken = done + int(last.split()[1]), taken + int(last.split()[3])
    return done, taken, failed


def started(seeds: range, until: float, folder: Path) -> subprocess.Popen[bytes]:
    given = f"{seeds.start},{seeds.stop},{seeds.step},{until},{folder}"
    surroundings = {**os.environ, "POLARS_MAX_THREADS": "1", "PYTHONPATH": str(HERE.parent)}
    with (folder / f"said.{seeds.start}").open("wb") as said:
        command = [sys.executable, __file__, "--work", given]
        return subprocess.Popen(command, env=surroundings, stdout=said, stderr=subprocess.STDOUT)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--files", type=int, default=20_000)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--only", type=int)
    asked.add_argument("--work", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.work:
        first, end, step, until, folder = given.work.split(",", 4)
        work(range(int(first), int(end), int(step)), float(until), Path(folder))
        return 0
    if given.only is not None:
        return again(given.only)
    began = time.time()
    done, taken, failed = run(given.files, given.seed, given.seconds)
    print(*failed, sep="\n")
    print(f"{done:,} files in {time.time() - began:.0f} s: {taken:,} read, {done - taken:,} refused or failed")
    return bool(failed)


def again(seed: int) -> int:
    name, content = file_of(seed, exports())
    path = Path(tempfile.mkdtemp()) / name
    path.write_bytes(content)
    print(path)
    try:
        print("read" if read(path) else "refused")
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
