"""How delimited text is opened: by itself, by what a layout declares, or refused with the declaration it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ccmetrics.catalogue.models import Layout
from ccmetrics.problem import DataRefused
from ccmetrics.stages.load import Raw, load, load_all
from ccmetrics.stages.load import opened as opened_as


def layout(match: str = "id name", name: str = "own", **file: Any) -> Layout:
    more = {key: file.pop(key) for key in ("match_values", "decimal", "null") if key in file}
    return Layout.model_validate({"layout": name, "match": match.split(), "file": file, "tables": {}, **more})


def taken(folder: Path, content: str, *layouts: Layout, named: bool = False) -> Raw:
    path = folder / "x.csv"
    path.write_text(content, encoding="utf-8", newline="")
    return opened_as(path, layouts, named=named)


def cells(raw: Raw) -> list[tuple[str, ...]]:
    return [tuple(cell or "" for cell in row) for row in raw.frame.collect().rows()]


def said(raw: Raw) -> list[str]:
    return [notice.removeprefix(f"{raw.name}: ") for notice in raw.notices]


def refused(folder: Path, content: str, *layouts: Layout, named: bool = False) -> list[tuple[str, int, int]]:
    """Name, line and column of every problem."""
    with pytest.raises(DataRefused) as caught:
        taken(folder, content, *layouts, named=named)
    return [(p.name, p.place.line, p.place.column) for p in caught.value.problems]


def text(folder: Path, content: str, *layouts: Layout) -> str:
    with pytest.raises(DataRefused) as caught:
        taken(folder, content, *layouts)
    return " ".join(p.text for p in caught.value.problems)


# ---------------------------------------------------------------- where the header stands


def test_lines_above_the_header(tmp_path: Path) -> None:
    content = 'Calls of "May\n\nid;name\n1;Ann\n\n2;Bo\n'
    raw = taken(tmp_path, content, layout(skip_lines=2))
    assert (raw.header, raw.header_line, raw.layout) == (("id", "name"), 3, "own")
    assert cells(raw) == [("1", "Ann"), ("2", "Bo")]
    assert raw.line_of([0, 1]) == {0: 4, 1: 6}
    assert raw.about == "delimited by ';', header on line 3, UTF-8"
    assert said(raw) == ["1 line above the header left aside", "1 blank line skipped"]


@pytest.mark.parametrize("above", [0, 1, 199])
def test_the_header_is_the_first_line_that_names_all(tmp_path: Path, above: int) -> None:
    content = "id and more\n" * above + "name\tx\tid\nAnn\t\t1\n"
    raw = taken(tmp_path, content, layout(header_match=True), layout("other names", "other"))
    assert (raw.header_line, cells(raw)) == (above + 1, [("Ann", "", "1")])


def test_beyond_two_hundred_lines_no_header_is_looked_for(tmp_path: Path) -> None:
    content = "note\n" * 200 + "id,name\n1,Ann\n"
    assert refused(tmp_path, content, layout(header_match=True), named=True) == [("no-header-line", 0, 0)]


def test_a_header_found_after_lines_skipped(tmp_path: Path) -> None:
    raw = taken(tmp_path, "id,name\nold,file\nid,name\n1,Ann\n", layout(header_match=True, skip_lines=1))
    assert (raw.header_line, cells(raw)) == (3, [("1", "Ann")])


def test_a_file_without_a_header(tmp_path: Path) -> None:
    queue = layout(
        "epoch event", separator="|", columns=["epoch", "id", "event", "a", "b"], match_values={"event": ["IN", "OUT"]}
    )
    raw = taken(tmp_path, "1|x|IN\n\n2|x|OUT|9|\n3|y|IN||7\n", layout(), queue)
    assert raw.header == ("epoch", "id", "event", "a", "b")
    assert cells(raw) == [("1", "x", "IN", "", ""), ("2", "x", "OUT", "9", ""), ("3", "y", "IN", "", "7")]
    assert raw.line_of(range(3)) == {0: 1, 1: 3, 2: 4}
    assert (raw.header_line, raw.layout, raw.about) == (0, "own", "delimited by '|', no header, UTF-8")


def test_a_file_without_a_header_has_no_longer_records(tmp_path: Path) -> None:
    queue = layout("a", columns=["a", "b"], match_values={"a": ["1", "2"]})
    raw = taken(tmp_path, "1,x\n1,x,\n2\n", queue)
    assert cells(raw) == [("1", "x"), ("2", "")]
    assert raw.misfits.select("line", "reason").rows() == [(2, "long-row")]
    assert "the layout names 2" in raw.misfits["text"][0]


@pytest.mark.parametrize("values", [{}, {"event": ["OTHER"]}])
def test_columns_alone_know_no_file(tmp_path: Path, values: dict[str, list[str]]) -> None:
    """Any narrow file could have them: values are needed, or the project's word."""
    queue = layout("epoch event", columns=["epoch", "event"], match_values=values)
    assert taken(tmp_path, "id,what\n1,IN\n", queue).header == ("id", "what")
    assert taken(tmp_path, "id,what\n1,IN\n", queue, named=True).header == ("epoch", "event")


