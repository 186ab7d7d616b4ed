"""Text that was once read as something else, or refused without reason; as `test_no_lies`, for the form of files.

In: small exports, each built so that the easy answer is the wrong one. Out: the rows anyone reads, or what is at fault.
Refuses to know: how text is cut, matched or parsed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook
from pydantic import ValidationError

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


# ---------------------------------------------------------------- lonely quotes

CALLS = [
    "at,queue,outcome,direction,wait,talk,note",
    *(f"2026-10-01 09:0{i}:00,A{i},answered,inbound,1,2,x" for i in range(8)),
]


def with_lonely(opening: int, closing: int, cell: int = 6) -> str:
    lines = [line.split(",") for line in CALLS]
    lines[opening][cell] = '"urgent'
    lines[closing][cell] = 'done"'
    return "\n".join(map(",".join, lines)) + "\n"


@pytest.mark.parametrize("cell", [0, 2, 6])
@pytest.mark.parametrize("closing", [4, 5, 8])
def test_two_lonely_quotes_do_not_swallow_the_rows_between_them(tmp_path: Path, closing: int, cell: int) -> None:
    assert refused(tmp_path, with_lonely(3, closing, cell)) == [("unclosed-quote", 4)]
    if cell:
        assert refused(tmp_path, with_lonely(3, closing, cell).replace("A2", '"A, 2"')) == [("unclosed-quote", 4)]


def test_a_swallowed_record_of_another_width_is_no_misfit(tmp_path: Path) -> None:
    lines = with_lonely(3, 7).splitlines()
    lines[4], lines[5], lines[7] = "", CALLS[5].replace("x", "x,y"), CALLS[7].replace("A6", 'A6"')
    assert refused(tmp_path, "\n".join(lines) + "\n") == [("unclosed-quote", 4)]


@pytest.mark.parametrize(
    "note",
    [
        "Asked for:\na refund, an apology, a call\nand left",
        "one, two, three\none, two, three\none, two, three",
        "agent: 1,000,000 times, sorry\ncustomer: no, never, 1, 2, 3, 4\n",
        "a,b\nc,d,e\nf,g",
        '""Yes"", she said,\n""no"", he said, and hung up, at 10:00\n',
        "\u4f60\u597d,\u8bf7\u95ee,\u8c22\u8c22\n\u597d,\u597d,\u597d\n\u7b49\u4e863\u5929,\u597d,\u597d",
    ],
)
def test_prose_of_several_lines_is_a_cell_however_many_commas_it_has(tmp_path: Path, note: str) -> None:
    raw = read(tmp_path, f'id,at,note\n1,2026-10-01,"{note}"\n2,2026-10-02,"{note}"\n')
    assert rows(raw) == [(str(i), f"2026-10-0{i}", note.replace('""', '"')) for i in (1, 2)]
    raw = read(tmp_path, f'note,agent,id\n"{note}",Ann,1\n"{note}",Bo,2\n')
    assert rows(raw) == [(note.replace('""', '"'), agent, i) for agent, i in (("Ann", "1"), ("Bo", "2"))]


# ---------------------------------------------------------------- what contradicts itself, and what stands in front


def test_no_quotes_and_an_escape_are_refused_as_a_definition() -> None:
    with pytest.raises(ValidationError, match="escape"):
        layout(quoting="none", escape="backslash")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_byte_order_mark_is_no_part_of_the_first_record(tmp_path: Path, mark: str) -> None:
    form = {"separator": ",", "columns": ["a", "b"], "stop_at": "#"}
    raw = read(tmp_path, f'{mark}"1",x\n\n2,"y"\n#end\n', **form)
    assert (rows(raw), raw.line_of([0, 1])) == ([("1", "x"), ("2", "y")], {0: 1, 1: 3})
    raw = read(tmp_path, f"{mark}\n2,y\n", **form)
    assert (rows(raw), raw.line_of([0])) == ([("2", "y")], {0: 2})
    raw = read(tmp_path, f"{mark}#end\n", **form)
    assert (raw.rows, raw.notices[-1][-29:]) == (0, ": footer of 1 line left aside")
    raw = read(tmp_path, f'{mark}"1",x "y"\n', **form, quoting="lenient")
    assert rows(raw) == [("1", 'x "y"')]


@pytest.mark.parametrize(
    "again",
    [
        "id,Agent Name,wait",
        "ID,AGENT NAME,WAIT",
        '"id","Agent Name","wait"',
        " id , agent  name ,Wait ",
        '"Id",agent name,wait',
    ],
)
def test_a_header_in_other_letters_quotes_or_blanks_stands_there_again(tmp_path: Path, again: str) -> None:
    content = f"id,Agent Name,wait\n1,Ann,2\n{again}\n2,Bo,3\nid,Agent Name,4\nid,Name,wait\n"
    kept = [("1", "Ann", "2"), ("2", "Bo", "3"), ("id", "Agent Name", "4"), ("id", "Name", "wait")]
    raw = read(tmp_path, content, repeated_header="skip")
    assert (rows(raw), raw.misfits.height) == (kept, 0)
    assert any("1 repeated header skipped" in said for said in raw.notices)
    raw = read(tmp_path, content)
    assert (rows(raw), raw.misfits.select("line", "reason").rows()) == (kept, [(3, "repeated-header")])


def test_an_odd_header_is_known_again(tmp_path: Path) -> None:
    raw = read(tmp_path, '\t"say ""x"""\tA b\n\t1\t2\n""\t"SAY ""X"""\ta  B\n')
    assert raw.misfits.select("line", "reason").rows() == [(3, "repeated-header")]
    raw = read(tmp_path, 'id,"two\nlines"\n1,2\nID,"Two\nlines"\n3,4\n', repeated_header="skip")
    assert rows(raw) == [("1", "2"), ("3", "4")]


