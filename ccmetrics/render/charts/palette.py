"""The colors of charts, in one place.

In: nothing. Out: a style sheet for the page that holds the charts.
Refuses to know: shapes.
"""

STYLE = ""
