"""Reports for a team or a person: nobody else in any format, and of all together nothing that tells of too few."""

from __future__ import annotations

import io
import json
import random
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from ccmetrics import run
from ccmetrics.catalogue.models import Project
from ccmetrics.cli import app
from ccmetrics.notice import Key, Label, Notice
from ccmetrics.render import anonymous
from ccmetrics.render.audience import by_subject, by_team, for_agent, for_team
from ccmetrics.render.formats import FORMATS
from ccmetrics.render.look import Look
from ccmetrics.render.public import public
from ccmetrics.render.summary import summary
from ccmetrics.scorecard import Restatement, Result, Scorecard
from ccmetrics.stages.act import PROVED
from ccmetrics.stages.judge import course
from ccmetrics.stages.judge.progression import LIST
from tests.render.made_up import INPUTS, OCTOBER, REJECTS, result, scorecard

RUNNER = CliRunner()
TAGGED = {f"A{at}": f"ZZTAG0{at}" for at in range(1, 8)}
ACTIONS_OF_NOBODY = pl.DataFrame(schema=PROVED)
PATH = "hr/ZZTAG-pay.csv"
EVERY = ("table", "html", "xlsx", "md", "csv", "json", "parquet")


def center(least: int = 5) -> Result:
    """Seven agents, six with a full score or part of one: with everything that may speak of somebody else."""
    card = scorecard(TAGGED)
    said = Notice("Not scored, so their share of volume stays: {subjects}.", subjects=["A6", "ZZTAG06"])
    lists = pl.DataFrame(
        [
            (
                who,
                "grade lost by distribution",
                [{"what": "placed", "grade": "ZZTAG:", "placed": "B", "next": 91.07}],
                1,
            )
            for who in ("A1", "A5")
        ],
        schema=LIST,
        orient="row",
    )
    card = replace(
        card,
        scores=card.scores.with_columns(pay_amount=pl.lit(7777.25)),
        adjustments=card.adjustments.with_columns(pool_asked=pl.lit(8888.5)),
        notices=(said, "ZZTAG06 stands in no part.", Notice("Pay sums to {sum}.", sum="9,999.75")),
        lists=lists,
        watch=card.watch,
    )
    found = result(card)
    cells = pl.DataFrame(
        [("agent", who, "total", "score", "", "pay_amount", "1", "6543.21") for who in TAGGED],
        schema=["card", "subject", "row", "item", "variant", "column", "sealed", "now"],
        orient="row",
    )
    project = found.catalogue.project.model_copy(update={"min_group": least})
    return replace(
        found,
        catalogue=found.catalogue.model_copy(update={"project": project}),
        accounts=tuple(replace(each, export=f"{PATH}{at}") for at, each in enumerate(found.accounts)),
        inputs=(*INPUTS, replace(INPUTS[0], name=PATH)),
        notices=(Notice("{export}: {n:blank line} skipped", export=PATH, n=2),),
        rejects=REJECTS.with_columns(export=pl.lit(PATH), original=pl.lit("ZZTAG06,secret")),
        restatement=Restatement("ab" * 32, cells, (Notice("It is not the export {name}.", name=PATH),)),
    )


def words(found: Result, form: str, lang: str) -> str:
    """Everything a file holds, unpacked."""
    content = FORMATS[form].score(found, Look(140, lang))
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "".join(book.read(name).decode(errors="replace") for name in book.namelist())
    if form == "parquet":
        return pl.read_parquet(io.BytesIO(content)).write_csv()
    return content.decode()


