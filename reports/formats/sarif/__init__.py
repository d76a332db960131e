"""SARIF 2.1.0, for code scanning: one result for each different finding, the explain pages as its rules' help."""

from .log import render

__all__ = ["render"]