def test_values_decide_between_layouts(tmp_path: Path) -> None:
    one = layout("id", "one", match_values={"kind": ["a"]}, skip_lines=1)
    two = layout("id", "two", match_values={"kind": ["b", "c"]}, skip_lines=1)
    assert taken(tmp_path, "x\nid,kind\n1, c\n2,\n3,b\n", one, two).layout == "two"
    assert taken(tmp_path, "id,kind\n1,c\n3,d\n", one, two).layout is None


def test_a_layout_with_plain_files_leaves_the_choice_to_others(tmp_path: Path) -> None:
    raw = taken(tmp_path, "id,name\n1,Ann\n", layout(), layout(name="second"))
    assert raw.layout is None


def test_two_ways_to_open_it(tmp_path: Path) -> None:
    """Both find their header, one line 1 and one line 2."""
    ways = layout(name="one", skip_lines=1), layout(name="two")
    assert refused(tmp_path, "id,name\nname,id\n1,Ann\n", *ways) == [("two-layouts-fit", 0, 0)]
    assert taken(tmp_path, "id,name\nname,id\n1,Ann\n", ways[0], named=True).header == ("name", "id")


def test_the_layout_that_names_more_opens_it(tmp_path: Path) -> None:
    more = layout("id name wait", "more", quoting="none")
    raw = taken(tmp_path, 'id,name,wait\n1,"Ann",3\n', layout(skip_lines=0), more)
    assert (raw.layout, cells(raw)) == ("more", [("1", '"Ann"', "3")])


def test_what_the_project_names_is_used_whatever_the_header_says(tmp_path: Path) -> None:
    raw = taken(tmp_path, "note\nno,what\n1,2\n", layout(skip_lines=1), named=True)
    assert (raw.header, raw.layout) == (("no", "what"), "own")
    assert taken(tmp_path, "no,what\n1,2\n", layout(skip_lines=1)).header == ("no", "what")


def test_the_project_names_a_layout_by_the_files_name(tmp_path: Path) -> None:
    path = tmp_path / "x_may.csv"
    path.write_text("note\nno;what,\n1;2\n")
    [raw] = load_all([path], None, {"own": layout(skip_lines=1, separator=";")}, {"x_*": "own"})
    assert raw.header == ("no", "what,")


# ---------------------------------------------------------------- preambles and separators nobody declared


@pytest.mark.parametrize(
    ("content", "line", "above"),
    [
        ("Calls of May\n\nid,name\n1,Ann\n2,Bo\n", 3, 2),
        ("Calls; of May\nmade by x\nid;name;wait\n1;Ann;3\n2;Bo;4\n3;Cy;5\n", 3, 2),
        ("Calls of May,,\n,,\nid,name,wait\n1,Ann,3\n2,Bo,4\n", 3, 2),
        ('\n"Calls, May"\nid\tname\n1\tAnn\n2\tBo\n', 3, 2),
        ("From: 1, to: 2\nid;name;x\n1;a;2\n2;b;3\n3;c;4\n", 2, 1),
    ],
)
def test_a_preamble_is_refused_at_the_header(tmp_path: Path, content: str, line: int, above: int) -> None:
    assert refused(tmp_path, content) == [("preamble", line, 0)]
    assert f"`file: {{skip_lines: {above}}}`" in text(tmp_path, content)
    assert taken(tmp_path, content, layout("id", skip_lines=above)).rows > 1


