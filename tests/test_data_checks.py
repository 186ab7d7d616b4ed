"""What a check says of definitions with data: a center of twenty agents, made up so that every number can be told.

In: the rules, the whole definitions of the catalogue's tests, rows written here. Out: pass or fail.
Refuses to know: how a score is made.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ccmetrics.examine import examine
from ccmetrics.problem import DataRefused, UsageRefused
from ccmetrics.rules import FAMILIES, RULES, Rule, family
from tests.catalogue.test_rules import laid_over_whole

AGENTS = range(1, 21)
LINE = """\
kpis: {aht: {interval: mean}}
---
card: agent
kpis: [{kpi: aht, weight: 100, floor: 480, target: 240}]
watch: null
allow: {one-sided-mix: one line at a time}
---
"""
"""The card of agents with one line, on which 170 to 360 s of its subjects earn 100 to 50 points."""

Aht = Callable[[int], int]


def plain(agent: int) -> int:
    """170 to 360 s."""
    return 160 + 10 * agent


def calls(who: str, aht: int, month: str = "2026-10") -> list[str]:
    """Four calls 10 and 20 s from a mean: a standard error of 9.13 s, an interval of t(3) x 9.13 = 29.05 s each way."""
    took = (aht - 20, aht - 10, aht + 10, aht + 20)
    return [f"{month}-{who}-{n},{who},{month}-0{n + 1} 10:00:00,answered,{s}" for n, s in enumerate(took)]


def center(
    folder: Path, agents: range = AGENTS, before: Aht | None = None, turned: bool = False, asked: bool = False
) -> Path:
    """Exports. Ideas: 1, 2, 0, 1, 2, 0 ... a head. Revenue a contact: 86 down to 10, every two neighbors swapped."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"A{n:02}" for n in agents]
    rows = [row for n, who in zip(agents, names, strict=True) for row in calls(who, plain(n))]
    rows += [row for who in ("S01", "S02") for row in calls(who, 300)]
    if before is not None:
        rows += [row for n, who in zip(agents, names, strict=True) for row in calls(who, before(n), "2026-09")]
    events = [
        f"sale-{who},{who},2026-10-09 12:00:00,sale,{4 * (90 - 4 * (n + 1 if n % 2 else n - 1))}"
        for n, who in zip(agents, names, strict=True)
    ]
    for n, who in zip(agents, names, strict=True):
        events += [f"idea-{who}-{k},{who},2026-10-0{k + 1} 12:00:00,idea," for k in range(n % 3)]
    people = [f"{who},2026-01-01,agent,T1" for who in names] + [f"S0{n},2026-01-01,senior,T1" for n in (1, 2)]
    turn = -1 if turned else 1
    tables = {
        "interactions": ("interaction_id,agent_id,started_at,outcome,handle_s", rows),
        "events": ("event_id,agent_id,recorded_at,kind,amount", events),
        "roster": ("agent_id,valid_from,role,team", people),
    }
    for name, (header, lines) in tables.items():
        (folder / f"{name}.csv").write_text("\n".join([header, *lines[::turn], ""]))
    if asked:
        # An answer to every call in October: the first six agents content everybody, the others three of four.
        last = [f"2026-10-{who}-{n}" for who in names for n in range(4)]
        answers = [
            f"s{call},{call},2026-10-09 12:00:00,{2 if at >= 24 and at % 4 == 0 else 5}" for at, call in enumerate(last)
        ]
        (folder / "surveys.csv").write_text("\n".join(["survey_id,interaction_id,answered_at,csat", *answers, ""]))
    return folder


RICHER = ("below-min-n", "red-line-for-many")
"""Rules whose pieces speak of a cycle before, or of answers to surveys."""


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return center(tmp_path_factory.mktemp("rich"), before=plain, asked=True)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return center(tmp_path_factory.mktemp("data"))


def told(piece: str, folder: Path, data: Path, rule: str = "") -> list[str]:
    """What the data say of the whole definitions with a piece laid over them; of one rule, where one is named."""
    folder.mkdir(parents=True, exist_ok=True)
    found = examine(laid_over_whole(LINE + piece, folder), data=[data], period="2026-10")
    wanted = [finding.problem for finding in found.standing if family(finding.problem.name) == "data"]
    assert {f.problem.name for f in found.standing if f.severity == "error"} <= {"no-goal-in-force"}
    return [problem.text if rule else problem.name for problem in wanted if rule in ("", problem.name)]


