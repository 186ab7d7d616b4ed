"""SQL text of a formula -> our own tree, through an allow-list of constructs. The only importer of sqlglot.

In: one SQL expression (PostgreSQL's dialect). Out: a frozen tree with offsets, or one named problem.
Refuses to know: which names exist, kinds and units (kinds), values (evaluate, expression).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ccmetrics.formula.characters import scan
from ccmetrics.formula.evaluate import evaluate
from ccmetrics.formula.kinds import Kind, check, is_of_kind
from ccmetrics.formula.reader import read
from ccmetrics.formula.tree import FormulaProblem, Node, division, inline, names, params, parts, render
from ccmetrics.formula.words import FIELDS, FUNCTIONS, GRAMMAR, MEANT, RESERVED

__all__ = [
    "FormulaProblem", "Kind", "Node", "check", "division", "evaluate", "inline", "is_of_kind", "names", "params",
    "parse", "parts", "render",
]  # fmt: skip

# sqlglot spends some 24 frames on a level, and Python has 1,000 for everything.
MAX_NESTING = 20
MAX_CHAIN = 100


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The tree of one expression. Raises FormulaProblem, always, for whatever is not understood exactly."""
    scan(text)
    tokens = _tokens(text)
    _survey(text, tokens)
    root = _sqlglot(text, tokens)
    _shallow(root, text)
    return read(root, text, tokens)


# ---------------------------------------------------------------- tokens


def _tokens(text: str) -> list[Any]:
    """sqlglot's tokens, with every word outside our grammar made a name: `if`, `date` or `set` starts nothing then."""
    from sqlglot import Dialect, Token, TokenType

    try:
        # At the beginning of a text, sqlglot takes `show` or `refresh` for a command and the rest for its argument.
        found = Dialect.get_or_raise("postgres").tokenize(f"({text}")[1:]
    except Exception as error:
        raise FormulaProblem("formula-syntax", "This is not SQL that can be read.", 0, len(text)) from error

    def opaque(before: Any, token: Any, after: Any) -> Any:
        start, end = token.start - 1, token.end - 1
        written = text[start : end + 1]
        if not (written[0].isalpha() or written[0] == "_") or written.lower() in GRAMMAR:
            return Token(token.token_type, token.text, token.line, token.col, start, end)
        # sqlglot wants functions, parameters and the field of EXTRACT as variables.
        field = _kind(before) == "L_PAREN" and _kind(after) == "FROM" and written.lower() in FIELDS
        variable = field or _kind(before) == "COLON" or _kind(after) == "L_PAREN"
        return Token(TokenType.VAR if variable else TokenType.IDENTIFIER, written, token.line, token.col, start, end)

    return [opaque(*three) for three in zip([None, *found[:-1]], found, [*found[1:], None], strict=True)]


def _survey(text: str, tokens: list[Any]) -> None:
    """What is easier to see on tokens than on the tree: nesting, functions, words and numbers sqlglot would bend."""
    depth = prefixes = 0
    for before, token, after in zip([None, *tokens[:-1]], tokens, [*tokens[1:], None], strict=True):
        kind, start, end = token.token_type.name, token.start, token.end + 1
        prefixes = prefixes + 1 if kind in PREFIXES else 0
        depth += (kind in ("L_PAREN", "CASE")) - (kind in ("R_PAREN", "END"))
        if depth + prefixes > MAX_NESTING:
            raise FormulaProblem("formula-too-deep", f"More than {MAX_NESTING} levels of nesting.", start, end)
        meant = MEANT.get(text[start:end].lower())
        if meant and _kind(before) not in ("COLON", "DOT"):
            raise FormulaProblem("forbidden-construct", meant, start, end)
        if kind in NAMING and text[start] != '"' and not text[start:end].isidentifier():
            # sqlglot knows words of two parts, `order by` or `user-defined`, and one of them may have meant a minus.
            raise FormulaProblem("formula-syntax", f"'{text[start:end]}' is no name.", start, end)
        _pair(text, token, after)
        if kind == "NOT" and _kind(after) == "NULL" and _kind(before) != "IS":
            raise FormulaProblem("formula-syntax", "Write IS NOT NULL.", start, after.end + 1)
        if kind in ("HEX_STRING", "BIT_STRING"):
            raise FormulaProblem("bad-number", "Numbers are decimal.", start, end)


