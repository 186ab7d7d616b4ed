"""The bytes of a file: in whatever encoding they are the same text, or they are refused at their line."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ccmetrics.catalogue.models import FileForm, Layout
from ccmetrics.problem import DataRefused
from ccmetrics.stages.load import Raw, load_all, opened
from ccmetrics.stages.load.content import text_of
from ccmetrics.stages.load.encoding import CHUNK, first_bad

TABLE = "工号,姓名,备注\n007,王芳,\n008,李娜,转接\n"
ROWS = [("007", "王芳", None), ("008", "李娜", "转接")]


def layout(encoding: str | None, *match: str, name: str = "hotline") -> Layout:
    form = FileForm.model_validate({"encoding": encoding})
    return Layout(layout=name, match=match or ("工号", "姓名"), file=form, tables={})


def write(folder: Path, content: bytes) -> Path:
    path = folder / "calls.csv"
    path.write_bytes(content)
    return path


def taken(folder: Path, content: bytes, *layouts: Layout) -> Raw:
    """By its header; a single layout is the one that the project names for the file."""
    return opened(write(folder, content), layouts, named=len(layouts) == 1)


def cells(raw: Raw) -> list[tuple[str | None, ...]]:
    return raw.frame.collect().rows()


def refused(folder: Path, content: bytes, *layouts: Layout) -> tuple[str, int, str]:
    with pytest.raises(DataRefused) as caught:
        taken(folder, content, *layouts)
    (problem,) = caught.value.problems
    return problem.name, problem.place.line, problem.text


# ---------------------------------------------------------------- the same text, however encoded

SAME = [
    pytest.param(TABLE.encode(), [], id="utf-8"),
    pytest.param(b"\xef\xbb\xbf" + TABLE.encode(), [], id="utf-8 with a mark"),
    pytest.param(b"\xff\xfe" + TABLE.encode("utf-16-le"), [], id="utf-16-le with a mark"),
    pytest.param(b"\xfe\xff" + TABLE.encode("utf-16-be"), [], id="utf-16-be with a mark"),
    pytest.param(TABLE.encode("utf-16-le"), [layout("utf-16-le")], id="utf-16-le declared"),
    pytest.param(TABLE.encode("utf-16-be"), [layout("utf-16-be")], id="utf-16-be declared"),
    pytest.param(TABLE.encode("gb18030"), [layout("gb18030")], id="gb18030 declared"),
    pytest.param(TABLE.encode("gb2312"), [layout("gb18030")], id="gb2312 is gb18030"),
    pytest.param(b"\x84\x31\x95\x33" + TABLE.encode("gb18030"), [layout("gb18030")], id="gb18030 with a mark"),
    pytest.param(
        TABLE.encode("gb18030"), [layout("cp1252", "Ärger"), layout(None, "id"), layout("gb18030")], id="by its header"
    ),
    pytest.param(
        TABLE.encode("utf-16-le"), [layout("gb18030"), layout("utf-16-le", name="wide")], id="utf-16 by its header"
    ),
    pytest.param(TABLE.encode(), [layout("gb18030"), layout("cp1252", name="old")], id="utf-8 all the same"),
]


@pytest.mark.parametrize(("content", "layouts"), SAME)
def test_the_same_text(tmp_path: Path, content: bytes, layouts: list[Layout]) -> None:
    raw = taken(tmp_path, content, *layouts)
    assert (raw.header, cells(raw)) == (("工号", "姓名", "备注"), ROWS)
    assert raw.line_of([0, 1]) == {0: 2, 1: 3}
    assert raw.sha256 == hashlib.sha256(content).hexdigest()


def test_four_byte_characters(tmp_path: Path) -> None:
    """By the standard's rule: U+20BB7 is 0x10BB7 = 68,535 steps of 10, 126, 10 above U+10000, which is 90 30 81 30."""
    line = bytes.fromhex("9534b235") + b"," + bytes.fromhex("90308130") + b"|\n"
    raw = taken(tmp_path, "工号,姓名\n".encode("gbk") + line, layout("gb18030"))
    assert cells(raw) == [("\U00020bb7", "\U00010000|")]


def test_second_bytes_that_look_like_ascii(tmp_path: Path) -> None:
    """7C is `|` and 5C a backslash, and both end a letter of GBK."""
    content = "工号|姓名\n".encode("gbk") + b"1|\x81\x7c\n2|\x81\x5c\n"
    found = cells(taken(tmp_path, content, layout("gb18030")))
    assert found == [("1", b"\x81\x7c".decode("gbk")), ("2", b"\x81\x5c".decode("gbk"))]


def test_western_european(tmp_path: Path) -> None:
    content = b"Agent;Gru\xdf\nJos\xe9;\x80 5\x96\x93x\x94\n"
    raw = taken(tmp_path, content, layout("cp1252", "Agent", "Gruß"))
    assert cells(raw) == [("José", "€ 5–“x”")]


