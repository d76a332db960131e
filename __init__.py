"""Device and serialization correctness for PyTorch models, checked without the device."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .harness.api import check, roundtrip
    from .harness.virtual import transfers, virtual

__all__ = ["check", "roundtrip", "transfers", "virtual"]
__version__ = "0.1.0"

# Public name -> module that holds it. Looked up on first use (PEP 562), so that importing the
# package, which pytest does under any folder name, costs no torch.
_HOMES = {
    "check": "harness.api",
    "roundtrip": "harness.api",
    "transfers": "harness.virtual",
    "virtual": "harness.virtual",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'samedevice' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
