"""Whether a layout's word on how cells are written can be kept: formats, units, signs, time zones.

In: the definitions. Out: problems.
Refuses to know: cells; which of several formats they are of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo, available_timezones

from ccmetrics.catalogue.models import Layout, Source
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.problem import Problem, did_you_mean

LENGTHS = ("s", "ms", "us", "min", "h", "day", "serial", "serial_1904")
UNITS = {
    "duration": LENGTHS,
    "datetime": ("s", "ms", "us", "serial", "serial_1904"),
    "date": ("serial", "serial_1904"),
    **dict.fromkeys(("number", "percent"), ("percent", "fraction")),
}
OF_CLOCKS = ("day", "h")
"""Units of a time of day that stands in a column of its own."""
AMOUNTS = ("money", "number")
WHOLE = {"T": "HMS", "R": "HM", "F": "Ymd", "D": "mdy"}
DATE, CLOCK = set("YymbBdej"), set("HIklMSpPf")
KNOWN = DATE | CLOCK | set("aAz%")


def time_zones(scope: Scope) -> Iterator[Problem]:
    """Zones have names of the IANA database."""
    catalogue = scope.catalogue
    named: list[tuple[Path, str | None]] = [(("project", "time_zone"), catalogue.project.time_zone)]
    named += [(("layouts", name, "time_zone"), layout.time_zone) for name, layout in catalogue.layouts.items()]
    for path, zone in named:
        if zone is not None and not _is_zone(zone):
            close = did_you_mean(zone, available_timezones()) if "/" in zone else ""
            hint = close or " Name it like Europe/Berlin, or UTC."
            yield scope.problem(path, "unknown-time-zone", f"'{zone}' is no time zone.{hint}")


def _is_zone(name: str) -> bool:
    try:
        return ZoneInfo(name).key == name
    except (KeyError, ValueError, OSError):
        return False


def layout_signs(scope: Scope) -> Iterator[Problem]:
    """One sign cannot both end a number's whole part and group it."""
    for path, layout, source, _ in _sources(scope):
        if source.thousands is not None and source.thousands == (source.decimal or layout.decimal):
            text = f"Layout '{layout.layout}' has '{source.thousands}' both as the decimal sign and between thousands."
            yield scope.problem((*path, "thousands"), "same-sign", text)


def layout_units(scope: Scope) -> Iterator[Problem]:
    """A unit or currency is of a column that has one; elsewhere it would be passed over in silence."""
    for path, layout, source, kind in _sources(scope):
        allowed = UNITS.get(kind, ()) + (OF_CLOCKS if kind == "datetime" and source.datetime else ())
        if source.unit is not None and source.unit not in allowed:
            can = f" It can be {', '.join(allowed)}." if allowed else ""
            text = f"Layout '{layout.layout}': '{path[-1]}' is a {kind}, and '{source.unit}' no unit of one.{can}"
            yield scope.problem((*path, "unit"), "unfit-unit", text)
        if source.currency is not None and kind not in AMOUNTS:
            text = f"Layout '{layout.layout}': '{path[-1]}' is a {kind}, which has no currency."
            yield scope.problem((*path, "currency"), "unfit-unit", text)


def layout_maps(scope: Scope) -> Iterator[Problem]:
    """Cells are trimmed before they are looked up, and so are the words of a map."""
    for path, layout, source, _ in _sources(scope):
        known: dict[str, str] = {}
        for word in source.map or ():
            first = known.setdefault(word.strip(), word)
            if first != word:
                text = (
                    f"Layout '{layout.layout}' maps '{first}' and '{word}', which are one word once they are trimmed."
                )
                yield scope.problem((*path, "map", word), "duplicate-key", text, key=True)


def layout_formats(scope: Scope) -> Iterator[Problem]:
    """A format says all that its column needs, in directives that can be read."""
    for path, layout, source, kind in _sources(scope):
        one = isinstance(source.format, str)
        for index, form in enumerate((source.format,) if isinstance(source.format, str) else source.format or ()):
            if why := _why_not(form, kind, source.datetime is not None):
                at = (*path, "format") if one else (*path, "format", index)
                yield scope.problem(at, "bad-format", f"Layout '{layout.layout}' has the format '{form}': {why}")


def _sources(scope: Scope) -> Iterator[tuple[Path, Layout, Source, str]]:
    """Every source of every layout, and the type of what it is read as."""
    for name, layout in scope.catalogue.layouts.items():
        for to, part in layout.tables.items():
            path: Path = ("layouts", name, "tables", to)
            if part.latest is not None:
                yield (*path, "latest"), layout, part.latest, "datetime"
            table = scope.catalogue.tables.get(to)
            for column, source in part.columns.items():
                if table is not None and column in table.columns:
                    kind = "datetime" if source.between else table.columns[column].type
                    yield (*path, "columns", column), layout, source, kind


def _why_not(form: str, kind: str, is_parted: bool) -> str:
    if kind not in ("date", "datetime", "duration"):
        return f"a {kind} has none."
    found = {letter for said in re.findall(r"%[-_0:.#369]*(.?)", form) for letter in WHOLE.get(said, said or " ")}
    if unknown := sorted(found - KNOWN):
        return f"'%{unknown[0]}' is no directive that can be read."
    if bool(found & set("Il")) != bool(found & set("pP")):
        return "a clock of 12 hours is '%I' and '%p' together, one of 24 '%H' alone."
    if kind == "duration":
        return "a length of time has hours, minutes and seconds alone." if found - set("HIMSpPf%") or not found else ""
    if found & DATE and not (found & set("Yy") and (found & {"j"} or (found & set("mbB") and found & set("de")))):
        return "a date has a year, a month and a day."
    if found & CLOCK and not (found & set("HIkl") and found & {"M"}):
        return "a time of day has hours and minutes."
    if not found & DATE and not (is_parted and found & CLOCK):
        return "a date has a year, a month and a day."
    return ""
