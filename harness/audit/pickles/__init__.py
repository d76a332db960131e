"""Pickles, walked opcode by opcode and never loaded: nothing in them is imported, called or built."""

from .machine import walk_pickle
from .verdict import verdict

__all__ = ["verdict", "walk_pickle"]
