"""Files written whole or not at all, all of a run together.

In: paths and their bytes. Out: the files, each either the old one or the new one, whatever happens on the way.
Refuses to know: formats, what the bytes mean.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from ccmetrics.problem import FileFailed, Place, Problem

Content = bytes | Callable[[BinaryIO], object]
"""What a file is to hold, or what writes it."""

READ = (".csv", ".parquet")
"""What would be read as an export, were it left in a folder of exports."""


def check(paths: Iterable[Path], *, force: bool = False, inputs: Sequence[Path] = ()) -> None:
    """Everything that can be known to stand in the way before anything is computed.

    Raises:
        FileFailed: with every path that cannot, or must not, be written.
    """
    paths = list(paths)
    problems = [problem for path in paths if (problem := _obstacle(path, force, inputs))]
    problems += [
        _problem(path, "output-twice", "It is named twice as an output; name another file.")
        for at, path in enumerate(paths)
        if path.resolve() in {other.resolve() for other in paths[:at]}
    ]
    if problems:
        raise FileFailed(problems)


def check_apart(folders: Iterable[Path], files: Iterable[Path]) -> None:
    """No output lies in a folder that is another: it would stand in that one's way, or be lost with it.

    Raises:
        FileFailed: with every one that does.
    """
    folders = list(folders)
    paths = [*folders, *files]
    problems = [
        _problem(path, "output-in-output", f"It would lie in {folder}, which this run writes as a whole. Name another.")
        for at, folder in enumerate(folders)
        for other, path in enumerate(paths)
        if at != other and path.resolve().is_relative_to(folder.resolve())
    ]
    if problems:
        raise FileFailed(problems)


def write(contents: Mapping[Path, Content], *, force: bool = False, inputs: Sequence[Path] = ()) -> None:
    """All files, none before the content of every one is safely on the disk under a name of its own.

    Raises:
        FileFailed: a file cannot be written; no path has changed then, unless the disk failed between two renames.
    """
    check(contents, force=force, inputs=inputs)
    staged: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            _stage(path, content, staged)
        for temporary, target in staged:
            _move(temporary, target)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def check_folder(folder: Path, *, inputs: Sequence[Path] = ()) -> None:
    """What stands in the way of a new folder. There is no force: what a folder holds is never replaced.

    Raises:
        FileFailed: it is there and holds anything, would lie among exports, or cannot be made.
    """
    try:
        whole = folder.resolve()
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            problem = _problem(folder, "output-exists", "It is there already, and no empty folder. Name a new one.")
        elif any(given.is_dir() and whole.is_relative_to(given.resolve()) for given in inputs):
            text = "It would lie among the exports and be read with them by the next run. Name another folder."
            problem = _problem(folder, "output-among-exports", text)
        elif not whole.parent.is_dir():
            problem = _problem(folder, "output-no-folder", "Its parent folder does not exist. Make it first.")
        else:
            return
    except OSError as error:
        problem = failed(folder, error)
    raise FileFailed([problem])


def write_folder(folder: Path, contents: Mapping[str, bytes], *, inputs: Sequence[Path] = ()) -> None:
    """A new folder with all its files, or none: it gets its name when everything in it is safely on the disk.

    Raises:
        FileFailed: as `check_folder`, or it cannot be written; nothing is there then.
    """
    check_folder(folder, inputs=inputs)
    target = folder.resolve()
    temporary: Path | None = None
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent))
        for name, content in contents.items():
            put(temporary / name, content)
        settle(temporary, 0o777 & ~_mask())
        if target == Path.cwd():
            _fill(target, temporary)
        else:
            os.replace(temporary, target)
        with contextlib.suppress(OSError):
            sync(target.parent)
    except OSError as error:
        raise FileFailed([failed(folder, error)]) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def put(path: Path, content: bytes) -> None:
    """A file of a folder in the making."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def settle(folder: Path, mode: int) -> None:
    """What was put into a new folder is safely on the disk; then whoever may read the folder may."""
    for inside in {folder, *(path.parent for path in folder.rglob("*"))}:
        with contextlib.suppress(OSError):
            sync(inside)
    folder.chmod(mode)


def _fill(folder: Path, temporary: Path) -> None:
    """The current folder stays the folder it is: were it replaced, a shell in it would stand in one that is gone."""
    names = sorted(path.name for path in temporary.iterdir())
    try:
        for name in names:
            os.replace(temporary / name, folder / name)
    except OSError:
        for name in names:
            with contextlib.suppress(OSError):
                os.replace(folder / name, temporary / name)
        raise
    with contextlib.suppress(OSError):
        sync(folder)


def _obstacle(path: Path, force: bool, inputs: Sequence[Path]) -> Problem | None:
    try:
        if any(_same(path, given) for given in inputs):
            return _problem(path, "output-is-input", "It is read by this run. Name another file.")
        folders = {given.resolve() for given in inputs if given.is_dir()}
        if path.resolve().parent in folders and path.suffix.lower() in READ:
            text = "It would lie among the exports and be read as one by the next run. Name another folder."
            return _problem(path, "output-among-exports", text)
        if path.exists() and not path.is_file():
            return _problem(path, "output-no-file", "It is there and no regular file. Name a file.")
        if path.exists() and not force:
            return _problem(path, "output-exists", "It is there already. Say --force to replace it.")
        if not path.resolve().parent.is_dir():
            return _problem(path, "output-no-folder", "Its folder does not exist. Make it first.")
    except OSError as error:
        return failed(path, error)
    return None


def _same(path: Path, given: Path) -> bool:
    """Whether the path is that very file, by any name, link or spelling."""
    if given.is_dir():
        return path.exists() and any(inside.is_file() and inside.samefile(path) for inside in given.iterdir())
    return path.resolve() == given.resolve() or (path.exists() and given.exists() and path.samefile(given))


def _stage(path: Path, content: Content, staged: list[tuple[Path, Path]]) -> None:
    """The content under a hidden name in the target's own folder: a rename is whole only within one file system."""
    target = path.resolve()  # A link stays a link: what it points to is replaced.
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent)
        staged.append((Path(name), target))
        with os.fdopen(handle, "wb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _mode(target))
    except OSError as error:
        raise FileFailed([failed(path, error)]) from error


def _move(temporary: Path, target: Path) -> None:
    try:
        os.replace(temporary, target)
        with contextlib.suppress(OSError):  # Not every system lets a folder be synchronized; the rename is done.
            sync(target.parent)
    except OSError as error:
        raise FileFailed([failed(target, error)]) from error


def sync(folder: Path) -> None:
    """Names in it are on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mode(target: Path) -> int:
    """The permissions of the file replaced, else those that a new file would have had."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    return 0o666 & ~_mask()


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def failed(path: Path, error: OSError) -> Problem:
    """What the disk said."""
    return _problem(path, "output-failed", f"It cannot be written: {error.strerror or type(error).__name__}.")


def _problem(path: Path, name: str, text: str) -> Problem:
    return Problem(Place(str(path)), name, text)
