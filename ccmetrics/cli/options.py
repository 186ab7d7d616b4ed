"""The words that several commands share.

In: nothing. Out: annotated types of arguments and options; the words of a list.
Refuses to know: what they are used for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Data = Annotated[list[Path], typer.Argument(metavar="DATA", help="Exports of any kind, or folders of them.")]
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="DIR", help="Definitions (YAML) instead of, or layered over, the built-in ones."),
]
Period = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="P",
        help="2026-10-05, 2026-W41, 2026-10, 2026-Q4, 2026 or 2026-10-01..2026-10-15; else the last whole month.",
    ),
]
Cards = Annotated[list[str] | None, typer.Option("--card", metavar="NAME", help="Only this card; repeatable.")]
Subject = Annotated[
    str | None, typer.Option("--subject", metavar="X", help="Only this agent, team or vendor, line by line.")
]
Out = Annotated[
    list[Path] | None,
    typer.Option(
        "--out", metavar="FILE", help="Write to a .html, .xlsx, .md, .csv, .json, .parquet or .txt file; repeatable."
    ),
]
OutDir = Annotated[
    Path | None,
    typer.Option(
        "--out-dir",
        metavar="DIR",
        help="Write the reports of all together, each card and each team into this folder; {period} is the period.",
    ),
]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--formats",
        metavar="F,F",
        help="Formats of the reports in --out-dir: html, xlsx, md, csv, json, parquet, txt; the first five if unsaid.",
    ),
]
Audience = Annotated[
    Literal["center", "team", "agent"],
    typer.Option(
        "--audience",
        help="Who shall read it: the center (everything), a team (--team), an agent (--subject); these see of the "
        "others only what tells of nobody by name.",
    ),
]
Team = Annotated[str | None, typer.Option("--team", metavar="X", help="Only the people of this team.")]
Trend = Annotated[
    int,
    typer.Option("--trend", metavar="N", min=2, max=36, help="Cycles of trends, the asked one included."),
]
Summary = Annotated[bool, typer.Option("--summary", help="One line instead of the table: for the subject of a mail.")]
Format = Annotated[
    Literal["table", "csv", "json", "parquet", "html", "xlsx", "md"] | None,
    typer.Option("--format", help="What goes to standard output: table unless there is an --out."),
]
Lang = Annotated[
    Literal["en", "zh"] | None, typer.Option("--lang", help="Language of names and sentences; else the project's.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace output files that are there already.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No notices and no progress.")]
MinRows = Annotated[
    list[str] | None,
    typer.Option(
        "--min-rows",
        metavar="[TABLE=]N",
        help="Refuse data of which fewer rows were used, in all or of one table; repeatable.",
    ),
]
AllowRejects = Annotated[
    str | None,
    typer.Option(
        "--allow-rejects",
        metavar="N|P%",
        help="Set up to N bad rows aside, or P% of each export's, instead of refusing; else what the project says.",
    ),
]
Rejects = Annotated[
    Path | None,
    typer.Option("--rejects", metavar="FILE", help="Where rows set aside are written; else ccmetrics-rejects.csv."),
]
FullHash = Annotated[bool, typer.Option("--full-hash", help="Hash Parquet files whole, not by size and footer.")]
FailUnder = Annotated[
    float | None, typer.Option("--fail-under", metavar="S", help="End with code 1 if any score is lower.")
]
FailOnRedLine = Annotated[
    bool,
    typer.Option("--fail-on-red-line", help="End with code 1 if a red line holds anybody, or could not be judged."),
]
FailOnAlarm = Annotated[
    bool,
    typer.Option(
        "--fail-on-alarm",
        help="End with code 1 if anybody's KPI is better while its guardrail is worse, or this could not be watched.",
    ),
]
Actions = Annotated[
    Path | None,
    typer.Option(
        "--actions", metavar="FILE", help="Write the cards' actions to a .csv, .json or .parquet file. Nothing is sent."
    ),
]
PreviousActions = Annotated[
    Path | None,
    typer.Option(
        "--previous-actions",
        metavar="FILE",
        help="The file of --actions of the cycle before: what is repeated, what is closed.",
    ),
]
SealTo = Annotated[
    Path | None,
    typer.Option(
        "--seal",
        metavar="DIR",
        help="Archive the closed period in a new folder: results, definitions, hashes, a page for signatures.",
    ),
]
Restates = Annotated[
    Path | None,
    typer.Option(
        "--restates",
        metavar="DIR",
        help="A sealed folder of the same period: show what differs from it; with --seal, archive that, too.",
    ),
]


def parted(texts: list[str] | None) -> list[str]:
    """The words of an option that may be repeated, each time with commas between them."""
    return [part.strip() for text in texts or () for part in text.split(",") if part.strip()]
