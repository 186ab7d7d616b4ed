"""A folder replaced whole or not at all, whatever else lies in it.

In: a folder, the files it is to hold, and which of those in it may go. Out: the folder, the old one or the new one.
Refuses to know: what the files are, who wrote the old ones.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
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


def restore_folder(folder: Path, own: Callable[[Path], Collection[str]]) -> None:
    """A run that was killed between the two renames of `replace_folder` left the old folder under its other name.

    It takes its own name again where nothing has it, and goes where the folder holds all of it. `own` tells which files
    of an old folder may go.

    Raises:
        FileFailed: both are there, and the old one holds what the other does not.
    """
    target = folder.resolve()
    aside = _aside(target)
    try:
        if not aside.is_dir():
            return
        if target.is_dir() and not any(target.iterdir()):
            target.rmdir()
        if not target.exists():
            os.replace(aside, target)
            return
        lost = _only_in(aside, target, own(aside))
        if not lost:
            _discard(aside)
            return
    except OSError as error:
        raise FileFailed([failed(folder, error)]) from error
    names = ", ".join(lost[:3]) + (", ..." if len(lost) > 3 else "")
    text = (
        f"A run that was broken off left its earlier state as {aside}, which holds what {folder} does not: {names}. "
        f"Move what is to be kept into {folder}, and remove {aside}."
    )
    raise FileFailed([Problem(Place(str(folder)), "output-left-behind", text)])


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
        temporary = Path(tempfile.mkdtemp(prefix=f".{_short(target.name)}.", suffix=".tmp", dir=target.parent))
        for name, content in contents.items():
            there = target / name
            if name in own and there.is_file() and not there.is_symlink() and there.read_bytes() == content:
                _keep(there, temporary / name)
            else:
                put(temporary / name, content)
        others = [path for path in _held(target) if path.relative_to(target).as_posix() not in own]
        for path in others:
            _keep(path, temporary / path.relative_to(target))
        for path in sorted((path for path in target.rglob("*") if path.is_dir()), reverse=True):
            if not path.is_symlink() and (temporary / path.relative_to(target)).is_dir():
                _alike(path, temporary / path.relative_to(target))
        _alike(target, temporary)
        os.utime(temporary)
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
    os.replace(target, aside)  # Fails where the one of an earlier run is there still.
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
    for name in _only_in(aside, target, own):
        if not os.path.lexists(target / name):
            _keep(aside / name, target / name)
    if not _only_in(aside, target, own):
        _discard(aside)


def _only_in(aside: Path, target: Path, own: Collection[str]) -> list[str]:
    """What others put there that does not lie in the target too."""
    names = [path.relative_to(aside).as_posix() for path in _held(aside)]
    return [name for name in names if name not in own and not _is_same(aside / name, target / name)]


def _is_same(one: Path, other: Path) -> bool:
    if not os.path.lexists(other):
        return False
    if os.path.samestat(one.lstat(), other.lstat()):
        return True
    if one.is_symlink() or other.is_symlink():
        return one.is_symlink() and other.is_symlink() and one.readlink() == other.readlink()
    if one.is_dir():
        return other.is_dir()
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def _discard(aside: Path) -> None:
    """By another name first: killed on the way, what is left of it is not taken for a folder to come back."""
    doomed = tempfile.mkdtemp(prefix=f".{_short(aside.name)}.", suffix=".tmp", dir=aside.parent)
    os.replace(aside, doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def _aside(target: Path) -> Path:
    return target.with_name(f".{_short(target.name)}.ccmetrics-old")


def _short(name: str) -> str:
    """A name that leaves room for more; of two long ones that begin alike, still two."""
    whole = os.fsencode(name)
    return name if len(whole) <= 200 else f"{name[:40]}-{hashlib.sha256(whole).hexdigest()[:16]}"


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


def _alike(old: Path, new: Path) -> None:
    """A folder's owner, as far as that may be given away, mode and times."""
    was = old.stat()
    for user, group in ((-1, was.st_gid), (was.st_uid, -1)):
        with contextlib.suppress(OSError):
            os.chown(new, user, group)
    shutil.copystat(old, new)
