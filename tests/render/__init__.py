"""Results drawn: what a person and a program are shown."""
