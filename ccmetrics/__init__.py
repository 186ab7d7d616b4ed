"""Scorecards from contact-center exports, by definitions in YAML."""