@pytest.mark.parametrize(
    "content",
    [
        "what\nhe said\nshe said\n",
        "id,what\n1,x\n2,y\n",
        "id,what\nA,\nB,\n",
        "id\twhat\na\tlate, again\nb\tlate, too\n",
        'what\n"a, b"\n"c, d"\n',
    ],
)
def test_what_is_no_preamble(tmp_path: Path, content: str) -> None:
    assert taken(tmp_path, content).rows == 2


def test_data_that_end_in_a_separator_are_no_preamble(tmp_path: Path) -> None:
    raw = taken(tmp_path, "id,what\nA,x,\nB,y,\n")
    assert raw.misfits.select("line", "reason").rows() == [(2, "long-row"), (3, "long-row")]
    assert raw.misfits["text"][0] == "3 cells where the header has 2. The line ends in ',', and the header does not."


def test_a_separator_that_is_none(tmp_path: Path) -> None:
    content = "id^name^wait\n1^Ann^3\n2^Bo^4\n"
    assert refused(tmp_path, content) == [("wrong-separator", 1, 0)]
    assert "'^' is found 2\u00d7 per line" in text(tmp_path, content)
    assert cells(taken(tmp_path, content, layout(separator="^"))) == [("1", "Ann", "3"), ("2", "Bo", "4")]
    semicolons = "id;name;wait\n1;Ann;3\n"
    assert refused(tmp_path, semicolons, layout(separator=","), named=True) == [("wrong-separator", 1, 0)]


def test_the_first_line_says_the_separator(tmp_path: Path) -> None:
    raw = taken(tmp_path, "\ufeffsep=;\r\na,b;c\r\n1,5;2\r\n")
    assert (raw.header, cells(raw), raw.line_of([0])) == (("a,b", "c"), [("1,5", "2")], {0: 3})
    assert said(raw) == ["separated by ';', as its first line (sep=) says"]
    assert taken(tmp_path, "SEP=\t\nid\tname\n1\t2\n", layout(skip_lines=0)).rows == 1


@pytest.mark.parametrize("separator", ["\u00a6", '"', "\n"])
def test_a_separator_that_cannot_be(tmp_path: Path, separator: str) -> None:
    assert refused(tmp_path, "a\u00a6b\n", layout("a", separator=separator), named=True) == [("bad-separator", 1, 0)]


@pytest.mark.parametrize(
    ("header", "problem", "column"),
    [
        ('a,"b', "bad-header", 0),
        ('a,"b"c', "bad-header", 0),
        ('a,b"c', "stray-quote", 2),
        ("a,b\rc", "bad-header", 0),
        (" ,\u00a0", "blank-header", 0),
        ("a,b, A ", "duplicate-header", 3),
    ],
)
def test_a_header_that_cannot_be_read(tmp_path: Path, header: str, problem: str, column: int) -> None:
    assert refused(tmp_path, f"{header}\n1,2\n") == [(problem, 1, column)]


def test_a_header_may_stand_in_quotes_over_lines(tmp_path: Path) -> None:
    raw = taken(tmp_path, 'a,"the\nsecond"\n1,2\n3,4\n')
    assert (raw.header, cells(raw), raw.line_of([1])) == (("a", "the\nsecond"), [("1", "2"), ("3", "4")], {1: 4})


# ---------------------------------------------------------------- quotes


def test_a_bare_quote_is_a_character_where_declared(tmp_path: Path) -> None:
    content = 'id,name\n1,5" screen\n2,"a ""b"" c"\r\n"3","x\ny"\n4,say "no"\n5,a"b\r\n'
    assert refused(tmp_path, content) == [("stray-quote", 2, 2)]
    assert "`file: {quoting: lenient}`" in text(tmp_path, content)
    raw = taken(tmp_path, content, layout(quoting="lenient"))
    assert cells(raw) == [("1", '5" screen'), ("2", 'a "b" c'), ("3", "x\ny"), ("4", 'say "no"'), ("5", 'a"b')]
    assert raw.line_of([2, 3, 4]) == {2: 4, 3: 6, 4: 7}


