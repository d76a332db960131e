"""The command line: `main(words)` is its door."""

from .door import main

__all__ = ["main"]
