"""Charts as static SVG: values in, the text of one `<svg>` out, drawn by Vega.

In: values of `items`, titles of axes, functions that write ticks. Out: SVG without scripts, ids, styles and addresses.
Refuses to know: frames, cards, languages, the page around it. Its colors are the classes of `STYLE`, which the page holds.
"""

from __future__ import annotations

from ccmetrics.render.charts.bullets import bullets as bullets
from ccmetrics.render.charts.course import course as course
from ccmetrics.render.charts.grades import grades as grades
from ccmetrics.render.charts.histogram import histogram as histogram
from ccmetrics.render.charts.items import Bullet as Bullet
from ccmetrics.render.charts.items import Course as Course
from ccmetrics.render.charts.items import Point as Point
from ccmetrics.render.charts.items import Spark as Spark
from ccmetrics.render.charts.palette import STYLE as STYLE
from ccmetrics.render.charts.sparks import sparks as sparks
from ccmetrics.render.charts.trend import trend as trend