@pytest.mark.parametrize("rule", FAMILIES["data"], ids=lambda rule: rule.name)
def test_what_stands_before_breaks_the_rule_and_what_stands_after_does_not(
    rule: Rule, data: Path, rich: Path, tmp_path: Path
) -> None:
    home = rich if rule.name in RICHER else data
    assert rule.name in told(rule.before, tmp_path / "before", home)
    assert rule.name not in told(rule.after, tmp_path / "after", home)


SAID = {
    "card-without-subjects": "it scores nobody: the roster has no agent_id in force that its `who` admits.",
    "no-data": "nobody has a value of 'csat': the data hold no surveys; nobody has a score.",
    # (480 - 170) / (480 - 120)
    "target-unreached": (
        "none of the 20 subjects with a value of their own reaches the target of 'aht', 120. The best has 170 and "
        "earns 86.1 points of 100."
    ),
    "target-always-met": (
        "all 20 subjects with a value of their own reach the target of 'aht', 600. The worst has 360 and earns 100 "
        "points. All earn the same points: the line tells nobody from another."
    ),
    "below-min-n": "20 of the 20 subjects have fewer cases of 'aht' than min_n 6. Half of all have 4 or more.",
    # Nobody brought an idea of every third: agents 3, 6 ... 18.
    "stood-in": "6 of the 20 subjects with a score have no value of 'aht'; the points of all rows together stand in.",
    "effective-weight": (
        "of the differences between the scores of 20 subjects the lines make up other parts of 100 than their "
        "weights: 'load' 50 as stated, 0 in effect. On 'load' the middle half of them has 100 points."
    ),
    # Ten pairs of neighbors swapped: 1 - 6 x 20 / (20 x 399) = 0.985. Fisher: 2.441 -/+ 1.96 x sqrt(1.06 / 17).
    "correlated-kpis": (
        "'aht' and 'revenue_per_contact' put subjects in the same order: rank correlation 0.98 over 20 subjects (95% "
        "interval 0.96 to 0.99)."
    ),
    # A whole interval is 58.1 s, of 2.4 s a point: 24.2. Of the tenth agent, 260 s, it ends at the target: 20.4.
    "grade-within-interval": (
        "half of the 20 scores that have a 95% interval have one of 22.3 points or more, which is wider than grade B "
        "(75 to 80, 5 wide)."
    ),
    "red-line-for-many": "the red line 'discontent' is crossed by 14 of 20 subjects.",
}


@pytest.mark.parametrize("rule", SAID)
def test_the_sentence_holds_the_numbers(rule: str, data: Path, rich: Path, tmp_path: Path) -> None:
    home = rich if rule in RICHER else data
    assert told(RULES[rule].before, tmp_path / "of", home, rule) == [f"Card 'agent', 2026-10: {SAID[rule]}"]


def test_who_is_not_scored_or_paid_twice_is_counted(data: Path, tmp_path: Path) -> None:
    piece = "card: agent\nwho: role = 'agent'\n"
    said = ["2026-10: the roster has 2 people in the role 'senior', and no card scores them."]
    assert told(piece, tmp_path / "one", data, "role-not-scored") == said
    twice = "Card 'senior', 2026-10: 22 of the 22 people it pays are paid by card 'agent' too, which pays 22."
    assert told(RULES["paid-by-two-cards"].before, tmp_path / "two", data, "paid-by-two-cards") == [twice]


WEEKLY = """\
title: Weekly
subject: agent_id
cycle: week
kpis: [{kpi: aht, weight: 100, floor: 480, target: 240}]
allow: {one-sided-mix: a piece}
"""


def last_told(piece: str, folder: Path, data: Path, rule: str) -> list[str]:
    """As `told`, of the last whole cycles: September, the third quarter, week 40."""
    folder.mkdir(parents=True, exist_ok=True)
    found = examine(laid_over_whole(LINE + piece, folder), data=[data], select=[rule])
    return [finding.problem.text for finding in found.standing]


