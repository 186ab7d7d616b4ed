"""What has to be measured, and over which periods.

In: the catalogue, and the cards or KPIs asked for. Out: requests.
Refuses to know: frames and their columns; what an export really holds is found out by measuring.
"""

from ccmetrics.period import TIME_GRAINS
from ccmetrics.plan.ask import Ask, Binding, Bound, Key, Parameters, Request, bound, kpi_ask, split
from ccmetrics.plan.cards import Role, card_request, card_requests, plain_request
from ccmetrics.plan.columns import measured_tables, needed_columns

__all__ = [
    "TIME_GRAINS", "Ask", "Binding", "Bound", "Key", "Parameters", "Request", "Role", "bound", "card_request",
    "card_requests", "kpi_ask", "measured_tables", "needed_columns", "plain_request", "split",
]  # fmt: skip
