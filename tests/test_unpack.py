"""Archives: what is packed is read whole, or nothing of it; and no archive takes more memory than is said."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from ccmetrics.catalogue.models import FileForm, Layout
from ccmetrics.problem import DataRefused
from ccmetrics.stages.load import load, load_all, unpack

ONE, TWO = b"id,name\n1,Ann\n2,Bob\n", b"id,name\n3,Cid\n"


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return whole.getvalue()


def write(folder: Path, content: bytes, name: str = "calls.zip") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read(path: Path, *layouts: Layout) -> dict[str, list[tuple[str, ...]]]:
    """Cells of every export in a file, by its name within it."""
    raws = load_all([path], layouts={layout.layout: layout for layout in layouts})
    return {raw.name.removeprefix(str(path)): raw.frame.collect().rows() for raw in raws}


def refused(path: Path) -> list[tuple[str, str]]:
    """Name within the file, and name of the problem."""
    with pytest.raises(DataRefused) as caught:
        load_all([path])
    return [(p.place.file.removeprefix(str(path)), p.name) for p in caught.value.problems]


# ---------------------------------------------------------------- what is taken


@pytest.mark.parametrize("name", ["calls.csv.gz", "calls.csv", "calls.parquet.csv", "calls"])
def test_gzip_under_any_name(tmp_path: Path, name: str) -> None:
    content = gzip.compress(ONE)
    path = write(tmp_path, content, name)
    assert read(path) == {"": [("1", "Ann"), ("2", "Bob")]}
    raw = load(path)
    assert (raw.sha256, raw.unpacked) == (hashlib.sha256(content).hexdigest(), hashlib.sha256(ONE).hexdigest())
    assert raw.line_of([1]) == {1: 3}


def test_lines_of_json_in_gzip(tmp_path: Path) -> None:
    """As clouds deliver them."""
    path = write(tmp_path, gzip.compress(b'{"id": "1", "name": "Ann"}\n{"id": "2", "name": "Bob"}\n'), "calls.gz")
    assert read(path) == {"": [("1", "Ann"), ("2", "Bob")]}


def test_gzip_in_several_parts(tmp_path: Path) -> None:
    """Such files are made by appending; all parts count."""
    content = gzip.compress(ONE) + gzip.compress(b"3,Cid\n")
    assert read(write(tmp_path, content)) == {"": [("1", "Ann"), ("2", "Bob"), ("3", "Cid")]}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zip_of_one(tmp_path: Path, method: int) -> None:
    path = write(tmp_path, zipped({"out/calls.csv": ONE}, method), "calls.csv")
    assert read(path) == {"!out/calls.csv": [("1", "Ann"), ("2", "Bob")]}


def test_zip_of_several(tmp_path: Path) -> None:
    junk = {"__MACOSX/._a.csv": b"\0\5\x16\7", ".DS_Store": b"\0", "README.md": b"# read me", "dir/": b""}
    path = write(tmp_path, zipped({"a.csv": ONE, **junk, "dir/b.csv": TWO}))
    assert read(path) == {"!a.csv": [("1", "Ann"), ("2", "Bob")], "!dir/b.csv": [("3", "Cid")]}
    with pytest.raises(DataRefused) as caught:
        load(path)
    assert [p.name for p in caught.value.problems] == ["several-members"]


def test_a_name_within_is_no_path(tmp_path: Path) -> None:
    names = ["../../evil.csv", "/etc/passwd", "C:\\calls.csv", "a\x1b]0;x\x07b.csv"]
    path = write(tmp_path, zipped({name: b"id,n\n%d,x\n" % at for at, name in enumerate(names)}))
    before = set(tmp_path.parent.rglob("*"))
    found = read(path)
    assert list(found) == ["!../../evil.csv", "!/etc/passwd", "!C:\\calls.csv", "!a\ufffd]0;x\ufffdb.csv"]
    assert [rows[0][0] for rows in found.values()] == ["0", "1", "2", "3"]
    assert set(tmp_path.parent.rglob("*")) == before


def test_encodings_within(tmp_path: Path) -> None:
    layout = Layout(layout="hotline", match=("工号",), file=FileForm(encoding="gb18030"), tables={})
    entries = {"a.csv": "工号,姓名\n7,王芳\n".encode("gb18030"), "b.csv": "工号,姓名\n8,李娜\n".encode("utf-16")}
    path = write(tmp_path, zipped(entries))
    assert read(path, layout, Layout(layout="x", match=("x",), tables={})) == {
        "!a.csv": [("7", "王芳")],
        "!b.csv": [("8", "李娜")],
    }


def test_the_project_may_name_a_member(tmp_path: Path) -> None:
    """By the name it has in the archive, or by that of the archive."""
    wide = Layout(layout="wide", match=("nothing",), file=FileForm(separator="|"), tables={})
    path = write(tmp_path, zipped({"out/a.txt": b"id,x|name\n1,5|2\n", "b.csv": b"id|name\n3|4\n"}))
    for pattern in ("a.*", "calls.*"):
        raws = load_all([path], layouts={"wide": wide}, patterns={pattern: "wide"})
        assert [raw.header for raw in raws] == [("id,x", "name"), ("id", "name")]
    notices: list[str] = []
    assert len(load_all([path], notices, {"wide": wide}, {"out*": "wide"})) == 1
    assert [notice.partition(":")[0] for notice in notices] == [f"{path}!out/a.txt"]


# ---------------------------------------------------------------- twice the same


def test_the_same_content_twice(tmp_path: Path) -> None:
    """Packed or not, and under whatever name."""
    path = write(tmp_path, zipped({"a.csv": ONE, "b.csv": ONE, "c.csv": TWO}))
    assert refused(path) == [("!b.csv", "duplicate-file")]
    plain, packed = write(tmp_path, ONE, "calls.csv"), write(tmp_path, gzip.compress(ONE), "calls.csv.gz")
    with pytest.raises(DataRefused) as caught:
        load_all([plain, packed])
    assert [(p.place.file, p.name) for p in caught.value.problems] == [(str(packed), "duplicate-file")]


# ---------------------------------------------------------------- what is not


def locked(content: bytes) -> bytes:
    """The flag of encryption, in the local header and in the directory."""
    at = content.index(b"PK\x01\x02")
    return content[:6] + b"\1\0" + content[8 : at + 8] + b"\1\0" + content[at + 10 :]


WORKBOOK = {"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}
REFUSED = [
    pytest.param(gzip.compress(ONE)[:-1], [("", "damaged-archive")], id="gzip, its last byte gone"),
    pytest.param(gzip.compress(ONE)[:20], [("", "damaged-archive")], id="half a gzip"),
    pytest.param(gzip.compress(ONE)[:-8] + bytes(8), [("", "damaged-archive")], id="gzip, wrong check sum"),
    pytest.param(gzip.compress(ONE) + b"3,Cid\n", [("", "damaged-archive")], id="gzip and more"),
    pytest.param(gzip.compress(b""), [("", "empty-file")], id="nothing in gzip"),
    pytest.param(gzip.compress(gzip.compress(ONE)), [("", "archive-in-archive")], id="gzip in gzip"),
    pytest.param(gzip.compress(zipped({"a": ONE})), [("", "archive-in-archive")], id="zip in gzip"),
    pytest.param(gzip.compress(b"PAR1\x15\x04PAR1"), [("", "not-csv")], id="parquet in gzip"),
    pytest.param(zipped({"a.zip": zipped({"b": ONE})}), [("!a.zip", "archive-in-archive")], id="zip in zip"),
    pytest.param(zipped({"a.xlsx": zipped(WORKBOOK)}), [("!a.xlsx", "archive-in-archive")], id="workbook in zip"),
    pytest.param(zipped({"a.csv": ONE, "b.pdf": b"%PDF-1.4"}), [("!b.pdf", "not-csv")], id="a PDF beside it"),
    pytest.param(zipped({"a.csv": b""}), [("!a.csv", "empty-file")], id="nothing in zip"),
    pytest.param(zipped({"README.md": b"x"}), [("", "empty-archive")], id="no export in zip"),
    pytest.param(zipped({}), [("", "empty-archive")], id="an empty zip"),
    pytest.param(zipped({"a.csv": ONE}) + zipped({"b.csv": TWO}), [("", "damaged-archive")], id="two zips joined"),
    pytest.param(b"PK\3\4" + zipped({"a.csv": ONE}), [("", "damaged-archive")], id="more before a zip"),
    pytest.param(zipped({"a.csv": ONE}) + b"\n", [("", "damaged-archive")], id="more behind a zip"),
    pytest.param(zipped({"a.csv": ONE})[:-10], [("", "damaged-archive")], id="zip cut short"),
    pytest.param(zipped({"a.csv": ONE * 99})[:60], [("", "damaged-archive")], id="half a zip"),
    pytest.param(locked(zipped({"a.csv": ONE})), [("!a.csv", "encrypted-archive")], id="encrypted"),
    pytest.param(zipped({"a.csv": ONE}, zipfile.ZIP_LZMA), [("!a.csv", "damaged-archive")], id="unusual method"),
]


@pytest.mark.parametrize(("content", "problems"), REFUSED)
def test_refused(tmp_path: Path, content: bytes, problems: list[tuple[str, str]]) -> None:
    assert refused(write(tmp_path, content)) == problems


def test_two_members_of_one_name(tmp_path: Path) -> None:
    content = zipped({"a.csv": ONE, "b.csv": TWO}).replace(b"b.csv", b"a.csv")
    assert refused(write(tmp_path, content)) == [("", "damaged-archive")]


@pytest.mark.parametrize("at", range(0, 60, 7))
def test_a_byte_of_what_is_packed_changed(tmp_path: Path, at: int) -> None:
    """The check sums see to it that no other rows are read."""
    rows = b"id,name\n" + b"".join(b"%d,n%d\n" % (n, n * n) for n in range(99))
    for content in (gzip.compress(rows), zipped({"a.csv": rows})):
        where = 60 + at
        hurt = content[:where] + bytes([content[where] ^ 0x10]) + content[where + 1 :]
        assert refused(write(tmp_path, hurt)) == [("!a.csv" if hurt[:2] == b"PK" else "", "damaged-archive")]


# ---------------------------------------------------------------- bombs


def bomb(size: int) -> bytes:
    return gzip.compress(bytes(size), 9)


def test_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they are said: 4 GiB, 200 times, and no ratio up to 10 MB."""
    assert (unpack.MAX_UNPACKED, unpack.MAX_RATIO, unpack.FREE) == (4 * 1024**3, 200, 10_000_000)
    row = b"1," + b"x" * 97 + b"\n"
    monkeypatch.setattr(unpack, "FREE", 100_000)
    fits = gzip.compress(b"id,name".ljust(99) + b"\n" + row * 999)
    assert read(write(tmp_path, fits))[""][-1] == ("1", "x" * 97)
    over = gzip.compress(b"id,name\n" + row * 1000)
    assert len(over) * 200 < 100_008
    assert refused(write(tmp_path, over)) == [("", "too-large-unpacked")]
    loose = gzip.compress(b"id,name\n" + b"".join(b"1,%s\n" % os.urandom(50).hex().encode() for _ in range(3000)))
    assert len(read(write(tmp_path, loose))[""]) == 3000
    monkeypatch.setattr(unpack, "MAX_UNPACKED", 200_000)
    assert refused(write(tmp_path, loose)) == [("", "too-large-unpacked")]