@pytest.mark.parametrize(
    ("record", "line", "column"), [('1,"2"x', 2, 2), ('1,"2', 2, 2), ('"1""x,"2"', 2, 1), ('"1"\rx,2', 2, 1)]
)
def test_what_even_lenient_quotes_do_not_allow(tmp_path: Path, record: str, line: int, column: int) -> None:
    lenient = layout(quoting="lenient")
    assert refused(tmp_path, f"id,name\n{record}\n", lenient) == [("stray-quote", line, column)]


def test_quotes_that_mean_nothing(tmp_path: Path) -> None:
    raw = taken(tmp_path, 'id,name\n1,"a\n2,b""\n"3,"\n', layout(quoting="none"))
    assert cells(raw) == [("1", '"a'), ("2", 'b""'), ('"3', '"')]
    assert raw.line_of([2]) == {2: 4}


def test_a_backslash_takes_away_meaning_where_declared(tmp_path: Path) -> None:
    content = 'id,name\n1,"say \\"no\\""\n2,a\\,b\n3,c\\\\\n4,"d ""e"" \\\\"\n5,two\\\nlines\n6,plain\n7,5\\"\r\n'
    assert refused(tmp_path, content)[0] == ("backslash-escape", 2, 2)
    raw = taken(tmp_path, content, layout(escape="backslash"))
    assert cells(raw) == [
        ("1", 'say "no"'), ("2", "a,b"), ("3", "c\\"), ("4", 'd "e" \\'),
        ("5", "two\nlines"), ("6", "plain"), ("7", '5"'),
    ]  # fmt: skip
    assert raw.line_of([4, 5, 6]) == {4: 6, 5: 8, 6: 9}


@pytest.mark.parametrize(
    ("record", "problem", "column"),
    [
        ("1,a\\tb", "unknown-escape", 2),
        ("1,\\N", "unknown-escape", 2),
        ("1,a\\", "unknown-escape", 2),
        ('1,"a\\"', "stray-quote", 2),
        ('1,a\\\\"', "stray-quote", 2),
        ('1,a"b', "stray-quote", 2),
    ],
)
def test_a_backslash_that_cannot_be_understood(tmp_path: Path, record: str, problem: str, column: int) -> None:
    escaped = layout(escape="backslash")
    assert refused(tmp_path, f"id,name\n{record}", escaped) == [(problem, 2, column)]


def test_both_ways_at_once(tmp_path: Path) -> None:
    content = 'id,name\n1,5" \\"x\\"\n2,say "no"\n3,"a ""b"" \\"c\\""\n'
    raw = taken(tmp_path, content, layout(quoting="lenient", escape="backslash"))
    assert cells(raw) == [("1", '5" "x"'), ("2", 'say "no"'), ("3", 'a "b" "c"')]


def test_a_backslash_undeclared_is_a_character(tmp_path: Path) -> None:
    assert cells(taken(tmp_path, "id,name\n1,C:\\new\\\n")) == [("1", "C:\\new\\")]


# ---------------------------------------------------------------- what stands below

DATA = "id;name;wait;share\n1;Ann;0:01:00;1.234,5\n2;Bo;;0,25\n\n3;Cy;1:00:05;\n"


@pytest.mark.parametrize(
    ("control", "footer"),
    [
        ({}, "Total"),
        ({"id": "rows"}, "Total 3;;;"),
        ({"id": "rows", "wait": "count"}, "Total: 3;;2;"),
        ({"wait": "sum"}, "Total;;1:01:05;"),
        ({"share": "sum"}, "Total;;;1234,75"),
        ({"share": "sum"}, "Total;;;1.235"),
        ({"share": "sum", "wait": "sum"}, ' ;"Total";1:01:05;1.234,8'),
    ],
)
def test_a_footer_that_agrees(tmp_path: Path, control: dict[str, str], footer: str) -> None:
    raw = taken(tmp_path, f'{DATA}{footer}\n\nmade by "x\n', layout(stop_at="Total", control=control, decimal=","))
    assert [row[0] for row in cells(raw)] == ["1", "2", "3"]
    assert raw.rows == 3
    assert raw.line_of([2]) == {2: 5}
    agrees = ("", ", its control total agrees", ", its control totals agree")[len(control)]
    assert said(raw) == ["1 blank line skipped", f"footer of 2 lines left aside{agrees}"]