def test_what_was_read_is_said(tmp_path: Path) -> None:
    raw = taken(tmp_path, TABLE.encode("gb18030"), layout(None, "id"), layout("gb18030"))
    assert raw.notices == (f"{raw.path}: read as gb18030, as layout 'hotline' says",)
    raw = taken(tmp_path, TABLE.encode("utf-16"))
    assert raw.notices == (f"{raw.path}: read as utf-16-le, as its byte order mark says",)
    assert taken(tmp_path, TABLE.encode()).notices == ()


def test_a_last_line_without_its_end(tmp_path: Path) -> None:
    """What is left of a cell that was cut looks like a cell."""
    raw = taken(tmp_path, b"id,wait_s\n1,20\n2,30")
    assert cells(raw) == [("1", "20"), ("2", "30")]
    assert raw.notices == (
        f"{raw.path}: the last line has no line end; if such exports have one, this file was cut short",
    )
    assert taken(tmp_path, b"id,wait_s\r\n1,20\r\n2,30\r\n").notices == ()


def test_a_mark_is_stronger_than_a_word(tmp_path: Path) -> None:
    raw = taken(tmp_path, b"\xef\xbb\xbf" + TABLE.encode(), layout("gb18030"))
    assert cells(raw) == ROWS
    assert raw.notices == (f"{raw.path}: read as utf-8, as its byte order mark says",)