@pytest.fixture(scope="module")
def trainees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a trainee without calls, in October an apprentice, and everybody's site."""
    home = center(tmp_path_factory.mktemp("trainees"), before=plain)
    header, *rows = (home / "roster.csv").read_text().splitlines()
    rows += ["S03,2026-01-01,trainee,T1", "S04,2026-10-01,apprentice,T1"]
    (home / "roster.csv").write_text("\n".join([f"{header},site", *(f"{row},north" for row in rows), ""]))
    return home


@pytest.mark.parametrize("weekly", ["a_week", "weekly"])
def test_a_role_is_scored_by_the_card_of_any_cycle_and_told_once(weekly: str, trainees: Path, tmp_path: Path) -> None:
    """The month's card goes by the site, which the week's does not read; what begins in between is not judged."""
    cards = "tables: {roster: {columns: {site: {type: category}}}}\n---\n"
    cards += "card: agent\nwho: role = 'agent' AND site = 'north'\n---\n"
    cards += f"card: {weekly}\nwho: role = 'senior'\n{WEEKLY}"
    said = ["2026-09: the roster has 1 person in the role 'trainee', and no card scores them."]
    assert last_told(cards, tmp_path / "of", trainees, "role-not-scored") == said


def test_roles_are_looked_at_where_no_card_goes_by_them(trainees: Path, tmp_path: Path) -> None:
    """Seniors have no calls in September, so that the card for everybody has no value of them."""
    said = [
        f"2026-09: the roster has {who} in the role '{role}', and no card scores them."
        for role, who in (("trainee", "1 person"), ("senior", "2 people"))
    ]
    assert last_told("card: agent\nwho: null\n", tmp_path / "of", trainees, "role-not-scored") == said


def test_of_roles_nothing_is_told_where_a_card_cannot_be_scored(trainees: Path, tmp_path: Path) -> None:
    later = f"{RULES['no-goal-in-force'].before}---\ncard: weekly\nwho: role = 'senior'\n{WEEKLY}"
    assert last_told(later, tmp_path / "of", trainees, "role-not-scored") == []


@pytest.mark.parametrize(("cycle", "said"), [("quarter", 0), ("month", 1)])
def test_a_bonus_of_the_quarter_is_none_of_the_month(cycle: str, said: int, trainees: Path, tmp_path: Path) -> None:
    rule = "paid-by-two-cards"
    twice = f"card: agent\nadjust: null\n---\n{RULES[rule].before}cycle: {cycle}\n"
    assert len(last_told(twice, tmp_path / "of", trainees, rule)) == said


def test_a_card_of_the_center_is_of_the_role_it_is_named_after(data: Path, tmp_path: Path) -> None:
    head = "card: NAME\ntitle: Head\nsubject: center\nkpis: [{kpi: aht, weight: 100, floor: 480, target: 240}]\n"
    head += "allow: {one-sided-mix: a piece of a card}\n"
    assert told(head.replace("NAME", "most_senior"), tmp_path / "own", data, "role-not-scored") == []
    assert len(told(head.replace("NAME", "seniority"), tmp_path / "other", data, "role-not-scored")) == 1


CSAT = "card: agent\nkpis: [AHT, {kpi: csat, weight: 50, floor: 0.7, target: 0.85, missing: POLICY}]\n"


@pytest.mark.parametrize(
    ("policy", "so"),
    [
        ("withhold", "nobody has a score"),
        ("redistribute", "the other lines take over the weight"),
        ("floor", "the points of the floor stand in"),
        ("neutral", "nobody has a score"),
    ],
)
def test_what_becomes_of_a_card_without_data_for_a_line(policy: str, so: str, data: Path, tmp_path: Path) -> None:
    piece = CSAT.replace("AHT", "{kpi: aht, weight: 50, floor: 480, target: 240}").replace("POLICY", policy)
    text = f"Card 'agent', 2026-10: nobody has a value of 'csat': the data hold no surveys; {so}."
    assert told(piece + "min_coverage: 0.5\n", tmp_path / "of", data, "no-data") == [text]


