"""Broken in ten thousand ways, the definitions are never silent: `python tests/fuzz_definitions.py 10000`.

One file of the built-in definitions is changed at random and all are examined. Whatever the change: no traceback; every
problem has a place inside a file; and what the changed text still holds is in the catalogue, key by key, or an error in
that file says why not. What the text holds is read here by PyYAML's composer and a walk of our own.

In: a seed. Out: nothing, or an AssertionError that tells the seed.
Refuses to know: how definitions are read or checked.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import yaml

from ccmetrics import examine as examining
from ccmetrics.catalogue import Loaded, layer
from ccmetrics.finding import Findings
from ccmetrics.problem import Problem, Refused
from ccmetrics.rules import RULES, severity

CONFIGS = Path(__file__).resolve().parent.parent / "configs"
SECTIONS = ("tables", "measures", "kpis", "cards", "layouts")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SLOW = 30.0
"""Seconds that no examination may take."""

# ---------------------------------------------------------------- changes

WORDS = [
    "null", "~", "true", "no", "010", "1e999", "-1", "0", "2026-02-31", "2026-13-01", "12:30", "''", "[]", "{}",
    "客户满意度", "x" * 5000, "a, b", "a: b", "a # b", "*all", "&all x", "!!int 3", "!x y", "| ", ">-", "%", "@x",
    "`x`", "1_000", "0x1F", ".inf", "é", "a" * 200, "- 3", "? x", "\\", "'", '"', "<<: x", "builtin", "9" * 400,
]  # fmt: skip
SIGNS = [
    *"\t:,{}[]#&*!|>'\"%@`-?\\ \n\r\x00\x07\x1b\x85", "\u2028", "\ufeff", "\u200b", "\ud7ff", "，", "：", "😀",
]  # fmt: skip
KEY = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?=:( |$))", re.M)
VALUE = re.compile(r"(?<=: )[^\n{}\[\],#]+")


def lines_of(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def span(chance: random.Random, lines: list[str]) -> tuple[int, int]:
    start = chance.randrange(len(lines))
    return start, min(len(lines), start + chance.choice((1, 1, 1, 2, 3, 8, 30)))


def drop_lines(text: str, chance: random.Random) -> str:
    lines = lines_of(text)
    start, end = span(chance, lines)
    return "".join(lines[:start] + lines[end:])


def double_lines(text: str, chance: random.Random) -> str:
    lines = lines_of(text)
    start, end = span(chance, lines)
    return "".join(lines[:end] + lines[start:end] + lines[end:])


def move_lines(text: str, chance: random.Random) -> str:
    lines = lines_of(text)
    start, end = span(chance, lines)
    moved, rest = lines[start:end], lines[:start] + lines[end:]
    at = chance.randint(0, len(rest))
    return "".join(rest[:at] + moved + rest[at:])


def indent(text: str, chance: random.Random) -> str:
    lines = lines_of(text)
    start, end = span(chance, lines)
    by = chance.choice((" ", "  ", "    ", "\t", ""))
    changed = [by + line if by else line.removeprefix(" " * chance.randint(1, 4)) for line in lines[start:end]]
    return "".join(lines[:start] + changed + lines[end:])


def put_sign(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(SIGNS) + text[at:]


def take_sign(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + text[at + chance.choice((1, 1, 2, 5)) :]


def change_sign(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice([*SIGNS, chr(chance.randint(33, 126))]) + text[at + 1 :]


def swap_signs(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def cut(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text))]


def cut_head(text: str, chance: random.Random) -> str:
    return text[chance.randrange(len(text)) :]


def on_match(pattern: re.Pattern[str], new: Callable[[str, random.Random, list[str]], str]) -> Callable[..., str]:
    def change(text: str, chance: random.Random) -> str:
        found = list(pattern.finditer(text))
        if not found:
            return text
        one = chance.choice(found)
        written = new(one[0], chance, [match[0] for match in found])
        return text[: one.start()] + written + text[one.end() :]

    return change


def misspelt(word: str, chance: random.Random, _: list[str]) -> str:
    at = chance.randrange(len(word))
    return chance.choice((word[:at] + word[at + 1 :], word[:at] + "x" + word[at:], word.upper(), word + "_2", "客户"))


def other(word: str, chance: random.Random, words: list[str]) -> str:
    return chance.choice(words)


def odd(word: str, chance: random.Random, _: list[str]) -> str:
    return chance.choice(WORDS)


def quoted(word: str, chance: random.Random, _: list[str]) -> str:
    return chance.choice((f'"{word}"', f"'{word}'", f"[{word}]", f"{{{word}}}", f"{word}, {word}", word + ":"))


def swap_values(text: str, chance: random.Random) -> str:
    found = list(VALUE.finditer(text))
    if len(found) < 2:
        return text
    one, two = sorted(chance.sample(found, 2), key=lambda match: match.start())
    return text[: one.start()] + two[0] + text[one.end() : two.start()] + one[0] + text[two.end() :]


def line_ends(text: str, chance: random.Random) -> str:
    return text.replace("\n", chance.choice(("\r\n", "\r")))


def twice(text: str, chance: random.Random) -> str:
    return text + chance.choice(("", "---\n", "...\n", "\n")) + text


def header(text: str, chance: random.Random) -> str:
    heads = ("%YAML 1.1\n---\n", "\ufeff", "--- !x\n", "---\n", "- \n", "project: {extends: builtin}\n")
    return chance.choice(heads) + text


CHANGES: tuple[Callable[[str, random.Random], str], ...] = (
    drop_lines, double_lines, move_lines, indent, put_sign, take_sign, change_sign, swap_signs, cut, cut_head,
    on_match(KEY, misspelt), on_match(KEY, other), on_match(KEY, odd), on_match(KEY, quoted),
    on_match(VALUE, other), on_match(VALUE, odd), on_match(VALUE, quoted), on_match(VALUE, misspelt),
    swap_values, line_ends, twice, header,
)  # fmt: skip
RARE = {line_ends, twice, cut, cut_head, header}


def mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        change = chance.choice(CHANGES)
        while change in RARE and chance.random() < 0.7:
            change = chance.choice(CHANGES)
        text = change(text, chance) if len(text) > 2 else text
    return text


# ---------------------------------------------------------------- what a text holds

Held = dict[tuple[str, str], list[Any]]
"""Section and name to the nodes of that name, as often as it stands there."""


def held(text: str) -> Held | None:
    """The named entries of a text; none where it is no YAML."""
    found: Held = {}
    try:
        documents = list(yaml.compose_all(text.removeprefix("\ufeff"), Loader=LOADER))
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    for document in documents:
        for name, node in entries(document):
            found.setdefault(name, []).append(node)
    return found


def entries(document: Any) -> Iterator[tuple[tuple[str, str], Any]]:
    if not isinstance(document, yaml.MappingNode):
        return
    keys = [key.value if isinstance(key, yaml.ScalarNode) else "" for key, _ in document.value]
    for kind, section in (("card", "cards"), ("layout", "layouts")):
        if kind in keys:
            name = document.value[keys.index(kind)][1]
            yield (section, str(name.value) if isinstance(name, yaml.ScalarNode) else "?"), document
            return
    for key, value in zip(keys, (value for _, value in document.value), strict=True):
        if key in (*SECTIONS, "project") and isinstance(value, yaml.MappingNode):
            for inner, node in value.value:
                yield (key, str(inner.value)), node


def same(node: Any, data: Any) -> bool:
    """Whether plain data say what a node does, key by key and item by item."""
    if isinstance(node, yaml.MappingNode):
        if not isinstance(data, dict) or len(data) != len(node.value):
            return False
        return all(key.value in data and same(value, data[key.value]) for key, value in node.value)
    if isinstance(node, yaml.SequenceNode):
        return isinstance(data, list) and len(data) == len(node.value) and all(map(same, node.value, data))
    if isinstance(data, str):
        return data == node.value
    if data is None:
        return node.value in ("", "~", "null", "Null", "NULL")
    if isinstance(data, bool):
        return node.value.lower() == str(data).lower()
    return isinstance(data, int | float) and float(node.value) == float(data)


# ---------------------------------------------------------------- one round


class Round(NamedTuple):
    findings: Findings | None
    loaded: Loaded | None
    refused: Refused | None
    seconds: float


class Fuzz:
    """A copy of the built-in definitions, one file of which is another each time. What has not changed is not read
    again: the driver remembers it, and now and then does not, and compares."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts = {path.relative_to(CONFIGS): path.read_text(encoding="utf-8") for path in CONFIGS.rglob("*.yaml")}
        for name, text in self.texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="")
        self.readings: dict[tuple[str, bytes], Any] = {}
        self.shapes: dict[tuple[str, int], Any] = {}
        self.sources: set[int] = set()
        self.originals = {text.encode() for text in self.texts.values()}
        self.counts: Counter[str] = Counter()

    # ------------------------------------------------------------ remembering

    def _read(self, file: str, content: bytes) -> Any:
        if content not in self.originals:
            return READ(file, content)
        if (file, content) not in self.readings:
            reading = self.readings[file, content] = READ(file, content)
            self.sources |= {id(spot.source) for spot in reading.documents}
        return self.readings[file, content]

    def _shaped(self, model: Any, what: str, spot: Any, data: object = None) -> Any:
        if id(spot.source) not in self.sources or model is layer.models.Project:
            return SHAPED(model, what, spot, data)
        if (what, id(spot)) not in self.shapes:
            self.shapes[what, id(spot)] = SHAPED(model, what, spot, data)
        return self.shapes[what, id(spot)]

    # ------------------------------------------------------------ one round

    def examined(self, remember: bool = True) -> Round:
        taken: list[Loaded] = []

        def load(config: Path | None = None) -> Loaded:
            taken.append(LOAD(config))
            return taken[-1]

        read, shaped = (self._read, self._shaped) if remember else (READ, SHAPED)
        began = time.perf_counter()
        with (
            patch.object(examining, "load", load),
            patch.object(layer, "read", read),
            patch.object(layer, "shaped", shaped),
        ):
            try:
                findings, refused = examining.examine(self.folder), None
            except Refused as error:
                findings, refused = None, error
        return Round(findings, taken[-1] if taken else None, refused, time.perf_counter() - began)

    def once(self, seed: int) -> None:
        chance = random.Random(seed)
        name = chance.choice(sorted(self.texts))
        text = mutated(self.texts[name], chance)
        path = self.folder / name
        content = text.encode("utf-8", "surrogatepass")
        path.write_bytes(content)
        try:
            found = self.examined()
            self.hold(path, text, found)
            if chance.random() < 0.05:
                again = self.examined(remember=False)
                assert (again.findings, str(again.refused)) == (found.findings, str(found.refused)), (
                    "not the same twice"
                )
        except Exception as error:
            raise AssertionError(f"seed {seed}, {name}: {type(error).__name__}: {error}") from error
        finally:
            path.write_text(self.texts[name], encoding="utf-8", newline="")

    def hold(self, path: Path, text: str, found: Round) -> None:
        assert found.seconds < SLOW, f"{found.seconds:.0f} s"
        self.counts["seconds"] = max(self.counts["seconds"], int(found.seconds * 1000))
        if found.refused is not None or found.findings is None or found.loaded is None:
            raise AssertionError(f"refused: {found.refused}")
        problems = [each.problem for each in (*found.findings.standing, *found.findings.allowed)]
        for problem in problems:
            self.counts[problem.name] += 1
            assert problem.name in RULES, f"no rule: {problem}"
            inside(problem)
        errors = [p for p in problems if severity(p.name) == "error" and p.place.file == path.as_posix()]
        self.counts["with errors" if errors else "clean"] += 1
        there = held(text)
        if there is None:
            assert errors, "no YAML, and no error"
            return
        self._nothing_else(path, found.loaded, there)
        for (section, name), nodes in there.items() if not errors else ():
            places = found.loaded.places.items[section].items
            known = places if section == "project" else getattr(found.loaded.catalogue, section)
            assert name in known, f"{section} {name} is dropped in silence"
            assert len(nodes) == 1, f"{section} {name} stands there {len(nodes)} times, in silence"
            assert same(nodes[0], places[name].data), f"{section} {name} is read otherwise than it stands"

    def _nothing_else(self, path: Path, loaded: Loaded, there: Held) -> None:
        """What is loaded from the file stands in its text."""
        for section in SECTIONS:
            for name in getattr(loaded.catalogue, section):
                spot = loaded.places.items[section].items[name]
                if spot.source.file == path.as_posix():
                    assert (section, str(name)) in there, f"{section} {name} is loaded, and stands nowhere"


