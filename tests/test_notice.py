"""A notice is an English sentence that can be told in another language: nothing of it is lost, nothing untranslated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from string import Formatter

import pytest

from ccmetrics.catalogue.models import Text
from ccmetrics.notice import Called, Clauses, Key, Label, Notice, all_of
from ccmetrics.render.formats import FORMATS
from ccmetrics.render.look import Look
from ccmetrics.render.notice_words import RESULTS
from ccmetrics.render.notice_words_of_data import DATA
from ccmetrics.render.words import NOTICES, PHRASES, merged, told
from tests.render.made_up import result
from tests.render.test_untranslated import seen

PACKAGE = Path(__file__).resolve().parents[1] / "ccmetrics"
MAKERS = ("Notice", "Counted")
"""Calls whose first argument is a template."""
PASSED_ON = {"stages/normalize/cells.py": "self.template"}
"""Where a template is no literal but one that a maker was given."""
OF_LISTS = ("head-", "default-")
"""Heads of the lists that a mark leads to, and marks of listings of definitions: no keys to a table of numbers."""


def made() -> Iterator[tuple[str, ast.expr]]:
    """Every template in the source, with the file."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS:
                first = node.args[0]
                for each in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                    yield path.relative_to(PACKAGE).as_posix(), each


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_template_has_a_chinese_one() -> None:
    written = set()
    for file, template in made():
        if ast.unparse(template) == PASSED_ON.get(file):
            continue
        assert isinstance(template, ast.Constant), f"{file}:{template.lineno}: no literal"
        assert template.value in NOTICES, f"{file}:{template.lineno}: {template.value}"
        written.add(template.value)
    assert set(NOTICES) == written
    assert len(NOTICES) == len(RESULTS) + len(DATA)


@pytest.mark.parametrize("template", NOTICES)
def test_in_chinese_stands_what_stands_in_english(template: str) -> None:
    """Nothing less: a number that is left out is a notice that says something else."""
    assert fields(NOTICES[template]) == fields(template)
    prose = re.sub(r"`[^`]*`|{[^{}]*}|0:00:00|\(1\.23E\+17\)", "", NOTICES[template])
    assert not set(",;:?!()") & set(prose), prose


def test_the_sentence_remembers_what_it_is_made_of() -> None:
    notice = Notice("No share of volume, because none is known: {subjects}.", subjects=["V1", "V2"])
    assert notice == "No share of volume, because none is known: V1, V2."
    assert (notice.template, notice.parts["subjects"]) == (
        "No share of volume, because none is known: {subjects}.",
        ["V1", "V2"],
    )
    assert told(notice, "en") == notice
    assert told(notice, "zh") == "业务量未知，因此没有份额：V1、V2。"


@pytest.mark.parametrize(
    ("n", "english"), [(1, "1 hidden row is read too"), (0, "0 hidden rows are read too"),
                       (1204, "1,204 hidden rows are read too")],
)  # fmt: skip
def test_one_is_one(n: int, english: str) -> None:
    notice = Notice("{n:hidden row} {n:=is|are} read too", n=n)
    assert notice == english
    assert told(notice, "zh") == f"隐藏的 {n:,} 行也已读取"


def test_days_periods_and_reasons_are_said_as_a_reader_says_them() -> None:
    """A file that programs read has `2026-10`; a page has October."""
    text = "The data end on {day}, before {period} is over: what is told of it is of a part, and may still change."
    notice = Notice(text, day=date(2026, 10, 14), period=Label("2026-10"))
    assert notice.startswith("The data end on 2026-10-14, before 2026-10 is over")
    assert told(notice, "en").startswith("The data end on 14 Oct 2026, before October 2026 is over")
    assert told(notice, "zh").startswith("数据截至2026年10月14日，2026年10月尚未结束")
    each = [
        Notice("{period}: {reasons}", period=Label(label), reasons=[Key("no-rows")])
        for label in ("2026-10", "2026-W41")
    ]
    head = Notice("not there in every cycle")
    whole = Notice("{said} ({reasons}).", said=head, reasons=Clauses(each))
    assert whole == "not there in every cycle (2026-10: no-rows; 2026-W41: no-rows)."
    assert told(whole, "zh") == "并非每个周期都在（2026年10月：无记录；2026年第41周：无记录）。"


def test_definitions_are_told_by_their_names() -> None:
    """A file that programs read has the key; without a name in a language the other one is said, or the key."""
    both, plain, none = Text(en="Speed", zh="速度"), Text(en="Speed"), Text(en="")
    for words, english, chinese in ((both, "Speed", "速度"), (plain, "Speed", "Speed"), (none, "aht", "aht")):
        notice = Notice("the points of {kpi}", kpi=Called("aht", words))
        assert notice == "the points of aht"
        assert (told(notice, "en"), told(notice, "zh")) == (f"the points of {english}", f"“{chinese}”分数")


def test_names_of_data_stay_as_they_are_whatever_they_hold() -> None:
    """Braces are no fields, and a name that is the key of a phrase is no key."""
    word = Notice("'{word}' in {n:cell} read as empty", word="{n}", n=2)
    assert (word, told(word, "zh")) == ("'{n}' in 2 cells read as empty", "2 个单元格中的“{n}”视为空")
    names = all_of(["score", "no-rows"])
    assert told(Notice("as {forms} they are the same", forms=names), "zh") == "按 score 与 no-rows 读取结果相同"
    assert told("a plain sentence", "zh") == "a plain sentence"


# ---------------------------------------------------------------- phrases


def asked() -> Iterator[tuple[str, ast.expr]]:
    """Every key that the drawing of pages asks a phrase for."""
    for path in sorted((PACKAGE / "render").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and node.args:
                first = node.args[0]
                for each in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                    yield f"{path.name}:{node.lineno}", each


def test_every_phrase_that_is_asked_for_is_there() -> None:
    """A key that is put together must begin, and end, as some phrase does."""
    for where, key in asked():
        if isinstance(key, ast.Constant):
            assert key.value in PHRASES, f"{where}: {key.value}"
        elif isinstance(key, ast.JoinedStr):
            parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in key.values]
            assert any(re.fullmatch("".join(parts), known) for known in PHRASES), f"{where}: {ast.unparse(key)}"


def test_no_two_phrases_have_one_key() -> None:
    """Whichever came last would be said, in places that mean the other."""
    with pytest.raises(KeyError, match="better-range"):
        merged({"better-range": ("a", "一")}, {"other": ("b", "二")}, {"better-range": ("c", "三")})


def test_no_phrase_is_written_twice() -> None:
    """Nor in one file, where the later simply wins."""
    for path in sorted((PACKAGE / "render").glob("*words*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
                assert len(keys) == len(set(keys)), path.name


@pytest.mark.parametrize("lang", [0, 1])
@pytest.mark.parametrize("mark", "!~±^*")
def test_a_mark_means_the_same_in_every_format(mark: str, lang: int) -> None:
    """One phrase explains it; the terminal alone has no room for `~`."""
    said = [
        key for key, phrase in PHRASES.items() if phrase[lang].startswith(f"{mark} ") and not key.startswith(OF_LISTS)
    ]
    assert said == [f"mark-{mark}"]


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_chinese_page_has_no_half_signs_between_words(form: str) -> None:
    """Between Chinese words; what the data call something may have any sign."""
    drawn = seen(form, FORMATS[form].score(replace(result(), notices=()), Look(140, "zh")))
    page = unescape(drawn).replace("|", "")
    assert re.findall(r".{0,8}[\u4e00-\u9fff] ?[,;:](?!-)|[,;:] ?[\u4e00-\u9fff].{0,8}", page) == []