def test_a_header_further_down(tmp_path: Path) -> None:
    """What stands above may be longer than any table's head; behind 200 lines nothing is looked for."""
    above = "报表\n" * 199
    with text_of(write(tmp_path, (above + TABLE).encode("gb18030")), "x", [layout("gb18030"), layout(None)]) as text:
        assert bytes(text.data).decode() == above + TABLE
    content = ("报表\n" * 200 + TABLE).encode("gb18030")
    assert refused(tmp_path, content, layout("gb18030"), layout(None))[:2] == ("not-utf8", 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030"])
def test_characters_across_the_pieces_it_is_read_in(tmp_path: Path, encoding: str) -> None:
    for ahead in range(4):
        body = "x" * ahead + "\u738b\U00020bb7" * (CHUNK // 3)
        content = f"工号,姓名\n1,{body}\n".encode(encoding)
        assert first_bad(content) == -1 or encoding != "utf-8"
        assert cells(taken(tmp_path, content, layout(encoding))) == [("1", body)]


# ---------------------------------------------------------------- refused at its line

MOJIBAKE = "预约"
"""In GB18030 d4 a4 d4 bc: valid UTF-8 as well."""
BAD = [
    pytest.param(TABLE.encode("gb18030"), [], "not-utf8", 1, "gb18030", id="undeclared"),
    pytest.param(b"id,name\n1,a\n2,\xc0\xee\xc4\xc8\n", [], "not-utf8", 3, "gb18030", id="undeclared, further down"),
    pytest.param(b"id,name\n1,a\n2,Jos\xe9,\n", [], "not-utf8", 3, "...", id="not Chinese"),
    pytest.param(TABLE.encode("utf-16-le"), [], "not-utf8", 1, "utf-16-le", id="utf-16 without a mark"),
    pytest.param(TABLE.encode("utf-16-be"), [], "not-utf8", 1, "utf-16-be", id="utf-16-be without a mark"),
    pytest.param(TABLE.encode(), [layout("gb18030")], "wrong-encoding", 1, "UTF-8", id="utf-8 for gb18030"),
    pytest.param(TABLE.encode(), [layout("utf-16-le")], "wrong-encoding", 1, "no UTF-16", id="utf-8 for utf-16"),
    pytest.param(TABLE.encode("utf-16-be"), [layout("utf-16-le")], "wrong-encoding", 1, "utf-16-be", id="wrong end"),
    pytest.param(TABLE.encode("gb18030"), [layout("utf-8")], "not-utf8", 1, "gb18030", id="gb18030 for utf-8"),
    pytest.param(TABLE.encode("utf-16-le")[:-1], [layout("utf-16-le")], "wrong-encoding", 3, "", id="half a letter"),
    pytest.param(
        TABLE.encode("gb18030") + "009,陈静,\n".encode(), [layout("gb18030")], "wrong-encoding", 4, "UTF-8", id="mixed"
    ),
    pytest.param(
        "id,name\n1,陈静\n".encode() + "2,陈静\n".encode("gbk"), [], "not-utf8", 3, "gb18030", id="mixed, undeclared"
    ),
    pytest.param(
        "id,name\n1,陈静\n".encode() + "2,陈静\n".encode("gbk"),
        [layout("gb18030", "id", "name"), layout(None)],
        "wrong-encoding",
        2,
        "UTF-8",
        id="mixed, the header says nothing",
    ),
    pytest.param(TABLE.encode("gb18030") + b"9,\xff,\n", [layout("gb18030")], "wrong-encoding", 4, "", id="no letter"),
    pytest.param(b"id,n\n1,a\n2,\x81\n", [layout("cp1252", "id")], "wrong-encoding", 3, "", id="no letter in cp1252"),
    pytest.param(
        "id,n\n1,a\n2,é\n".encode(), [layout("cp1252", "id")], "wrong-encoding", 3, "UTF-8", id="utf-8 for cp1252"
    ),
    pytest.param(
        b"id,n\n1,\xb0\xa1\n",
        [layout("cp1252", "id", name="old"), layout("gb18030", "id", name="new")],
        "encoding-unclear",
        0,
        "cp1252 (layout 'old') or gb18030 (layout 'new')",
        id="two layouts, two encodings",
    ),
    pytest.param(
        f"id,n\n1,a\n2,{MOJIBAKE}\n".encode("gb18030"),
        [layout("gb18030", "id"), layout(None)],
        "encoding-unclear",
        3,
        "layout 'hotline'",
        id="chinese that is utf-8 too",
    ),
    pytest.param(b"a,b\n1,2\n3,\0\n", [], "nul-byte", 3, "byte 10", id="a zero byte"),
    pytest.param(b"a,b\n1,2\n" + bytes(5000), [], "nul-byte", 3, "cut off", id="a tail of zeros"),
    pytest.param("a,b\n1,2\n3,\0\n".encode("utf-16"), [], "nul-byte", 3, "of its text", id="a zero in utf-16"),
    pytest.param(b"\xef\xbb\xbfa,b\n1,2\n\xef\xbb\xbfa,b\n3,4\n", [], "second-bom", 3, "", id="joined"),
    pytest.param(b"\xef\xbb\xbfa,b\n1,2\xef\xbb\xbfa,b\n3,4\n", [], "second-bom", 2, "", id="joined in a line"),
    pytest.param(b"\xef\xbb\xbf\xef\xbb\xbfa,b\n1,2\n", [], "second-bom", 1, "", id="two marks"),
    pytest.param("\ufeffa,b\n1,2\n\ufeffa,b\n".encode("utf-16-le"), [], "second-bom", 3, "", id="joined utf-16"),
    pytest.param(b"\xff\xfe\0\0" + "a,b\n1,2\n".encode("utf-32-le"), [], "wrong-encoding", 1, "", id="utf-32"),
]


@pytest.mark.parametrize(("content", "layouts", "name", "line", "says"), BAD)
def test_refused(tmp_path: Path, content: bytes, layouts: list[Layout], name: str, line: int, says: str) -> None:
    found = refused(tmp_path, content, *layouts)
    assert found[:2] == (name, line)
    assert says in found[2]


def test_a_word_decides_what_bytes_cannot(tmp_path: Path) -> None:
    """The project said that the file is of this layout: then it is Chinese, whatever else its bytes might be."""
    content = f"id,n\n1,{MOJIBAKE}\n".encode("gb18030")
    assert cells(taken(tmp_path, content, layout("gb18030", "id"))) == [("1", "预约")]
    assert cells(taken(tmp_path, content)) == [("1", "Ԥ\u053c")]


def test_a_catalogue_of_one_layout_names_it_for_no_file(tmp_path: Path) -> None:
    raws = load_all([write(tmp_path, TABLE.encode())], [], {"hotline": layout("gb18030")})
    assert cells(raws[0]) == ROWS


def test_russian_stays_russian(tmp_path: Path) -> None:
    """Two-byte letters are unclear only where a layout of Chinese looks for this header."""
    content = "id,n\n1,Анна\n".encode()
    assert cells(taken(tmp_path, content, layout("gb18030"), layout(None))) == [("1", "Анна")]


# ---------------------------------------------------------------- other formats under a wrong name

OTHERS = [
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    b"{\\rtf1\\ansi a,b}",
    b"\x89PNG\r\n\x1a\n" + bytes(64),
    b"\xff\xd8\xff\xe0\0\x10JFIF",
    b"GIF89a\x01\0",
    b"SQLite format 3\0",
    b"BZh91AY&SY\0",
    b"\xfd7zXZ\0\0",
    b"7z\xbc\xaf\x27\x1c",
    b"\x28\xb5\x2f\xfd\0",
    b"MZ\x90\0\3\0",
    b"<!DOCTYPE html>\n<p>Sign in, please\n",
    b"\xef\xbb\xbf <html><body>\n",
    b'<?xml version="1.0"?>\n<Workbook>\n',
    "<html>\n<table>\n".encode("utf-16"),
]


@pytest.mark.parametrize("content", OTHERS, ids=[repr(o[:8]) for o in OTHERS])
def test_another_format_under_this_name(tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path, content)[0] == "not-csv"


# ---------------------------------------------------------------- the hash


@pytest.mark.parametrize("size", [1, 1 << 26, (1 << 26) + 1])
def test_the_hash_is_of_the_file(tmp_path: Path, size: int) -> None:
    content = b"x" * size
    with text_of(write(tmp_path, content), "x") as text:
        assert text.digest() == hashlib.sha256(content).hexdigest()
        assert (text.path, text.unpacked) == (tmp_path / "calls.csv", "")
