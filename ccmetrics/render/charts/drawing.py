"""The door of Vega: specifications in, SVG out."""
