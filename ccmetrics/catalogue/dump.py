"""Definitions written down again, so that reading them gives the same ones.

In: a catalogue. Out: YAML texts by file name, a section each, standing on nothing below them.
Refuses to know: where the definitions came from, the disk.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from ccmetrics.catalogue.models import Catalogue

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./]*")
"""Texts that need no quotes; those that are a word of YAML (`null`, `true`) get them all the same."""


def standalone(catalogue: Catalogue) -> Catalogue:
    """The same definitions, extending nothing: a later version's built-in ones shall not come in from below."""
    return catalogue.model_copy(update={"project": catalogue.project.model_copy(update={"extends": None})})


def dumped(catalogue: Catalogue) -> dict[str, str]:
    """YAML by file name. Entries stay in their order, which cards and layouts are gone through in."""
    plain = standalone(catalogue).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {f"{section}.yaml": _text({section: found}) for section, found in plain.items()}


class _Dumper(yaml.SafeDumper):
    """Every text that could be read as anything else is quoted, and nothing is said by an alias."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represented(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if PLAIN.fullmatch(text) else '"')


_Dumper.add_representer(str, _represented)


def _text(section: dict[str, Any]) -> str:
    return str(yaml.dump(section, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000))