def test_what_lacks_for_one_reason_is_told_at_once(data: Path, tmp_path: Path) -> None:
    kind = "category: customer, nature: quality, timing: lagging, level: [agent], unit: count, better: higher"
    piece = f"kpis: {{voices: {{name: Voices, formula: answers, {kind}}}}}\n---\ncard: agent\nwatch: [csat, voices]\n"
    (text,) = told(piece, tmp_path / "of", data, "no-data")
    assert text.endswith("nobody has a value of 'csat' (watched), 'voices' (watched): the data hold no surveys.")


def test_a_gap_in_what_was_there_before_is_none_unless_nobody_has_a_score(tmp_path: Path) -> None:
    """In October all calls are abandoned: scored by ideas, nobody would miss a handle time."""
    home = center(tmp_path / "data", before=lambda agent: 300)
    rows = (home / "interactions.csv").read_text().splitlines()
    gone = [row.replace("answered", "abandoned") if row.startswith("2026-10") else row for row in rows]
    (home / "interactions.csv").write_text("\n".join([*gone, ""]))
    card = "card: agent\nkpis: [{kpi: aht, weight: 50, floor: 480, target: 240, missing: %s}, %s]\nmin_coverage: 0.5\n"
    ideas = "{kpi: ideas, weight: 50, floor: 0, target: 3}"
    assert told(card % ("redistribute", ideas), tmp_path / "a", home, "no-data") == []
    (text,) = told(card % ("withhold", ideas), tmp_path / "b", home, "no-data")
    assert text.endswith("nobody has a value of 'aht': there is nothing to divide by; nobody has a score.")


def test_a_part_of_a_cycle_has_no_scores_to_look_at(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageRefused, match=r"2026-10-01\.\.2026-10-07 is a part of a cycle, .* 'agent' by the month"):
        examine(laid_over_whole(LINE, tmp_path), data=[data], period="2026-10-01..2026-10-07")


def test_without_a_period_cards_of_each_cycle_have_their_own_last_one(tmp_path: Path) -> None:
    """The data end on Friday the 9th of October: the last whole month is September, the last whole week 40."""
    home = center(tmp_path / "data", before=lambda agent: 300)
    weekly = "card: weekly\ntitle: Weekly\nsubject: agent_id\nwho: role = 'nobody'\ncycle: week\n"
    weekly += "kpis: [{kpi: aht, weight: 100, floor: 480, target: 240}]\nallow: {one-sided-mix: a piece}\n"
    (tmp_path / "of").mkdir()
    folder = laid_over_whole(f"{LINE}card: agent\nwho: role = 'none'\n---\n{weekly}", tmp_path / "of")
    found = examine(folder, data=[home], select=["card-without-subjects"]).standing
    assert [f.problem.text.partition(":")[0] for f in found] == ["Card 'agent', 2026-09", "Card 'weekly', 2026-W40"]


def test_a_goal_that_begins_later_stands_at_its_word(data: Path, tmp_path: Path) -> None:
    folder = laid_over_whole(LINE + RULES["no-goal-in-force"].before, tmp_path)
    found = [f.problem for f in examine(folder, data=[data], period="2026-10").standing]
    (problem,) = [each for each in found if each.name == "no-goal-in-force"]
    said = "Card 'agent': line 1 (aht): no target is in force on 2026-10-01; the first begins on 2027-01-01."
    assert problem.text == said
    assert (Path(problem.place.file).name, problem.excerpt) == ("card-agent.yaml", "  target:")
    assert len(found) > 1


@pytest.mark.parametrize("team", ["T1", "T.1", "1"])
def test_a_goal_of_a_segment_that_begins_later_stands_at_its_word(team: str, data: Path, tmp_path: Path) -> None:
    goal = "{floor: 480, target: {2027-01-01: 240}}"
    piece = f"card: agent\nkpis: [{{kpi: aht, weight: 100, segments: {{by: team, curves: {{'{team}': {goal}}}}}}}]\n"
    found = examine(laid_over_whole(LINE + piece, tmp_path), data=[data], period="2026-10", select=["no-goal-in-force"])
    (problem,) = [finding.problem for finding in found.standing]
    assert f"line 1 (aht), {team}: no target is in force on 2026-10-01" in problem.text
    assert (problem.excerpt.strip(), problem.about) == ("target:", ("cards", "agent"))


