"""Templates filled in, with one style and a policy that lets nothing else in.

In: the name of a template and plain values. Out: the bytes of an HTML file.
Refuses to know: results; which values are markup: only what says so itself is, all else is escaped and made plain.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ccmetrics.render.charts import STYLE
from ccmetrics.render.plain import plain
from ccmetrics.render.words import say

HERE = Path(__file__).parent
CARDS: dict[str, tuple[str, ...]] = {
    "l": ("value", "page-bullet", "goals", "points", "weight", "earns", "trend", "against-previous",
          "against-last_year"),
    "w": ("value", "trend", "against-previous", "against-last_year"),
}  # fmt: skip
"""Tables whose rows become cards where the page is narrow, and what stands before each cell then."""


def written(template: str, lang: str, **view: object) -> bytes:
    style = _style(lang)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    safe = Markup(style)  # noqa: S704 - our own words, said in quotation marks
    return f"{filled(template, lang, style=safe, digest=digest, **view)}\n".encode()


def filled(template: str, lang: str, **view: object) -> Markup:
    """A part of a page."""
    found = _environment().get_template(template)
    return Markup(found.render(t=partial(say, lang=lang), lang=lang, **view))  # noqa: S704 - whatever was not markup is escaped


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _harmless(value: object) -> object:
    """What a page shows of a text: no control, no mark that turns the direction of writing."""
    if isinstance(value, Markup) or not isinstance(value, str) or value.isprintable():
        return value
    return plain(value)


@cache
def _style(lang: str) -> str:
    """The sheet beside this file, the colors of the charts, and the words before cells."""
    own = (HERE / "report.css").read_text(encoding="utf-8")
    labels = "".join(
        f'.{table} td:nth-child({at})::before{{content:"{say(key, lang)}"}}'
        for table, keys in CARDS.items()
        for at, key in enumerate(keys, start=2)
    )
    key = f'.l:not(.w) caption::after{{content:"{say("page-bullet-key", lang)}"}}'
    lean = re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", own, flags=re.DOTALL))
    return f"{lean}{key}{STYLE}@media screen and (max-width:44rem){{{labels}}}"
