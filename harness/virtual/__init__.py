"""Virtual devices: CUDA, MPS or XPU on a stock CPU build of PyTorch, with real values and PyTorch's refusals."""

from .standing import virtual
from .transfers import transfers

__all__ = ["transfers", "virtual"]