# ---------------------------------------------------------------- where the data end


def sheet(folder: Path, content: str, **file: object) -> Raw:
    """The same cells in a workbook."""
    book = Workbook()
    assert book.active is not None
    for line in content.splitlines():
        book.active.append([cell or None for cell in line.split(",")])
    book.save(folder / "x.xlsx")
    return opened(folder / "x.xlsx", (layout(**file),), named=True)


@pytest.mark.parametrize("reader", [read, sheet])
@pytest.mark.parametrize(
    ("word", "longer"),
    [("STOP", "STOPper"), ("Total", "Total5"), ("\u0418\u0442\u043e\u0433", "\u0418\u0442\u043e\u0433\u043e")],
)
def test_a_longer_word_ends_no_data(tmp_path: Path, reader: Callable[..., Raw], word: str, longer: str) -> None:
    raw = reader(tmp_path, f"id,n\na,1\n{longer},2\n{word},3\n", stop_at=word)
    assert rows(raw) == [("a", "1"), (longer, "2")]
    with pytest.raises(Refused) as caught:
        reader(tmp_path, f"id,n\na,1\n\n{longer},2\nb,3\n", stop_at=word)
    assert [(p.name, p.place.line) for p in caught.value.problems] == [("footer-unclear", 4)]
    for end in (f"{word}:,3", f"{word} of all,3", f" {word}", f"{word}\u5408\u8ba1,3"):
        raw = reader(tmp_path, f"id,n\na,1\n{end}\n", stop_at=word)
        assert rows(raw) == [("a", "1")]


@pytest.mark.parametrize("reader", [read, sheet])
def test_two_lines_that_could_each_be_the_first_of_the_footer(tmp_path: Path, reader: Callable[..., Raw]) -> None:
    with pytest.raises(Refused) as caught:
        reader(tmp_path, "id,n\na,1\nSTOP,2\n\nSTOP,3\n", stop_at="STOP")
    problem = caught.value.problems[0]
    assert (problem.name, problem.place.line, "line 5" in problem.text) == ("footer-unclear", 3, True)
    # What they come to tells them apart, and so does a line that is no row.
    said = reader(tmp_path, "id,n\na,1\nSTOP,1\nSTOP,3\n", stop_at="STOP", control={"n": "sum"})
    assert rows(said) == [("a", "1")]
    other = reader(tmp_path, "id,day,n\na,1,1\nSTOP,,2\nSTOP,,3\n", stop_at="STOP")
    assert rows(other) == [("a", "1", "1")]
    one = reader(tmp_path, "id,n\na,1\nSTOP,2\nmade by x\n", stop_at="STOP")
    assert rows(one) == [("a", "1")]


def test_a_sign_of_han_ends_no_word(tmp_path: Path) -> None:
    raw = read(tmp_path, "id,n\na,1\n\u5408\u8ba1\u6570,3\n", stop_at="\u5408\u8ba1")
    assert rows(raw) == [("a", "1")]
