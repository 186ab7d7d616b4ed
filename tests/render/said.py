"""What may be said in words of a result, sentence by sentence: names that stand in it, and its numbers.

In: a result's frames. Out: pairs of names and numbers, by the part of a page they belong to.
Refuses to know: wordings, their order, pages.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from tests.render.sources import Row, Source, fixed, rounded, times

Said = tuple[list[str], str]
"""Names, and numbers."""
ITEMS = {"bonus": "bonus", "deduction": "deductions", "coefficient": "coefficients", "red_line": "red_lines"}
MOST = 12
"""Subjects that a list of sentences names before it counts the others."""


def percent(value: float) -> str:
    """Whole; zero without a sign."""
    return f"{rounded(times(value, 100), 0)}%"


def item(source: Source, row: Row) -> str:
    name = getattr(source.card.card.adjust, ITEMS[row["kind"]])[row["index"]].name
    return name.zh if source.lang == "zh" else name.en


def acted(row: Row) -> str:
    return f"{'-' if row['kind'] == 'deduction' else '+'}{fixed(row['amount'])}"


def fired(source: Source) -> list[Row]:
    rows = source.card.adjustments.filter("fired").to_dicts()
    assert all(row["fired_in"] in (None, source.card.period) for row in rows)
    return rows


def red_lines(source: Source) -> Iterator[Said]:
    for kind, names in _grouped([row for row in fired(source) if row["kind"] == "red_line"]):
        yield [item(source, kind), *names], f"{kind['score_at_most']:g}"


def adjustments(source: Source) -> Iterator[Said]:
    rows = [row for row in fired(source) if row["kind"] != "red_line"]
    for kind, names in _grouped([row for row in rows if row["kind"] == "coefficient"]):
        yield [item(source, kind), *names], f"x {kind['factor']:g}"
    for kind, names in _grouped([row for row in rows if row["kind"] in ("bonus", "deduction")]):
        same = [row for row in rows if row["kind"] == kind["kind"] and row["index"] == kind["index"]]
        told = [f"{row['subject']} {acted(row)}" for row in same]
        assert len(told) == len(names)
        yield [item(source, kind), *told], " ".join(told)


def _grouped(rows: list[Row]) -> Iterator[tuple[Row, list[str]]]:
    for key in dict.fromkeys((row["kind"], row["index"]) for row in rows):
        mine = [row for row in rows if (row["kind"], row["index"]) == key]
        yield mine[0], [row["subject"] for row in mine]


def alarms(source: Source) -> Iterator[Said]:
    for row in source.card.alarms.to_dicts():
        one, two = (row["kpi"], row["variant"]), (row["guardrail"], row["guardrail_variant"])
        sides = [
            *(source.value(row[key], *one) for key in ("value", "value_before")),
            *(source.value(row[key], *two) for key in ("guardrail_value", "guardrail_before")),
        ]
        yield [row["subject"], source.kpi(one[0]), source.kpi(two[0]), *sides], " ".join(sides)


def actions(source: Source) -> Iterator[Said]:
    rows = source.card.actions.to_dicts()
    assert len(rows) <= MOST
    for row in rows:
        told = [source.behind(number) for number in row["evidence"]]
        yield [row["subject"], row["to"], *told], " ".join(told)


def lists(source: Source) -> Iterator[Said]:
    for row in source.card.lists.to_dicts():
        assert {part["what"] for part in row["evidence"]} == {"graded"}
        yield [row["subject"]], " ".join(part["grade"] or "" for part in row["evidence"])


def reaching(source: Source) -> Iterator[Said]:
    lines = source.card.lines.filter((pl.col("cycles") > 1) & pl.col("value").is_not_null())
    for (kpi,), part in lines.group_by("kpi", maintain_order=True):
        yield [source.kpi(str(kpi))], f"{part['cycles'].max()} {part.height} {len(source.rows)}"


def lacking(source: Source) -> Iterator[Said]:
    gone = source.card.lines.filter(pl.col("status") != "own")
    for (kpi, _, _), part in gone.group_by("kpi", "reason", "status", maintain_order=True):
        yield [source.kpi(str(kpi))], f"{part.height} {len(source.rows)}"


def policies(source: Source) -> Iterator[Said]:
    """None of subjects that no policy gives a score."""
    known = source.card.policies.filter(pl.col("score").is_not_null().any().over("subject"))
    for (subject,), part in known.group_by("subject", maintain_order=True):
        yield [str(subject)], " ".join(fixed(score) for score in part["score"] if score is not None)


def unexcluded(source: Source) -> Iterator[Said]:
    if any(row["unexcluded"] is not None for row in source.rows):
        for row in source.rows:
            if row["score"] != row["unexcluded"]:
                yield [row["subject"]], f"{fixed(row['score'])} {fixed(row['unexcluded'])}"


def effective(source: Source) -> Iterator[Said]:
    rows = source.card.effective.to_dicts()
    told = [f"{source.kpi(row['kpi'])} {percent(row['weight'])} > {percent(row['effective'])}" for row in rows]
    yield told, " ".join(told)


def notices(found: object) -> Iterator[Said]:
    yield from (([], str(notice)) for notice in found)  # type: ignore[attr-defined]


def balance(source: Source) -> Said:
    """Exports, rows read, and where they went: nothing of what nothing went to."""
    accounts = source.result.accounts
    parts = ("used", "duplicates", "superseded", "folded", "outside", "filtered", "excluded")
    sums = [sum(getattr(account, part) for account in accounts) for part in parts]
    sums.append(sum(sum(account.rejected.values()) for account in accounts))
    read = sum(account.read for account in accounts)
    assert read == sum(sums), "rows got lost"
    exports = len({account.export for account in accounts})
    return [], " ".join(f"{n:,}" for n in (exports, read, *sums) if n)


def counts(source: Source) -> Said:
    kinds = [row["status"] for row in source.rows]
    return [], " ".join(map(str, (len(kinds), *(kinds.count(kind) for kind in dict.fromkeys(kinds)))))


def first(source: Source) -> list[Said]:
    return [*red_lines(source), *alarms(source), *notices(source.card.notices)]


def below(source: Source) -> list[Said]:
    """All that stands below a card's table."""
    return [
        *first(source), *adjustments(source), *actions(source), *lists(source), *reaching(source), *lacking(source),
        *policies(source), *unexcluded(source), *effective(source),
    ]  # fmt: skip


