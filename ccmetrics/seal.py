"""The seal of a closed period: a manifest that names everything archived by its hash, and itself by one.

In: a manifest and files as bytes; later a folder. Out: the files with their seal; what no longer fits it.
Refuses to know: what the files hold, how results are made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ccmetrics.problem import FileFailed, Place, Problem

SCHEMA = "ccmetrics.seal/1"
MANIFEST = "seal.json"
CATALOGUE = "catalogue"
SCORES = "results/scores.csv"
ACTIONS = "results/actions.csv"
RESULT = "results/result.json"
RESTATEMENT = "results/restatement.csv"
PREVIOUS = "results/previous-actions.csv"
SIGNATURES = "signatures.txt"
PARTS = ("made_by", "period", "cards", "options", "inputs", "accounts", "definitions", "restates", "files", "seal")


@dataclass(frozen=True, order=True)
class Difference:
    """One thing that is not as it was sealed: a kebab-case name, what it is about, and a sentence."""

    name: str
    what: str
    text: str


@dataclass(frozen=True)
class Seal:
    """An archived folder as it was found: its manifest, and what is wrong with it by itself."""

    folder: Path
    manifest: Mapping[str, Any]
    damage: tuple[Difference, ...]

    @property
    def hash(self) -> str:
        return str(self.manifest.get("seal", ""))

    def content(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()


def sealed(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with the manifest that names them, `seal.json`."""
    hashes = {name: _hash(content) for name, content in sorted(files.items())}
    whole = {"schema": SCHEMA, **manifest, "files": hashes}
    whole["seal"] = seal_of(whole)
    return {MANIFEST: f"{json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1)}\n".encode(), **files}


def seal_of(manifest: Mapping[str, Any]) -> str:
    """The hash over everything a manifest says but its own seal."""
    said = {key: value for key, value in manifest.items() if key != "seal"}
    text = json.dumps(said, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return _hash(text.encode())


def opened(folder: Path) -> Seal:
    """A sealed folder with whatever is damaged in it: torn, edited, missing or put in.

    Raises:
        FileFailed: it is no sealed folder, or cannot be read.
    """
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = _manifest(content)
        if manifest is None:
            text = "It is torn or edited: it cannot be read as a manifest. Nothing else can be held against it."
            return Seal(folder, {}, (Difference("seal-broken", MANIFEST, text),))
        damage = [] if seal_of(manifest) == manifest["seal"] else [_edited()]
        return Seal(folder, manifest, (*damage, *_files(folder, manifest["files"])))
    except OSError as error:
        text = f"It cannot be read as a sealed period: {error.strerror or type(error).__name__}."
        raise FileFailed([Problem(Place(error.filename or str(folder)), "no-seal", text)]) from error


def _manifest(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
        if found["schema"] != SCHEMA or not all(name in found for name in PARTS):
            return None
        # What is read from it below is there, and of its kind.
        texts = [found["seal"], found["period"]["label"], *found["cards"], *found["files"], *found["files"].values()]
        texts += [each[key] for each in found["inputs"] for key in ("name", "sha256")]
        texts += [account["table"] for account in found["accounts"]]
        numbers = [account[key] for account in found["accounts"] for key in ("read", "used")]
        fits = all(isinstance(text, str) for text in texts) and all(isinstance(number, int) for number in numbers)
        fits = fits and isinstance(found["options"], dict) and isinstance(found["made_by"], dict)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return found if fits else None


def _edited() -> Difference:
    return Difference("seal-broken", MANIFEST, "It was changed after it was sealed: its own hash does not fit it.")


def _files(folder: Path, hashes: Mapping[str, str]) -> list[Difference]:
    """What is there against what was sealed. Only names of plain files below the folder are looked up."""
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    there.pop(MANIFEST, None)
    found = []
    for name, known in sorted(hashes.items()):
        if name not in there:
            found.append(Difference("file-missing", name, "It was sealed and is not there."))
        elif _hash(there[name].read_bytes()) != known:
            found.append(Difference("file-changed", name, "It is not the file that was sealed."))
    strange = sorted(set(there) - set(hashes))
    return [*found, *(Difference("file-added", name, "It is there and was not sealed.") for name in strange)]


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
