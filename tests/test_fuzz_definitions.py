"""Some of the ten thousand ways in which `fuzz_definitions.py` breaks the built-in definitions, and what it once found.

In: seeds. Out: pass or fail, with the seed that shows it. Refuses to know: what any change should be told as.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))

from fuzz_definitions import CONFIGS, Fuzz, held, mutated, same

ROUNDS = 40


@pytest.fixture(scope="module")
def fuzz(tmp_path_factory: pytest.TempPathFactory) -> Fuzz:
    return Fuzz(tmp_path_factory.mktemp("definitions"))


def test_definitions_broken_at_random_are_never_silent(fuzz: Fuzz) -> None:
    for seed in range(1_000_000, 1_000_000 + ROUNDS):
        fuzz.once(seed)
    assert fuzz.counts["with errors"] > ROUNDS / 2
    assert fuzz.counts["clean"] > ROUNDS / 10


def test_what_is_broken_was_whole(fuzz: Fuzz) -> None:
    """Else all that is dropped would have an excuse."""
    found = fuzz.examined()
    assert found.loaded is not None
    assert not found.loaded.problems
    for text in fuzz.texts.values():
        there = held(text)
        assert there is not None
        for (section, name), nodes in there.items():
            assert len(nodes) == 1
            assert same(nodes[0], found.loaded.places.items[section].items[name].data)


def test_the_reading_of_our_own_sees_what_is_dropped() -> None:
    """The judge is judged: two of one name, a key more, another value."""
    there = held("kpis:\n  a: {x: 1}\n  a: {x: 2}\n---\ncard: b\n")
    assert there is not None
    assert {name: len(nodes) for name, nodes in there.items()} == {("kpis", "a"): 2, ("cards", "b"): 1}
    node = yaml.compose("{x: 1, y: [a, null, true]}")
    assert same(node, {"x": 1, "y": ["a", None, True]})
    assert not same(node, {"x": 1})
    assert not same(node, {"x": 2, "y": ["a", None, True]})
    assert not same(node, {"x": 1, "y": ["a", None]})
    assert held("a: [") is None


def test_a_seed_is_one_change() -> None:
    text = (CONFIGS / "project.yaml").read_text(encoding="utf-8")
    assert mutated(text, random.Random(7)) == mutated(text, random.Random(7))
