"""What the properties share: definitions read once, and tests too long for every run.

In: pytest's hooks. Out: the same product, with its definitions kept between examples.
Refuses to know: any law.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from ccmetrics.catalogue import load_catalogue
from tests.laws import definitions


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes minutes; run with -m slow")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "slow" not in config.option.markexpr:
        skipped = pytest.mark.skip(reason="takes minutes; run with -m slow")
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(skipped)


@pytest.fixture(scope="package", autouse=True)
def _definitions_read_once() -> object:
    """A property runs the product some dozens of times over the same definitions; reading them takes half of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("ccmetrics.run.supply"), "load_catalogue", cache(load_catalogue))
        yield


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return definitions.folder(tmp_path_factory.mktemp("laws"))
