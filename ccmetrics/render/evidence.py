"""What stands behind a list, an action or a goal: periods written out, the words of a frame in a reader's language.

In: the text of a frame, a language. Out: short text; what is of no known form as it is.
Refuses to know: how it was decided.
"""

from __future__ import annotations

import re
from datetime import date

from ccmetrics.render import dates
from ccmetrics.render.words import after, say

LOST = re.compile(
    r"(?P<grade>.+) by score \((?P<score>[\d.,-]+)\), (?P<placed>.+) by place; the last of a better grade has "
    r"(?P<next>[\d.,-]+), (?P<apart>told apart|not told apart|no interval to tell them apart by)"
)
LAST = re.compile(r"(?P<cycle>\S+): (?P<score>[\d.,-]+) \((?P<grade>.+)\), the next (?P<next>[\d.,-]+)")
GRADE = re.compile(r"(?P<cycle>\d{4}(?:-(?:\d\d|W\d\d|Q\d))?(?:-\d\d)?) (?P<grade>.+)")
DATED = re.compile(r"(?P<cycle>\S+): (?P<rest>.+)")
LONG = re.compile(r"\d+\.\d{5,}")
"""Digits that nobody reads; the files have them in full."""


def evidence(text: str, lang: str) -> str:
    """`October 2026: csat=0.5217`, `2026年10月 D`."""
    if found := LOST.fullmatch(text):
        apart = say(found["apart"].replace(" ", "-"), lang)
        return say("evidence-lost", lang, **{**found.groupdict(), "apart": apart})
    sign = "；" if lang == "zh" else "; "
    return sign.join(_piece(LONG.sub(_short, piece), lang) for piece in text.split("; "))


def _short(found: re.Match[str]) -> str:
    return f"{float(found[0]):.4f}"


def _piece(piece: str, lang: str) -> str:
    if found := LAST.fullmatch(piece):
        return say("evidence-last", lang, **{**found.groupdict(), "cycle": dates.period(found["cycle"], lang)})
    if found := GRADE.fullmatch(piece):
        grade = say("no-grade", lang) if found["grade"] == "no grade" else found["grade"]
        return f"{dates.period(found['cycle'], lang)} {grade}"
    if found := DATED.fullmatch(piece):
        return after(dates.period(found["cycle"], lang), found["rest"], lang)
    return piece


SINCE = re.compile(r"from (\d{4}-\d\d-\d\d)")
AGAINST = re.compile(r"last year (?P<value>\S+) (?P<change>\S+)")
ELSE = re.compile(r"(?P<reason>.+): else")


def goal(why: str, lang: str) -> str:
    """Where a goal comes from: `in force since 1 Oct 2026`, `last year 0.81 +2%`."""
    if why == "stated":
        return say("x-stated", lang)
    return ("；" if lang == "zh" else "; ").join(_goal(piece, lang) for piece in why.split("; "))


def _goal(piece: str, lang: str) -> str:
    if since := SINCE.fullmatch(piece):
        return say("x-since", lang, day=dates.day(date.fromisoformat(since[1]), lang))
    if other := ELSE.fullmatch(piece):
        reason = other["reason"] if "-" in other["reason"] else other["reason"].replace(" ", "-")
        return say("goal-else", lang, reason=say(reason, lang))
    if against := AGAINST.fullmatch(piece):
        return say("goal-of-last-year", lang, value=against["value"], change=against["change"])
    return say(piece, lang)
