"""Rules of the family `kpis`: what KPIs and measures are held against.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="no-source",
        severity="warning",
        says="a KPI, or a variant of one, that does not say where its definition comes from",
        why=(
            "The field defines most figures in several ways, and whoever is paid by one asks which it is. That a "
            "definition is one's own is an answer too."
        ),
        mend="Write `source`: who defines it like this, or that the choice is yours.",
        before="""\
kpis:
  aht: {formula: handle_time / timed, source: ""}
""",
        after="""\
kpis:
  aht: {formula: handle_time / timed, source: "Amazon Connect, metric definitions"}
""",
        source="Call Centre Helper, on the many formulas of service level",
    ),
    Rule(
        name="no-about",
        severity="advice",
        says="a KPI, or a variant of one, that does not say in words what it is",
        why="The people it is about read words and no SQL; two that read the same name differently are both right.",
        mend="Write `about`: what is counted, over what, and what is left out.",
        before="""\
kpis:
  aht: {formula: handle_time / timed, about: ""}
""",
        after="""\
kpis:
  aht: {formula: handle_time / timed, about: "Talk, hold and after-contact work per answered contact."}
""",
        source="Neely and others, Designing performance measures: a structured approach (1997)",
    ),
    Rule(
        name="no-expectation",
        severity="warning",
        says="a KPI, or a variant of one, without a test",
        why=(
            "Nobody sees from a formula that its two halves are swapped. A few numbers worked out by hand show it, on "
            "the day it is written and on every day it is changed."
        ),
        mend="Write `expect` with values worked out by hand: `{given: {measure: number, ...}, value: number}`.",
        before="""\
kpis:
  csat:
    expect: []
""",
        after="""\
kpis:
  csat:
    expect: [{given: {satisfied: 3, answers: 4}, value: 0.75}]
""",
        source="Beck, Test-Driven Development: By Example (2002)",
    ),
    Rule(
        name="rate-above-one",
        severity="warning",
        says="a KPI in percent that lies above 1 or below 0 by its own tests",
        why=(
            "What is counted above is then no part of what is counted below, and more than everybody answered. Where "
            "more than the whole is possible, as with overtime, a reader should be told so."
        ),
        mend="Let both halves count the same things, or allow it with a reason: `allow: {rate-above-one: why}`.",
        before="""\
kpis:
  csat:
    expect: [{given: {satisfied: 5, answers: 4}, value: 1.25}]
""",
        after="""\
kpis:
  csat:
    expect: [{given: {satisfied: 3, answers: 4}, value: 0.75}]
""",
        source="Kolmogorov, Foundations of the Theory of Probability (1933): a share of a whole is 0 to 1",
    ),
    Rule(
        name="no-guardrail",
        severity="warning",
        says="a KPI that is scored, is easily improved at the cost of something else, and has no guardrail",
        why=(
            "A measure that becomes a target stops being a good measure: speed is bought with quality, sales with what "
            "is returned, satisfaction by choosing whom to ask. A guardrail that gets worse meanwhile shows it."
        ),
        mend="Name under `guardrails` the KPIs that get worse when this one is improved the wrong way.",
        before="""\
kpis:
  aht: {formula: handle_time / timed, guardrails: []}
""",
        after="""\
kpis:
  aht: {formula: handle_time / timed, guardrails: [csat]}
""",
        source="Goodhart, Problems of Monetary Management (1975); Strathern, Improving Ratings (1997)",
    ),
    Rule(
        name="unchosen-variant",
        severity="warning",
        says="a KPI with several definitions, scored or compared without saying which of them",
        why=(
            "The same month is 86 % by one definition of service level and 81 % by another. The default is what the "
            "catalogue prefers, and may change with it; what pay depends on is chosen by name."
        ),
        mend="Name the variant: `kpi.variant` in a formula.",
        before="""\
card: agent
actions: [{when: service_level < 0.8, for: 2 cycles, do: course, to: team, due: 14d}]
""",
        after="""\
card: agent
actions: [{when: service_level.of_offered < 0.8, for: 2 cycles, do: course, to: team, due: 14d}]
""",
        source="Call Centre Helper, on the many formulas of service level",
    ),
    Rule(
        name="unread-parameter",
        severity="warning",
        says="a parameter set anew where nothing that is computed there reads it",
        why=(
            "It looks as if something were decided, and changes no number. A KPI's parameters hold for the measures in "
            "its own formula, not for those of the KPIs that it names; a line's and a card's hold for all below them; "
            "three shape columns before anything is measured, and hold for the whole run."
        ),
        mend="Set it where it is read (`ccmetrics list parameters`), or remove it.",
        before="""\
kpis:
  aht: {parameters: {threshold_s: 30}}
""",
        after="""\
kpis:
  service_level: {parameters: {threshold_s: 30}}
""",
        source="common practice of linters: an assignment without effect",
    ),
    Rule(
        name="unlike-n",
        severity="warning",
        says="an n that is not the number of cases a KPI rests on",
        why=(
            "`min_n` and the interval look at n. One that counts something else calls a share of three cases certain, "
            "or a share of thousands unknown."
        ),
        mend="Write as `n` the measure that the formula divides by.",
        before="""\
kpis:
  csat: {n: offered, interval: proportion}
""",
        after="""\
kpis:
  csat: {n: answers, interval: proportion}
""",
        source="Wilson, Probable Inference, the Law of Succession, and Statistical Inference (1927)",
    ),
    Rule(
        name="lost-guardrail",
        severity="advice",
        says="a removed KPI that was the guardrail of others",
        why=(
            "Taking a KPI out of the built-in ones is fine. Where it watched over others nothing does so any more, and "
            "whoever is scored by those can improve them at its cost unseen."
        ),
        mend="Keep it, or replace the KPIs that it guarded with ones that name another under `guardrails`.",
        before="""\
# project.yaml
project: {extends: builtin}
# more.yaml
kpis: {repeat_contact_rate: null}
""",
        after="""\
# project.yaml
project: {extends: builtin}
# more.yaml
kpis: {fixed_cost_share: null}
""",
        is_file=True,
        source="Goodhart, Problems of Monetary Management (1975)",
    ),
)