def needed(source: Source, subject: str) -> list[Said]:
    """The way to the next grade: from which score, and by which KPI alone."""
    rows = source.card.needed.filter(subject=subject).to_dicts() if source.card.needed.height else []
    if not rows:
        return []
    found: list[Said] = [([rows[0]["grade"]], f"{rows[0]['from']:g}")]
    for row in rows:
        if row["reason"] is None:
            key = (row["kpi"], row["variant"])
            there, way = source.value(row["needed"], *key), source.moved(row["change"], *key)
            found.append(([source.kpi(row["kpi"]), there, way], f"{there} {way} {fixed(row['points'])}"))
    return found


def of_subject(source: Source, subject: str) -> list[Said]:
    """What one subject's own page says in words."""
    told = [*alarms(source), *actions(source), *lists(source), *policies(source), *unexcluded(source)]
    assert source.card.progress.is_empty()
    assert source.card.shares.is_empty()
    return [*needed(source, subject), *(said for said in told if said[0][0] == subject)]


def on_pay(source: Source, row: Row) -> list[Said]:
    """What multiplies the pay of one who has a score, apart from its steps."""
    mine = source.card.adjustments.filter(pl.col("fired"), subject=row["subject"], kind="coefficient", on="pay")
    return [([item(source, each)], f"{each['factor']:g}") for each in mine.to_dicts() if row["score"] is not None]


def steps(source: Source, row: Row) -> list[str]:
    """From the base to the score: numbers alone, each as it acts; a red line's is what it allows."""
    base = row["base"]
    found = [fixed(base, 2 if base == round(base, 2) else 4)]
    for each in source.card.adjustments.filter(pl.col("fired"), subject=row["subject"]).to_dicts():
        if each["kind"] in ("bonus", "deduction"):
            asked = f"{fixed(each['requested'])} {each['cap']:g} " if each["requested"] > each["capped"] else ""
            if each["capped"] > each["amount"]:
                asked += f"{fixed(each['capped'])} {each['pool']:g} {fixed(each['pool_asked'])} "
            found.append(f"{asked}{acted(each)}")
        elif each["kind"] == "coefficient":
            found += [f"{each['factor']:g}"] if each["on"] == "score" else []
        else:
            found.append(f"{each['score_at_most']:g}")
    return [*found, fixed(row["score"], source.card.card.decimals)]
