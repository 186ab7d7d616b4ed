"""Who works at Harbor: agents with their habits, staff, teams, queues.

In: the random source. Out: `Agent` records, teams, queues.
Refuses to know: what happens on any day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from harbor.draw import between, chance, clamp, normal, pick, whole

FIRST = date(2026, 8, 1)
LAST = date(2026, 11, 8)
DAYS = [FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1)]

SURNAMES = ["李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "林"]
GIVEN = [
    "娜",
    "伟",
    "静",
    "敏",
    "磊",
    "洋",
    "艳",
    "勇",
    "杰",
    "娟",
    "涛",
    "霞",
    "平",
    "刚",
    "丽华",
    "志强",
    "秀英",
    "建国",
]
FIRST_NAMES = [
    "Grace",
    "Tom",
    "Priya",
    "Omar",
    "Elena",
    "Marcus",
    "Hannah",
    "Diego",
    "Aisha",
    "Peter",
    "Nora",
    "Ivan",
    "Julia",
    "Kofi",
    "Leah",
    "Sam",
    "Rosa",
    "Victor",
    "Wendy",
    "Yusuf",
]
LAST_NAMES = [
    "Okafor",
    "Lind",
    "Shah",
    "Haddad",
    "Petrov",
    "Reed",
    "Weiss",
    "Castro",
    "Khan",
    "Novak",
    "Boyle",
    "Duarte",
    "Mensah",
    "Frost",
    "Rossi",
    "Hale",
    "Quinn",
    "Tanaka",
    "Berg",
    "Nolan",
]

TEAMS: dict[str, dict[str, Any]] = {
    "Amber": {"vendor": None, "site": "Harbor North", "leader": "L01", "queues": ["billing", "tech", "email"]},
    "Beacon": {"vendor": None, "site": "Harbor North", "leader": "L02", "queues": ["sales", "retention"]},
    "Cedar": {"vendor": None, "site": "Harbor South", "leader": "L03", "queues": ["chat", "email"]},
    "Delta": {"vendor": "Northline", "site": "Northline Park", "leader": "L04", "queues": ["billing", "tech"]},
    "Echo": {"vendor": "Suncall", "site": "Suncall Bay", "leader": "L04", "queues": ["sales", "chat"]},
}
QUEUES = {
    "billing": ("voice", "Delta", 20, 0.29),
    "tech": ("voice", "Amber", 20, 0.19),
    "sales": ("voice", "Beacon", 20, 0.16),
    "retention": ("voice", "Beacon", 30, 0.07),
    "complaints": ("voice", "Cedar", 30, 0.05),
    "chat": ("chat", "Echo", 45, 0.18),
    "email": ("email", "Cedar", 300, 0.06),
}
STAFF = [
    ("L01", "team_leader", "Amber"),
    ("L02", "team_leader", "Beacon"),
    ("L03", "team_leader", "Cedar"),
    ("L04", "team_leader", "Delta"),
    ("Q01", "quality_analyst", "Quality"),
    ("Q02", "quality_analyst", "Quality"),
    ("Q03", "quality_analyst", "Quality"),
    ("R01", "trainer", "Training"),
    ("R02", "trainer", "Training"),
    ("P01", "planner", "Planning"),
    ("M01", "operations_manager", "Management"),
]

MOVER, MOVED_ON = "A008", date(2026, 10, 12)
LOW_VOLUME, FAST_BUT_LOOSE, RED_LINE, NEWCOMER = "A009", "A017", "A023", "A036"
LEAVER, LEFT_ON, NEVER_EVALUATED, INVENTOR, RISKY = "A041", date(2026, 10, 16), "A052", "A005", "A011"
NEWCOMER_JOINED = date(2026, 9, 7)


@dataclass(frozen=True)
class Agent:
    """One agent's habits: how fast, how well, how often the customer has to come back."""

    id: str
    name: str
    team: str
    role: str
    speed: float
    quality: float
    returns: float
    abrupt: float
    joined: date
    left: date | None
    fte: float
    off: int
    shift: int

    def team_on(self, day: date) -> str:
        return "Cedar" if self.id == MOVER and day >= MOVED_ON else self.team

    def queues_on(self, day: date) -> list[str]:
        own = list(TEAMS[self.team_on(day)]["queues"] or [])
        return ["complaints", "email"] if self.role == "senior_agent" else own

    def employed(self, day: date) -> bool:
        return self.joined <= day and (self.left is None or day <= self.left)

    def scheduled(self, day: date) -> bool:
        if not self.employed(day) or day.weekday() in {self.off, (self.off + 1) % 7}:
            return False
        return self.fte > 0.5 or day.weekday() in {(self.off + 2) % 7, (self.off + 4) % 7}

    def hours(self, day: date) -> tuple[datetime, datetime]:
        """Early and late shifts, changing every week."""
        start = 9 if (day.isocalendar().week + self.shift) % 2 == 0 else 13
        return datetime.combine(day, time(start)), datetime.combine(day, time(start + 8))

    def pace_on(self, day: date) -> float:
        """The newcomer learns: a third slower at first, level after five weeks."""
        if self.id != NEWCOMER:
            return self.speed
        return self.speed * (1.4 - 0.45 * clamp((day - self.joined).days / 35, 0, 1))


def names(rng: Random, count: int) -> list[str]:
    drawn = [
        pick(rng, SURNAMES) + pick(rng, GIVEN) if i % 2 else f"{pick(rng, FIRST_NAMES)} {pick(rng, LAST_NAMES)}"
        for i in range(count)
    ]
    drawn[1], drawn[3] = "李娜", "王伟"
    return drawn


def agents(rng: Random) -> list[Agent]:
    everybody = []
    for i, name in enumerate(names(rng, 60)):
        ident, team = f"A{i + 1:03}", list(TEAMS)[i // 12]
        speed, quality, returns = normal(rng, 1, 0.09), normal(rng, 86, 4), between(rng, 0.11, 0.2)
        if team == "Delta":
            speed, quality, returns = speed * 0.8, quality - 11, returns + 0.03
        if ident == FAST_BUT_LOOSE:
            speed, returns = 0.55, 0.46
        joined = date(2019, 1, 7) + timedelta(days=whole(rng, 0, 2500))
        everybody.append(
            Agent(
                ident,
                name,
                team,
                "senior_agent" if 24 <= i < 30 else "agent",
                speed,
                quality,
                returns,
                0.12 if ident == FAST_BUT_LOOSE else between(rng, 0.005, 0.03),
                NEWCOMER_JOINED if ident == NEWCOMER else joined,
                LEFT_ON if ident == LEAVER else None,
                0.4 if ident == LOW_VOLUME else 1.0,
                5 if chance(rng, 0.55) else i % 7,
                i,
            )
        )
    return everybody
