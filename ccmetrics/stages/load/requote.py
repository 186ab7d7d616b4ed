"""Cells written in looser ways than the quoting rules have it, rewritten by the rules, each on the lines it stood on.

In: bytes, where the records begin, and what a layout declares of quotes. Out: bytes that need no declaration.
Refuses to know: headers, widths, whether the result is a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ccmetrics.catalogue.models import FileForm
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.content import Bytes, line_at
from ccmetrics.stages.load.quotes import CR

PAIR = re.compile(rb'\\(.)|""', re.DOTALL)
ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
WRONG = {
    b'"': ("stray-quote", "A quote stands in this cell that does not belong to the two around it."),
    b"\\": ("unknown-escape", "A backslash stands before a sign that needs none: it cannot be told what is meant."),
    b"\r": ("stray-cr", CR),
}


@dataclass(frozen=True)
class Loose:
    """The records from `start` on, as a layout declares them."""

    data: Bytes
    start: int
    sign: bytes
    is_lenient: bool
    escapes: bool
    name: str

    def rewritten(self) -> bytes:
        return bytes(self.data[: self.start]) + self._cells().sub(self._plain, bytes(self.data[self.start :]))

    def _cells(self) -> re.Pattern[bytes]:
        sign, escape = re.escape(self.sign), (rb"\\", rb"|\\.") if self.escapes else (b"", b"")
        quoted = rb'"(?:[^"%b]|""%b)*+"(?=\r?\n|\r?\Z|%b)' % (*escape, sign)
        bare = rb"(?:[^%b\n%b]%b)++" % (sign, *escape)
        return re.compile(rb'(?P<quoted>%b)|(?P<wrong>"|\\\Z)|(?P<bare>%b)' % (quoted, bare), re.DOTALL)

    def _plain(self, found: re.Match[bytes]) -> bytes:
        cell, at = found[0], self.start + found.start()
        if found.lastgroup == "wrong":
            raise self._refused(at, cell)
        is_escaped = self.escapes and b"\\" in cell
        if found.lastgroup == "quoted":
            return _quoted(PAIR.sub(lambda pair: self._meant(pair, at), cell[1:-1])) if is_escaped else cell
        if not is_escaped and not (self.is_lenient and b'"' in cell):
            return cell
        # A CR at the end is the line's.
        inner = cell.removesuffix(b"\r")
        if b"\r" in inner:
            raise self._refused(at, b"\r")
        if not self.is_lenient and b'"' in ESCAPE.sub(b"", inner):
            raise self._refused(at, b'"')
        text = ESCAPE.sub(lambda pair: self._meant(pair, at), inner) if is_escaped else inner
        return _quoted(text) + cell[len(inner) :]

    def _meant(self, pair: re.Match[bytes], at: int) -> bytes:
        if pair[1] is None:
            return b'"'
        if pair[1] not in (b'"', b"\\", b"\n", self.sign):
            raise self._refused(at, b"\\")
        return pair[1]

    def _refused(self, at: int, sign: bytes) -> DataRefused:
        begin = max(self.data.rfind(b"\n", 0, at) + 1, self.start)
        place = Place(self.name, line_at(self.data, at), self.data[begin:at].count(self.sign) + 1)
        return DataRefused([Problem(place, *WRONG[sign])])


def _quoted(text: bytes) -> bytes:
    return b'"' + text.replace(b'"', b'""') + b'"'


def requoted(data: Bytes, start: int, form: FileForm, separator: str, name: str) -> bytes:
    """The records from `start` on in plain quotes. Slower than text that is plain already, and all in memory.

    Raises:
        DataRefused: at the first cell that cannot be read as declared.
    """
    is_lenient, escapes = form.quoting == "lenient", form.escape == "backslash"
    return Loose(data, start, separator.encode(), is_lenient, escapes, name).rewritten()
