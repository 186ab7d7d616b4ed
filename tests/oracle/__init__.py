"""The same definitions, computed a second time by another engine and another hand."""
