"""The derived columns of tables.yaml as DuckDB SQL, written from their `about:` and from nothing else.

In: tables `raw_<name>` with all declared columns. Out: tables `t_<name>` with the derived columns beside them.
Refuses to know: measures, and how the package derives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import duckdb

HUMAN = "outcome = 'answered' AND served_by IS DISTINCT FROM 'bot'"
FORWARD = "leg_no, started_at, interaction_id"
BACKWARD = "leg_no DESC, started_at DESC, interaction_id DESC"
PERSON = f"bool_or(({HUMAN}) OR outcome IN ('abandoned', 'callback'))"
BOT = "outcome = 'answered' AND served_by IS NOT DISTINCT FROM 'bot'"
BOT_ONLY = f"bool_and(outcome IN ('self_served', 'ended_in_menu') OR ({BOT}))"
SALE = f"{HUMAN} AND purpose = 'sales' AND customer_id IS NOT NULL"

LEGS = f"""
CREATE TABLE legs AS
SELECT *, greatest(started_at, coalesce(ended_at,
    answered_at + to_microseconds(((coalesce(talk_s, 0) + coalesce(hold_s, 0)) * 1000000)::BIGINT),
    coalesce(queued_at, started_at + to_microseconds((coalesce(menu_s, 0) * 1000000)::BIGINT))
      + to_microseconds(((coalesce(wait_s, 0) + coalesce(talk_s, 0) + coalesce(hold_s, 0)) * 1000000)::BIGINT)
  )) AS leg_end,
  count(*) OVER (PARTITION BY contact_id) AS legs,
  row_number() OVER (PARTITION BY contact_id ORDER BY {BACKWARD}) = 1 AS contact_last,
  {HUMAN} AS by_human
FROM raw_interactions
"""

CONTACTS = f"""
CREATE TABLE contacts AS
SELECT contact_id, arg_min(started_at, rank) AS begun, max(leg_end) AS over,
  any_value(inbound) AS inbound, arg_min(customer_id, rank) FILTER (WHERE customer_id IS NOT NULL) AS who,
  arg_min(reason, rank) FILTER (WHERE reason IS NOT NULL) AS why, {PERSON} AS person, {BOT_ONLY} AS bot_only,
  bool_or(outcome = 'ended_in_menu') AS in_menu
FROM (SELECT *, row_number() OVER (PARTITION BY contact_id ORDER BY {FORWARD}) AS rank,
        first_value(direction) OVER (PARTITION BY contact_id ORDER BY {FORWARD})
          IS NOT DISTINCT FROM 'inbound' AS inbound
      FROM legs)
GROUP BY contact_id
"""

REASONS = """
CREATE TABLE journeys AS
SELECT c.contact_id, c.who, c.begun, c.over, coalesce(c.why,
    (SELECT arg_min(d.why, (d.begun, d.contact_id)) FROM contacts d
     WHERE d.inbound AND d.who = c.who AND d.why IS NOT NULL AND (d.begun, d.contact_id) > (c.begun, c.contact_id)),
    (SELECT arg_max(d.why, (d.begun, d.contact_id)) FROM contacts d
     WHERE d.inbound AND d.who = c.who AND d.why IS NOT NULL AND (d.begun, d.contact_id) < (c.begun, c.contact_id))
  ) AS about
