"""A folder of reports and the manifest that names all of them: what is there against what would be written now.

In: what a run was made from, its files as bytes; a folder of an earlier run. Out: the manifest; what differs, in words.
Refuses to know: what the files show, how results are made, how a folder is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ccmetrics.problem import FileFailed, Place, Problem

SCHEMA = "ccmetrics.reports/1"
MANIFEST = "manifest.json"
SAID = {
    "made_by": "It was made by another version of the program or of its engine.",
    "catalogue": "The definitions are others.",
    "language": "The language is another.",
    "audience": "The audience is another.",
    "arguments": "The options are others: {names}.",
    "period": "The period has other days.",
}
"""What a manifest says of a run, and the sentence where it no longer holds."""


@dataclass(frozen=True)
class Found:
    """A folder that an earlier run wrote, as it is now."""

    folder: Path
    manifest: Mapping[str, Any]
    hashes: Mapping[str, str]
    """Every file there, the manifest apart."""
    was: bytes
    """The manifest as it lies there."""

    @property
    def listed(self) -> Mapping[str, Any]:
        files: Mapping[str, Any] = self.manifest["files"]
        return files

    @property
    def own(self) -> frozenset[str]:
        """What the earlier run wrote and is still there."""
        return frozenset({MANIFEST, *(name for name in self.listed if name in self.hashes)})

    @property
    def strangers(self) -> tuple[str, ...]:
        """What others put there."""
        return tuple(sorted(set(self.hashes) - set(self.listed)))


def manifested(said: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with the manifest that names them."""
    known = {name: {"sha256": _hash(content), "bytes": len(content)} for name, content in sorted(files.items())}
    whole = {"schema": SCHEMA, **said, "files": known}
    whole["manifest"] = _own(whole)
    return {**files, MANIFEST: f"{json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1)}\n".encode()}


def opened(folder: Path) -> Found | None:
    """What an earlier run left in the folder; None where there is nothing.

    Raises:
        FileFailed: the folder holds anything, but no manifest that is whole; or it cannot be read.
    """
    try:
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return None
        path = folder / MANIFEST
        content = path.read_bytes() if path.is_file() else b""
        manifest = _read(content)
        if manifest is None:
            text = "It holds files, and no whole manifest.json says that they are reports. Name another folder."
            raise FileFailed([Problem(Place(str(folder)), "no-report-folder", text)])
        there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}
        there.pop(MANIFEST)
        hashes = {name: _hash(path.read_bytes()) if path.is_file() else "" for name, path in sorted(there.items())}
        return Found(folder, manifest, hashes, content)
    except OSError as error:
        text = f"It cannot be read: {error.strerror or type(error).__name__}."
        raise FileFailed([Problem(Place(error.filename or str(folder)), "output-failed", text)]) from error


def untouched(folder: Path) -> frozenset[str]:
    """Which files of a folder an earlier run wrote, and are as it wrote them; none where it does not say so."""
    try:
        found = opened(folder)
    except FileFailed:
        return frozenset()
    if found is None:
        return frozenset()
    listed = found.listed
    return frozenset({MANIFEST, *(name for name, known in listed.items() if found.hashes.get(name) == known["sha256"])})


def in_the_way(found: Found, files: Mapping[str, bytes]) -> list[Problem]:
    """What nobody may replace: reports changed by others since, and files of others by a name that is wanted."""
    new = {name: _hash(content) for name, content in files.items()}
    problems = []
    for name, known in sorted(found.listed.items()):
        if name in found.hashes and found.hashes[name] not in (known["sha256"], new.get(name)):
            text = "It was changed after it was written. Move it away, and it can be written anew."
            problems.append(Problem(Place(str(found.folder / name)), "report-changed", text))
    for name in found.strangers:
        if any(name == wanted or name.startswith(f"{wanted}/") or wanted.startswith(f"{name}/") for wanted in new):
            text = "It is there, and no report of an earlier run. Move it away, or name another folder."
            problems.append(Problem(Place(str(found.folder / name)), "output-exists", text))
    return problems


def differences(found: Found, files: Mapping[str, bytes]) -> list[str]:
    """Why the folder is not what would be written now; nothing where it is, to the byte."""
    now = json.loads(files[MANIFEST])
    said = [*_inputs(found.manifest["inputs"], now["inputs"])]
    for key, text in SAID.items():
        then, here = found.manifest.get(key), now[key]
        if then != here:
            said.append(text.format(names=", ".join(_unlike(then, here))))
    said += [f"{name} is gone." for name in sorted(set(found.listed) - set(found.hashes))]
    if said or found.was == files[MANIFEST]:
        return said
    names = [name for name, known in now["files"].items() if found.listed.get(name) != known]
    names += sorted(set(found.listed) - set(now["files"]))
    return [f"{name} would be another." for name in names] or [f"{MANIFEST} would be another."]


def _unlike(then: Any, now: Any) -> list[str]:
    both = [side if isinstance(side, dict) else {} for side in (then, now)]
    return sorted(name for name in {*both[0], *both[1]} if both[0].get(name) != both[1].get(name))


def _inputs(then: list[Any], now: list[Any]) -> Iterator[str]:
    old, new = ({each["name"]: each["sha256"] for each in side} for side in (then, now))
    for name in sorted({*old, *new}):
        if name not in new:
            yield f"{name} was read then, and is not now."
        elif name not in old:
            yield f"{name} was not read then."
        elif old[name] != new[name]:
            yield f"{name} holds other data than then."


def _read(content: bytes) -> dict[str, Any] | None:
    """The manifest, if it is one and nobody touched it since it was written."""
    try:
        found = json.loads(content)
        return found if found["schema"] == SCHEMA and found["manifest"] == _own(found) else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _own(manifest: Mapping[str, Any]) -> str:
    said = {key: value for key, value in manifest.items() if key != "manifest"}
    return _hash(json.dumps(said, ensure_ascii=False, allow_nan=False, sort_keys=True).encode())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
