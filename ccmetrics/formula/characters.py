"""The characters and numbers a formula may be written with.

In: the text of a formula, or of a number in it. Out: the number, or one named problem with its offsets.
Refuses to know: tokens, trees, what the text means.
"""

from __future__ import annotations

import math
import re
from unicodedata import category, name, normalize

from ccmetrics.formula.tree import FormulaProblem

MAX_LENGTH = 2000

QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
WORDLIKE = re.compile(r"[\w\"']")
PUNCTUATION = frozenset(" \t\r\n.,()+-*/<>=!:_")
WORDS = {
    "--": "a comment",
    "/*": "a comment",
    "==": "a double equals sign, where SQL has one,",
    "::": "a cast",
    ":=": "an assignment",
    ";": "a second statement",
    "%": "the remainder sign, on whose value for negative numbers engines differ,",
    "||": "joining of text",
    "$": "dollar quoting",
}
LOOKALIKES = {"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u00d7": "*", "\u00f7": "/", "\u2215": "/",
              "\u2264": "<=", "\u2265": ">=", "\u2260": "<>", "\u2018": "'", "\u2019": "'", "\u201c": '"',
              "\u201d": '"', "\u3001": ",", "\u3002": "."}  # fmt: skip


def scan(text: str) -> None:
    if not text.strip():
        raise FormulaProblem("formula-syntax", "The formula is empty.", 0, len(text))
    if len(text) > MAX_LENGTH:
        what = f"A formula has at most {MAX_LENGTH:,} characters; this one has {len(text):,}. Name parts of it."
        raise FormulaProblem("formula-too-long", what, 0, len(text))
    at = 0
    for match in [*QUOTED.finditer(text), None]:
        if match and match.start() and match[0][0] == "'" and WORDLIKE.fullmatch(text[match.start() - 1]):
            what = "Letters touch a quote: only plain text stands in quotes."
            raise FormulaProblem("forbidden-construct", what, match.start() - 1, match.end())
        until = match.start() if match else len(text)
        _scan_bare(text, at, until)
        at = match.end() if match else until


def _scan_bare(text: str, start: int, end: int) -> None:
    """Outside quotes only letters, digits and the signs of the grammar stand: no look-alike reads as something else."""
    for at in range(start, end):
        character, pair = text[at], text[at : at + 2]
        if character in "'\"":
            raise FormulaProblem("formula-syntax", f"This {character} is never closed.", at, len(text))
        for sign in (pair, character):
            if sign in WORDS:
                what = f"{WORDS[sign][:1].upper()}{WORDS[sign][1:]} ({sign}) has no place in a formula."
                raise FormulaProblem("forbidden-construct", what, at, at + len(sign))
        if character == "!" and pair != "!=":
            raise FormulaProblem("formula-syntax", "'!' stands only in '!='; a negation is NOT.", at, at + 1)
        if character not in PUNCTUATION and not (character.isascii() and character.isalnum()):
            _letter(character, at)


def _letter(character: str, at: int) -> None:
    plain = normalize("NFKC", character)
    if category(character)[0] in "LM" and plain == character:
        return
    if character.isascii() and character.isprintable():
        raise FormulaProblem("forbidden-construct", f"'{character}' has no place in a formula.", at, at + 1)
    code = f"U+{ord(character):04X} {name(character, '(a control character)')}"
    meant = LOOKALIKES.get(character) or (plain if plain != character and plain.isprintable() else "")
    mend = f" Write '{meant}'." if meant.strip() else " Remove it, or put the name in double quotes."
    raise FormulaProblem("odd-character", f"{code} is no character of a formula.{mend}", at, at + 1)


def number(written: str, start: int, end: int) -> float:
    """The double of a written number, where one holds it."""
    value = float(written)
    if not math.isfinite(value) or (value == 0 and re.search("[1-9]", re.split("[eE]", written)[0])):
        raise FormulaProblem("bad-number", f"{written} is beyond what a number can hold.", start, end)
    if written.isdigit() and int(value) != int(written):
        raise FormulaProblem("bad-number", f"{written} has too many digits to be held exactly.", start, end)
    return value
