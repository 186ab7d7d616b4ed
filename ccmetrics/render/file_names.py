"""Names of files made of names from exports: safe on any disk, and told apart on any.

In: names of teams and cards. Out: names of files, from which the names can be read back.
Refuses to know: folders, suffixes, the disk.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from unicodedata import category, normalize

from ccmetrics.render.plain import SPELLED

BARRED = frozenset('/\\:*?"<>|%')
"""Parts of paths, what Windows has no files with, and the sign of escapes itself."""
EDGES = frozenset(" .-~")
"""What hides a file, makes it an option of a command, or is dropped, where a name begins or ends with it."""
RESERVED = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE | re.DOTALL)
"""Devices of Windows, whatever follows a dot."""
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
LONGEST = 180
"""Bytes: a suffix and a temporary name around it fit into the 255 that disks allow."""
CUT = 12
"""Letters of the hash that tells a name apart from others that begin as long as it."""


def file_names(names: Iterable[str]) -> dict[str, str]:
    """Each name with that of its file. Those that some disk would take for one are spelled out, letter by letter."""
    known = list(dict.fromkeys(names))
    alike = Counter(map(_folded, known))
    return {name: _spelled(name) if alike[_folded(name)] > 1 else file_name(name) for name in known}


def file_name(name: str) -> str:
    """The name, with what a disk cannot hold by its UTF-8 bytes, as in addresses: `North/South` is `North%2FSouth`."""
    text = "".join(_escape(c) if c in BARRED or category(c) in SPELLED else c for c in name) or "%"
    if text[0] in EDGES or RESERVED.fullmatch(text):
        text = f"{_escape(text[0])}{text[1:]}"
    if text[-1] in EDGES:
        text = f"{text[:-1]}{_escape(text[-1])}"
    return _short(text, name)


def _spelled(name: str) -> str:
    text = "".join(c if c in PLAIN else _escape(c) for c in name) or "%"
    return _short(f"{_escape(text[0])}{text[1:]}" if RESERVED.fullmatch(text) else text, name)


def _short(text: str, name: str) -> str:
    """Cut at a whole character or escape; then the hash tells it from others, and only a list can lead back."""
    if len(text.encode()) <= LONGEST:
        return text
    found = ""
    for part in re.findall(r"%[0-9A-F]{2}|.", text, re.DOTALL):
        if len(f"{found}{part}".encode()) > LONGEST - CUT - 2:
            break
        found += part
    return f"{found}%~{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:CUT]}"


def _escape(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def _folded(name: str) -> str:
    return normalize("NFC", normalize("NFKC", name).casefold())


def address(path: str) -> str:
    """A relative path as a link has it: what is no plain letter by its bytes, so that an escape is one no more."""
    return "".join(c if c in PLAIN or c in "/.-" or c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" else _escape(c) for c in path)
