"""A made-up contact center, Harbor Bank & Retail, drawn from one seed."""