PREFIXES = frozenset({"NOT", "DASH", "PLUS"})
NAMING = frozenset({"VAR", "IDENTIFIER"})


def _kind(token: Any) -> str:
    return "" if token is None else str(token.token_type.name)


def _pair(text: str, token: Any, after: Any) -> None:
    """Two tokens that may not stand side by side."""
    kind, following = _kind(token), _kind(after)
    start, end = token.start, token.end + 1
    if following == "L_PAREN" and kind in NAMING:
        _function(text[start:end], start, end)
    if kind == "DOT" and following == "NUMBER":
        # sqlglot reads .5 as two tokens, and the second one says 5.
        raise FormulaProblem("bad-number", "A number begins with a digit: write 0.5.", start, after.end + 1)
    if kind == "NUMBER" and following in NAMING | {"NUMBER", "DOT"} and after.start == end:
        raise FormulaProblem("bad-number", "A number runs into letters.", start, after.end + 1)
    if following == "STRING" and kind in NAMING | {"STRING"}:
        what = "Only plain text stands in quotes: no typed or joined literal."
        raise FormulaProblem("forbidden-construct", what, start, after.end + 1)
    if kind == "COMMA" and following == "R_PAREN":
        raise FormulaProblem("formula-syntax", "Nothing follows this comma.", start, end)


def _function(written: str, start: int, end: int) -> None:
    if written.lower() not in FUNCTIONS:
        can = ", ".join(sorted(f.upper() for f in FUNCTIONS))
        what = f"'{written}' is no function of formulas. There are {can}. Aggregates belong to measures."
        raise FormulaProblem("forbidden-construct", what, start, end)


# ---------------------------------------------------------------- sqlglot's tree


def _sqlglot(text: str, tokens: list[Any]) -> Any:
    from sqlglot import Dialect, exp
    from sqlglot.errors import ParseError

    try:
        found = Dialect.get_or_raise("postgres").parser().parse_into(exp.Condition, tokens, text)
    except ParseError as error:
        raise _syntax(text, tokens, error) from error
    except Exception as error:
        raise FormulaProblem("formula-syntax", "This is not SQL that can be read.", 0, len(text)) from error
    if len(found) != 1 or found[0] is None:
        raise FormulaProblem("formula-syntax", "This is not one SQL expression.", 0, len(text))
    return found[0]


def _syntax(text: str, tokens: list[Any], error: Any) -> FormulaProblem:
    """The place of sqlglot's complaint as offsets, and a hint where a word of SQL was used as a name."""
    first = error.errors[0] if error.errors else {}
    at = [i for i, t in enumerate(tokens) if (t.line, t.col) == (first.get("line"), first.get("col"))]
    if not at:
        return FormulaProblem("formula-syntax", "This is not SQL that can be read.", 0, len(text))
    token = tokens[at[0]]
    start, end = token.start, token.end + 1
    written = text[start:end]
    is_end = token is tokens[-1] and _is_unfinished(tokens)
    what = (
        f"The formula ends too early, after '{written}'." if is_end else f"SQL cannot go on like this at '{written}'."
    )
    if written.lower() in RESERVED:
        what += f' If that word is meant as a name, it stands in double quotes: "{written}".'
    return FormulaProblem("formula-syntax", what, start, end)


def _is_unfinished(tokens: list[Any]) -> bool:
    """Whether something is still open at the end, or an operation waits for what it is done with."""
    kinds = [_kind(token) for token in tokens]
    is_open = sum((kind in ("L_PAREN", "CASE")) - (kind in ("R_PAREN", "END")) for kind in kinds) > 0
    return is_open or kinds[-1] not in NAMING | {"NUMBER", "STRING", "TRUE", "FALSE", "NULL", "R_PAREN", "END"}


def _shallow(root: Any, text: str) -> None:
    level, layer = 0, [root]
    while layer:
        level, layer = level + 1, [child for node in layer for child in node.iter_expressions()]
        if level > MAX_CHAIN:
            what = f"More than {MAX_CHAIN} operations in a row. Name parts of it, or use IN (...)."
            raise FormulaProblem("formula-too-deep", what, 0, len(text))
