"""The colors of charts, in one place: every shape has a class, and the page holds one rule for each.

In: nothing. Out: a style sheet.
Refuses to know: shapes, pages. A page with a dark side sets the variables (`--c-ink`) anew there.
"""

from __future__ import annotations

COLORS = {
    "paper": "#ffffff",
    "ink": "#1b2733",
    "text": "#46535f",
    "edge": "#6f7d89",
    "grid": "#d5dbe0",
    "value": "#14588c",
    "none": "#c9d1d8",
    "part": "#e6eaee",
    "full": "#bfe0cb",
    "band": "#bcd3e6",
}
"""By what they stand for. `edge`, `value` and `ink` reach 3:1 on white and on every band, `text` 4.5:1 on white."""

SCALE = (
    ("#0f4c75", "#fff"),
    ("#2f74a3", "#fff"),
    ("#7fb2d4", "#111"),
    ("#c4dced", "#111"),
    ("#efe3cf", "#111"),
    ("#e0b27f", "#111"),
)
"""Fills of grades, best first, and what is written on them: darker is better up to the middle, warm at the end."""


LINE = "fill:none;stroke-linejoin:round;stroke-linecap:round;stroke:"


def _color(name: str) -> str:
    return f"var(--c-{name},{COLORS[name]})"


def _rules() -> dict[str, str]:
    outline = f"stroke:{_color('edge')};stroke-width:.75"
    fills = {name: f"fill:{_color(name)};{outline}" for name in ("none", "part", "full")}
    halo = f"paint-order:stroke;stroke:{_color('paper')};stroke-width:5;stroke-linejoin:round"
    grades = {f"g{at}": f"fill:{fill};{outline}" for at, (fill, _) in enumerate(SCALE)}
    written = {f"on{at}": f"fill:{ink}" for at, (_, ink) in enumerate(SCALE)}
    return {
        "chart": "max-width:100%;height:auto;vertical-align:middle;font-family:inherit",
        "value": f"fill:{_color('value')}",
        "range": f"fill:{_color('value')}",
        "target": f"fill:{_color('ink')}",
        "line": f"{LINE}{_color('value')};stroke-width:2",
        "dot": f"{LINE}{_color('value')};stroke-width:5.5",
        "lone": f"{LINE}{_color('value')};stroke-width:3.5",
        "goal": f"fill:none;stroke:{_color('ink')};stroke-width:1.25;stroke-dasharray:4 3",
        "mean": f"fill:none;stroke:{_color('text')};stroke-width:1.25;stroke-dasharray:1 3;stroke-linecap:round",
        "band": f"fill:{_color('band')};{outline}",
        "bar": f"fill:{_color('band')};{outline}",
        "grid": f"stroke:{_color('grid')}",
        "axis": f"stroke:{_color('edge')}",
        "from": f"stroke:{_color('ink')};stroke-dasharray:2 3",
        "own": f"stroke:{_color('ink')};stroke-width:2",
        "text": f"fill:{_color('text')};{halo}",
        "strong": f"fill:{_color('ink')};font-weight:600;{halo}",
        **fills,
        **grades,
        **written,
    }


SMALL = f"""
svg[role=none]{{vertical-align:middle}}
svg[role=none]>use{{transform:scale(var(--c-scale,1))}}
svg[role=none]>path{{transform:scale(var(--c-scale,1),calc(var(--c-scale,1)/2));vector-effect:non-scaling-stroke}}
svg[role=none]>path:not([class]){{{LINE}{_color("value")};stroke-width:calc(2px*var(--c-scale,1))}}
svg[role=none]>use+path:not([class]){{stroke-linecap:butt}}
.c-ground{{position:absolute;width:0;height:0}}"""
"""Small charts stand beside their numbers and are not read aloud; how large they are is the page's to say (and,
where not of the size they are made for, by `--c-scale` how much smaller)."""

STYLE = "\n".join(f".c-{name}{{{rule}}}" for name, rule in _rules().items()) + SMALL