def test_a_bomb_is_left_before_it_goes_off(tmp_path: Path) -> None:
    """Nothing is believed that a header says: this member says it is small, and is 64 MB."""
    import tracemalloc

    for content in (bomb(64 << 20), zipped({"a.csv": bytes(64 << 20)})):
        path = write(tmp_path, content)
        tracemalloc.start()
        assert refused(path)[0][1] == "too-large-unpacked"
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
        tracemalloc.stop()


def test_a_header_that_lies(tmp_path: Path) -> None:
    content = zipped({"a.csv": ONE * 1000})
    true = struct.pack("<I", len(ONE) * 1000)
    assert content.count(true) == 2
    for said in (len(ONE), 1 << 31):
        path = write(tmp_path, content.replace(true, struct.pack("<I", said)))
        assert refused(path)[0][1] in {"damaged-archive", "too-large-unpacked"}


def test_many_members_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is within the limit; all of them stay in memory."""
    monkeypatch.setattr(unpack, "FREE", 1000)
    monkeypatch.setattr(unpack, "MAX_RATIO", 1)
    content = zipped({f"{at}.csv": b"id\n" + bytes([48 + at]) * 900 for at in range(9)})
    assert refused(write(tmp_path, content)) == [("", "too-large-unpacked")]


def test_a_deflated_member_that_goes_on(tmp_path: Path) -> None:
    """One stream cut in the directory to its first rows, with a true check sum of these: nobody saw the others."""
    whole, first = ONE * 50, ONE
    content = zipped({"a.csv": whole})
    content = content.replace(struct.pack("<I", len(whole)), struct.pack("<I", len(first)))
    content = content.replace(struct.pack("<I", zlib.crc32(whole)), struct.pack("<I", zlib.crc32(first)))
    assert refused(write(tmp_path, content)) == [("!a.csv", "damaged-archive")]
