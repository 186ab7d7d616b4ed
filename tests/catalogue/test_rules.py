"""Every rule's own examples: what stands before breaks the rule, what stands after does not.

In: the rules, the whole definitions beside this file. Out: pass or fail.
Refuses to know: how anything is checked.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccmetrics.catalogue.read import read
from ccmetrics.examine import examine
from ccmetrics.problem import FileFailed
from ccmetrics.rules import FAMILIES, RULES, Rule

WHOLE = Path(__file__).parent / "whole"
TOLD = [rule for family, rules in FAMILIES.items() if family != "data" for rule in rules]


def documents(text: str) -> list[dict[str, Any]]:
    return [dict(spot.data) for spot in read("piece.yaml", text.encode()).documents if isinstance(spot.data, dict)]


def file_of(document: dict[str, Any]) -> str:
    """Cards and layouts are documents of their own; all else goes together."""
    kind = next((kind for kind in ("card", "layout") if kind in document), "")
    return f"{kind}-{document[kind]}.yaml" if kind else "definitions.yaml"


def merged(below: Any, above: Any) -> Any:
    """Mappings key by key, all else replaced; null removes."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    both = {**below, **{key: merged(below.get(key), value) for key, value in above.items()}}
    return {key: value for key, value in both.items() if not (key in above and above[key] is None)}


def laid_over_whole(piece: str, folder: Path) -> Path:
    files: dict[str, dict[str, Any]] = {}
    whole = [path.read_text(encoding="utf-8") for path in sorted(WHOLE.glob("*.yaml"))]
    for document in [each for text in [*whole, piece] for each in documents(text)]:
        files[file_of(document)] = merged(files.get(file_of(document), {}), document)
    for name, content in files.items():
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


HEADER = re.compile(r"^# (?P<name>[\w/-]+\.\w+)(?: -> (?P<to>\S+))?(?: in (?P<encoding>\S+))?\n", re.M)
"""Begins a file in a piece: its name; where a link leads; the encoding it is saved in."""
WIDEST = 116
"""Signs of a line that a page shows without a bar to scroll by."""
ALONE = {"no-definitions"}
"""Rules that speak where nothing else is."""
LONG = re.compile(r"^( *)# \.\.\. ([\d,]+) bytes\n", re.M)


def write_piece(rule: Rule, piece: str, folder: Path) -> None:
    """What stands before the first header is laid over the whole definitions; what follows are files beside them."""
    first, *files = HEADER.split(LONG.sub(lambda found: found[1] + "#" * int(found[2].replace(",", "")) + "\n", piece))
    if rule.is_file and rule.name not in ALONE:
        for path in WHOLE.glob("*.yaml"):
            (folder / path.name).write_bytes(path.read_bytes())
    elif not rule.is_file:
        laid_over_whole(first, folder)
    if rule.is_file and first:
        files = ["piece.yaml", "", "", first, *files]
    for name, to, encoding, content in zip(files[::4], files[1::4], files[2::4], files[3::4], strict=True):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if to:
            (folder / name).symlink_to(to)
        else:
            (folder / name).write_bytes(content.encode(encoding or "utf-8"))


def found(rule: Rule, piece: str, folder: Path) -> set[str]:
    folder.mkdir()
    write_piece(rule, piece, folder)
    try:
        return {finding.problem.name for finding in examine(folder).standing}
    except FileFailed as failed:
        return {problem.name for problem in failed.problems}


@pytest.mark.parametrize("rule", TOLD, ids=lambda rule: rule.name)
def test_what_stands_before_breaks_the_rule_and_what_stands_after_keeps_it(rule: Rule, tmp_path: Path) -> None:
    assert rule.name in found(rule, rule.before, tmp_path / "before")
    assert rule.name not in found(rule, rule.after, tmp_path / "after")


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_every_rule_is_told_in_full(rule: Rule) -> None:
    assert all((rule.says, rule.why, rule.mend, rule.before, rule.after, rule.source)), rule.name
    assert rule.says[0].islower()
    assert not rule.says.endswith(".")
    assert rule.mend.endswith((".", "`."))
    assert rule.why.endswith(".")
    assert max(len(line) for piece in (rule.before, rule.after) for line in piece.splitlines()) <= WIDEST
