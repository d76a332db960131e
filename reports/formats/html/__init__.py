"""One HTML file that works offline: matrix, findings with their source, filters, charts."""

from .page import render

__all__ = ["render"]
