"""Baoxiu (报修·保修): the procedure a company signs is the program that runs."""

__version__ = "0.1.0"