TARGET = "card: agent\nkpis: [{kpi: aht, weight: 100, floor: 480, target: %s}]\n"


def test_what_somebody_reached_in_a_cycle_before_is_not_out_of_reach(tmp_path: Path) -> None:
    piece, rule = TARGET % 120, "target-unreached"
    best = center(tmp_path / "best", before=lambda agent: 110 if agent == 7 else 300)
    assert told(piece, tmp_path / "a", best, rule) == []
    other = center(tmp_path / "other", before=lambda agent: 300)
    (text,) = told(piece, tmp_path / "b", other, rule)
    assert "reaches the target of 'aht', 120; nor did anybody in the cycle before. The best has 170" in text


def test_what_somebody_missed_in_a_cycle_before_is_not_always_met(tmp_path: Path) -> None:
    piece, rule = TARGET % 400, "target-always-met"
    worst = center(tmp_path / "worst", before=lambda agent: 410 if agent == 7 else 300)
    assert told(piece, tmp_path / "a", worst, rule) == []
    other = center(tmp_path / "other", before=lambda agent: 300)
    (text,) = told(piece, tmp_path / "b", other, rule)
    assert "reach the target of 'aht', 400, and so did everybody in the cycle before. The worst has 360" in text


def test_of_dated_goals_the_one_in_force_is_told_at_its_own_number(data: Path, tmp_path: Path) -> None:
    piece = TARGET % "{2026-01-01: 300, 2026-07-01: 120, 2027-01-01: 100}"
    folder = tmp_path / "of"
    folder.mkdir()
    found = examine(laid_over_whole(LINE + piece, folder), data=[data], period="2026-10", select=["target-unreached"])
    (problem,) = [finding.problem for finding in found.standing]
    assert "the target of 'aht', 120. " in problem.text
    assert problem.excerpt.strip() == "'2026-07-01': 120"
    assert problem.about == ("cards", "agent")


def test_numbers_that_differ_are_told_apart(data: Path, tmp_path: Path) -> None:
    """169.9 is no 170: three digits would say that the target was reached."""
    (text,) = told(TARGET % 169.9, tmp_path / "of", data, "target-unreached")
    assert "the target of 'aht', 169.9. The best has 170 and earns 99.97 points of 100." in text


@pytest.mark.parametrize(("agents", "said"), [(range(1, 5), 0), (range(1, 6), 1)])
def test_nothing_is_said_of_fewer_than_five(agents: range, said: int, tmp_path: Path) -> None:
    few = center(tmp_path / "data", agents)
    found = told(TARGET % 120, tmp_path / "of", few, "target-unreached")
    assert len(found) == said
    assert all(text.endswith(" They are few: look at other periods, too.") for text in found)


def test_weights_in_effect_are_told_of_twenty_and_more(tmp_path: Path) -> None:
    few = center(tmp_path / "data", range(1, 20))
    assert told(RULES["effective-weight"].before, tmp_path / "of", few, "effective-weight") == []


def test_a_thin_quarter_is_no_problem_and_more_is(tmp_path: Path) -> None:
    """Of 20 agents 5 have four calls and the others eight: a quarter; 6 are more. Where 10 have eight, half have."""
    half = "Half of all have 8 or more."
    for thin, said in ((5, []), (6, ["6 of the 20 subjects", half]), (10, ["10 of the 20 subjects", half])):
        home = center(tmp_path / f"data{thin}")
        more = [
            row.replace("2026-10-A", "more-A").replace("2026-10-0", "2026-10-1")
            for n in AGENTS if n > thin for row in calls(f"A{n:02}", plain(n))
        ]  # fmt: skip
        with (home / "interactions.csv").open("a") as export:
            export.write("\n".join([*more, ""]))
        piece = TARGET.replace("%s", "240, min_n: 5")
        found = told(piece, tmp_path / f"of{thin}", home, "below-min-n")
        assert len(found) == bool(said)
        assert all(part in found[0] for part in said)


