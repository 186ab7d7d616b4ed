"""Everything the built-in definitions call and describe for readers is there in both languages, and says the same.

In: the built-in definitions and the starter's. Out: pass or fail.
Refuses to know: pages, and the words of the program itself (tests/render).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.models import Card, Catalogue, Kpi, Project, Text, Words

HAN = "\u4e00-\u9fff"
PARAMETER, NUMBER = r"(?<!\w):[a-z]\w+", r"\d+(?:[.,]\d+)*"
NAME = 40
"""No name is longer, and no description shorter."""
STARTER = Path(__file__).parents[2] / "ccmetrics" / "starter"
KPI = {"name": "Rate", "category": "growth", "nature": "result", "timing": "leading", "unit": "count",
       "better": "higher", "level": ["agent"], "formula": "a"}  # fmt: skip


def texts(catalogue: Catalogue) -> Iterator[tuple[str, Words]]:
    """Names and descriptions of KPIs, variants and cards; names of the center, adjustments and lists; what is to do."""
    yield "project", catalogue.project.name
    for name, kpi in catalogue.kpis.items():
        yield from ((name, kpi.name), (name, kpi.about))
        yield from ((f"{name}.{variant}", kpi.variant(variant).about) for variant in kpi.variants)
        yield from ((f"{name}.{variant}", own.name) for variant, own in kpi.variants.items())
    for name, card in catalogue.cards.items():
        yield from ((name, card.title), (name, card.about))
        adjust = card.adjust
        for item in (*adjust.bonus, *adjust.deductions, *adjust.coefficients, *adjust.red_lines):
            yield f"{name}: {item.name.en}", item.name
        yield from ((f"{name}: {action.do.en}", action.do) for action in card.actions)
        yield from ((f"{name}: {key}", each.name) for key, each in card.progression.items())


@pytest.fixture(scope="module", params=[None, STARTER], ids=["builtin", "starter"])
def found(request: pytest.FixtureRequest) -> list[tuple[str, Words]]:
    return list(texts(load_catalogue(request.param)))


def test_everything_is_said_in_both(found: list[tuple[str, Words]]) -> None:
    assert [name for name, said in found if not re.search("[A-Za-z]", said.en) or re.search(f"[{HAN}]", said.en)] == []
    assert [name for name, said in found if not re.search(f"[{HAN}]", said.zh)] == []


def test_both_name_the_same_parameters_and_numbers(found: list[tuple[str, Words]]) -> None:
    """A limit that one language has and the other has not is another definition."""
    for name, said in found:
        for kind in (PARAMETER, NUMBER):
            assert set(re.findall(kind, said.en)) == set(re.findall(kind, said.zh)), (name, kind)


def test_chinese_is_written_as_chinese(found: list[tuple[str, Words]]) -> None:
    """No blank within a sentence, as a folded line leaves one; no half-width comma, semicolon, period or question."""
    for name, said in found:
        assert not re.search(f"[{HAN}，。；：] +[{HAN}，。；：]", said.zh), name
        assert not re.search(f"[{HAN}][,;?!.]|[,;?!] *[{HAN}]", said.zh), name


def test_descriptions_end_as_sentences(found: list[tuple[str, Words]]) -> None:
    for name, said in found:
        if isinstance(said, Text) and len(said.en) > NAME:
            assert (said.en[-1], said.zh[-1]) == (".", "。"), name


def test_a_plain_text_is_the_english_one_and_stays_plain() -> None:
    kpi = Kpi.model_validate({**KPI, "about": "All of it."})
    assert (kpi.about.say("en"), kpi.about.say("zh")) == ("All of it.", "All of it.")
    assert kpi.model_dump(mode="json")["about"] == "All of it."
    both = Kpi.model_validate({**KPI, "about": {"en": "All of it.", "zh": "全部。"}})
    assert both.about.say("zh") == "全部。"
    assert both.model_dump(mode="json")["about"] == {"en": "All of it.", "zh": "全部。"}
    assert Kpi.model_validate(both.model_dump()) == both


@pytest.mark.parametrize(("plain", "text"), [(12345, "12345"), (3.5, "3.5"), ("12345", "12345")])
def test_a_number_is_a_name(plain: float | str, text: str) -> None:
    """Hotlines are called by theirs."""
    assert Project.model_validate({"name": plain}).name == Text(en=text)
    assert Words.model_validate(plain) == Words(en=text)


@pytest.mark.parametrize("nothing", [True, None, ["A"]])
def test_what_is_neither_text_nor_number_is_no_name(nothing: object) -> None:
    with pytest.raises(ValidationError):
        Words.model_validate(nothing)


def test_a_list_without_a_name_stays_a_plain_rule_and_one_with_it_reads_back() -> None:
    """Hashes and seals of definitions hang on what is written down."""
    rule, name = "A or better in 3 of 4 cycles", {"en": "promotion", "zh": "晋升"}
    card = {"card": "a", "title": "A", "subject": "team", "kpis": [], "progression": {"up": rule}}
    plain = Card.model_validate(card)
    assert plain.model_dump(mode="json")["progression"] == {"up": rule}
    assert plain.progression["up"].name.say("zh") == ""
    named = Card.model_validate({**card, "progression": {"up": {"rule": rule, "name": name}}})
    assert named.model_dump(mode="json")["progression"] == {"up": {"rule": rule, "name": name}}
    assert Card.model_validate(named.model_dump(mode="json", by_alias=True)) == named


def test_nothing_said_is_nothing() -> None:
    kpi = Kpi.model_validate(KPI)
    assert not kpi.about
    assert kpi.model_dump(mode="json")["about"] == ""
    assert "about" not in kpi.model_dump(exclude_defaults=True)
    assert not Card.model_fields["about"].get_default()


def test_a_variant_without_words_says_the_kpi_s() -> None:
    kpi = load_catalogue().kpis["engagement_index"]
    assert kpi.variant("morale").about.say("zh") == kpi.about.zh
    assert kpi.variant("overall").about.say("zh") == "四项合计。"
