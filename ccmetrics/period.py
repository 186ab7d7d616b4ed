"""Spans of local days with a label, and the clock that turns them into instants.

In: period text (`2026-10`, `2026-W41`, `2026-10-01..2026-10-15`) and a time zone. Out: half-open spans.
Refuses to know: frames, tables, what is measured in a period.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from ccmetrics.problem import Place, Problem, UsageRefused

CYCLES = ("day", "week", "month", "quarter", "year")
TIME_GRAINS = ("half_hour", "hour", "weekday", *CYCLES)
"""What time is grouped by: no names of anything else."""
DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Further away there is no calendar to look back or ahead on."""
UTC = ZoneInfo("UTC")
TREND = 6
"""Cycles of a trend, the asked one included, as far as the data reach back, where nobody says how many."""


@dataclass(frozen=True)
class Period:
    """Local days from `start` up to, not including, `end`. `cycle` is the kind of calendar span, or `range`."""

    label: str
    start: date
    end: date
    cycle: str = "range"
    earlier: Period | None = field(default=None, repr=False)
    """Of a cycle from a company's calendar: the one before it, where the calendar has one."""

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        return self.end - DAY


def _refuse(text: str, why: str) -> UsageRefused:
    forms = "2026-10-05, 2026-W41, 2026-10, 2026-Q4, 2026, or 2026-10-01..2026-10-15"
    return UsageRefused([Problem(Place("--period"), "bad-period", f"'{text}' {why}. A period is written {forms}.")])


def parse(text: str) -> Period:
    """The period a text names. A range includes both of its days; one that is a whole calendar span is that span.

    Raises:
        UsageRefused: the text names no period.
    """
    text = text.strip()
    found = _parsed(text)
    if not FIRST_YEAR <= found.start.year <= found.last.year <= LAST_YEAR:
        raise _refuse(text, f"is not between {FIRST_YEAR} and {LAST_YEAR}")
    return found


def _parsed(text: str) -> Period:
    try:
        if ".." in text:
            first, last = (date.fromisoformat(part) for part in text.split("..", 1))
            if last < first:
                raise _refuse(text, "ends before it begins")
            return _calendar(first, last + DAY) or Period(text, first, last + DAY)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return of(date.fromisoformat(text), "day")
        if match := re.fullmatch(r"(\d{4})-W(\d\d)", text):
            return of(date.fromisocalendar(int(match[1]), int(match[2]), 1), "week")
        if match := re.fullmatch(r"(\d{4})-Q([1-4])", text):
            return of(date(int(match[1]), 3 * int(match[2]) - 2, 1), "quarter")
        if re.fullmatch(r"\d{4}-\d\d", text):
            return of(date.fromisoformat(f"{text}-01"), "month")
        if re.fullmatch(r"\d{4}", text):
            return of(date(int(text), 1, 1), "year")
    except (ValueError, OverflowError):
        raise _refuse(text, "is not on the calendar") from None
    raise _refuse(text, "is no period")


def _calendar(start: date, end: date) -> Period | None:
    """The calendar span of just these days: a month written by its days is that month, with its windows and goals."""
    spans = (of(start, cycle) for cycle in CYCLES)
    return next((span for span in spans if (span.start, span.end) == (start, end)), None)


def of(day: date, cycle: str) -> Period:
    """The calendar span of that kind that holds the day. Weeks are ISO weeks, Monday to Sunday."""
    if cycle == "day":
        return Period(day.isoformat(), day, day + DAY, cycle)
    if cycle == "week":
        year, week, weekday = day.isocalendar()
        start = day - DAY * (weekday - 1)
        return Period(f"{year}-W{week:02d}", start, start + DAY * 7, cycle)
    if cycle == "month":
        length = calendar.monthrange(day.year, day.month)[1]
        start = day.replace(day=1)
        return Period(f"{day:%Y-%m}", start, start + DAY * length, cycle)
    if cycle == "quarter":
        quarter = (day.month - 1) // 3
        start = date(day.year, 3 * quarter + 1, 1)
        last = of(date(day.year, 3 * quarter + 3, 1), "month")
        return Period(f"{day.year}-Q{quarter + 1}", start, last.end, cycle)
    return Period(str(day.year), date(day.year, 1, 1), date(day.year + 1, 1, 1), "year")


def is_one(period: Period, cycle: str) -> bool:
    """Whether the period is one whole cycle of that kind."""
    if cycle not in CYCLES:
        return period.cycle == cycle
    whole = of(period.start, cycle)
    return (whole.start, whole.end) == (period.start, period.end)


def inside(period: Period, cycle: str) -> tuple[Period, ...]:
    """The whole cycles that the period is made of, in order of time; none where it begins or ends amid one."""
    if cycle not in CYCLES:
        return (period,) if period.cycle == cycle else ()
    found = [of(period.start, cycle)]
    while found[-1].end < period.end:
        found.append(of(found[-1].end, cycle))
    return tuple(found) if (found[0].start, found[-1].end) == (period.start, period.end) else ()


def before(period: Period) -> Period | None:
    """The span of the same kind just before: the month before a month, the same number of days before a range.

    None for the first cycle of a company's calendar.
    """
    if period.cycle in CYCLES:
        return of(period.start - DAY, period.cycle)
    if period.cycle == "calendar":
        return period.earlier
    start = period.start - DAY * period.days
    return Period(f"{start}..{period.start - DAY}", start, period.start)


def back(period: Period, cycles: int) -> tuple[Period, ...]:
    """The period and the ones before it, latest first, `cycles` of them in all, or as many as a calendar has."""
    spans = [period]
    while len(spans) < cycles and (earlier := before(spans[-1])) is not None:
        spans.append(earlier)
    return tuple(spans)


@dataclass(frozen=True)
class Clock:
    """Whose days these are: the zone they are counted in and the hour at which they begin."""

    zone: str = "UTC"
    day_start: time = field(default=time(0))

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def instant(self, day: date) -> datetime:
        """The UTC instant (naive) at which a local day begins."""
        local = datetime.combine(day, self.day_start, tzinfo=self._zone)
        return local.astimezone(UTC).replace(tzinfo=None)

    def bounds(self, period: Period) -> tuple[datetime, datetime]:
        """First instant of the period and first after it, UTC, naive."""
        return self.instant(period.start), self.instant(period.end)

    def day(self, day: date) -> tuple[datetime, datetime]:
        """First instant of a local day and first after it, UTC, naive."""
        return self.instant(day), self.instant(day + DAY)

    def local_day(self, instant: datetime) -> date:
        """The local day a UTC instant (naive) falls on."""
        local = instant.replace(tzinfo=UTC).astimezone(self._zone)
        return (local - timedelta(hours=self.day_start.hour, minutes=self.day_start.minute)).date()

    def offsets(self, start: datetime, end: datetime) -> tuple[tuple[datetime, timedelta], ...]:
        """The zone's offsets from UTC in force from `start` to `end`: (instant it begins, offset), in order."""
        found = [(start, self._offset(start))]
        at = start
        while at < end:
            later = min(at + DAY, end)
            if self._offset(later) != self._offset(at):
                found.append((self._change(at, later), self._offset(later)))
            at = later
        return tuple(found)

    def _offset(self, instant: datetime) -> timedelta:
        offset = instant.replace(tzinfo=UTC).astimezone(self._zone).utcoffset()
        return offset if offset is not None else timedelta(0)

    def _change(self, low: datetime, high: datetime) -> datetime:
        before_change = self._offset(low)
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) / 2
            low, high = (middle, high) if self._offset(middle) == before_change else (low, middle)
        return high.replace(microsecond=0)