def test_who_has_no_case_at_all_is_below_the_minimum_too(tmp_path: Path) -> None:
    """Twenty agents with ideas, of whom two have four calls each, and one has two."""
    home = center(tmp_path / "data")
    header, *rows = (home / "interactions.csv").read_text().splitlines()
    kept = [row for row in rows if row.split(",")[1] in ("A01", "A02")] + [r for r in rows if ",A03," in r][:2]
    (home / "interactions.csv").write_text("\n".join([header, *kept, ""]))
    card = "card: agent\nwho: role = 'agent'\nkpis: [{kpi: aht, weight: 50, floor: 480, target: 240, min_n: 3, "
    card += "missing: redistribute}, {kpi: ideas, weight: 50, floor: 0, target: 3}]\nmin_coverage: 0.5\n"
    (text,) = told(card, tmp_path / "of", home, "below-min-n")
    assert text.endswith(
        "18 of the 20 subjects have fewer cases of 'aht' than min_n 3, 17 of them without any. Half of all have none."
    )
    (text,) = told(card.replace("min_n: 3, ", ""), tmp_path / "without", home, "stood-in")
    assert text.endswith(
        "17 of the 20 subjects with a score have no value of 'aht'; the other lines take over the weight."
    )


def test_an_allowance_for_what_data_show_is_judged_by_data_alone(data: Path, tmp_path: Path) -> None:
    needed = "card: agent\nallow: {one-sided-mix: x of y, target-unreached: a goal for the year after}\n"
    folder = laid_over_whole(LINE + needed + "---\n" + TARGET % 120, tmp_path)
    held = examine(folder, data=[data], period="2026-10")
    assert [(f.problem.name, f.allowed) for f in held.allowed if family(f.problem.name) == "data"] == [
        ("target-unreached", "a goal for the year after")
    ]
    (tmp_path / "idle").mkdir()
    idle = laid_over_whole(LINE + needed, tmp_path / "idle")
    assert "unused-allow" not in {f.problem.name for f in examine(idle).standing}
    assert "unused-allow" in {f.problem.name for f in examine(idle, data=[data], period="2026-10").standing}


def test_the_order_of_rows_changes_no_word(data: Path, tmp_path: Path) -> None:
    piece = "card: agent\nwatch: [csat]\n---\n" + RULES["correlated-kpis"].before
    turned = center(tmp_path / "turned", turned=True)
    one, two = (
        examine(laid_over_whole(LINE + piece, tmp_path), data=[home], period="2026-10") for home in (data, turned)
    )
    assert one == two
    assert one.standing


def test_data_that_cannot_be_read_are_refused_as_a_run_refuses_them(tmp_path: Path) -> None:
    home = center(tmp_path / "data", range(1, 3))
    with (home / "interactions.csv").open("a") as export:
        export.write("X,A01,yesterday,answered,12\n")
    (tmp_path / "of").mkdir()
    with pytest.raises(DataRefused, match="bad-datetime"):
        examine(laid_over_whole(LINE, tmp_path / "of"), data=[home], period="2026-10")


@pytest.mark.parametrize("word", ["data", "below-min-n"])
def test_what_data_show_is_not_looked_for_without_data(word: str, tmp_path: Path) -> None:
    said = f"'{word}' is looked for in data, and there is no --data to look at."
    with pytest.raises(UsageRefused, match=said):
        examine(laid_over_whole(LINE, tmp_path), select=["cards", word])
    assert examine(tmp_path, ignore=[word]).standing is not None


def test_built_in_cards_below_a_project_with_cards_of_its_own_are_not_its_task(tmp_path: Path) -> None:
    """The starter with the built-in cards that it leaves out: its exports feed hardly any of their lines."""
    starter = Path(__file__).resolve().parents[1] / "ccmetrics" / "starter"
    shutil.copytree(starter, tmp_path / "mine")
    project = tmp_path / "mine" / "project.yaml"
    project.write_text(project.read_text(encoding="utf-8").partition("\ncards:")[0], encoding="utf-8")
    standing = examine(tmp_path / "mine", data=[starter / "data"], period="2026-10", select=["data"]).standing
    assert {finding.problem.about for finding in standing} <= {("cards", "service_agent"), ("project",)}
