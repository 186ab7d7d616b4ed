"""YAML text to plain data and places."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ccmetrics.catalogue import read as reading
from ccmetrics.catalogue.places import place_in, source
from ccmetrics.catalogue.read import read, scalar


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("tRue", "tRue"),
        ("0", 0),
        ("-12", -12),
        ("+3", 3),
        ("010", "010"),
        ("007", "007"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("0x1F", "0x1F"),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        ("5.", 5.0),
        ("1.5E-2", 0.015),
        ("1e999", "1e999"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        (".", "."),
        ("e5", "e5"),
        ("1.2.3", "1.2.3"),
        ("2026-01-31", "2026-01-31"),
        ("9" * 50, "9" * 50),
        ("١", "١"),
    ],
)
def test_scalars_follow_the_core_rules(text: str, value: object) -> None:
    found = scalar(text)
    assert found == value
    assert type(found) is type(value)


@pytest.fixture(params=["libyaml", "pure"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "libyaml" and not yaml.__with_libyaml__:
        pytest.skip("PyYAML is here without libyaml")
    monkeypatch.setattr(reading, "LOADER", yaml.CSafeLoader if request.param == "libyaml" else yaml.SafeLoader)


TEXT = """\
plain: sum over answerd
folded plain: sum
  over answerd
single: 'it''s  ''over''

  answerd'
double: "s\\u00fcm\\tover\\n \\
  \\"an\\" answerd"
block: |2  # with a comment
    sum over
   answerd
folded: >-
  sum

    over
  answerd # no comment
wide: 平均 answerd
last: answerd"""


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_word_inside_any_scalar_is_found_in_the_file(newline: str) -> None:
    content = TEXT.replace("\n", newline)
    (document,) = read("f.yaml", b"\xef\xbb\xbf" + content.encode()).documents
    lines = TEXT.split("\n")
    for number, (key, spot) in enumerate(document.items.items()):
        assert isinstance(spot.data, str)
        place = place_in(spot, spot.data.index("answerd"), len("answerd"))
        expected = [n for n, line in enumerate(lines, 1) if "answerd" in line][number]
        column = lines[expected - 1].index("answerd") + 1
        assert (key, place.line, place.column, place.width) == (key, expected, column, 7)


@given(
    words=st.lists(st.text("abß平\U0001f600'\"\\:# ", min_size=1, max_size=6), min_size=1, max_size=8),
    style=st.sampled_from(["'", '"', "|", ">"]),
    width=st.integers(10, 40),
)
@example(words=["'"], style="'", width=10)
@settings(max_examples=200, deadline=None)
def test_every_sign_of_a_scalar_is_found_where_it_was_written(words: list[str], style: str, width: int) -> None:
    value = " ".join(words).strip() or "x"
    text = yaml.dump({"key": value}, default_style=style, width=width, allow_unicode=True)
    (document,) = read("f.yaml", text.encode()).documents
    spot = document.items["key"]
    assert spot.data == value
    lines = text.split("\n")
    for offset, sign in enumerate(value):
        place = place_in(spot, offset, 1)
        written = lines[place.line - 1][place.column - 1 :]
        if sign != " " and not written.startswith("\\"):  # an escape in double quotes stands for its sign
            assert written.startswith(sign)


def test_keys_are_text_and_keep_their_place() -> None:
    (document,) = read("f.yaml", b"a: {1: x, true: y, 2026-01-01: 0.5, null: z}").documents
    assert document.data == {"a": {"1": "x", "true": "y", "2026-01-01": 0.5, "null": "z"}}
    key = document.items["a"].items["2026-01-01"].key
    assert key is not None
    assert str(key.source.place(key.start, key.end)) == "f.yaml:1:20"


def test_several_documents_in_one_file() -> None:
    found = read("f.yaml", b"a: 1\n---\n---\nb: 2\n")
    assert [spot.data for spot in found.documents] == [{"a": 1}, None, {"b": 2}]
    assert found.is_whole


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"a: \xff\xfe", ["not-utf-8"]),
        (b"a: 1\n" * 500_000, ["yaml-size"]),
        (b"[" * 3000, ["yaml-depth"]),
        (b"{a: " * 3000, ["yaml-depth"]),
        (b"- " * 3000, ["yaml-depth"]),
        (b"a: &x [1]\nb: [" + b"*x, " * 300_000 + b"]", ["yaml-alias"] * 100),
        (b"a: \x00", ["yaml-syntax"]),
        (b"? [a]\n: b", ["yaml-syntax"]),
        (b"a: b: c", ["yaml-syntax"]),
        (b"a: 'x", ["yaml-syntax"]),
        (b"<<: *x", ["yaml-alias"]),
        (b"a: !!str 5\nb: ! c", ["yaml-tag", "yaml-tag"]),
        (b"a: 1\nb:\n\t- 2", ["yaml-tab"]),
        (b"{a: 1, a: 2, a: 3}", ["duplicate-key", "duplicate-key"]),
        (b"1: a\n'1': b", ["duplicate-key"]),
    ],
    ids=range(15),
)
def test_what_is_no_plain_yaml_is_refused(content: bytes, names: list[str]) -> None:
    assert [problem.name for problem in read("f.yaml", content).problems] == names


@given(st.text(st.sampled_from("ab:-'\"{}[],|>&*!#?%@` \n\u2028\xe9\x07"), max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    found = read("f.yaml", text.encode())
    for problem in found.problems:
        str(problem)
        assert 1 <= problem.place.line <= text.count("\n") + 1
    assert found.is_whole or found.problems


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_what_is_never_closed_is_told_where_it_begins(newline: str) -> None:
    content = f"a: 1{newline}b: {{c: 'd, e: 2}}{newline}".encode()
    (problem,) = read("f.yaml", content).problems
    assert str(problem.place) == "f.yaml:2:8"


def test_a_place_is_inside_its_line_whatever_ends_it() -> None:
    """Between the two signs of an end of line, too."""
    origin = source("f.yaml", "ab\r\nc")
    assert [str(origin.place(at, at + 1)) for at in range(5)] == [
        "f.yaml:1:1", "f.yaml:1:2", "f.yaml:1:3", "f.yaml:1:3", "f.yaml:2:1",
    ]  # fmt: skip


def test_a_decimal_comma_between_braces_is_told_as_one() -> None:
    found = read("card.yaml", b"grade: {from: 95, pay: 1,1}\nother: {from: 1, 2}\n")
    assert [str(problem) for problem in found.problems] == [
        "card.yaml:1:24: unquoted-comma\n"
        "  1 | grade: {from: 95, pay: 1,1}\n"
        "    |                        ^^^\n"
        "  The comma ends 'pay' before '1'. A number has a point: write 1.1."
    ]
    assert found.documents[0].data == {"grade": {"from": 95, "pay": 1.1}, "other": {"from": 1, "2": None}}
