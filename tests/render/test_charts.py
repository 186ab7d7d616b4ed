"""Charts: what is drawn lies where its value says, and nothing in it acts."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from xml.etree.ElementTree import Element, fromstring

import pytest

from ccmetrics.render.charts import (
    STYLE,
    Bullet,
    Course,
    Curve,
    Spark,
    bullet,
    bullets,
    course,
    grades,
    ground,
    histogram,
    named,
    sparks,
)
from ccmetrics.render.charts.palette import COLORS, SCALE
from tests.render.made_up import NAUGHTY

RISING = Curve((0.70, 0.85, 0.95), (0, 100, 120))
FALLING = Curve((270, 300, 360), (120, 100, 0))
CSAT = Bullet(RISING, 0.80, 0.75, 0.84)
AHT = Bullet(FALLING, 310, None, None)
WORDS = {"title": "Scores", "x": "score", "y": "agents", "mark": "you: 92.4", "median": "median", "quartiles": "half"}
BINS = [(60.0, 70.0, 4), (70.0, 80.0, 0), (80.0, 90.0, 8), (90.0, 100.0, 2)]
GRADES = [("Good", 90.0), ("Pass", 75.0), ("Improve", 0.0)]
CYCLES = [Course("Aug", 80, 70, 80, 90, 9), Course("Sep", None, None, None, None, 0), Course("Oct", 85, 75, 90, 95, 9)]


def all_of(label: str) -> list[str]:
    """Every chart with words, a hostile text wherever one can stand."""
    words = dict.fromkeys([*WORDS, "mean", "n"], label)
    return [
        histogram(BINS, [(label, 75.0)], 92.4, words),
        course([replace(cycle, label=label) for cycle in CYCLES], words, lambda _: label),
        grades([(label, {label: 3})], [label], words),
    ]


def shapes(svg: str, name: str) -> list[Element]:
    return [shape for shape in fromstring(svg) if shape.get("class") == f"c-{name}"]


def numbers(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+\.?\d*", text)]


def boxes(svg: str, name: str) -> list[tuple[float, float, float, float]]:
    """Left, top, width, height of every rectangle of a class."""
    found = "".join(shape.get("d", "") for shape in shapes(svg, name))
    return [(float(a), float(b), float(c), float(d)) for a, b, c, d in re.findall(BOX, found)]


BOX = r"M(-?[\d.]+),(-?[\d.]+)h(-?[\d.]+)v(-?[\d.]+)h-[\d.]+Z"


def drawn_of(item: Bullet) -> tuple[str, str]:
    """The curve of a bullet chart as it stands in the page, and what is drawn on it."""
    return ground(named([item.curve])).split('<g id="v">')[0].removesuffix("</svg>") + "</svg>", bullets([item])[0]


def marker(item: Bullet) -> tuple[float, str]:
    """Where the value stands, and which mark it has."""
    found = re.search(r'<use href="#(\w)" x="([\d.]+)"/>', drawn_of(item)[1])
    assert found
    return float(found[2]), found[1]


def bands(curve: Curve, name: str) -> list[tuple[float, float, float, float]]:
    """Left, top, width, height of every rectangle of a class."""
    found = "".join(re.findall(rf'class="c-{name}" d="([^"]*)"', ground(named([curve]))))
    return [(float(a), float(b), float(c), float(d)) for a, b, c, d in re.findall(BOX, found)]


def ticks(curve: Curve) -> list[float]:
    return [left + width / 2 for left, _, width, _ in bands(curve, "target")]


def test_a_value_at_the_target_stands_at_its_tick() -> None:
    for item, target in ((CSAT, 0.85), (AHT, 300)):
        assert [marker(replace(item, value=target))[0]] == pytest.approx(ticks(item.curve), abs=0.1)


def test_twice_the_distance_is_twice_the_pixels() -> None:
    at = {value: marker(replace(CSAT, value=value))[0] for value in (0.75, 0.80, 0.90)}
    assert at[0.90] - at[0.75] == pytest.approx(3 * (at[0.80] - at[0.75]), abs=0.2)


def test_better_is_to_the_right_and_in_the_middle_as_values_run() -> None:
    assert marker(replace(AHT, value=280))[0] > marker(replace(AHT, value=340))[0]
    occupancy = Bullet(Curve((0.5, 0.7, 0.8, 1.0), (40, 100, 100, 0)), 0.6, None, None)
    assert marker(occupancy)[0] < marker(replace(occupancy, value=0.9))[0]
    assert len(ticks(occupancy.curve)) == 2
    assert len(bands(occupancy.curve, "part")) == 2


def test_bands_are_the_curve() -> None:
    """0.70 to 0.95 is a quarter; the target at 0.85 parts it 15 to 10."""
    ((part, _, part_width, _),) = bands(RISING, "part")
    ((full, _, full_width, _),) = bands(RISING, "full")
    assert part_width / full_width == pytest.approx(1.5, abs=0.01)
    assert part + part_width == pytest.approx(full, abs=0.11)
    assert bands(RISING, "none") == []


def test_bands_of_less_than_nothing_end_where_points_are_nothing() -> None:
    """From -50 to 50 points over 4: nothing is earned for the first 2 of them."""
    curve = Curve((0, 4, 10), (-50, 50, 100))
    ((_, _, none, _),) = bands(curve, "none")
    ((_, _, part, _),) = bands(curve, "part")
    assert part / none == pytest.approx(4, abs=0.02)
    assert ticks(curve) == [marker(Bullet(curve, 10, None, None))[0]]


def test_steps_reach_their_target_at_a_knot_not_on_the_way() -> None:
    rising, falling = Curve((1, 3, 5), (0, 80, 120), steps=True), Curve((1, 3, 5), (120, 80, 0), steps=True)
    for curve, at in ((rising, 5), (replace(rising, steps=False), 4), (falling, 1)):
        assert ticks(curve) == pytest.approx([marker(Bullet(curve, at, None, None))[0]], abs=0.1)


def test_what_lies_beyond_has_another_mark_at_that_edge() -> None:
    inside, left, right = (marker(replace(CSAT, value=value)) for value in (0.8, 0.1, 7.0))
    assert left[0] < 10
    assert right[0] > 170
    assert [inside[1], left[1], right[1]] == ["v", "l", "r"]
    # Less is better: what took far too long stands on the left.
    assert marker(replace(AHT, value=9000)) == left


def test_marks_are_three_and_point_to_their_side() -> None:
    """The tip of a triangle is one place, its other side two."""
    outlines = re.findall(r'<g id="(\w)"><path class="c-value" transform="translate\(0,9\)" d="([^"]*)"', ground({}))
    places = {name: numbers(outline)[::2] for name, outline in outlines}
    assert list(places) == ["v", "l", "r"]
    assert len(places["v"]) == 4
    assert places["l"].count(min(places["l"])) == 1
    assert places["r"].count(max(places["r"])) == 1


def test_an_interval_is_drawn_where_it_lies() -> None:
    (way,) = re.findall(r'<path d="([^"]*)"', drawn_of(CSAT)[1])
    left, _, width = numbers(way)
    ends = [marker(replace(CSAT, value=value))[0] for value in (0.75, 0.84)]
    assert [left, left + width] == pytest.approx(ends, abs=0.15)
    for low, high in ((None, None), (0.1, 0.2)):
        assert "<path" not in bullets([replace(CSAT, low=low, high=high)])[0]


def test_without_a_value_there_is_no_mark() -> None:
    drawn = bullets([replace(CSAT, value=None, low=None, high=None), CSAT])
    assert drawn == ["", bullets([CSAT])[0]]
    assert shapes(bullet("7", drawn[0]), "value") == []
    assert '<use href="#7"/>' in bullet("7", drawn[0])


def test_a_curve_has_its_name_on_every_page_and_no_other_has_it() -> None:
    curves = [Curve((0.0, float(top)), (0, 100)) for top in range(1, 2000)]
    many = named(curves)
    assert len(set(many.values())) == len(curves)
    assert all(many[curve].startswith(named([curve])[curve]) for curve in curves)
    assert not set(many.values()) & {"v", "l", "r"}


def test_a_jump_has_its_tick_in_the_middle() -> None:
    assert ticks(Curve((0.8, 0.8), (0, 100))) == [90]


def runs(svg: str, name: str | None = None) -> list[list[tuple[float, float]]]:
    """The lines of a sparkline, each a list of places in pixels; without a name those of its values."""
    shared = {shape.get("id", ""): shape for shape in fromstring(ground({}))}
    found = []
    for used in [(shape, shared.get(shape.get("href", "#")[1:], shape)) for shape in fromstring(svg)]:
        if used[1].get("class") == (name and f"c-{name}"):
            down = float(used[0].get("y", "0"))
            found += [[(x, y + down) for x, y in run] for run in ways(used[1].get("d", ""))]
    return found


def ways(path: str) -> list[list[tuple[float, float]]]:
    """The places a path leads to; its pixels are half as high as wide."""
    found = []
    for way in [run for run in path.split("M") if run]:
        places = [tuple(numbers(re.split("[hl]", way)[0]))]
        for letter, steps in re.findall(r"([hl])([^hl]+)", way):
            moves = numbers(steps)
            for dx, dy in [(moves[0], 0.0)] if letter == "h" else zip(moves[::2], moves[1::2], strict=True):
                places.append((places[-1][0] + dx, places[-1][1] + dy))
        found.append([(x, y / 2) for x, y in places])
    return found


def test_a_spark_has_gaps_and_heights_by_value() -> None:
    (drawn,) = sparks([Spark((1.0, 3.0, None, 5.0, 2.0), None)])
    first, second = runs(drawn)
    assert [x for x, _ in first + second] == [4, 27, 73, 96]
    bottom, top = first[0][1], second[0][1]
    assert (first[1][1] - top) == pytest.approx((bottom - top) / 2, abs=0.1)
    assert runs(drawn, "dot")[0][0] == second[1]


def test_a_spark_without_a_newest_value_has_no_dot() -> None:
    ended, never, one = sparks([Spark((1.0, 2.0, None), None), Spark((None,), None), Spark((3.0,), None)])
    assert runs(ended, "dot") == []
    assert never == ""
    assert len(runs(one, "dot")) == 1


def test_a_value_between_two_gaps_is_seen() -> None:
    first, between, beside = sparks(
        [Spark((1.0, None, 2.0), None), Spark((None, 1.0, None), None), Spark((1.0, 2.0, None), None)]
    )
    assert [runs(drawn, "lone")[0][0][0] for drawn in (first, between)] == [4, 50]
    assert runs(beside, "lone") == []


def test_a_target_is_as_high_as_a_value_of_its_size() -> None:
    (drawn,) = sparks([Spark((1.0, 2.0, 3.0), (2.0, 2.0, 2.0))])
    assert runs(drawn, "goal") == [[(4, runs(drawn)[0][1][1]), (96, runs(drawn)[0][1][1])]]
    (moved,) = sparks([Spark((1.0, 2.0, 3.0), (1.0, None, 3.0))])
    assert [run[0][1] for run in runs(moved, "goal")] == [18, 4]
    (back,) = sparks([Spark((1.0, 2.0, 3.0), (2.0, 3.0, 2.0))])
    assert {y for _, y in runs(back, "goal")[0]} == {11, 4}
    (late,) = sparks([Spark((1.0, 2.0, 3.0), (None, 2.0, 2.0))])
    assert runs(late, "goal") == [[(50, 11), (96, 11)]]


def test_a_bar_a_bin_and_heights_by_how_many() -> None:
    bars = boxes(histogram(BINS, GRADES, None, WORDS), "bar")
    heights = [height for *_, height in bars]
    assert len(bars) == 4
    assert heights == pytest.approx([heights[2] / 2, 0, heights[2], heights[2] / 4], abs=0.1)
    assert len({round(width, 1) for _, _, width, _ in bars}) <= 2


def test_grades_and_the_own_score_stand_at_their_scores() -> None:
    drawn = histogram(BINS, GRADES, 95.0, WORDS)
    edges = [left - 0.5 for left, *_ in boxes(drawn, "bar")]
    step = edges[1] - edges[0]
    place = {score: edges[0] + (score - 60) / 10 * step for score in (75, 90, 95)}
    begins = [numbers(line.get("transform", ""))[0] for line in shapes(drawn, "from")]
    assert begins == pytest.approx([place[75], place[90]], abs=0.2)
    (own,) = shapes(drawn, "own")
    assert numbers(own.get("transform", ""))[0] == pytest.approx(place[95], abs=0.2)
    assert [text.text for text in shapes(drawn, "strong")] == ["you: 92.4", "Improve", "Pass", "Good"]
    assert shapes(histogram(BINS, GRADES, None, WORDS), "own") == []


def test_names_of_grades_do_not_meet() -> None:
    near = [("Excellent", 91.0), ("Very good", 90.0), ("Good", 89.0), ("Pass", 60.0)]
    for names in (near, [(f"{name}等级", at) for name, at in near]):
        places = [numbers(text.get("transform", "")) for text in shapes(histogram(BINS, names, None, WORDS), "strong")]
        widths = [len(name.encode("gbk")) * 6 for name, _ in names[::-1]]
        boxed = list(zip(places, widths, strict=True))
        assert all(
            one[1] != other[1] or one[0] + width <= other[0] for (one, width), (other, _) in combinations(boxed, 2)
        )
        assert max(x + width for (x, _), width in boxed) <= 440


def test_no_line_leads_over_a_cycle_without_a_value() -> None:
    drawn = course(CYCLES, WORDS)
    runs = [run for shape in shapes(drawn, "line") for run in shape.get("d", "").split("M") if run]
    assert runs
    assert all("L" not in run for run in runs)
    assert len(shapes(drawn, "value")) == 2


def test_a_grade_takes_its_share_of_the_bar() -> None:
    drawn = grades([("Sep", {"A": 30, "B": 10}), ("Oct", {}), ("Nov", {"B": 7})], ["A", "B"], WORDS)
    best, worst = ([box for box in boxes(drawn, name) if box[2] > 10] for name in ("g0", f"g{len(SCALE) - 1}"))
    assert best[0][3] == pytest.approx(3 * worst[0][3], abs=0.2)
    assert best[0][1] < worst[0][1]
    assert (len(best), len(worst)) == (1, 2)
    assert [text.text for name in ("on0", "on5") for text in shapes(drawn, name)] == ["30", "10", "7"]


def test_a_grade_nobody_placed_is_refused() -> None:
    with pytest.raises(ValueError, match="Gold"):
        grades([("Oct", {"Gold": 1})], ["A"], WORDS)


def test_what_is_empty_has_no_picture() -> None:
    assert bullets([]) == sparks([]) == []
    assert sparks([Spark((None, None), (1.0, 1.0))]) == [""]
    assert histogram([], [], None, WORDS) == course([CYCLES[1]], WORDS) == grades([("Oct", {})], ["A"], WORDS) == ""


HOSTILE = [
    *NAUGHTY.values(),
    "</title><script>alert(1)</script>",
    '" onload="alert(1)',
    "&amp;",
    "\ud800\uffff",
    "一线座席",
]


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_acts_and_every_one_is_read_aloud(label: str) -> None:
    for drawn in all_of(label):
        root = fromstring(drawn)
        assert {shape.tag for shape in root.iter()} <= {"svg", "title", "path", "line", "text"}
        borne = {name for shape in root.iter() for name in shape.keys()}  # noqa: SIM118
        assert borne <= {
            *("class", "role", "viewBox", "width", "height", "d", "transform", "x2", "y2"),
            *("text-anchor", "font-size"),
        }
        assert root.get("role") == "img"
        assert root[0].tag == "title"
        assert root[0].text
        assert drawn.isprintable()


def test_chinese_is_drawn_as_it_is() -> None:
    for drawn in all_of("一线座席"):
        assert "一线座席" in drawn


def test_every_class_has_its_rule() -> None:
    small = [ground(named([RISING, FALLING])), *sparks([Spark((1.0, None, 2.0), (1.5, 1.5, 1.5))])]
    used = {name for drawn in [*all_of("a"), *small] for name in re.findall(r'class="([^"]+)"', drawn)}
    assert used - {name[1:] for name in re.findall(r"^\.c-\w+", STYLE, re.MULTILINE)} == set()
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_small_charts_are_small_and_not_read_aloud() -> None:
    values = (0.8012, 0.8345, 0.7923, None, 0.8567, 0.8411, 0.8233, 0.8642, 0.8718, 0.8599, 0.8804, 0.8921, 0.9012)
    small = [bullet("abcd", bullets([CSAT])[0]), *sparks([Spark(values, (0.85,) * 13)])]
    assert [len(drawn) <= most for drawn, most in zip(small, (105, 160), strict=True)] == [True, True]
    assert [fromstring(drawn).get("role") for drawn in small] == ["none", "none"]
    assert fromstring(ground(named([RISING]))).get("aria-hidden") == "true"


def test_many_at_once_are_each_as_alone() -> None:
    many = [CSAT, AHT, replace(CSAT, value=None), replace(AHT, low=290, high=320), replace(CSAT, value=3)] * 3
    assert bullets(many) == [drawn for item in many for drawn in bullets([item])]
    lines = [Spark((1.0, None, 2.0), None), Spark((None, None), None), Spark((2.0, 1.0, 3.0), (None, 2.0, 2.0))] * 3
    assert sparks(lines) == [drawn for item in lines for drawn in sparks([item])]


PROGRAM = """
from hashlib import sha256
from tests.render.test_charts import all_of
print(sha256("".join(all_of("座席")).encode()).hexdigest())
"""


def test_two_processes_draw_the_same() -> None:
    runs = [
        subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1] != ""


def contrast(one: str, other: str) -> float:
    """Of two colors, as WCAG 2 defines it."""
    light = sorted((_luminance(one), _luminance(other)))
    return (light[1] + 0.05) / (light[0] + 0.05)


def _luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(c * 2 for c in color[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_text_and_marks_stand_out() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert min(contrast(COLORS[name], "#fff") for name in ("text", "ink")) >= 4.5
    grounds = ("#fff", *(COLORS[name] for name in ("none", "part", "full", "band")))
    assert min(contrast(COLORS[mark], ground) for mark in ("value", "ink") for ground in grounds) >= 3
    assert contrast(COLORS["edge"], "#fff") >= 3
    assert min(contrast(fill, text) for fill, text in SCALE) >= 4.5
