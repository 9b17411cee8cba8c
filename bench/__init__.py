"""Measurements and the kill test: `python -m bench --help`. Outside the product, against its outside."""
