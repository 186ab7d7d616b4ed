"""The catalogue: every definition of a folder, over the built-in ones where its project says so.

In: a folder of YAML. Out: the definitions as models with their places, and what is wrong with them one by one.
Refuses to know: whether definitions agree with each other (checks).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ccmetrics.catalogue import models, targets
from ccmetrics.catalogue.folder import contents, shown, targets_of, unread
from ccmetrics.catalogue.places import REMOVED, Spot, source
from ccmetrics.catalogue.read import read
from ccmetrics.catalogue.shape import shaped, what_holds
from ccmetrics.problem import Problem, did_you_mean

SECTIONS: dict[str, tuple[str, type[BaseModel]]] = {
    "tables": ("Table", models.Table),
    "measures": ("Measure", models.Measure),
    "kpis": ("KPI", models.Kpi),
    "cards": ("Card", models.Card),
    "layouts": ("Layout", models.Layout),
    "tests": ("Test", models.CardTest),
}
"""Section to what one of its entries is called, and its model. `project` is the only other section."""

DOCUMENTS = {"card": "cards", "layout": "layouts"}
"""A document with this key is one entry of that section."""

MERGED = ("parameters", "parameter_units")
"""Parts of the project that are layered name by name; its other keys are replaced whole."""

FOREIGN = (
    "Correct the key; a file for another program belongs elsewhere: "
    "keep definitions in a folder of their own, and check that."
)

Name = tuple[str, ...]
Layer = dict[Name, Spot]


@dataclass(frozen=True)
class Loaded:
    """Definitions that are right in themselves, the places of all, and what is wrong with the others.

    A name that has a place but no definition is broken: it is known, and says nothing.
    """

    catalogue: models.Catalogue
    places: Spot
    problems: tuple[Problem, ...] = ()
    is_whole: bool = True
    """Whether every file could be read to its end, so that a name nobody defines is really unknown."""
    warnings: tuple[Problem, ...] = ()
    """What refuses no run: files that look like definitions and are none."""


def load(config: Path | None = None) -> Loaded:
    """All definitions of a folder (or one file), with everything wrong about them as problems.

    Raises:
        FileFailed: a file cannot be read, or there is none.
    """
    problems: list[Problem] = []
    layer, is_whole = _layer(config or builtin(), problems)
    extends = layer.get(("project", "extends"))
    if config is not None and extends is not None and extends.data == "builtin":
        below, below_whole = _layer(builtin(), problems)
        _with_targets(builtin(), below, problems)
        layer, is_whole = _over(below, layer, problems), is_whole and below_whole
    else:
        layer = _over({}, layer, problems)
    _with_targets(config or builtin(), layer, problems)
    places = _tree(layer)
    catalogue = _shaped(places, problems)
    warnings = unread(config) if config is not None else ()
    return Loaded(catalogue, places, tuple(problems), is_whole, tuple(warnings))


def builtin() -> Path:
    """The folder of the built-in definitions: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "configs"
    return inside if inside.is_dir() else package.parent / "configs"


def is_builtin(file: str) -> bool:
    """Whether a file, by its shown name, is one of the built-in definitions."""
    return file.startswith(f"{shown(builtin())}/")


def _layer(folder: Path, problems: list[Problem]) -> tuple[Layer, bool]:
    layer: Layer = {}
    is_whole = True
    for file, content in contents(folder):
        reading = read(file, content)
        problems += reading.problems
        is_whole = is_whole and reading.is_whole
        for document in reading.documents:
            # What stands below a misspelt section would be unknown to all that use it: one mistake, told once.
            is_whole = is_whole and not _is_misspelt(document)
            for name, spot in _entries(document, problems):
                if name in layer:
                    problems.append(_twice(name, layer[name], spot))
                else:
                    layer[name] = spot
    return layer, is_whole


def _with_targets(folder: Path, layer: Layer, problems: list[Problem]) -> None:
    """Goals from the tables beside the YAML, put into the cards of the layer and of those below."""
    for file, content in targets_of(folder):
        cards = {name[1]: spot for name, spot in layer.items() if name[0] == "cards"}
        problems += targets.put_in(file, content, cards)


def _entries(document: Spot, problems: list[Problem]) -> Iterator[tuple[Name, Spot]]:
    """The named definitions of one document."""
    if document.data is None:
        return
    if not isinstance(document.data, dict):
        text = f"A document is a mapping that begins with one of: {', '.join(_openings())}."
        problems.append(document.problem("wrong-type", text))
        return
    for key, section in DOCUMENTS.items():
        if key in document.items:
            document.key = document.items[key]
            if _is_name(key, document.key, problems):
                yield (section, _word(document.key)), document
            return
    for each, spot in document.items.items():
        section = str(each)
        if section != "project" and section not in SECTIONS:
            if not (document.is_cut and _opening_of(section)):
                problems.append(_no_section(section, spot))
            if _opening_of(section):
                return
        elif isinstance(spot.data, dict):
            yield from _named(section, spot)
        elif spot.data is not None:
            text = f"'{section}' is a mapping of names to definitions."
            problems.append(spot.problem("wrong-type", text))


def _is_misspelt(document: Spot) -> bool:
    """Whether a section of it is known by a name close to the one that it has."""
    known = {"project", *SECTIONS, *DOCUMENTS}
    if not isinstance(document.data, dict) or any(key in document.items for key in DOCUMENTS):
        return False
    return any(str(each) not in known and did_you_mean(str(each), known) for each in document.items)