FROM contacts c WHERE c.inbound AND c.who IS NOT NULL
"""

EPISODES = """
CREATE TABLE episodes AS
WITH gaps AS (
  SELECT *, max(over) OVER (PARTITION BY who, about ORDER BY begun, contact_id
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM journeys),
numbered AS (
  SELECT *, sum(CASE WHEN before IS NULL OR epoch_us(begun - before) > {episode_days} * 86400000000 THEN 1 ELSE 0 END)
    OVER (PARTITION BY who, about ORDER BY begun, contact_id) AS nth FROM gaps)
SELECT contact_id, first_value(contact_id) OVER w AS episode_id, max(over) OVER e AS closed_from,
  row_number() OVER (PARTITION BY who, about, nth ORDER BY begun DESC, contact_id DESC) = 1 AS final
FROM numbered
WINDOW w AS (PARTITION BY who, about, nth ORDER BY begun, contact_id), e AS (PARTITION BY who, about, nth)
"""

ORDERS = f"""
CREATE TABLE t_orders AS
SELECT o.*, coalesce(o.interaction_id,
  (SELECT arg_max(l.interaction_id, (l.started_at, l.interaction_id)) FROM legs l
   WHERE {SALE.replace("customer_id", "l.customer_id")} AND l.customer_id = o.customer_id
     AND l.started_at <= o.ordered_at AND epoch_us(o.ordered_at - l.started_at) <= {{attribution_days}} * 86400000000)
  ) AS attributed_id
FROM raw_orders o
"""

INTERACTIONS = f"""
CREATE TABLE t_interactions AS
WITH credited AS (SELECT attributed_id, count(*) AS n FROM t_orders GROUP BY 1),
last AS (SELECT max(ordered_at) AS ordered, bool_or(interaction_id IS NULL) AS loose FROM raw_orders),
here AS (SELECT max(started_at) AS latest FROM raw_interactions),
channels AS (SELECT e.episode_id, nullif(count(DISTINCT l.channel), 0) AS n
             FROM legs l JOIN episodes e USING (contact_id) GROUP BY 1)
SELECT l.* EXCLUDE (leg_end, by_human), c.over AS contact_ended_at,
  coalesce(c.inbound AND l.by_human
    AND row_number() OVER (PARTITION BY l.contact_id, l.by_human ORDER BY {BACKWARD}) = 1, false) AS last_handled,
  (SELECT min(d.begun) FROM contacts d WHERE d.inbound AND d.who = c.who AND d.contact_id <> c.contact_id
     AND d.begun > c.over) AS next_inbound_at,
  (SELECT min(d.begun) FROM contacts d WHERE d.inbound AND d.who = c.who AND d.contact_id <> c.contact_id
     AND d.begun > c.over AND coalesce(d.why = c.why, true)) AS next_repeat_at,
  e.episode_id,
  CASE WHEN e.episode_id IS NOT NULL AND epoch_us(here.latest - e.closed_from) >= {{episode_days}} * 86400000000
       THEN e.final AND l.contact_last END AS episode_last,
  channels.n AS episode_channels,
  CASE WHEN l.contact_last AND c.inbound AND c.bot_only AND c.who IS NOT NULL
         AND epoch_us(here.latest - c.over) >= {{containment_hours}} * 3600000000
       THEN NOT c.in_menu AND NOT EXISTS (
         SELECT 1 FROM contacts d WHERE d.inbound AND d.person AND d.who = c.who AND d.begun > c.over
           AND epoch_us(d.begun - c.over) <= {{containment_hours}} * 3600000000) END AS contained,
  CASE WHEN last.loose AND ({SALE.replace("customer_id", "l.customer_id")})
         AND epoch_us(last.ordered - l.started_at) < {{attribution_days}} * 86400000000 THEN NULL
       ELSE coalesce(credited.n, 0) END AS orders_within,
  {{handle}} AS handle_s
FROM legs l JOIN contacts c USING (contact_id) LEFT JOIN episodes e USING (contact_id)
LEFT JOIN channels ON channels.episode_id = e.episode_id
LEFT JOIN credited ON credited.attributed_id = l.interaction_id, last, here
"""


def points(section: str) -> str:
    """Weighted points over the applicable items, by evaluation."""
    return f"""
  SELECT evaluation_id, CASE WHEN bool_or(score IS NULL OR max IS NULL OR max <= 0) THEN NULL
    WHEN bool_or(coalesce(critical, false) AND score = 0) THEN 0
    ELSE 100 * sum(coalesce(weight, 1) * score / max) / nullif(sum(coalesce(weight, 1)), 0) END AS earned
  FROM raw_evaluation_items WHERE coalesce(applicable, true) AND {section} GROUP BY 1"""


RISKS = """(SELECT *, row_number() OVER (PARTITION BY interaction_id ORDER BY recorded_at, event_id) AS nth
  FROM raw_events WHERE kind = 'risk' AND coalesce(valid, true) AND interaction_id IS NOT NULL)"""

EVALUATIONS = f"""
CREATE TABLE t_evaluations AS
SELECT v.*, a.earned AS item_score, b.earned AS attitude_score,
  CASE WHEN r.event_id IS NOT NULL AND v.evaluated_at IS NOT NULL
       THEN greatest(v.evaluated_at, r.recorded_at) END AS risk_known_at,
  CASE WHEN v.evaluated_at IS NOT NULL THEN r.found_by END AS risk_found_by
FROM raw_evaluations v LEFT JOIN ({points("true")}) a USING (evaluation_id)
LEFT JOIN ({points("section = 'attitude'")}) b USING (evaluation_id)
LEFT JOIN {RISKS} r ON r.interaction_id = v.interaction_id AND r.nth = 1
"""

EVENTS = f"""
CREATE TABLE t_events AS
SELECT e.*, CASE WHEN r.nth IS NOT NULL THEN r.nth = 1 END AS first_record
FROM raw_events e LEFT JOIN {RISKS} r USING (event_id)
"""

CASES = """
CREATE TABLE t_cases AS
SELECT c.*,
  CASE WHEN kind = 'complaint' AND customer_id IS NOT NULL
         AND epoch_us((SELECT max(opened_at) FROM raw_cases) - opened_at) >= 30 * 86400000000
       THEN EXISTS (SELECT 1 FROM raw_cases d WHERE d.kind = 'complaint' AND d.customer_id = c.customer_id
         AND d.opened_at > c.opened_at AND epoch_us(d.opened_at - c.opened_at) <= 30 * 86400000000)
       END AS repeat_within_30d,
  CASE WHEN customer_id IS NOT NULL
         AND epoch_us((SELECT max(ordered_at) FROM raw_orders) - opened_at) >= 90 * 86400000000
       THEN EXISTS (SELECT 1 FROM raw_orders o WHERE o.customer_id = c.customer_id
         AND o.ordered_at > c.opened_at AND epoch_us(o.ordered_at - c.opened_at) <= 90 * 86400000000)
       END AS ordered_within_90d,
  (SELECT count(DISTINCT l.contact_id) FROM raw_interactions l
   WHERE (l.case_id = c.case_id OR l.interaction_id = c.interaction_id)
     AND l.direction IS DISTINCT FROM 'internal' AND l.outcome NOT IN ('not_connected', 'failed')) AS contacts_n,
  CASE WHEN kind = 'complaint' AND class IS NOT NULL AND EXISTS (SELECT 1 FROM raw_initiatives WHERE class IS NOT NULL)
       THEN EXISTS (SELECT 1 FROM raw_initiatives i WHERE i.class = c.class AND i.done_on < local_day(c.opened_at))
       END AS after_fix
FROM raw_cases c
"""

CUSTOMERS = """
CREATE TABLE t_customers AS
SELECT c.*, (SELECT count(*) FROM contacts d WHERE d.inbound AND d.who = c.customer_id) AS contacts_n
FROM raw_customers c
"""

FORECASTS = """
CREATE TABLE t_forecasts AS
WITH here AS (SELECT min(started_at) AS earliest, max(started_at) AS latest FROM raw_interactions),
spans AS (
  SELECT *, started_at + to_microseconds((coalesce(length_s, 1800) * 1000000)::BIGINT) AS over FROM raw_forecasts)
SELECT f.* EXCLUDE (over), CASE WHEN f.started_at >= instant(local_day(here.earliest)) AND f.over <= here.latest THEN
  (SELECT count(*) FROM raw_interactions l WHERE l.queue_id = f.queue_id AND l.direction = 'inbound' AND l.leg_no = 1
     AND l.outcome IN ('answered', 'abandoned', 'callback') AND l.started_at >= f.started_at AND l.started_at < f.over)
  END AS actual_offered
FROM spans f, here
"""

STEPS = (LEGS, CONTACTS, REASONS, EPISODES, ORDERS, INTERACTIONS, EVALUATIONS, EVENTS, CASES, CUSTOMERS, FORECASTS)
DERIVING = {"orders", "interactions", "evaluations", "events", "cases", "customers", "forecasts"}


def derive(
    base: duckdb.DuckDBPyConnection,
    tables: list[str],
    parameters: Mapping[str, float],
    supplied: Callable[[str, str], bool],
) -> None:
    """Adds `t_<name>` for every table."""
    parts = [part for part in ("talk_s", "hold_s", "wrap_s") if supplied("interactions", part)]
    values = {name: str(value) for name, value in parameters.items()} | {"handle": " + ".join(parts) or "NULL::DOUBLE"}
    for step in STEPS:
        base.execute(step.format(**values) if "{" in step else step)
    for name in tables:
        if name not in DERIVING:
            base.execute(f"CREATE VIEW t_{name} AS SELECT * FROM raw_{name}")
