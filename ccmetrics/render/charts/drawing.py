"""The door of Vega: marks in, SVG out, with nothing in it that a page does not need.

In: marks, each named by its class, and their data. Out: the elements of each mark; the text of one `<svg>`.
Refuses to know: what is drawn, colors. Nothing is read from anywhere: the data stand in the specification.

The name of a mark is its class in the page; what follows a dot in a name only tells two marks of one class apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import vl_convert

from ccmetrics.render.plain import plain

Spec = Mapping[str, Any]
Piece = tuple[str, Element]
"""A class and what bears it."""

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
PREFIX = "c-"
KEPT = {
    "path": ("transform", "d"),
    "line": ("transform", "x2", "y2"),
    "text": ("text-anchor", "font-size", "transform"),
}
"""What a shape may bear beside its class: geometry, and nothing that acts or points elsewhere."""
TAGS = tuple(SVG + name for name in KEPT)
NO_TEXT_OF_XML = re.compile("[\ufffe\uffff]")
FONT_SIZE = 12


def harmless(label: str) -> str:
    """One line that an SVG can hold."""
    return NO_TEXT_OF_XML.sub("\ufffd", plain(label))


def mark(name: str, kind: str, data: str | Spec | None, **channels: Any) -> dict[str, Any]:
    """A mark of Vega, drawn once. A channel is a number, the name of a field, or what Vega reads."""
    update = {key: _channel(key, channel) for key, channel in channels.items()}
    of = {"from": {"data": data} if isinstance(data, str) else data} if data else {}
    return {"name": PREFIX + name, "type": kind, **of, "encode": {"update": update}}


def on(scale: str, field: str) -> dict[str, str]:
    """A field, placed by a scale."""
    return {"scale": scale, "field": field}


SETTINGS = {"align", "baseline", "interpolate", "shape", "strokeCap"}
"""Channels whose text is a setting, not the name of a field."""


def _channel(key: str, channel: Any) -> Any:
    if isinstance(channel, Mapping):
        return channel
    return {"field": channel} if isinstance(channel, str) and key not in SETTINGS else {"value": channel}


def draw(marks: Sequence[Spec], data: Mapping[str, Sequence[Spec]], scales: Sequence[Spec] = ()) -> list[Piece]:
    """All pieces, in the order of the marks and of the rows below each."""
    return _pieces(_drawn(_spec(marks, data, scales)))


def _spec(marks: Sequence[Spec], data: Mapping[str, Sequence[Spec]], scales: Sequence[Spec]) -> str:
    spec = {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "config": {"aria": False},
        "autosize": "none",
        "data": [{"name": name, "values": list(rows)} for name, rows in data.items()],
        "scales": list(scales),
        "marks": list(marks),
    }
    return json.dumps(spec)


def _drawn(spec: str) -> str:
    return vl_convert.vega_to_svg(spec, allowed_base_urls=[])


def _pieces(drawn: str) -> list[Piece]:
    """The shapes below every named mark."""
    root = fromstring(drawn)  # noqa: S314 (Vega wrote it just now; no entity can stand in it)
    holders = [(name, holder) for holder in root.iter(f"{SVG}g") for name in holder.get("class", "").split()]
    named = [(name.partition(".")[0], holder) for name, holder in holders if name.startswith(PREFIX)]
    return [(name, child) for name, holder in named for child in holder if child.tag in TAGS]


def picture(parts: Iterable[Piece], size: tuple[int, int], label: str, more: str = "") -> str:
    """One `<svg>` with its words for a screen reader."""
    width, height = size
    head = f'<svg class="c-chart" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}"{more}>'
    return f"{head}<title>{escape(harmless(label), quote=False)}</title>{shapes(parts)}</svg>"


def chart(
    marks: Sequence[Spec],
    data: Mapping[str, Sequence[Spec]],
    scales: Sequence[Spec],
    size: tuple[int, int],
    label: str,
) -> str:
    """A picture of its own, with text in it."""
    clean = {name: [{key: _clean(value) for key, value in row.items()} for row in rows] for name, rows in data.items()}
    return _chart(_spec(marks, clean, scales), size, label)


@lru_cache(maxsize=256)
def _chart(spec: str, size: tuple[int, int], label: str) -> str:
    """Reports of one run show the same charts again and again."""
    return picture(_pieces(_drawn(spec)), size, label, f' font-size="{FONT_SIZE}"')


def _clean(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else value


def shapes(parts: Iterable[Piece]) -> str:
    """Those of one class that follow each other are one."""
    return "".join(_joined(parts))


def _joined(parts: Iterable[Piece]) -> Iterator[str]:
    before, path = "", ""
    for name, shape in parts:
        alone = shape.tag == f"{SVG}path" and shape.get("transform") is None
        if path and (not alone or name != before):
            yield f'<path class="{before}" d="{path}"/>'
            path = ""
        if alone:
            path, before = path + _rounded(shape.get("d", "")), name
        else:
            yield _shape(name, shape)
    if path:
        yield f'<path class="{before}" d="{path}"/>'


def _shape(name: str, shape: Element) -> str:
    tag = shape.tag.removeprefix(SVG)
    borne = [(key, shape.get(key, "")) for key in KEPT[tag]]
    told = "".join(f' {key}="{_rounded(value)}"' for key, value in borne if value and value != f"{FONT_SIZE}px")
    text = escape("".join(shape.itertext()), quote=False)
    return f'<{tag} class="{name}"{told}>{text}</{tag}>' if text else f'<{tag} class="{name}"{told}/>'


def _rounded(geometry: str) -> str:
    """To a tenth of a pixel, which nobody sees, in a third of the bytes."""
    return NUMBER.sub(lambda found: _tenth(float(found[0])), geometry)


def _tenth(number: float) -> str:
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
