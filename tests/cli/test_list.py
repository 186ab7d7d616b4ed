"""`ccmetrics list`: what is found, what is said of one thing, and who uses it. Expectations are read off the YAML."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ccmetrics.catalogue import load_whole
from ccmetrics.catalogue.entries import FACTS, Entries
from ccmetrics.catalogue.uses import SHAPED
from ccmetrics.cli import app
from ccmetrics.cli.list import KINDS
from ccmetrics.render.listing import entry
from ccmetrics.render.look import Look
from ccmetrics.render.page import broken

RUNNER = CliRunner()
WHOLE = Path(__file__).resolve().parents[1] / "catalogue" / "whole"


def call(*words: str, width: int = 100) -> tuple[int, str, str]:
    done = RUNNER.invoke(app, ["list", *words], env={"COLUMNS": str(width)})
    return done.exit_code, done.stdout, done.stderr


def told(*words: str) -> list[dict[str, Any]]:
    code, out, _ = call(*words, "--format", "json")
    assert code == 0
    return list(json.loads(out)["entries"])


def ids(*words: str) -> list[str]:
    return [str(each["id"]) for each in told(*words)]


@pytest.fixture(scope="module")
def entries() -> Entries:
    loaded = load_whole()
    return Entries(loaded.catalogue, loaded.places)


@pytest.fixture
def small(tmp_path: Path) -> list[str]:
    """A KPI over a KPI over measures, on one card as a line, with an action; watched by another."""
    (tmp_path / "project.yaml").write_text(
        "project: {extends: builtin, parameters: {late_s: 30, odd: 1}, parameter_units: {late_s: s}}\n"
    )
    (tmp_path / "more.yaml").write_text(
        "measures:\n"
        "  late: {table: interactions, count: 'wait_s > :late_s', where: outcome = 'answered', about: Kept waiting.}\n"
        "kpis:\n"
        "  late_rate:\n"
        "    name: {en: Late rate, zh: 迟到率}\n"
        "    category: operational\n    nature: efficiency\n    timing: leading\n    level: [agent, center]\n"
        "    unit: percent\n    better: lower\n    n: handled\n    interval: proportion\n"
        "    source: a textbook\n    guardrails: [aht]\n"
        "    default: plain\n"
        "    variants: {plain: late / handled, strict: {formula: late / handled, about: Odd one., source: a paper}}\n"
        "    expect: [{given: {late: 1, handled: 4}, value: 0.25}]\n"
        "  promptness:\n"
        "    name: Promptness\n"
        "    category: operational\n    nature: efficiency\n    timing: leading\n    level: [agent, center]\n"
        "    unit: percent\n    better: higher\n    formula: 1 - late_rate\n    parameters: {late_s: 45}\n"
    )
    (tmp_path / "card.yaml").write_text(
        "card: tiny\ntitle: Tiny\nsubject: center\nowner: somebody\nmissing: withhold\nkpis:\n"
        "  - {kpi: promptness, weight: 40, floor: 0.5, target: 0.9}\n"
        "  - {kpi: csat, weight: 30, floor: 0.5, target: 0.9, parameters: {odd: 7}}\n"
        "  - {kpi: cost_per_contact, weight: 20, floor: 50, target: 30}\n"
        "  - {kpi: absence_rate, weight: 10, floor: 0.1, target: 0.03}\n"
        "watch: [late_rate.strict]\n"
        "actions: [{when: late_rate > 0.5 AND late > 10, do: hire, to: leader, due: 7d}]\n"
        "adjust: {bonus: [{name: calm, amount: 5, cap: 5, when: late = 0}]}\n"
    )
    return ["--config", str(tmp_path)]


# ---------------------------------------------------------------- what is found


@pytest.mark.parametrize("kind", KINDS)
def test_every_entry_of_every_kind_has_its_row(kind: str, entries: Entries) -> None:
    code, out, err = call(kind, width=200)
    assert (code, err) == (0, "")
    assert set(entries.names(kind)) <= {line.split(" ")[0] for line in out.splitlines()}
    assert set(KINDS) == set(FACTS)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("late_rate", "late_rate"),
        ("LATE RATE", "late_rate"),
        ("迟到", "late_rate"),
        ("a textbook", "late_rate"),
        ("odd one", "late_rate"),
        ("1 - late", "promptness"),
    ],
)
def test_a_search_reads_names_in_both_languages_formula_about_and_source(
    text: str, name: str, small: list[str]
) -> None:
    assert ids("kpis", text, *small) == [name]


def test_a_search_does_not_read_the_names_of_keys() -> None:
    """Every KPI has the key `timing`; none says the word."""
    assert ids("kpis", "timing") == []


def test_filters(small: list[str]) -> None:
    assert ids("measures", "--card", "tiny", "late", *small) == ["late"]
    assert set(ids("kpis", "--card", "tiny", *small)) == {
        "promptness", "late_rate", "csat", "cost_per_contact", "absence_rate", "total_cost",
    }  # fmt: skip
    assert "csat" in ids("kpis", "--table", "surveys", "--category", "customer", *small)
    assert "csat" not in ids("kpis", "--table", "interactions", *small)
    # Promptness rests on interactions only by way of another KPI.
    assert {"promptness", "late_rate"} <= set(ids("kpis", "--table", "interactions", *small))
    assert {"promptness", "late_rate"} & set(ids("kpis", "--category", "customer", *small)) == set()
    assert "late" in ids("measures", "--table", "interactions", *small)
    assert "late_s" in ids("parameters", "--card", "tiny", *small)
    assert "odd" not in ids("parameters", "--card", "tiny", *small)
    assert all(name.startswith("queues.") for name in ids("columns", "--table", "queues"))
    assert "five9" in ids("layouts", "--table", "interactions")
    assert "zendesk_tickets" not in ids("layouts", "--table", "interactions")


def test_an_exact_name_that_a_filter_leaves_out_is_not_found() -> None:
    code, out, err = call("kpis", "csat", "--category", "growth")
    assert (code, out) == (0, "")
    assert err == "Nothing among the kpis has 'csat' in its definition and category 'growth'.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["kpis", "--category", "custmer"], "There is no category 'custmer'. Did you mean 'customer'?"),
        (["kpis", "--table", "survey"], "There is no table 'survey'. Did you mean 'surveys'?"),
        (["measures", "--card", "agnt"], "There is no card 'agnt'. Did you mean 'agent'?"),
        (["cards", "agent", "--sheet", "--format", "json"], "A sheet is one card's page"),
        (["kpis", "--category", "x"], "There are: financial, customer, operational, growth."),
        (["rules", "--card", "agent"], "--card chooses among kpis, measures, parameters, tables, not among rules."),
    ],
)
def test_a_filter_that_nothing_can_meet_is_refused(words: list[str], said: str) -> None:
    code, out, err = call(*words)
    assert (code, out) == (2, "")
    assert said in err


# ---------------------------------------------------------------- what is said of one thing


def test_a_kpi_is_written_out_down_to_measures_with_the_parameters_in_force(small: list[str]) -> None:
    (facts,) = told("kpis", "promptness", *small)
    (definition,) = facts["variants"]
    assert definition["formula"] == "1 - late_rate"
    assert definition["written_out"] == "1 - late / handled"
    assert [each["measure"] for each in facts["measures"]] == ["late", "handled"]
    assert facts["measures"][0]["what"] == "count wait_s > :late_s where outcome = 'answered'"
    # A KPI's own value holds for its own formula; the KPI it names is measured by the project's.
    assert facts["parameters"] == [{"parameter": "late_s", "value": 30, "unit": "s"}]
    assert facts["used_by"] == [{"user": "card", "name": "tiny", "as": "line", "weight": 40}]
    assert facts["at"].endswith("more.yaml:19")
    assert facts["definition"]["formula"] == "1 - late_rate"


def test_a_kpi_that_sets_a_parameter_anew_has_its_own_value_in_force(small: list[str]) -> None:
    file = Path(small[1]) / "more.yaml"
    file.write_text(file.read_text().replace("formula: 1 - late_rate", "formula: late / handled"))
    assert told("kpis", "promptness", *small)[0]["parameters"] == [{"parameter": "late_s", "value": 45, "unit": "s"}]


def test_a_variant_alone(small: list[str]) -> None:
    (facts,) = told("kpis", "late_rate.strict", *small)
    assert facts["id"] == "late_rate.strict"
    (definition,) = facts["variants"]
    assert definition["variant"] == "strict"
    assert (definition["about"], definition["source"]) == ("Odd one.", "a paper")
    assert facts["used_by"] == [{"user": "card", "name": "tiny", "as": "watch", "variant": "strict"}]
    assert "tests" not in facts  # the one there is tests the default variant


def test_who_uses_it(small: list[str]) -> None:
    (kpi,) = told("kpis", "late_rate", *small)
    assert kpi["used_by"] == [
        {"user": "card", "name": "tiny", "as": "action", "of": "hire", "variant": "plain"},
        {"user": "kpi", "name": "promptness", "as": "formula", "variant": "plain"},
        {"user": "card", "name": "tiny", "as": "watch", "variant": "strict"},
    ]
    (measure,) = told("measures", "late", *small)
    assert {(use["user"], use["name"], use["as"], use.get("of")) for use in measure["used_by"]} == {
        ("card", "tiny", "action", "hire"),
        ("card", "tiny", "bonus", "calm"),
        ("kpi", "late_rate.plain", "formula", None),
        ("kpi", "late_rate.strict", "formula", None),
    }
    assert "late_rate" in told("kpis", "aht", *small)[0]["guards"]
    (parameter,) = told("parameters", "late_s", *small)
    assert parameter["used_by"] == [
        {"user": "kpi", "name": "promptness", "as": "set anew", "value": 45},
        {"user": "measure", "name": "late", "as": "formula"},
    ]
    assert parameter["also_on"] == ["tiny"]
    assert told("parameters", "odd", *small)[0]["used_by"] == [
        {"user": "card", "name": "tiny", "as": "set anew", "of": "csat", "value": 7}
    ]


def test_a_column_says_what_reads_it_and_what_feeds_it() -> None:
    (facts,) = told("columns", "queues.threshold_s")
    assert "answered_in_threshold" in [each["measure"] for each in facts["measures"]]  # by way of a reference
    assert "interactions.wait_s" not in [each["measure"] for each in facts["measures"]]
    assert "phone_now" in told("columns", "surveys.csat")[0]["layouts"]


def test_a_rule_says_why_and_how_to_mend_it() -> None:
    code, out, _ = call("rules", "weights-not-100")
    assert code == 0
    assert out.startswith("weights-not-100\n  error · cards\n")
    for head in ("why", "how to mend it", "before", "after", "source", "allow"):
        assert head in out


def test_a_page_of_a_kpi() -> None:
    code, out, _ = call("kpis", "aht", width=80)
    assert code == 0
    lines = out.splitlines()
    assert lines[:2] == ["aht · Average handle time", "  operational · efficiency · leading · s · lower is better"]
    assert "  formula       handle_time / timed" in lines
    assert "  handle_time 600, timed 2 gives 300" in lines
    assert ["card", "agent", "line", "15"] in [line.split() for line in lines]


def test_a_page_in_chinese() -> None:
    _, out, _ = call("kpis", "csat", "--lang", "zh")
    assert out.startswith("csat · 客户满意度\n  客户 · 质量 · 滞后 · 单次接触 · 百分比 · 越高越好\n")
    for word in ("来源", "护栏指标", "使用者", "记分卡 agent", "指标行"):
        assert word in out


def test_what_a_definition_says_of_itself_is_said_in_chinese() -> None:
    assert "中性回答计入分母。" in call("kpis", "nev", "--lang", "zh")[1]
    assert "质量占 55，效率占 25。" in call("cards", "center", "--lang", "zh")[1]
    (facts,) = told("kpis", "nev", "--lang", "zh")
    assert facts["variants"][0]["about"] == "Neutral answers count in the denominator."


def test_identifiers_are_never_translated_and_words_always_are(small: list[str]) -> None:
    """A column may have the name of a heading; a unit, a severity and a direction are words."""
    _, out, _ = call("tables", "roster", "--lang", "zh")
    assert "  name  " in out
    assert "名称" not in out
    _, out, _ = call("rules", "one-sided-mix", "--lang", "zh")
    assert "\n  错误 · 记分卡\n" in out
    assert "  允许      是\n" in out
    _, out, _ = call("rules", "card", "--lang", "zh")
    assert "  错误 记分卡 " in out
    _, out, _ = call("kpis", "cost", "--lang", "zh")
    row = next(line for line in out.splitlines() if line.startswith("total_cost "))
    assert row.split() == ["total_cost", "总成本", "金额", "越低越好"]


def test_an_adjustment_has_its_name_in_the_readers_language() -> None:
    _, out, _ = call("cards", "agent", "--lang", "zh")
    assert "采纳建议" in out
    assert "ideas adopted" not in out
    (facts,) = told("cards", "agent", "--lang", "zh")
    assert [each["part"] for each in facts["bonus"]] == ["ideas adopted", "commendations"]
    assert "加分：采纳建议" in call("measures", "adopted_ideas", "--lang", "zh")[1]


def test_codes_of_a_column_stand_in_one_cell() -> None:
    _, out, _ = call("layouts", "hotline_calls", "--config", "ccmetrics/starter", "--lang", "zh", width=120)
    head = next(line for line in out.splitlines() if "来源列" in line)
    assert head.split() == ["名称", "来源列", "取值对应", "固定值"]
    assert "answered→answered、gave up→abandoned" in out


def test_tables_of_facts_have_their_columns_in_one_order() -> None:
    def heads(*words: str) -> list[str]:
        lines = call(*words)[1].splitlines()
        return lines[lines.index("used by") + 1].split()

    assert heads("kpis", "quality_score") == heads("kpis", "fcr") == ["who", "as", "variant", "weight"]
    assert heads("kpis", "aht") == ["who", "as", "weight"]


def test_the_variant_in_force_is_said_where_a_card_only_watches(small: list[str]) -> None:
    (facts,) = told("kpis", "fcr")
    watchers = [use for use in facts["used_by"] if use["as"] == "watch"]
    assert watchers
    assert {use["variant"] for use in watchers} == {"repeat_window"}


def test_a_table_says_what_it_leaves_out_and_what_its_mark_means() -> None:
    _, out, _ = call("kpis", width=80)
    assert out.splitlines()[0].split() == ["id", "name", "unit", "variants"]
    assert out.splitlines()[-2:] == [
        "* the default variant",
        "Not shown in 80 columns: better. A wider terminal or --format json shows them.",
    ]
    assert "Not shown" not in call("kpis", width=140)[1]


def test_a_definition_of_several_lines_is_one_line_of_a_table() -> None:
    assert "\\n" not in call("measures", "--card", "agent", width=140)[1]


def test_what_has_the_text_in_its_name_comes_first() -> None:
    assert ids("columns", "outcome")[:2] == ["interactions.outcome", "cases.outcome"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["kpis", "ahtt"], "Nothing among the kpis has 'ahtt' in its definition. Did you mean 'aht'?\n"),
        (
            ["kpis", "fcr.foo"],
            "Nothing among the kpis has 'fcr.foo' in its definition. fcr has no variant 'foo'. "
            "It has repeat_window, survey, agent_flag, customers_once.\n",
        ),
        (["kpis", "aht.foo"], "Nothing among the kpis has 'aht.foo' in its definition. aht has no variants.\n"),
    ],
)
def test_what_may_have_been_meant(words: list[str], said: str) -> None:
    assert call(*words) == (0, "", said)


def test_a_sheet_is_of_the_one_card_that_is_meant_and_blames_what_was_typed() -> None:
    code, out, _ = call("cards", "workforce", "--sheet")
    assert code == 0
    assert out.startswith("Workforce planner · ")
    code, _, err = call("kpis", "aht", "--on", "2026-01-01")
    assert (code, err) == (
        2,
        "--on: unknown-name\n"
        "  --on is for the sheet of one card: ccmetrics list cards agent --sheet --on 2026-10-01.\n",
    )
    code, _, err = call("cards", "agnt", "--sheet")
    assert (code, err) == (
        2,
        "agnt: unknown-name\n  Nothing among the cards has 'agnt' in its definition. Did you mean 'agent'?\n",
    )
    code, _, err = call("cards", "l", "--sheet")
    assert code == 2
    assert "l: unknown-name\n  A sheet is of one card, these are " in err


def test_a_parameter_that_shapes_derived_columns_says_so() -> None:
    (facts,) = told("parameters", "containment_hours")
    assert facts["used_by"] == [{"user": "column", "name": "interactions.contained", "as": "derived"}]
    assert facts["also_on"] == ["center", "operations_manager"]  # both watch self_service_rate
    assert "interactions.contained" in call("parameters", width=200)[1]


def test_parameters_that_shape_columns_are_those_that_the_stage_asks_for() -> None:
    """Read off the source: every name asked of the ground is told, and no other."""
    folder = Path(__file__).resolve().parents[2] / "ccmetrics" / "stages" / "derive"
    source = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    assert set(re.findall(r'ground\.parameter\("(\w+)"\)', source)) == set(SHAPED)


def test_a_long_identifier_is_broken_after_an_underscore_only() -> None:
    assert broken("repeat_window*, survey, customers_once", 12) == "repeat_\nwindow*,\nsurvey,\ncustomers_\nonce"
    assert broken("headcount_end、leavers_voluntary", 20) == "headcount_end、\nleavers_voluntary"
    assert broken("终端宽80列，未显示", 10) == "终端宽80\n列，未显示"


@pytest.mark.parametrize("width", [40, 80, 140])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_can_be_drawn_within_its_width(width: int, lang: str, entries: Entries) -> None:
    from rich.cells import cell_len

    for kind in KINDS:
        for name in entries.names(kind)[:12]:
            page = entry(entries.facts(kind, name), Look(width, lang)).decode()
            code = kind == "rules"  # pieces of YAML keep their lines
            assert code or max(cell_len(line) for line in page.splitlines()) <= width, (kind, name)


def test_everything_can_be_said_of_everything(entries: Entries) -> None:
    for kind in KINDS:
        for name in entries.names(kind):
            facts = entries.facts(kind, name)
            assert facts["id"] == name
            json.dumps(facts)
            if kind != "rules":
                file, _, line = facts["at"].rpartition(":")
                own = Path(__file__).resolve().parents[2] / file
                assert name.rpartition(".")[2] in own.read_text(encoding="utf-8").splitlines()[int(line) - 1]


def test_no_polars_is_needed() -> None:
    code = (
        "import sys\nsys.argv = ['ccmetrics', 'list', 'kpis', 'fcr', '--format', 'json']\n"
        "from ccmetrics.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "sys.stderr.write(str('polars' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=WHOLE.parents[2])
    assert done.stderr == "False"
