"""Isolation: cells in processes of their own, so that a target that crashes, hangs or floods costs its cell alone."""

from . import cluster
from .blocks import blocks, share
from .crew import Crew
from .limits import TIMEOUT, Limits, memory_for, size

__all__ = ["TIMEOUT", "Crew", "Limits", "blocks", "cluster", "memory_for", "share", "size"]
