"""What KPIs and cards say of themselves is said in the reader's language, wherever definitions are shown."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest

from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.models import Card, Catalogue, Kpi
from ccmetrics.render.formats import FORMATS
from ccmetrics.render.look import Look
from tests.render.made_up import CARD, catalogue, measurement, result, scorecard

SAID = {"en": "Share of the two best answers.", "zh": "最高两档的占比。"}
SOURCE = {"en": "Nobody but us.", "zh": "本软件自定。"}
PURPOSE = {"en": "Scores who answers.", "zh": "为接听者评分。"}


def told() -> Catalogue:
    found = catalogue()
    csat = Kpi.model_validate({**found.kpis["csat"].model_dump(), "about": SAID, "source": SOURCE})
    return found.model_copy(update={"kpis": {**found.kpis, "csat": csat}})


def text(form: str, content: bytes) -> str:
    if form == "xlsx":
        with ZipFile(BytesIO(content)) as book:
            return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    return content.decode()


@pytest.mark.parametrize("form", ["html", "xlsx"])
@pytest.mark.parametrize(("lang", "other"), [("en", "zh"), ("zh", "en")])
def test_definitions_are_told_in_the_readers_language(form: str, lang: str, other: str) -> None:
    card = replace(scorecard(), card=Card.model_validate({**CARD, "about": PURPOSE}))
    scored, measured = replace(result(card), catalogue=told()), replace(measurement(), catalogue=told())
    pages = [text(form, FORMATS[form].score(scored, Look(lang=lang)))]
    pages.append(text(form, FORMATS[form].measure(measured, Look(lang=lang))))
    assert all(SAID[lang] in page and SAID[other] not in page for page in pages)
    assert all(SOURCE[lang] in page and SOURCE[other] not in page for page in pages)
    assert (PURPOSE[lang] in pages[0], PURPOSE[other] in pages[0]) == (form == "html", False)


def test_every_built_in_source_that_is_a_sentence_is_told_in_chinese() -> None:
    """Names of works and vendors are what they are."""
    names = {"ICMI", "Reichheld, The One Number You Need to Grow, Harvard Business Review, 2003"}
    sources = [each.source for kpi in load_catalogue().kpis.values() for each in (kpi, *kpi.variants.values())]
    assert {source.en for source in sources if source and not source.zh} == names