READ, SHAPED, LOAD = layer.read, layer.shaped, examining.load


def inside(problem: Problem) -> None:
    """A problem stands in a file, in a line and column that it has."""
    place = problem.place
    assert place.line >= 1, f"no line: {problem}"
    lines = re.split(r"\r\n|\n|\r", Path(place.file).read_bytes().decode("utf-8-sig", "replace"))
    assert place.line <= len(lines), f"beyond the file: {problem}"
    assert place.column <= len(lines[place.line - 1]) + 1, f"beyond the line: {problem}"
    assert problem.text.strip(), f"no sentence: {problem.name}"
    str(problem)


def main(rounds: int, first: int = 0) -> int:
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        fuzz = Fuzz(Path(folder))
        began = time.perf_counter()
        for seed in range(first, first + rounds):
            try:
                fuzz.once(seed)
            except AssertionError as error:
                failed += 1
                print(str(error)[:2000], flush=True)
            if (seed + 1) % 500 == 0:
                print(f"{seed + 1 - first} rounds, {failed} failed, {time.perf_counter() - began:.0f} s", flush=True)
        print(f"{rounds} rounds, {failed} failed, {time.perf_counter() - began:.0f} s")
        print(", ".join(f"{name} {count}" for name, count in fuzz.counts.most_common()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
