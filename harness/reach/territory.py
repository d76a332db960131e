"""Whose code a class or a function is: the user's, or a library's that the walk leaves alone."""

import sys
from collections.abc import Iterable

LIBRARIES = frozenset(
    {
        "accelerate",
        "huggingface_hub",
        "hypothesis",
        "numpy",
        "pytest",
        "_pytest",
        "safetensors",
        "scipy",
        "tokenizers",
        "torch",
        "torchaudio",
        "torchvision",
        "transformers",
    }
)

# Objects of torch that people hang on models and that keep tensors in plain attributes. The rest
# (graphs, compilers, streams) is machinery: an fx graph alone holds a fake tensor per node.
TORCH_HELPERS = ("torch.nn.", "torch.optim.", "torch.distributions.", "torch.utils.data.", "torch.amp.", "torch.ao.")

# Libraries whose objects hold data and never a tensor of the model.
CLOSED = frozenset({"hypothesis", "numpy", "pytest", "_pytest", "safetensors", "scipy", "tokenizers"})


def _top(module: object) -> str:
    return module.partition(".")[0] if type(module) is str else ""


def is_library(module: object) -> bool:
    """True where `module` (a `__module__` or `__name__`, possibly no string at all) belongs to a library or to us."""
    top = _top(module)
    if top == "samedevice":
        return str(module).startswith("samedevice.harness")
    return top in LIBRARIES or top in sys.stdlib_module_names


def own_classes(things: Iterable[object]) -> tuple[type, ...]:
    """The classes of some things, and those that they extend, that no library has written; each once."""
    classes = dict.fromkeys(cls for thing in things for cls in type(thing).__mro__)
    return tuple(cls for cls in classes if not is_library(cls.__module__))


def is_closed(module: object) -> bool:
    """True where the attributes of an object, whose class comes from `module`, are not worth a look."""
    top = _top(module)
    if top == "torch":
        return not f"{module}.".startswith(TORCH_HELPERS)
    if top == "samedevice":
        return is_library(module)
    return top in CLOSED or top in sys.stdlib_module_names
