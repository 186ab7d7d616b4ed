"""Pages read from outside, as somebody reads them who has nothing else: tables, sentences, the numbers in them.

In: the bytes of a page, a message or a text. Out: nodes, lines and cells, and the numbers written in a text.
Refuses to know: results, how a number is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

UNIT = r"(?:%|‰| s\b| h\b| d\b|/h\b| pp\b|秒|小时|天|/小时|个百分点)?"
NUMBER = re.compile(rf"(?<![A-Za-z0-9_])(?<!\d\.)(?<![A-Za-z]-)[+-]?\d+(?:,\d{{3}})*(?:\.\d+)?(?![A-Za-z0-9_]){UNIT}")
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December|" + (
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
DATE = re.compile(
    rf"(?:\d{{1,2}}(?: {MONTH})? ?– ?)?(?:\d{{1,2}} )?{MONTH} \d{{4}}"
    r"|\d{2,4}年\d{1,2}月(?:\d{1,2}日)?(?:–(?:\d{1,2}月)?\d{1,2}日)?"
    r"|\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d|\d{4}-\d\d(?:-\d\d)?"
)
VOID = {"meta", "br", "hr", "img", "input", "link"}
CLOSES = {
    "td": {"td", "th"}, "th": {"td", "th"}, "tr": {"td", "th", "tr"}, "tbody": {"td", "th", "tr", "thead"},
    "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"},
}  # fmt: skip
"""What an opening tag ends, where its end was not written."""


def numbers(text: str) -> list[str]:
    """The numbers of a text in their order, with sign and unit: `+3.8`, `81.1%`, `311 s`; days and ids are none."""
    return [found.replace(" ", "") for found in NUMBER.findall(DATE.sub(" ", text))]


def days(text: str) -> list[str]:
    return [" ".join(found.split()) for found in DATE.findall(text)]


def squeezed(text: str) -> str:
    return "".join(text.split())


# ---------------------------------------------------------------- what was compared


@dataclass
class Reading:
    """How many numbers were found to be what their source says, and what was not."""

    compared: int = 0
    wrong: list[str] = field(default_factory=list)

    def says(self, where: object, shown: str, source: str) -> None:
        """The same numbers in the same order."""
        self.same(where, shown, numbers(shown), numbers(source))

    def is_(self, where: object, shown: str, source: str) -> None:
        """The same text, blanks apart."""
        self.same(where, shown, [squeezed(shown)], [squeezed(source)], len(numbers(source)))

    def same(self, where: object, shown: object, found: object, wanted: list[str], count: int | None = None) -> None:
        self.compared += len(wanted) if count is None else count
        if found != wanted:
            self.wrong.append(f"{where}: shows {shown!r}, but the source says {wanted}")


class Sentences:
    """What a page may say in words: the names that stand in a sentence and its numbers, whatever their order."""

    def __init__(self, wanted: Iterable[tuple[Sequence[str], str]]) -> None:
        known = [(names, Counter(numbers(source))) for names, source in wanted if numbers(source)]
        self.left = sorted(known, key=lambda each: -len(each[0]))

    def take(self, reading: Reading, where: object, shown: str) -> None:
        """One sentence for one source, which is used up by it; without numbers it needs none."""
        found = Counter(numbers(shown))
        if not found:
            return
        for at, (names, wanted) in enumerate(self.left):
            if wanted == found and all(squeezed(name) in squeezed(shown) for name in names):
                del self.left[at]
                reading.compared += found.total()
                return
        reading.wrong.append(f"{where}: {shown!r} has no source with these numbers and names")

    def end(self, reading: Reading, where: object) -> None:
        """Whatever has a source must have been said."""
        reading.wrong += [f"{where}: nobody says {names} {dict(wanted)}" for names, wanted in self.left]


# ---------------------------------------------------------------- HTML


@dataclass
class Node:
    tag: str
    attrs: dict[str, str]
    parts: list[Node | str] = field(default_factory=list)
    seen: bool = False

    def all(self, tag: str, kind: str = "") -> list[Node]:
        return [node for node in self.walk() if node.tag == tag and kind in f" {node.attrs.get('class', '')} "]

    def one(self, tag: str, kind: str = "") -> Node:
        return self.all(tag, kind)[0]

    def walk(self) -> Iterator[Node]:
        yield self
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.walk()

    def text(self) -> str:
        """As it is read: pictures by what is read aloud of them."""
        if self.tag == "svg":
            return " ".join(title.text() for title in self.all("title"))
        return " ".join(part if isinstance(part, str) else part.text() for part in self.parts)

    def cells(self) -> list[Node]:
        return [part for part in self.parts if isinstance(part, Node) and part.tag in ("td", "th")]

    def read(self) -> str:
        """Its text, which counts as looked at."""
        for node in self.walk():
            node.seen = True
        return self.text()

    def unseen(self) -> Iterator[str]:
        """Every text nobody looked at."""
        if self.seen or self.tag == "style":
            return
        for part in self.parts:
            yield from [part] if isinstance(part, str) else part.unseen()


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while self.open[-1].tag in CLOSES.get(tag, ()):
            self.open.pop()
        node = Node(tag, {key: value or "" for key, value in attrs})
        self.open[-1].parts.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.open[-1].parts.append(data)


def page(content: bytes) -> Node:
    tree = _Tree()
    tree.feed(content.decode())
    return tree.root


# ---------------------------------------------------------------- terminal


def cells_of(text: str) -> int:
    """Cells of a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def spans(line: str, cells: Sequence[str]) -> list[tuple[int, int]] | None:
    """From which cell to which each text stands in a line, one after another; None where the line is another one."""
    found, at = [], 0
    for cell in cells:
        match = re.compile(rf"(?<!\S){re.escape(cell)}(?!\S)").search(line, at) if cell else None
        if cell and match is None:
            return None
        if match:
            at = match.end()
            found.append((cells_of(line[: match.start()]), cells_of(line[:at])))
        else:
            found.append((0, 0))
    return found


def heads_over(lines: Sequence[str], columns: Sequence[tuple[int, int]]) -> list[str]:
    """The words of a table's head, each given to the column it stands over or nearest to."""
    found = [""] * len(columns)
    for line in lines:
        for word in re.finditer(r"\S+", line):
            start, end = cells_of(line[: word.start()]), cells_of(line[: word.end()])
            gaps = [max(low - end, start - high, 0) for low, high in columns]
            found[gaps.index(min(gaps))] += word[0]
    return found


SLACK = 12
"""Cells that a line may leave free before a word that would not have fit: words hold together in different ways."""


def paragraphs(lines: Iterable[str], width: int) -> list[str]:
    """Lines that go on, two cells deeper than they began, put together again: those that could hold no more."""
    found: list[str] = []
    first, before = -9, ""
    for line in lines:
        depth = len(line) - len(line.lstrip())
        word = re.match(r"[!-~]*\S?", line.lstrip())
        is_full = bool(before.strip()) and cells_of(before) + 1 + cells_of(word[0] if word else "") > width - SLACK
        if line.strip() and is_full and depth == first + 2:
            found[-1] += f" {line.strip()}"
        else:
            first = depth
            found.append(line.strip())
        before = line
    return [each for each in found if each]
