"""Rules of the family `cards`: what adjustments and points are worth beside the score, and for what they are given.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="wild-points",
        severity="warning",
        says="a knot of a curve worth more than 150 points, or fewer than -50",
        why=(
            "A target is worth 100 points and a stretch 120. From -50 to 150 a line moves the score by twice what it "
            "weighs; beyond that its weight says nothing of what it decides."
        ),
        mend="Let the best knot give 120 and the worst 0, and say by `weight` what the line is worth.",
        before="""\
card: agent
kpis: [{kpi: csat, weight: 100, points: [[0.5, 0], [0.9, 1200]]}]
""",
        after="""\
card: agent
kpis: [{kpi: csat, weight: 100, points: [[0.5, 0], [0.9, 120]]}]
""",
        source="Merchant and Van der Stede, Management Control Systems",
    ),
    Rule(
        name="heavy-adjustment",
        severity="warning",
        says="bonuses, or deductions, of more than 30 points together",
        why=(
            "30 points are two usual grades. Where what stands beside the score moves more than that, the KPIs and "
            "their weights no longer decide, and nobody has agreed on what does."
        ),
        mend="Lower the `cap`s, or score by a line what is worth so much; what must not be outweighed is a red line.",
        before="""\
card: agent
adjust: {bonus: [{name: ideas, amount: 50 * ideas_adopted, cap: 500}]}
""",
        after="""\
card: agent
adjust: {bonus: [{name: ideas, amount: 2 * ideas_adopted, cap: 6}]}
""",
        source="Merchant and Van der Stede, Management Control Systems",
    ),
    Rule(
        name="sure-adjustment",
        severity="warning",
        says="a bonus, deduction or coefficient without a condition that everybody gets",
        why="It moves all scores alike and tells nobody apart; mostly its condition was forgotten.",
        mend="Say `when` it holds, or count something in its amount.",
        before="""\
card: agent
adjust: {deductions: [{name: rudeness, amount: 20, cap: 20}]}
""",
        after="""\
card: agent
adjust: {deductions: [{name: rudeness, amount: 20, when: red_line_events > 0, cap: 20}]}
""",
        source="Herzberg, One More Time: How Do You Motivate Employees? (1968)",
    ),
    Rule(
        name="never-in-full",
        severity="warning",
        says="a bonus or deduction whose cap is below the least that it can come to",
        why="The page promises one number, and everybody gets another.",
        mend="Raise the `cap` to what one case is worth or more, or lower the amount.",
        before="""\
card: agent
adjust: {bonus: [{name: ideas, amount: 2 * ideas_adopted, cap: 1}]}
""",
        after="""\
card: agent
adjust: {bonus: [{name: ideas, amount: 2 * ideas_adopted, cap: 6}]}
""",
        source="Vroom, Work and Motivation (1964)",
    ),
    Rule(
        name="backward-adjustment",
        severity="warning",
        says="points given for a KPI getting worse, or taken for one getting better",
        why=(
            "People are paid for the opposite of what is wanted. Told of KPIs that say which side is better, where a "
            "formula holds nothing else; a deduction for what is too fast to be true is let be."
        ),
        mend="Turn the comparison or the sign round, or allow it with the reason.",
        before="""\
card: agent
adjust: {bonus: [{name: quick, amount: aht / 100, cap: 5}]}
""",
        after="""\
card: agent
adjust: {bonus: [{name: quick, amount: 5 - aht / 100, cap: 5}]}
""",
        source="Kerr, On the Folly of Rewarding A, While Hoping for B (1975)",
    ),
    Rule(
        name="scored-and-adjusted",
        severity="advice",
        says="an adjustment for nothing but what a line of the card scores",
        why=(
            "It counts twice, and neither the weight nor the cap says what it is worth. What is better than the target "
            "earns more by a stretch."
        ),
        mend="Give the line a `stretch` or another weight, and adjust by what no line scores.",
        before="""\
card: agent
adjust: {bonus: [{name: content customers, amount: 2, when: csat > 0.9, cap: 2}]}
""",
        after="""\
card: agent
adjust: {bonus: [{name: no red line, amount: 2, when: red_line_events = 0, cap: 2}]}
""",
        source="Keeney and Raiffa, Decisions with Multiple Objectives (1976)",
    ),
)
