"""Charts as static SVG: values in, the text of one `<svg>` out, drawn by Vega.

In: values of `items`, titles of axes, functions that write ticks. Out: SVG without scripts, ids, styles, addresses.
Refuses to know: frames, cards, languages. Its colors are the classes of `STYLE`, which the page around must hold.
"""

from __future__ import annotations

from ccmetrics.render.charts.bullet import bullet as bullet
from ccmetrics.render.charts.bullet import bullets as bullets
from ccmetrics.render.charts.bullet import ground as ground
from ccmetrics.render.charts.bullet import named as named
from ccmetrics.render.charts.cycles import course as course
from ccmetrics.render.charts.distribution import histogram as histogram
from ccmetrics.render.charts.items import Bullet as Bullet
from ccmetrics.render.charts.items import Course as Course
from ccmetrics.render.charts.items import Curve as Curve
from ccmetrics.render.charts.items import Spark as Spark
from ccmetrics.render.charts.palette import STYLE as STYLE
from ccmetrics.render.charts.shares import grades as grades
from ccmetrics.render.charts.spark import sparks as sparks
