"""The façade: what `torch.cuda`, `torch.mps`, `torch.xpu` and `torch.accelerator` say while a virtual device stands."""

from .installing import installed

__all__ = ["installed"]
