"""Whole-card tests: they hold where they should, fail at their own word, and leave nothing behind.

The worked examples in `rehearsals/` are numbers made by hand; every single one of them is also shown to be looked at.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccmetrics.catalogue import load
from ccmetrics.catalogue.card_test_rows import is_somewhere, written_out
from ccmetrics.catalogue.scope import Scope
from ccmetrics.examine import examine
from ccmetrics.problem import Problem
from ccmetrics.run import rehearsal
from ccmetrics.run.supply import provenance

HERE = Path(__file__).parent / "rehearsals"


def scope_of(folder: Path) -> Scope:
    loaded = load(folder)
    assert loaded.problems == ()
    return Scope(loaded.catalogue, loaded.places)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where tests write, which is empty before and after."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def errors(folder: Path) -> list[Problem]:
    return [finding.problem for finding in examine(folder, select=["error"]).standing]


def changed(folder: Path, **test: Any) -> Path:
    """The cards of the worked examples with another test."""
    for path in HERE.glob("*.yaml"):
        if path.name != "tests.yaml":
            (folder / path.name).write_bytes(path.read_bytes())
    whole = {"tests": {"t": {"period": "2026-10", **test}}}
    (folder / "tests.yaml").write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    return folder


def texts(folder: Path, **test: Any) -> list[str]:
    """What is said of one test, without its name."""
    return [problem.text.removeprefix("Test 't': ") for problem in errors(changed(folder, **test))]


def work(mark: float = 80, agent: str = "A1", **more: Any) -> dict[str, Any]:
    return {"mark_id": f"m{agent}", "agent_id": agent, "on": "2026-10-05", "kind": "work", "mark": mark, **more}


# ---------------------------------------------------------------- worked examples


def test_worked_examples_hold(temporary: Path) -> None:
    assert errors(HERE) == []
    found = examine(HERE)
    assert found.tests == len(yaml.safe_load((HERE / "tests.yaml").read_text(encoding="utf-8"))["tests"]) > 14


def test_every_expectation_is_looked_at(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    """If nothing were ever equal, each figure in the YAML would be a problem at its own place."""
    monkeypatch.setattr(rehearsal, "is_as_expected", lambda *given: False)
    scope = scope_of(HERE)
    wanted = 0
    for test in scope.catalogue.tests.values():
        for one in test.expect.values():
            wanted += len(one.marks) + len(one.points) + len(one.values) + len(one.adjustments)
    found = list(rehearsal.rehearse(scope))
    assert {problem.name for problem in found} == {"failed-test"}
    assert len({problem.place for problem in found}) == len(found) == wanted > 70


def test_the_same_tests_say_the_same() -> None:
    scope = scope_of(HERE.parent / "catalogue" / "whole")
    assert list(rehearsal.rehearse(scope)) == list(rehearsal.rehearse(scope)) == []


# ---------------------------------------------------------------- what fails


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ({"score": 81}, "A1 has the score 80, and 81 is expected."),
        ({"score": None}, "A1 has the score 80, and none is expected."),
        ({"base": 80.5}, "A1 has the base 80, and 80.5 is expected."),
        ({"grade": "A"}, "A1 has the grade B (score 80), and A is expected."),
        ({"grade": None}, "A1 has the grade B (score 80), and none is expected."),
        ({"pay": 1.1}, "A1 has the pay 1 (score 80), and 1.1 is expected."),
        ({"pay_amount": 2000}, "A1 has no pay amount (scored), and 2000 is expected."),
        ({"rank": 2}, "A1 has the rank 1 (score 80), and 2 is expected."),
        ({"status": "withheld"}, "A1 has the status scored, and withheld is expected."),
        ({"points": {"mark": 79}}, "A1 gets 80 points for mark (80, n 1), and 79 is expected."),
        ({"points": {"mark": None}}, "A1 gets 80 points for mark (80, n 1), and none is expected."),
        ({"values": {"mark": 80.5}}, "A1 has 80 for mark (n 1), and 80.5 is expected."),
        ({"adjustments": {"ideas adopted": 1}}, "A1 has 0 for the bonus 'ideas adopted', and 1 is expected."),
        ({"adjustments": {"rudeness": True}}, "A1 has false for the red line 'rudeness', and true is expected."),
        ({"adjustments": {"ideas adopted": False}}, "A1 has 0 for the bonus 'ideas adopted', and false is expected."),
        ({"adjustments": {"rudeness": 0}}, "A1 has false for the red line 'rudeness', and 0 is expected."),
        (
            {"adjustments": {"risk awareness": 1.05}},
            "A1 has 1 for the coefficient 'risk awareness', and 1.05 is expected.",
        ),
        ({"adjustments": {"rudeness": None}}, "A1 has false for the red line 'rudeness', and none is expected."),
    ],
)
def test_each_kind_of_expectation_fails_in_its_own_words(expected: dict[str, Any], said: str, tmp_path: Path) -> None:
    rows = {"marks": [work()], "events": []}
    assert texts(tmp_path, card="order", rows=rows, expect={"A1": expected}) == [said]


@pytest.mark.parametrize(
    ("wanted", "mend"),
    [
        ("77.8", "A rounded number has four digits or more: 77.78."),
        ("78.0", ""),  # 77.8, not 78.0
        ("78", ""),  # who writes 78 means 78
        ("77.7", ""),
    ],
)
def test_only_a_number_that_was_rounded_is_written_longer(wanted: str, mend: str, tmp_path: Path) -> None:
    rows = {"marks": [work(77.777)], "events": []}
    folder = changed(tmp_path, card="order", rows=rows, expect={"A1": {"values": {"mark": "WANTED"}}})
    path = folder / "tests.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("WANTED", wanted), encoding="utf-8")
    (problem,) = errors(folder)
    assert problem.mend == mend


def test_why_there_is_no_score_is_said(tmp_path: Path) -> None:
    calls = {"times": 3, "interaction_id": "c{n}", "agent_id": "A1", "outcome": "answered", "handle_s": 330}
    rows = {"interactions": [{**calls, "started_at": "2026-10-05 09:00"}], "surveys": []}
    expect = {"A1": {"score": 70, "points": {"csat": 100, "aht": 100}, "values": {"csat": 0.9}}}
    assert texts(tmp_path, card="voice", rows=rows, expect=expect) == [
        "A1 has no score (withheld: missing: csat), and 70 is expected.",
        "A1 gets no points for csat (no value, n 0, withheld: denominator-zero), and 100 is expected.",
        "A1 has no value for csat (n 0, withheld: denominator-zero), and 0.9 is expected.",
    ]


def test_whoever_is_not_scored_is_missed(tmp_path: Path) -> None:
    gone = {"agent_id": "A2", "valid_from": "2026-01-01", "valid_to": "2026-08-31"}
    rows = {"roster": [{"agent_id": "A1", "valid_from": "2026-01-01"}, gone], "marks": [work()]}
    assert texts(tmp_path, card="plain", rows=rows, expect={"A2": {"score": 80}}) == [
        "'A2' is no subject of card 'plain' in 2026-10. Subjects are: A1."
    ]


@pytest.mark.parametrize(
    ("came", "wanted", "holds"),
    [
        (95.955, 95.96, True),  # four digits: as far as they are written
        (95.955, 95.95, True),
        (95.955, 95.94, False),
        (95.955, 96, False),  # fewer are meant
        (95.955, 95.9, False),
        (95.955, 95.955, True),
        (96, 96, True),
        (96, 96.00001, False),
        (0.5, 0.5, True),
        (99.96, 100.0, False),  # on the other side of a bound
        (99.96, 99.96, True),
        (100, 100.0, True),
    ],
)
def test_numbers_are_equal_as_far_as_they_are_written(came: float, wanted: float, holds: bool, tmp_path: Path) -> None:
    found = texts(tmp_path, card="plain", rows={"marks": [work(came)]}, expect={"A1": {"points": {"mark": wanted}}})
    assert (found == []) is holds


# ---------------------------------------------------------------- rows


def test_rows_are_written_out() -> None:
    rows = [
        {"times": 5, "id": "c{n}", "day": "2026-10-{n:02}", "s": (1, 2.5), "flag": (True, None), "who": "A"},
        {"id": 7, "s": 1e-7, "big": 1e16},
    ]
    assert [(at, *row.values()) for at, row in written_out(rows)] == [  # type: ignore[arg-type]
        (0, "c1", "2026-10-01", "1", "true", "A"),
        (0, "c2", "2026-10-02", "2.5", "", "A"),
        (0, "c3", "2026-10-03", "1", "true", "A"),
        (0, "c4", "2026-10-04", "2.5", "", "A"),
        (0, "c5", "2026-10-05", "1", "true", "A"),
        (1, "7", "0.0000001", "10000000000000000"),
    ]


@pytest.mark.parametrize("word", ["c1", "c12", "2026-10-07", "2.5", "true", "A", "7"])
def test_a_word_is_found_in_rows_without_writing_them_out(word: str) -> None:
    rows = [{"times": 12, "id": "c{n}", "day": "2026-10-{n:02}", "s": (1, 2.5), "flag": True, "who": "A"}, {"id": 7}]
    assert is_somewhere(word, rows)
    assert not is_somewhere(f"{word}3", rows)


def test_tests_are_not_run_where_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal, "rehearse", lambda scope: pytest.fail("run"))
    assert examine(HERE, select=["formulas"]).tests == 0
    assert examine(HERE, ignore=["tests"]).tests == 0


def test_a_counter_by_another_letter_is_named(tmp_path: Path) -> None:
    rows = {"marks": [work(times=40, mark_id="C{m}")]}
    (one,) = errors(changed(tmp_path, card="plain", rows=rows, expect={"A1": {"score": 80}}))
    assert one.mend == "`{m}` is no counter, `{n}` is: the number of the row."


def test_where_nobody_is_scored_the_card_says_whom(tmp_path: Path) -> None:
    for path in (HERE.parent / "catalogue" / "whole").glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    rows = {"roster": [{"agent_id": "A1", "role": "clerk", "valid_from": "2026-01-01"}]}
    test = {"card": "agent", "period": "2026-10", "rows": rows, "expect": {"A1": {"score": 80}}}
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump({"tests": {"t": test}}), encoding="utf-8")
    (one,) = errors(tmp_path)
    assert one.text.endswith("There is no subject at all.")
    assert one.mend == "Look at the card's `who` and `subject`: no row of the test's roster fits them."


def test_rows_that_only_repeat_others_are_no_more_of_them(tmp_path: Path, temporary: Path) -> None:
    found = errors(changed(tmp_path, card="plain", rows={"marks": [work(times=40)]}, expect={"A1": {"score": 80}}))
    (one,) = found
    assert (one.name, one.text) == (
        "unfit-test",
        "Test 't': 39 rows of 'marks' only repeat others, and do not count.",
    )
    assert one.mend == "Give each a key of its own: `{n}` in a text is the number of the row."


def test_what_is_wrong_with_rows_is_said_at_their_cell(tmp_path: Path, temporary: Path) -> None:
    rows = {"marks": [work(), work(agent="A2", mark="many"), work(agent="A3", on="5 o'clock", times=3)]}  # type: ignore[arg-type]
    found = errors(changed(tmp_path, card="plain", rows=rows, expect={"A1": {"score": 80}}))
    lines = (tmp_path / "tests.yaml").read_text(encoding="utf-8").split("\n")
    assert [problem.name for problem in found] == ["refused-test"] * 2
    assert [lines[problem.place.line - 1].strip() for problem in found] == ["mark: many", "'on': 5 o'clock"]
    assert not any(str(temporary) in problem.text or ".csv" in problem.text for problem in found)


def test_forty_rows_of_one_mistake_are_one_mistake(tmp_path: Path, temporary: Path) -> None:
    rows = {"marks": [work(), work(agent="A2", mark="many", times=40)]}  # type: ignore[arg-type]
    found = errors(changed(tmp_path, card="plain", rows=rows, expect={"A1": {"score": 80}}))
    lines = (tmp_path / "tests.yaml").read_text(encoding="utf-8").split("\n")
    assert [lines[problem.place.line - 1].strip() for problem in found] == ["mark: many"]


def test_two_versions_of_a_row_name_each_other_by_the_yaml(tmp_path: Path, temporary: Path) -> None:
    rows = {"marks": [work(80), work(90)]}
    (one,) = errors(changed(tmp_path, card="plain", rows=rows, expect={"A1": {"score": 80}}))
    first = (tmp_path / "tests.yaml").read_text(encoding="utf-8").split("\n").index("      - mark_id: mA1") + 1
    assert one.text.startswith(f"Test 't': The same mark_id as {tmp_path.as_posix()}/tests.yaml:{first}, with another")


def test_private_cells_are_told_nobody(tmp_path: Path, temporary: Path) -> None:
    """Neither in a sentence nor in the line that an excerpt would show."""
    row = "{agent_id: A1, valid_from: 2026-01-01, name: Jane Roe, pay_base: Jane earns it, agnt: x}"
    test = f"tests: {{t: {{card: plain, period: 2026-10, rows: {{roster: [{row}]}}, expect: {{A1: {{score: 1}}}}}}}}\n"
    changed(tmp_path)
    for text in (test, test.replace(", agnt: x", "").replace("card: plain", "card: budget")):
        (tmp_path / "tests.yaml").write_text(text, encoding="utf-8")
        found = errors(tmp_path)
        assert {problem.name for problem in found} <= {"unknown-column", "refused-test"}
        assert found
        assert not any("Jane" in str(problem) for problem in found)


def test_rows_are_canonical_whatever_a_layout_would_make_of_them(tmp_path: Path) -> None:
    layout = {"layout": "greedy", "match": ["mark_id", "mark"], "tables": {"marks": {"mark_id": "mark_id"}}}
    test = {"card": "plain", "rows": {"marks": [work()]}, "expect": {"A1": {"score": 80}}}
    changed(tmp_path, **test)
    (tmp_path / "layout.yaml").write_text(yaml.safe_dump(layout, sort_keys=False), encoding="utf-8")
    assert errors(tmp_path) == []


# ---------------------------------------------------------------- silence, and days that are covered


def test_a_table_without_rows_says_that_there_was_nothing(tmp_path: Path) -> None:
    """And one that is not there says nothing; one whose rows are all of another month speaks of that month, and the
    test is to say whether it covers this one."""
    expect = {"A1": {"adjustments": {"ideas adopted": 0}}}
    early = {"event_id": "e", "agent_id": "A1", "recorded_at": "2026-08-05 09:00", "kind": "idea"}
    said = "A1 has nothing for the bonus 'ideas adopted' ({}), and 0 is expected."
    assert texts(tmp_path, card="order", rows={"marks": [work()], "events": []}, expect=expect) == []
    assert texts(tmp_path, card="order", rows={"marks": [work()]}, expect=expect) == [said.format("table-not-supplied")]
    rows = {"marks": [work()], "events": [early]}
    outside = "all rows of 'events' are of days that card 'order' does not look at in 2026-10."
    assert texts(tmp_path, card="order", rows=rows, expect=expect) == [outside]
    covers = {"events": {"from": "2026-08-01", "to": "2026-10-31"}}
    assert texts(tmp_path, card="order", rows=rows, covers=covers, expect=expect) == []


# ---------------------------------------------------------------- tests that would hold whatever came


def test_rows_of_another_month_show_nothing(tmp_path: Path) -> None:
    test = {"card": "plain", "period": "2026-12", "expect": {"A1": {"status": "withheld", "score": None}}}
    outside = "all rows of 'marks' are of days that card 'plain' does not look at in 2026-12."
    assert texts(tmp_path, **test, rows={"marks": [work()]}) == [outside]
    within = work(on="2026-12-05", mark=None)
    assert texts(tmp_path, **test, rows={"marks": [work(agent="A2"), within]}) == []


def test_rows_of_nobody_show_nothing(tmp_path: Path) -> None:
    rows = {"roster": [{"agent_id": "A1", "valid_from": "2026-01-01"}], "marks": [work(), work(agent="T3")]}
    (problem,) = errors(changed(tmp_path, card="plain", rows=rows, expect={"A1": {"score": 80}}))
    assert problem.name == "unfit-test"
    assert problem.text == "Test 't': marks: 1 row names 1 agent id that roster does not have on that day: T3."


def test_a_subject_is_suggested_from_its_own_column(tmp_path: Path) -> None:
    rows = {"marks": [work(), {**work(agent="A2"), "mark": 2}]}
    (other,) = texts(tmp_path, card="plain", rows=rows, expect={"L2": {"score": 80}})
    assert "'mA2'" not in other
    assert "'2'" not in other
    (near,) = texts(tmp_path, card="plain", rows=rows, expect={"AA2": {"score": 80}})
    assert "Did you mean 'A2'?" in near


@pytest.mark.parametrize(("mark", "card"), [("pay_amount", "plain"), ("grade", "pool"), ("pay", "pool")])
def test_none_is_not_expected_of_what_no_such_card_has(mark: str, card: str, tmp_path: Path) -> None:
    rows = {"marks": [work()], "events": []}
    said = f"expects no {mark.replace('_', ' ')}, which card '{card}' never gives, and would always hold."
    assert texts(tmp_path, card=card, rows=rows, expect={"A1": {mark: None}}) == [f"Test 't' {said}"]


# ---------------------------------------------------------------- folders of exports


def test_a_folder_of_exports_is_seen_from_its_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "tests"
    (inner / "october").mkdir(parents=True)
    test = {"card": "plain", "data": "october", "expect": {"A1": {"score": 70}}}
    changed(tmp_path, **test)
    (tmp_path / "tests.yaml").rename(inner / "tests.yaml")
    (inner / "october" / "marks.csv").write_text("mark_id,agent_id,on,kind,mark\nm,A1,2026-10-05,work,70\n")
    assert errors(tmp_path) == []
    monkeypatch.chdir(inner)
    assert errors(tmp_path) == []
    (inner / "october" / "marks.csv").write_text("mark_id,agent_id,on,kind,mark\nm,A1,2026-10-05,work,seventy\n")
    (one,) = errors(tmp_path)
    assert (one.name, one.place.line) == ("refused-test", 5)
    assert one.text.startswith(f"Test 't' cannot be run: {Path('october/marks.csv')}:2:5: mark: ")


# ---------------------------------------------------------------- around


@pytest.mark.parametrize(
    ("period", "why"),
    [
        ("0001-01-01", "is not between 1900 and 2999"),
        ("9999-12-31", "is not on the calendar"),
        ("3000", "is not between 1900 and 2999"),
        ("next month", "is no period"),
    ],
)
def test_a_period_that_cannot_be_is_said_before_anything_is_run(period: str, why: str, tmp_path: Path) -> None:
    found = errors(
        changed(tmp_path, card="plain", period=period, rows={"marks": [work()]}, expect={"A1": {"score": 1}})
    )
    assert [problem.name for problem in found] == ["bad-value"]
    assert found[0].text.startswith(f"Test 't': '{period}' {why}. A period is written ")


def test_nothing_is_left_when_somebody_stops_it(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    def stopped(*given: Any, **more: Any) -> None:
        assert list(temporary.iterdir()) != []
        raise KeyboardInterrupt

    monkeypatch.setattr(rehearsal, "in_world", stopped)
    with pytest.raises(KeyboardInterrupt):
        list(rehearsal.rehearse(scope_of(HERE)))


def test_tests_are_in_no_hash_of_the_definitions(tmp_path: Path) -> None:
    """Whoever adds a test changes no number, and no seal is broken by it."""
    test = {"card": "plain", "rows": {"marks": [work()]}, "expect": {"A1": {"score": 80}}}
    with_test = load(changed(tmp_path, **test)).catalogue
    assert with_test.tests.keys() == {"t"}
    assert provenance(with_test) == provenance(with_test.model_copy(update={"tests": {}}))


def test_layers_have_their_tests_by_name(tmp_path: Path) -> None:
    """A company's own tests run on the built-in cards, as those are after its own changes."""
    roster = {"agent_id": "L1", "role": "agent", "valid_from": "2026-01-01"}
    rows = {"roster": [roster], "interactions": []}
    test = {"card": "agent", "period": "2026-10", "rows": rows, "expect": {"L1": {"status": "withheld"}}}
    project = {"project": {"extends": "builtin", "name": "Own"}, "tests": {"t": test}}
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(project, sort_keys=False), encoding="utf-8")
    (one,) = errors(tmp_path)
    assert one.text.startswith("Test 't': L1 has the status values-only (not-supplied: ")
    rows["interactions"] = [{"interaction_id": "c", "started_at": "2026-10-05 09:00", "outcome": "answered", "legs": 2}]
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(project, sort_keys=False), encoding="utf-8")
    (one,) = errors(tmp_path)
    assert (one.name, one.place.width) == ("unfit-test", len("legs"))
    assert one.text == "Test 't' gives 'legs' of 'interactions', which the program derives and no export has."