def tags(whose: set[str]) -> set[str]:
    """What a reader may not find: ids as a whole, names, paths."""
    return {TAGGED[who] for who in TAGGED if who not in whose} | {PATH, "ZZTAG:", "secret", "8888.5", "9,999.75"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("form", EVERY)
@pytest.mark.parametrize("who", ["A1", "A4", "A6"])
def test_a_person_finds_nobody_else(form: str, lang: str, who: str) -> None:
    said = words(for_agent(center(), who), form, lang)
    assert sorted(tag for tag in tags({who}) if tag in said) == []
    # Of A6 nothing is known: pages leave such a card out, and say so.
    assert TAGGED[who] in said or form == "table" or who == "A6"
    # In a workbook, "A2" is also the name of a cell.
    signs = ">{}<" if form == "xlsx" else '"{}"'
    assert [other for other in TAGGED if other != who and signs.format(other) in said] == []


@pytest.mark.parametrize("form", EVERY)
def test_a_team_finds_its_own_and_no_pay(form: str) -> None:
    said = words(for_team(center(), "Amber"), form, "en")
    assert sorted(tag for tag in tags({"A1", "A2", "A3", "A4"}) if tag in said) == []
    assert "Beacon" not in said
    assert "7777.25" not in said
    assert "6543.21" not in said
    assert TAGGED["A1"] in said


def test_the_center_finds_everything() -> None:
    """What the tests above look for is there to be found."""
    said = words(center(), "json", "en") + words(center(), "table", "en")
    assert [tag for tag in (*TAGGED.values(), PATH, "ZZTAG:", "8888.5", "9,999.75", "7777.25") if tag not in said] == []


def test_ones_own_pay_rank_and_score_stay() -> None:
    (card,), (every,) = for_agent(center(3), "A1").scorecards, center(3).scorecards
    assert card.scores.rows() == every.scores.filter(subject="A1").rows()
    assert card.scores["pay_amount"].item() == 7777.25


@pytest.mark.parametrize("is_unwatched", [True, False])
def test_a_team_is_told_too_that_nothing_could_be_watched(is_unwatched: bool) -> None:
    """Else no alarms would be taken for nothing to be alarmed by."""
    found = center(3)
    found = replace(found, scorecards=tuple(replace(card, unwatched=is_unwatched) for card in found.scorecards))
    for narrow in (for_team(found, "Amber"), for_agent(found, "A1")):
        assert [card.unwatched for card in narrow.scorecards] == [is_unwatched]


def test_every_field_was_decided_on() -> None:
    """A new frame stays with the center until somebody writes here who may see it."""
    told = {"card", "period", "since", "suppressed", "audience", "notices", "missing", "unwatched"}
    own = {"scores", "lines", "adjustments", "watch", "goals", "policies", "needed", "alarms", "changes", "trends",
           "progress", "shares", "lists", "actions", "history"}  # fmt: skip
    of_all, hidden = {"course", "bins", "grades", "pooled"}, {"effective"}
    assert {field.name for field in fields(Scorecard)} == told | own | of_all | hidden
    assert {field.name for field in fields(Result)} == {
        "period", "scorecards", "accounts", "notices", "provenance", "catalogue", "restatement", "audience", "inputs",
        "rejects", "until",
    }  # fmt: skip
    assert for_agent(center(), "A1").scorecards[0].effective.is_empty()


# ---------------------------------------------------------------- enough people, by hand


@pytest.mark.parametrize(
    ("people", "shown", "fine"),
    [
        (4, 1, False),
        (5, 1, True),  # four others and one reader
        (5, 0, True),
        (8, 5, False),  # three others: with a reader four
        (9, 5, True),
        (20, 19, False),  # the mean and the nineteen tell the twentieth
        (6, 6, True),  # nobody is hidden
        (3, 3, False),
    ],
)
def test_enough(people: int, shown: int, fine: bool) -> None:
    assert pl.select(anonymous.is_enough(pl.lit(people), pl.lit(shown), 5)).item() is fine


@pytest.mark.parametrize(
    ("counts", "wide"),
    [
        ([2, 4, 8, 3], [(0, 20, 6), (20, 40, 11)]),
        ([5, 0, 0, 5], [(0, 10, 5), (10, 20, 0), (20, 30, 0), (30, 40, 5)]),
        ([1, 0, 4, 9], [(0, 30, 5), (30, 40, 9)]),
        ([6, 0, 1], [(0, 30, 7)]),
        ([7, 6, 0, 1, 1], [(0, 10, 7), (10, 50, 8)]),
        ([1, 1], [(0, 20, 2)]),
        ([], []),
    ],
)
def test_steps_hold_nobody_or_enough(counts: list[int], wide: list[tuple[int, int, int]]) -> None:
    steps = [(10.0 * at, 10.0 * (at + 1), n, 0) for at, n in enumerate(counts)]
    assert [step[:3] for step in anonymous.merged(steps, 5)] == wide


def test_steps_hold_enough_beside_those_who_are_shown() -> None:
    """Of six in a step five are shown: where one hidden person's score lies would be told."""
    steps = [(0.0, 10.0, 9, 0), (10.0, 20.0, 6, 5), (20.0, 30.0, 8, 0)]
    assert list(anonymous.merged(steps, 5)) == [(0.0, 10.0, 9, 0), (10.0, 30.0, 14, 5)]


@pytest.mark.parametrize(("scores", "told"), [([61.0] * 6, 0), ([61.0] * 6 + [75.0] * 6, 2)])
def test_of_people_in_one_step_nothing_is_told(scores: list[float], told: int) -> None:
    found = course.bins(pl.Series("score", scores))
    assert anonymous.bins(found, scores[:1], 5).height == told


@pytest.mark.parametrize(
    ("counts", "own", "told"),
    [
        ([0, 8, 18, 20, 6], 0, [0, 8, 18, 20, 6]),
        ([1, 8, 18, 20, 6], 0, [None, 8, 18, 20, None]),  # the one could be reckoned from the sum
        ([2, 4, 9, 7], 0, [None, None, 9, 7]),  # 6 in two parts
        ([1, 1, 9, 7], 0, [None, None, 9, None]),  # 2 in two parts would be one each
        ([0, 3, 9], 0, [None, None, None]),  # the zero would say that of all others each is one of two
        ([0, 6, 0], 0, [None, None, None]),  # everybody's grade
        ([6, 9, 0], 6, [None, None, None]),  # of all who are hidden
        ([7, 9, 6, 8], 6, [None, 9, None, 8]),  # one hidden in seven
        ([0, 0, 0], 0, [None, None, None]),
    ],
)
def test_grades_of_too_few_and_what_would_tell_them(counts: list[int], own: int, told: list[int | None]) -> None:
    """`own` of the first grade are shown by name."""
    shown = [own, *[0] * (len(counts) - 1)]
    assert anonymous.counted(counts, shown, 5) == told


def test_quartiles_are_of_enough_and_no_bodys_score() -> None:
    """Whatever scores, cycles of 3 to 60 people: no mean, and all that is told of them is whole."""
    draw = random.Random(6)
    for n in range(3, 61):
        scores = pl.DataFrame({"score": [round(draw.uniform(40, 110), 2) + 0.01 for _ in range(n)]})
        found = course._summed(OCTOBER, scores)
        for shown in (1, n // 2, n - 1, n):
            known = pl.DataFrame({"period": ["2026-10"], "shown": [shown]})
            mean, *told = anonymous.course(found, known, 5, 2).select("mean", "q1", "median", "q3").row(0)
            is_told = n >= 20 and (shown == n or n - shown >= 19)
            assert mean is None
            assert [value is not None for value in told] == [is_told] * 3, (n, shown)
            assert all(float(value).is_integer() for value in told if is_told)
    # Where scores are whole themselves, a whole quartile would be one.
    whole = course._summed(OCTOBER, pl.DataFrame({"score": [72.0] * 20}))
    nobody = pl.DataFrame(schema={"period": pl.String, "shown": pl.Int64})
    assert anonymous.course(whole, nobody, 5, 0).select("q1", "median", "q3").row(0) == (70, 70, 70)


@pytest.mark.parametrize(
    ("ranked", "own", "told"),
    [(6, [2], True), (5, [2], False), (9, [1, 3, 5, 9], True), (8, [1, 3, 5, 8], False), (3, [1, 2, 3], True)],
)
def test_ranks_do_not_bracket_few(ranked: int, own: list[int], told: bool) -> None:
    every = pl.DataFrame({"rank": [*range(1, ranked + 1), None], "tier": ["top"] * (ranked + 1), "of": 1})
    mine = anonymous.ranks(every.filter(pl.col("rank").is_in(own)), every, "of", 5)
    assert mine["rank"].to_list() == (own if told else [None] * len(own))
    assert mine["tier"].to_list() == ["top" if told else None] * len(own)


def test_too_few_are_suppressed_in_words_and_never_as_zero() -> None:
    """Five of the seven have a full score, six have values: where it takes seven, nothing is told."""
    (enough,) = for_agent(center(3), "A1").scorecards
    assert enough.course["n"].to_list() == [5, 5]
    assert enough.scores["rank"].to_list() == [1]
    found = for_agent(center(7), "A1")
    (card,) = found.scorecards
    assert card.suppressed == ("course", "bins", "grades", "pooled", "scores", "history")
    assert card.course.select("mean", "q1", "median", "q3").null_count().row(0) == (2, 2, 2, 2)
    assert (card.bins.height, card.grades["n"].null_count()) == (0, card.grades.height)
    assert card.pooled["value"].null_count() == card.pooled.height
    assert card.scores.select("rank", "rank_of", "rank_low", "rank_high", "tier").null_count().row(0) == (1,) * 5
    assert card.history["rank"].null_count() == card.history.height
    for form in ("table", "html", "xlsx", "md"):
        assert "it would tell of fewer than 7 people" in words(found, form, "en"), form
        assert "会透露不足 7 人的情况" in words(found, form, "zh"), form
    told = json.loads(words(found, "json", "en"))
    assert (told["audience"], told["min_group"]) == ("agent", 7)
    assert told["cards"][0]["suppressed"] == list(card.suppressed)


def test_a_line_is_of_its_readers() -> None:
    """The score is 114 by the sums beside the made-up values."""
    line = summary(for_agent(center(3), "A1"), "en").decode()
    assert "score 114.00, grade S" in line
    assert "得分 114.00，S 级" in summary(for_agent(center(3), "A1"), "zh").decode()
    team = summary(for_team(center(3), "Amber"), "en").decode()
    for said in (line, team):
        assert "median" not in said
        assert "C 1" not in said
    assert "4 scored" in team


@pytest.mark.parametrize("form", EVERY)
def test_of_a_pool_only_what_one_got_of_it(form: str) -> None:
    """Of 8, 6 by the cap, 4.25 were paid from a pool of 5.625: the other got 1.375."""
    found = center()
    (card,) = found.scorecards
    adjust = card.card.adjust
    pool = tuple(each.model_copy(update={"pool": 5.625, "pool_by": "team"}) for each in adjust.bonus)
    items = card.adjustments.with_columns(
        pl.when(kind="bonus").then(value).otherwise(pl.col(name)).alias(name)
        for name, value in (("pool", 5.625), ("requested", 8.125), ("capped", 6.125), ("amount", 4.25))
    )
    adjust = adjust.model_copy(update={"bonus": pool})
    card = replace(card, card=card.card.model_copy(update={"adjust": adjust}), adjustments=items)
    whole = replace(found, scorecards=(card,))
    assert form != "json" or "5.625" in words(whole, form, "en")
    said = words(for_agent(whole, "A1"), form, "en")
    # Markdown has no adjustments that worked as they should.
    assert "4.25" in said or form == "md"
    assert [tag for tag in ("5.625", "8.12", "6.12", "asked of a pool") if tag in said] == []


def test_no_page_sends_anybody_to_an_option() -> None:
    center_ = center()
    (card,) = center_.scorecards
    rows = pl.DataFrame({"subject": ["A1"], "do": ["a course"], "to": ["L1"], "status": ["fired"]})
    whole = replace(center_, scorecards=(replace(card, actions=pl.concat([ACTIONS_OF_NOBODY, rows], how="diagonal")),))
    for found in (whole, for_agent(whole, "A1")):
        for form in ("table", "html", "xlsx", "md"):
            said = words(found, form, "en")
            assert "--actions" not in said
            assert "To be done" in said or form == "md"


def test_numbers_of_all_are_not_in_a_row_with_the_own() -> None:
    page = words(for_agent(center(), "A1"), "html", "en")
    assert '<th scope="col">Median' not in page
    assert '<th scope="col">Median' in words(center(), "html", "en")


def test_a_value_of_all_rests_on_enough_people_who_have_one() -> None:
    """Where A1 and A2 alone have a handle time, what all have less A1's is A2's. Six have an occupancy."""
    found = center()
    (card,) = found.scorecards
    few = pl.col("subject").is_in(["A1", "A2"]) | (pl.col("kpi") != "aht")
    card = replace(card, lines=card.lines.with_columns(value=pl.when(few).then("value")))
    (mine,) = for_agent(replace(found, scorecards=(card,)), "A1").scorecards
    now = mine.pooled.filter(period="2026-10")
    assert dict(now.select("kpi", "value").rows())["aht"] is None
    assert dict(now.select("kpi", "value").rows())["occupancy"] == 0.775


def test_of_a_team_and_one_other_nothing_of_all_is_told() -> None:
    """Of five full scores Amber has four: who sees these and what is told of five knows A7's. Beacon has that one."""
    (amber,) = for_team(center(3), "Amber").scorecards
    assert {"course", "bins", "grades"} <= set(amber.suppressed)
    assert {"scores", "history"} <= set(amber.suppressed)
    (beacon,) = for_team(center(3), "Beacon").scorecards
    assert "scores" not in beacon.suppressed


def test_two_is_no_group() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 3"):
        Project.model_validate({"min_group": 2})


# ---------------------------------------------------------------- notices


def test_notices_with_words_of_exports_are_counted() -> None:
    said = (
        Notice(
            "Line {number} of {card}, {when}, by {by}.", number=4, card="agent", when=Label("2026-10"), by=Key("day")
        ),
        Notice("{export}: {said}", export="a.csv", said=Notice("{n:row} left", n=1)),
        Notice("{subjects} and others.", subjects=["agent"]),
        "agent",
    )
    kept = public(said, frozenset({"agent"}))
    assert kept == (said[0], "3 notices are for the center alone and not shown here.")
    assert public(said[:1], frozenset({"agent"}), counts=False) == (
        "1 notice is for the center alone and not shown here.",
    )


# ---------------------------------------------------------------- the command line


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run, "score", lambda paths, **more: center())
    monkeypatch.chdir(tmp_path)


def call(*more: str) -> tuple[int, str, str]:
    done = RUNNER.invoke(app, ["score", "calls.csv", "--period", "2026-10", *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.usefixtures("given")
@pytest.mark.parametrize(
    "more",
    [
        ["--audience", "team"],
        ["--audience", "agent"],
        ["--audience", "team", "--subject", "A1"],
        ["--audience", "agent", "--team", "Amber"],
        ["--audience", "agent", "--team", "Amber", "--subject", "A1"],
        ["--audience", "agent", "--subject", "A1", "--seal", "s"],
        ["--audience", "agent", "--subject", "A1", "--actions", "a.csv"],
        ["--audience", "agent", "--subject", "Amber"],
        ["--audience", "agent", "--out-dir", "d", "--out", "all.html"],
        ["--audience", "agent", "--out-dir", "d", "--format", "csv"],
        ["--audience", "team", "--out-dir", "d", "--summary"],
        ["--team", "Amber", "--subject", "A1"],
        ["--team", "Nowhere"],
    ],
)
def test_what_does_not_go_together_is_refused(more: list[str]) -> None:
    assert call(*more)[:2] == (2, "")


@pytest.mark.usefixtures("given")
@pytest.mark.parametrize(
    ("audience", "folder", "names"),
    [("team", "teams", ["Amber", "Beacon"]), ("agent", "people", sorted(TAGGED))],
)
def test_a_folder_has_a_file_each_and_beside_them_no_scores(audience: str, folder: str, names: list[str]) -> None:
    assert call("--audience", audience, "--out-dir", "d", "--formats", "html,csv,json")[0] == 0
    files = {path.relative_to("d").as_posix(): path.read_text() for path in Path("d").rglob("*") if path.is_file()}
    reports = {f"{folder}/{name}.{ending}" for name in names for ending in ("html", "csv", "json")}
    assert set(files) == reports | {"index.html", "manifest.json", "run.log"}
    for name in ("index.html", "manifest.json", "run.log"):
        assert "For the center alone" in files[name]
        assert "median" not in files[name].partition("<body>")[2]
        assert "ZZTAG0" not in files[name]
    assert json.loads(files["manifest.json"])["audience"] == audience
    before = {path: path.stat().st_mtime_ns for path in Path("d").rglob("*")}
    assert call("--audience", audience, "--out-dir", "d", "--formats", "html,csv,json")[2].startswith("unchanged")
    assert {path: path.stat().st_mtime_ns for path in Path("d").rglob("*")} == before


@pytest.mark.usefixtures("given")
def test_what_is_said_beside_a_file_is_for_its_readers() -> None:
    code, out, err = call("--audience", "agent", "--subject", "A1", "--format", "csv")
    assert (code, "ZZTAG01" in out, "ZZTAG02" in out) == (0, True, False)
    assert PATH not in out
    assert f"{PATH}:" not in err


def test_everybody_has_a_report_and_every_team() -> None:
    assert list(by_subject(center())) == sorted(TAGGED)
    assert list(by_team(center())) == ["Amber", "Beacon"]
