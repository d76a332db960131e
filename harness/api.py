"""The Python door: `samedevice.check(...)`, the same checks as on the command line, in this process."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from types import FunctionType
from typing import Any

from . import catalog, engine, loading
from .devices import CHECK_DEVICES, resolve_all
from .environment import here
from .plan import Cell, grid
from .recipe import inputs_from, model_from, recipe
from .report import Report
from .suppressing import applied, configured
from .target import Target


def check(
    target: Any,
    inputs: Any = None,
    devices: Iterable[str] | None = None,
    checks: Iterable[str] | None = None,
) -> Report:
    """Check a model on several devices, real where present and virtual otherwise.

    `target` is an `nn.Module` (copied, never touched), an `nn.Module` class, a factory without
    arguments, or a TARGET string as on the command line. `inputs` is a dict (keywords), a tuple
    (positions), another value (the only argument), a callable that returns one of them, or a string
    in the form of a TARGET; without it, a transformers model's are made from its config. `devices`
    defaults to `cpu`, `cuda`, `cuda:1`, `mps`; `checks` to all that are installed. Raises
    `errors.UsageError` for unknown words and for a target that does not load.
    """
    cells = cells_of(target, inputs, devices, checks)
    engine.refuse_unloadable(_target(target, inputs), dict.fromkeys(cell.device for cell in cells))
    return _report(cells)


def cells_of(
    target: Any,
    inputs: Any = None,
    devices: Iterable[str] | None = None,
    checks: Iterable[str] | None = None,
) -> tuple[Cell, ...]:
    """What `check` runs, not run yet: nothing is built. Raises `errors.UsageError` for unknown words."""
    wanted = resolve_all(CHECK_DEVICES if devices is None else _words(devices))
    asked = catalog.checks(() if checks is None else _words(checks))
    return grid((_target(target, inputs),), wanted, asked, optional=checks is None)


def roundtrip(
    target: Any,
    inputs: Any = None,
    devices: Iterable[str] = ("cpu",),
    formats: Iterable[str] | None = None,
) -> Report:
    """Send a model to disk and back, and say what came back different.

    `target` and `inputs` are those of `check`. Without `formats`, the format of the model's own library is written
    (`save_pretrained`, else a state dict), and a fresh interpreter with another hash seed reads it too. `formats`
    names others: `state_dict`, `safetensors`, `pretrained`, `sharded`, `mapped`, `mixin`, `adapter`, `distributed`,
    `pickled`; they are read in this process alone. On a device other than `cpu`, the model is saved there and loaded
    there and on the CPU. Raises `errors.UsageError` for unknown words and for a target that does not load.
    """
    if formats is None:
        return check(target, inputs, devices, ["roundtrip"])
    asked = catalog.format_checks(_words(formats))
    wanted = resolve_all(_words(devices))
    subject = _target(target, inputs)
    engine.refuse_unloadable(subject, wanted)
    return _report(grid((subject,), wanted, asked))


def _report(cells: Sequence[Cell]) -> Report:
    accepted = configured()  # before the run: what is wrong there must not cost it
    return Report(environment=here(), cells=applied(engine.run(cells), accepted, cells))


def _words(given: Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _target(thing: Any, inputs: Any) -> Target:
    if isinstance(thing, Target):
        return thing
    if isinstance(thing, str) and (inputs is None or isinstance(inputs, str)):
        return loading.target(thing, inputs)
    give = None if inputs is None else _give(inputs)
    if isinstance(thing, str):
        return replace(recipe(thing, loading.target(thing).build, give), address=(thing, None))
    name = getattr(thing, "__name__", type(thing).__name__)
    return replace(recipe(name, lambda: model_from(thing, name), give), address=_address(thing))


def _address(thing: Any) -> tuple[str, None] | None:
    """Where another process finds a class or function: nowhere, if it is local or of the running script."""
    home, name = getattr(thing, "__module__", None), getattr(thing, "__qualname__", "<>")
    if not isinstance(thing, type | FunctionType) or home in (None, "__main__") or "<" in name:
        return None
    return f"{home}:{name}", None


def _give(inputs: Any) -> Callable[[], Any]:
    if isinstance(inputs, str):
        return loading.feed(inputs)
    return lambda: inputs_from(inputs, "inputs")
