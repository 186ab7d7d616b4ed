"""A result for readers who may not see everything: one team, or one person, beside what is told of all without names.

In: a result, whose it shall be. Out: a result that holds nothing else, so that no format can show it.
Refuses to know: formats. Whatever is not named here is left out; a new frame stays the center's until somebody decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from ccmetrics.account import Account
from ccmetrics.catalogue.models import Card
from ccmetrics.problem import Place, Problem, UsageRefused, did_you_mean
from ccmetrics.render import anonymous
from ccmetrics.render.narrow import parted
from ccmetrics.render.public import public, words_of
from ccmetrics.scorecard import Audience, Restatement, Result, Scorecard

TEAM, CENTER, AGENT = "team", "center", "agent_id"
PAY = ("pay", "pay_amount")
"""Nobody's but one's own."""
OF_ALL = ("course", "bins", "grades", "pooled")
OF_POOLS = ("requested", "capped", "pool", "pool_group")
"""Of a pool that did not suffice, what one did not get of it is what the others got."""


def for_team(result: Result, team: str) -> Result:
    """The people of a team by name, and its own row where teams are scored.

    Raises:
        UsageRefused: no card has anybody of that team.
    """
    return _found(by_team(result), team, TEAM)


def for_agent(result: Result, subject: str) -> Result:
    """A person's own cards.

    Raises:
        UsageRefused: no card has that subject.
    """
    return _found(by_subject(result), subject, "subject")


def _found(known: Mapping[str, Result], name: str, kind: str) -> Result:
    if name not in known:
        text = f"No card has a {kind} '{name}' of its own.{did_you_mean(name, sorted(known))}"
        raise UsageRefused([Problem(Place(f"--{kind}"), f"unknown-{kind}", text)])
    return known[name]


def by_team(result: Result) -> dict[str, Result]:
    """Every team with what it may see. Other roles' cards are not among it: a leader's is the leader's own."""
    groups = {}
    for card in result.scorecards:
        group = "subject" if card.card.subject == TEAM else TEAM
        if card.card.subject in (TEAM, AGENT):
            groups[card.card.card] = card.scores.select("subject", pl.col(group).alias("group")).drop_nulls()
    return _split(result, groups, "team")


def by_subject(result: Result) -> dict[str, Result]:
    """Everybody with what is their own. A team's card and the center's are nobody's own."""
    groups = {
        card.card.card: card.scores.select("subject", group="subject")
        for card in result.scorecards
        if card.card.subject not in (TEAM, CENTER)
    }
    return _split(result, groups, "agent")


def _split(result: Result, groups: Mapping[str, pl.DataFrame], to: Audience) -> dict[str, Result]:
    words, least = words_of(result.catalogue), result.catalogue.project.min_group
    found: dict[str, list[Scorecard]] = {}
    for card in result.scorecards:
        if card.card.card not in groups:
            continue
        people = _people(card)
        said = {fine: public(card.notices, words, fine) for fine in (True, False)}
        for name, own in parted(card, groups[card.card.card]).items():
            fine = is_enough_of(card.scores, own["scores"], least)
            mine = replace(card, **own, notices=said[fine])
            found.setdefault(name, []).append(_card(card, mine, people, least, to))
    whole = _without_sources(result)
    return {
        name: replace(
            whole, scorecards=tuple(found[name]), restatement=_restated(result, found[name], words), audience=to
        )
        for name in sorted(found)
    }


def _card(card: Scorecard, own: Scorecard, people: pl.DataFrame, least: int, to: Audience) -> Scorecard:
    """What somebody may see of a card: their own rows, and of all together what tells of nobody."""
    every = dict(_of_all(card, own, people, least))
    alarms, level = own.alarms, _level(own, every["pooled"])
    shares, volume = own.shares, _shares(card, own, least)
    scores, history = _ranks(card, own, least)
    # The mean is told to none of them, whatever the number of people.
    gone = [name for name, frame in every.items() if _is_less(_without(getattr(card, name), "mean"), frame)]
    gone += [name for name, frame in (("scores", scores), ("history", history)) if _is_less(getattr(own, name), frame)]
    gone += ["alarms"] if level.height < alarms.height else []
    gone += ["shares"] if volume.height < shares.height else []
    return Scorecard(
        card=_without_pools(card.card),
        period=card.period,
        scores=scores if to == "agent" else _without(scores, *PAY),
        lines=own.lines,
        adjustments=_asked_alone(own.adjustments),
        missing=_missing(own.lines, card.missing.schema),
        watch=own.watch,
        notices=own.notices,
        goals=own.goals,
        policies=own.policies,
        needed=own.needed,
        alarms=level,
        unwatched=own.unwatched,
        changes=own.changes,
        trends=own.trends,
        progress=own.progress,
        shares=volume,
        lists=_lists(own),
        actions=own.actions,
        history=history,
        since=own.since,
        **every,
        suppressed=tuple(gone),
        audience=to,
    )


