"""A folder replaced whole or not at all, whatever else lies in it.

In: a folder, the files it is to hold, and which of those in it may go. Out: the folder, the old one or the new one.
Refuses to know: what the files are, who wrote the old ones.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from ccmetrics.problem import FileFailed, Place, Problem
from ccmetrics.write import failed, put, settle, sync


def check_place(folder: Path, *, inputs: Sequence[Path] = ()) -> None:
    """What stands in the way of a folder that may be there, or be made with those above it.

    Raises:
        FileFailed: it would lie among exports, or hold them; or something there is no folder.
    """
    try:
        whole = folder.resolve()
        given = [path.resolve() for path in inputs]
        above = next(path for path in (whole, *whole.parents) if path.exists())
        if any(path.is_dir() and whole.is_relative_to(path) for path in given):
            text = "It would lie among the exports and be read with them by the next run. Name another folder."
            problem = Problem(Place(str(folder)), "output-among-exports", text)
        elif any(path.is_relative_to(whole) for path in given):
            problem = Problem(
                Place(str(folder)), "output-is-input", "It holds what this run reads. Name another folder."
            )
        elif not above.is_dir():
            problem = Problem(Place(str(above)), "output-no-folder", "It is there and no folder. Name another.")
        else:
            return
    except OSError as error:
        problem = failed(folder, error)
    raise FileFailed([problem])


def restore_folder(folder: Path) -> None:
    """A run that was killed between the two renames of `replace_folder` left the old folder under its other name."""
    target = folder.resolve()
    if not target.exists() and _aside(target).is_dir():
        os.replace(_aside(target), target)


def replace_folder(folder: Path, contents: Mapping[str, bytes], own: Collection[str]) -> None:
    """The files `own` of a folder by others, all or none. What else it holds stays, the very files.

    The new folder is made whole beside the old one and takes its name by two renames. Files that stay as they are
    keep their time.

    Raises:
        FileFailed: it cannot be; the old folder is as it was then.
    """
    target = folder.resolve()
    if Path.cwd().is_relative_to(target):
        text = "The current folder lies in it, which is replaced as a whole. Run from another folder."
        raise FileFailed([Problem(Place(str(folder)), "output-failed", text)])
    temporary: Path | None = None
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent))
        for name, content in contents.items():
            there = target / name
            if name in own and there.is_file() and not there.is_symlink() and there.read_bytes() == content:
                _keep(there, temporary / name)
            else:
                put(temporary / name, content)
        others = [path for path in _held(target) if path.relative_to(target).as_posix() not in own]
        for path in others:
            _keep(path, temporary / path.relative_to(target))
        settle(temporary, stat.S_IMODE(target.stat().st_mode))
        _swap(target, temporary)
        _clear(target, own)
    except OSError as error:
        raise FileFailed([failed(folder, error)]) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _swap(target: Path, new: Path) -> None:
    aside = _aside(target)
    shutil.rmtree(aside, ignore_errors=True)  # Of a run killed after its renames: what it held is in the target.
    os.replace(target, aside)
    try:
        os.replace(new, target)
    except OSError:
        os.replace(aside, target)
        raise
    with contextlib.suppress(OSError):
        sync(target.parent)


def _clear(target: Path, own: Collection[str]) -> None:
    """What is left of the old folder goes; a file that came into it meanwhile does not."""
    aside = _aside(target)
    for path in _held(aside):
        name = path.relative_to(aside).as_posix()
        if name not in own and not (target / name).exists():
            _keep(path, target / name)
    shutil.rmtree(aside, ignore_errors=True)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name[:100]}.ccmetrics-old")


def _held(folder: Path) -> list[Path]:
    """Everything in a folder, at any depth, that is no folder with something in it. Links are not followed."""
    found = []
    for path in sorted(folder.iterdir()):
        inside = _held(path) if path.is_dir() and not path.is_symlink() else []
        found += inside or [path]
    return found


def _keep(path: Path, new: Path) -> None:
    """The same file under another name too; a copy only where the disk knows no second names."""
    new.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        new.mkdir(exist_ok=True)
        return
    try:
        os.link(path, new, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(path, new, follow_symlinks=False)