@pytest.mark.parametrize(
    ("control", "footer", "column", "what"),
    [
        ({"id": "rows"}, "Total 4;;;", 1, "says 4 rows, and there are 3"),
        ({"wait": "count"}, "Total;;3;", 3, "says 3, and 2 cells"),
        ({"wait": "sum"}, "Total;;1:01:06;", 3, "says 1:01:06 for 'wait', and its cells come to 1:01:05"),
        ({"share": "sum"}, "Total;;;1.234,6", 4, "says 1.234,6 for 'share', and its cells come to 1234.75"),
        ({"share": "sum"}, "Total;;;1,234", 4, "come to 1234.75"),
        ({"share": "sum"}, "Total;;;", 4, "no figure"),
        ({"name": "sum"}, "Total;5;;", 2, "3 cells are no such figures"),
        ({"wait": "sum"}, "Total;;65;", 3, "2 cells are no such figures"),
    ],
)
def test_a_footer_that_differs(tmp_path: Path, control: dict[str, str], footer: str, column: int, what: str) -> None:
    own = layout(stop_at="Total", control=control, decimal=",")
    assert refused(tmp_path, f"{DATA}{footer}\n", own) == [("control-total-differs", 6, column)]
    assert what in text(tmp_path, f"{DATA}{footer}\n", own)


def test_a_control_column_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path, f"{DATA}Total\n", layout(stop_at="Total", control={"talk": "sum"})) == [
        ("missing-column", 1, 0)
    ]


def test_words_that_mean_nothing_are_not_added(tmp_path: Path) -> None:
    own = layout(stop_at="Total", control={"wait": "sum"}, null=["-"])
    assert taken(tmp_path, "id,name,wait\n1,a,5\n2,b,-\nTotal,,5\n", own).rows == 2


def test_sums_are_exact(tmp_path: Path) -> None:
    """Ten times a tenth is one, and a million cents are ten thousand."""
    own = layout(stop_at="Total", control={"cost": "sum"})
    assert taken(tmp_path, "id,name,cost\n" + "1,a,0.1\n" * 10 + "Total,,1.00\n", own).rows == 10
    content = "id,name,cost\n" + "1,a,0.01\n" * 1_000_000
    assert taken(tmp_path, content + 'Total,,"10,000.00"\n', own).rows == 1_000_000
    assert refused(tmp_path, content + 'Total,,"10,000.01"\n', own) == [("control-total-differs", 1_000_002, 3)]


def test_without_the_footer_declared(tmp_path: Path) -> None:
    """A footer that is missing is a file cut short, where there is something to hold against it."""
    assert said(taken(tmp_path, DATA, layout(stop_at="Total")))[-1] == "no footer, for no line begins with 'Total'"
    assert refused(tmp_path, DATA, layout(stop_at="Total", control={"id": "rows"})) == [("no-footer", 0, 0)]


@pytest.mark.parametrize(
    ("below", "line"),
    [
        ("\nmade by x\n", 0),
        ("Average;;0:30:33;\nTotals are rounded\n", 0),
        ("4;Di;0:00:01;1\n", 7),
        ("\n\nAgent;Calls\nAnn;5\nBo;6\n", 9),
        ("made by x\n5;Ed;;\n", 8),
    ],
)
def test_what_stands_below_a_footer(tmp_path: Path, below: str, line: int) -> None:
    """Notes, and figures no row could hold; but no row, and no other table."""
    own = layout(stop_at="Total")
    content = f"{DATA}Total;;1:01:05;\n{below}"
    if line:
        assert refused(tmp_path, content, own) == [("two-tables", line, 0)]
    else:
        assert taken(tmp_path, content, own).rows == 3


