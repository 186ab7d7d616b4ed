"""`ccmetrics list`: what is found, what is said of one thing, and who uses it. Expectations are read off the YAML."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ccmetrics.catalogue import load_whole
from ccmetrics.catalogue.entries import FACTS, Entries
from ccmetrics.cli import app
from ccmetrics.cli.list import KINDS
from ccmetrics.render.listing import entry
from ccmetrics.render.look import Look

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
    assert facts["used_by"] == [{"user": "card", "name": "tiny", "as": "watch"}]
    assert "tests" not in facts  # the one there is tests the default variant


def test_who_uses_it(small: list[str]) -> None:
    (kpi,) = told("kpis", "late_rate", *small)
    assert kpi["used_by"] == [
        {"user": "card", "name": "tiny", "as": "action", "of": "hire"},
        {"user": "kpi", "name": "promptness", "as": "formula"},
        {"user": "card", "name": "tiny", "as": "watch"},
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
    assert ["card", "agent", "15", "line"] in [line.split() for line in lines]


def test_a_page_in_chinese() -> None:
    _, out, _ = call("kpis", "csat", "--lang", "zh")
    assert out.startswith("csat · 客户满意度\n  客户 · 质量 · 滞后 · 单次接触 · percent · 越高越好\n")
    for word in ("来源", "护栏指标", "使用者", "记分卡 agent", "指标行"):
        assert word in out


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
