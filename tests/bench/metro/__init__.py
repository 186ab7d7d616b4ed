"""The made-up center of `tests/bench/center.py`: large, and drawn a column at a time."""