@pytest.mark.parametrize(
    ("below", "problem", "line", "column"),
    [
        ('Total\n"made" by x\n', "stray-quote", 7, 1),
        ('Total;"3"x\n', "stray-quote", 6, 2),
        ('Total;"made\nby x"\n', "unclosed-quote", 6, 2),
        ('Total;"3"\r\r\n', "stray-cr", 6, 2),
        ('Total;by "x\n', "stray-quote", 6, 2),
    ],
)
def test_a_footer_with_broken_quotes(tmp_path: Path, below: str, problem: str, line: int, column: int) -> None:
    assert refused(tmp_path, DATA + below, layout(stop_at="Total")) == [(problem, line, column)]


def test_a_row_far_below_a_footer_is_found(tmp_path: Path) -> None:
    content = "id,name\n1,Ann\nTotal,1\n" + "," * 30 + "\n"
    below = ",\n" * 1_000_000
    own = layout(stop_at="Total")
    assert said(taken(tmp_path, content + below, own)) == ["footer of 1 line left aside"]
    assert refused(tmp_path, content + below + "2,Bo\n", own) == [("two-tables", 1_000_005, 0)]


def test_a_footer_with_nothing_above(tmp_path: Path) -> None:
    raw = taken(tmp_path, "id,name\nTotal,0\n", layout(stop_at="Total", control={"name": "rows"}))
    assert (raw.rows, cells(raw)) == (0, [])


def test_words_further_right_end_nothing(tmp_path: Path) -> None:
    raw = taken(tmp_path, 'id,name\n1,Total\n2,"Total"\n"x Total",y\nTotal: 3,z\n', layout(stop_at="Total"))
    assert raw.rows == 3


def test_a_footer_undeclared_is_a_misfit_with_a_hint(tmp_path: Path) -> None:
    content = "id,name,wait\n1,a,5\n\nTotal,5\nmade by x\n"
    raw = taken(tmp_path, content)
    assert raw.misfits.select("line", "reason").rows() == [(4, "short-row"), (5, "short-row")]
    assert [("stop_at" in t) for t in raw.misfits["text"]] == [True, False]


# ---------------------------------------------------------------- more than one table


def test_a_header_that_comes_again(tmp_path: Path) -> None:
    content = 'id,"name"\r\n1,Ann\r\nid,"name"\r\n2,Bo\r\n\r\nid,"name"\r\n'
    raw = taken(tmp_path, content)
    assert raw.misfits.select("line", "reason").rows() == [(3, "repeated-header"), (6, "repeated-header")]
    assert "`file: {repeated_header: skip}`" in raw.misfits["text"][0]
    raw = taken(tmp_path, content, layout(repeated_header="skip"))
    assert (raw.misfits.height, cells(raw), raw.line_of([1])) == (0, [("1", "Ann"), ("2", "Bo")], {1: 4})
    assert said(raw) == ["1 blank line skipped", "2 repeated headers skipped"]


@pytest.mark.parametrize(
    "content",
    [
        "id,name,wait\n1,a,5\n2,b,6\n\nAgent,Calls\nAnn,5\nBo,6\n",
        "id,name,wait\n1,a,5\n2,b,6\n\nAgent,Calls,Talk,Hold\nAnn,5,6,7\n\n\n",
    ],
)
def test_a_second_table_is_refused_where_it_begins(tmp_path: Path, content: str) -> None:
    assert refused(tmp_path, content) == [("two-tables", 5, 0)]


def test_records_that_are_wrong_are_no_second_table(tmp_path: Path) -> None:
    raw = taken(tmp_path, "id,name,wait\nx,y\n1,a,5\n2,b,5\nu,v\nw,x\n3,b,6\n4,c,7\nz,z\n")
    assert raw.misfits["line"].to_list() == [2, 5, 6, 9]
    assert raw.rows == 4


def test_joined_exports_are_refused_at_the_second_mark(tmp_path: Path) -> None:
    with pytest.raises(DataRefused) as caught:
        load(write(tmp_path, "\ufeffid,name\n1,a\n\ufeffid,name\n2,b\n"))
    assert [(p.name, p.place.line) for p in caught.value.problems] == [("second-bom", 3)]


def write(folder: Path, content: str) -> Path:
    path = folder / "y.csv"
    path.write_text(content, encoding="utf-8", newline="")
    return path
