"""The way of the data, one step a room: load, normalize, world, derive, measure, score, judge.

In: nothing; `run` is where the steps meet. Out: nothing.
Refuses to know: everything. Each room's door is its package.
"""
