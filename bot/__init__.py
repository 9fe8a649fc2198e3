"""Paperboy delivers the day's research papers to the people who asked for them."""

__version__ = "0.1.0"