def is_enough_of(every: pl.DataFrame, own: pl.DataFrame, least: int) -> bool:
    """Whether there are enough rows, each of somebody, beside one's own."""
    return bool(anonymous.is_enough(every.height, own.height, least))


def _ranks(card: Scorecard, own: Scorecard, least: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Scores and history, without the ranks that tell of the few beside them."""
    scores = anonymous.ranks(own.scores, card.scores, "rank_of", least)
    past = "rank" in own.history.columns
    return scores, anonymous.ranks(own.history, card.history, "period", least) if past else own.history


def _without(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    there = [name for name in columns if name in frame.columns]
    return frame.with_columns(pl.lit(None, frame.schema[name]).alias(name) for name in there)


def _is_less(before: pl.DataFrame, now: pl.DataFrame) -> bool:
    """Whether a number, or a whole frame, is no longer there. Wider steps hold as many people as narrow ones."""
    lost = sum(now.null_count().row(0)) - sum(before.null_count().row(0)) if now.width and now.height else 0
    return lost > 0 or (before.height > 0 and now.height == 0)


# ---------------------------------------------------------------- of all together


def _of_all(card: Scorecard, own: Scorecard, people: pl.DataFrame, least: int) -> Iterator[tuple[str, pl.DataFrame]]:
    """The frames that name nobody, as far as they tell of enough people."""
    full = pl.col("status") == "scored"
    history = own.history.filter(full) if own.history.width > 1 else own.history
    wide = {name: getattr(card, name) for name in OF_ALL if getattr(card, name).width > 1}
    if "course" in wide:
        yield "course", anonymous.course(wide["course"], _counted(history, "period"), least, card.card.decimals)
    if "bins" in wide:
        yield "bins", anonymous.bins(wide["bins"], own.scores.filter(full)["score"].to_list(), least)
    if "grades" in wide:
        yield "grades", anonymous.grades(wide["grades"], _counted(history, "period", "grade"), least)
    yield (
        "pooled",
        (anonymous.pooled(wide["pooled"], people, _people(own), least) if "pooled" in wide else card.pooled.clear()),
    )


def _counted(history: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Of how many the full score of a cycle, or its grade, is shown."""
    if "period" not in history.columns:
        return pl.DataFrame(schema={**dict.fromkeys(by, pl.String), "shown": pl.Int64})
    return history.group_by(by, maintain_order=True).agg(shown=pl.len().cast(pl.Int64))


def _people(card: Scorecard) -> pl.DataFrame:
    """Of how many subjects there is a value of one cycle alone: what is pooled rests on so many."""
    now = pl.lit(card.period).alias("period")
    alone = pl.col("value").is_not_null() & (pl.col("cycles") == 1)
    columns = [*anonymous.KEY, "subject"]
    frames = [card.lines.filter(alone).with_columns(now).select(columns)]
    if "cycles" in card.watch.columns:
        frames.append(card.watch.filter(alone).with_columns(now).select(columns))
    if "period" in card.trends.columns:
        frames.append(card.trends.filter(pl.col("value").is_not_null()).select(columns))
    every = pl.concat(frames).group_by(anonymous.KEY, maintain_order=True)
    return every.agg(n=pl.col("subject").n_unique().cast(pl.Int64))


# ---------------------------------------------------------------- of one's own, what tells of others


def _missing(lines: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """As of everybody: how many of those that are shown lack a value of their own."""
    lacking = lines.filter(pl.col("status") != "own").sort("line", "reason", maintain_order=True)
    found = lacking.group_by("kpi", "variant", "reason", maintain_order=True).agg(subjects=pl.len())
    return found.select(pl.col(name).cast(kind) for name, kind in schema.items())


def _level(own: Scorecard, pooled: pl.DataFrame) -> pl.DataFrame:
    """Alarms, without those held against the others' values where these are of too few."""
    if own.alarms.is_empty() or "value" not in pooled.columns:
        return own.alarms.filter(pl.col("kind") != "level") if own.alarms.height else own.alarms
    there = pooled.filter((pl.col("period") == own.period) & pl.col("value").is_not_null())
    told = there.select(pl.struct(kpi="kpi", variant="variant")).to_series().implode()
    sides = (pl.struct(kpi="kpi", variant="variant"), pl.struct(kpi="guardrail", variant="guardrail_variant"))
    known = pl.all_horizontal(side.is_in(told) for side in sides)
    return own.alarms.filter((pl.col("kind") != "level") | known)


def _shares(card: Scorecard, own: Scorecard, least: int) -> pl.DataFrame:
    """Of two, one's share is the other's."""
    return own.shares if is_enough_of(card.shares, own.shares, least) else own.shares.clear()


def _asked_alone(items: pl.DataFrame) -> pl.DataFrame:
    """Adjustments; of those from a pool the amount alone."""
    alone = pl.col("pool").is_null()
    told = (pl.when(alone).then(pl.col(name)).alias(name) for name in OF_POOLS if name in items.columns)
    return _without(items, "pool_asked").with_columns(told)


def _without_pools(card: Card) -> Card:
    """The definition, which does not say either what a pool holds."""
    adjust = card.adjust
    sides = {
        side: tuple(item.model_copy(update={"pool": None, "pool_by": None}) for item in getattr(adjust, side))
        for side in ("bonus", "deductions")
    }
    return card.model_copy(update={"adjust": adjust.model_copy(update=sides)})


def _lists(own: Scorecard) -> pl.DataFrame:
    """Evidence of one's own cycles; of lists that hold one against the next, that one is on them."""
    if own.lists.is_empty():
        return own.lists
    rules = list(own.card.progression)
    mine = pl.col("list").is_in(rules) & ~pl.col("list").is_in(AGAINST)
    return own.lists.with_columns(evidence=pl.when(mine).then("evidence"))


AGAINST = ("watch list", "grade lost by distribution")
"""Lists whose evidence has the score of somebody else."""


# ---------------------------------------------------------------- beside the cards


def _without_sources(result: Result) -> Result:
    """Numbers of rows stay; names of files, and whatever stood in a row, do not."""
    names = dict.fromkeys([account.export for account in result.accounts])
    if result.partial:
        names |= dict.fromkeys(result.rejects["export"])
    known = {name: f"#{at}" for at, name in enumerate(names, start=1)}
    rejects = result.rejects
    if result.partial:
        nothing = [name for name in rejects.columns if name not in ("export", "reason")]
        rejects = _without(rejects, *nothing).with_columns(pl.col("export").replace_strict(known))
    return replace(
        result,
        scorecards=(),
        accounts=tuple(_nameless(account, known) for account in result.accounts),
        notices=public(result.notices, words_of(result.catalogue)),
        inputs=(),
        rejects=rejects,
        restatement=None,
    )


def _nameless(account: Account, known: Mapping[str, Any]) -> Account:
    return replace(account, export=known[account.export], sha256="")


def _restated(result: Result, cards: list[Scorecard], words: frozenset[str]) -> Restatement | None:
    """What a restatement says of those who are shown, and of how many rows were read."""
    found = result.restatement
    if found is None:
        return None
    theirs = pl.any_horizontal(
        (pl.col("card") == card.card.card) & pl.col("subject").is_in(card.scores["subject"].implode()) for card in cards
    )
    paid = pl.col("column").is_in(PAY) & pl.lit(cards[0].audience != "agent")
    unranked = [card.card.card for card in cards if {"scores", "history"} & set(card.suppressed)]
    ranked = pl.col("column").is_in(anonymous.RANKS) & pl.col("card").is_in(unranked)
    cells = found.cells.filter((theirs & ~paid & ~ranked) | (pl.col("row") == "rows"))
    return replace(found, cells=cells, said=public(found.said, words))