def _is_name(kind: str, name: Spot, problems: list[Problem]) -> bool:
    if name.data is None:
        problems.append((name.key or name).problem("bad-value", f"The {kind} needs a name here."))
    elif name.is_collection:
        problems.append((name.key or name).problem("wrong-type", f"The name of a {kind} is a word."))
    return name.data is not None and not name.is_collection


def _word(name: Spot) -> str:
    """A name as it is written, where it looks like a number or a truth."""
    return name.data if isinstance(name.data, str) else name.source.text[name.start : name.end]


def _named(section: str, spot: Spot) -> Iterator[tuple[Name, Spot]]:
    for name, inner in spot.items.items():
        if section == "project" and name in MERGED and isinstance(inner.data, dict):
            yield from (((section, str(name), str(each)), at) for each, at in inner.items.items())
        else:
            yield (section, str(name)), inner


def _no_section(section: str, spot: Spot) -> Problem:
    key = spot.key or spot
    opening = _opening_of(section)
    if opening:
        return key.problem("missing-key", f"A document with '{section}' is a {opening}, and needs the key '{opening}'.")
    hint = did_you_mean(section, _openings())
    text = f"'{section}' is no kind of definition."
    if hint:
        return key.problem("unknown-key", f"{text}{hint}")
    problem = key.problem("unknown-key", f"{text} A document begins with one of: {', '.join(_openings())}.")
    return replace(problem, mend=FOREIGN)


def _opening_of(key: str) -> str | None:
    """The key that was forgotten, where a document is plainly a card or a layout."""
    return "card" if key in models.Card.model_fields else "layout" if key in models.Layout.model_fields else None


def _openings() -> list[str]:
    return ["project", *SECTIONS, *DOCUMENTS]


def _said(name: Name) -> str:
    return f"{SECTIONS[name[0]][0]} '{name[1]}'" if name[0] in SECTIONS else f"'{name[-1]}' of the project"


def _twice(name: Name, first: Spot, second: Spot) -> Problem:
    places = [spot.key or spot for spot in (first, second)]
    other = places[0].source.place(places[0].start, places[0].end)
    text = f"{_said(name)} is defined here a second time; the first is at {other}. Remove one."
    return places[1].problem("duplicate-definition", text)


def _over(below: Layer, above: Layer, problems: list[Problem]) -> Layer:
    """One layer over another. Named entries are replaced whole, an empty one (`null`) removes the one below."""
    layer = {**below, **{name: spot for name, spot in above.items() if spot.data is not None or spot.is_cut}}
    for name, spot in above.items():
        if name in layer and layer[name] is spot:
            continue
        if layer.pop(name, None) is None:
            text = f"{_said(name)} is empty, which removes a definition of a lower layer, and there is none."
            problems.append((spot.key or spot).problem("nothing-to-remove", text))
        else:
            layer[(REMOVED, *name)] = spot
    return layer


def _tree(layer: Layer) -> Spot:
    """The layered definitions as one tree, in the shape of the catalogue: section, name, and so on down."""
    root = Spot(source("", ""), 0, 0, ":", {})
    for name, spot in layer.items():
        at = root
        for step in name[:-1]:
            if step not in at.items:
                at.items[step] = Spot(spot.source, spot.start, spot.start, ":", {})
                _data(at)[step] = at.items[step].data
            at = at.items[step]
        at.items[name[-1]] = spot
        if not spot.is_cut:
            _data(at)[name[-1]] = spot.data
    return root


def _data(spot: Spot) -> dict[str, Any]:
    return spot.data if isinstance(spot.data, dict) else {}


def _shaped(places: Spot, problems: list[Problem]) -> models.Catalogue:
    """Every entry held against its model by itself, so that one broken entry hides no other."""
    whole: dict[str, Any] = {}
    for section, (what, model) in SECTIONS.items():
        whole[section] = {}
        for name, spot in places.items[section].items.items() if section in places.items else ():
            if spot.is_cut:
                continue
            inner = {**_data(spot), _key(section): name} if section in DOCUMENTS.values() else None
            definition, found = shaped(model, f"{what} '{name}'", spot, inner if isinstance(spot.data, dict) else None)
            problems += (replace(problem, about=(section, str(name))) for problem in found)
            if definition is not None:
                whole[section][name] = definition
    whole["kpis"] = {name: _still_watched(name, kpi, places) for name, kpi in whole["kpis"].items()}
    if "project" in places.items:
        project, found = shaped(models.Project, "The project", places.items["project"])
        problems += found
        whole["project"] = project or what_holds(models.Project, places.items["project"])
    return models.Catalogue.model_construct(**whole)


def _still_watched(name: str, kpi: models.Kpi, places: Spot) -> models.Kpi:
    """A KPI less the guardrails that a layer above its own has removed; `lost-guardrail` tells of them."""
    lost = lost_guardrails(name, kpi.guardrails, places)
    return kpi.model_copy(update={"guardrails": tuple(each for each in kpi.guardrails if each not in lost)})


def lost_guardrails(name: str, guardrails: Iterable[str], places: Spot) -> list[str]:
    """Of a built-in KPI's guardrails those whose KPI a layer above has removed."""
    own = places.items["kpis"].items[name]
    removed = places.items[REMOVED].items.get("kpis") if REMOVED in places.items else None
    if removed is None or not is_builtin(own.source.file):
        return []
    return [each for each in guardrails if each.partition(".")[0] in removed.items]


def _key(section: str) -> str:
    return next(key for key, at in DOCUMENTS.items() if at == section)
