"""Cells written in looser ways than the quoting rules have it, rewritten by the rules, each on the lines it stood on.

In: bytes, where the records begin, and what a layout declares of quotes. Out: bytes that need no declaration.
Refuses to know: headers, widths, whether the result is a table.
"""

from __future__ import annotations

import re

from ccmetrics.catalogue.models import FileForm
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.content import Bytes, line_at

DOUBLED = re.compile(rb'""')
ESCAPED = re.compile(rb'\\(.)|""', re.DOTALL)


def requoted(data: Bytes, start: int, form: FileForm, separator: str, name: str) -> bytes:
    """The records from `start` on in plain quotes. Slower than text that is plain already, and all in memory.

    Raises:
        DataRefused: at the first cell that cannot be read as declared.
    """
    sign, escapes = separator.encode(), form.escape == "backslash"

    def refused(at: int, problem: str, text: str) -> DataRefused:
        begin = data.rfind(b"\n", 0, at) + 1
        place = Place(name, line_at(data, at), data[max(begin, start) : at].count(sign) + 1)
        return DataRefused([Problem(place, problem, text)])

    def plain(found: re.Match[bytes]) -> bytes:
        cell, at = found[0], start + found.start()
        kind = found.lastgroup
        if kind == "wrong":
            raise refused(at, *WRONG[cell[:1]])
        if b"\\" not in cell if escapes else kind == "quoted" or b'"' not in cell:
            return cell
        end = b"\r" if kind == "bare" and cell.endswith(b"\r") else b""
        inner = cell[1:-1] if kind == "quoted" else cell.removesuffix(end)
        if kind == "bare" and form.quoting != "lenient" and b'"' in re.sub(rb"\\.", b"", inner, flags=re.DOTALL):
            raise refused(at, *WRONG[b'"'])

        def unescaped(pair: re.Match[bytes]) -> bytes:
            if pair[0] == b'""':
                return b'"' if kind == "quoted" else pair[0]
            if pair[1] not in (b'"', b"\\", b"\n", sign):
                raise refused(at, *WRONG[b"\\"])
            return pair[1]

        content = (ESCAPED if escapes else DOUBLED).sub(unescaped, inner)
        return b'"' + content.replace(b'"', b'""') + b'"' + end

    return bytes(data[:start]) + _cell(re.escape(sign), escapes).sub(plain, bytes(data[start:]))


def _cell(sign: bytes, escapes: bool) -> re.Pattern[bytes]:
    inner, outer = (rb'(?:[^"\\]|\\.|"")*+', rb"(?:[^%b\n\\]|\\.)++") if escapes else (rb'(?:[^"]|"")*+', rb"[^%b\n]++")
    quoted = rb'(?P<quoted>"%b"(?=\r?\n|\r?\Z|%b))' % (inner, sign)
    return re.compile(rb'%b|(?P<wrong>"|\\\Z)|(?P<bare>%b)' % (quoted, outer % sign), re.DOTALL)


WRONG = {
    b'"': ("stray-quote", "A quote stands in this cell that does not belong to the two around it."),
    b"\\": ("unknown-escape", "A backslash stands before a sign that needs none: it cannot be told what is meant."),
}
