"""Running: what a model answers, asked so that it can be asked again and answer the same."""

from __future__ import annotations

import random
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import copy, deepcopy
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parameter import UninitializedTensorMixin  # type: ignore[attr-defined]

from ..subject import call
from .bits import same
from .census import Census

SEED = 20
NEW_TOKENS = 4

# The path of an output as a whole.
_ALL = "output"

# Units in the last place that another order of the same sums explains: memory may be aligned otherwise after a load.
_UNITS = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """What came out: every leaf of it by path, tensors as they are; or what was raised, in words."""

    leaves: tuple[tuple[str, Any], ...] = ()
    error: str | None = None

    def equals(self, other: Answer) -> bool:
        """Bit for bit, or the same error."""
        return self.error == other.error and difference(self, other) is None


def answer(
    model: nn.Module, inputs: Any, before_leaving: Callable[[], object] = lambda: None, *, lessons: int = 0
) -> Answer:
    """Call a model in evaluation mode, with every random generator seeded, and put it back as it was.

    `before_leaving` is called while the traces of the call are still there. `lessons` calls in training mode come
    first, and their answers too.
    """
    with as_it_was(model), torch.no_grad():
        answered = _leaves(lambda: _calls(model, inputs, lessons))
        before_leaving()
        return answered


def _calls(model: nn.Module, inputs: Any, lessons: int) -> Any:
    given = []
    for _ in range(lessons):
        model.train()
        given.append(call(model, copied(inputs)))
    model.eval()
    last = call(model, copied(inputs))
    return [*given, last] if given else last


def copied(inputs: Any) -> Any:
    """A copy that a call may write to; the thing itself where it cannot be copied, such as a tensor with a history."""
    try:
        return deepcopy(inputs)
    except (RuntimeError, TypeError):
        return inputs


def generated(model: Any, inputs: Any) -> Answer | None:
    """A few greedy tokens; None where the model is no generator, or cannot generate from these inputs."""
    can = getattr(model, "can_generate", None)
    if not callable(can) or not can() or not isinstance(inputs, dict):
        return None
    fed = {name: value for name, value in copied(inputs).items() if name != "labels"}
    with as_it_was(model), torch.no_grad():
        limits = {"max_new_tokens": NEW_TOKENS, "min_new_tokens": NEW_TOKENS, "do_sample": False}
        return _leaves(lambda: model.generate(**fed, **limits))


def difference(one: Answer, other: Answer) -> str | None:
    """What to say of two answers that are not the same; None where they are, bit for bit."""
    if one.error or other.error:
        return (
            None if one.error == other.error else f"it raised {other.error or 'nothing'}, before {one.error or 'not'}"
        )
    before, after = dict(one.leaves), dict(other.leaves)
    if before.keys() != after.keys():
        return f"it returned {', '.join(after) or 'nothing'}, before {', '.join(before) or 'nothing'}"
    return next((text for path in before if (text := _apart(path, before[path], after[path]))), None)


def is_rounding(one: Answer, other: Answer) -> bool:
    """True where all that differs is within the rounding of the dtype."""
    if one.error or other.error or len(one.leaves) != len(other.leaves):
        return False
    pairs = zip(one.leaves, other.leaves, strict=True)
    return all(_is_close(before, after) for (_, before), (_, after) in pairs)


@contextmanager
def as_it_was(model: nn.Module) -> Iterator[None]:
    """Evaluation mode and fixed seeds inside; afterwards modes, generators, attributes and weights as they were."""
    with ExitStack() as stack:
        stack.enter_context(seeded())
        for _, holder in Census(model).holders.values():
            stack.callback(_remember(holder))
        for module in model.modules():
            stack.callback(setattr, module, "training", module.training)
        model.eval()
        yield


def _leaves(act: Callable[[], Any]) -> Answer:
    try:
        return Answer(leaves=tuple(leaves(act())))
    # The other model is asked the same: an error that only one of the two raises is the finding.
    except Exception as error:
        return Answer(error=f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")


def leaves(value: Any, path: str = _ALL) -> Iterator[tuple[str, Any]]:
    """Tensors, numbers and texts in an output, by path; tensors are copied to the CPU."""
    if isinstance(value, Tensor):
        yield path, value.detach().cpu().clone()
    elif isinstance(value, bool | int | float | complex | str | bytes):
        yield path, value
    elif isinstance(value, np.ndarray):
        yield path, torch.from_numpy(value.copy())
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{path}[{key!r}]")
    elif isinstance(value, list | tuple | set | frozenset | deque):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]")
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from leaves(getattr(value, field.name, None), f"{path}.{field.name}")
    elif path == _ALL and hasattr(value, "__dict__"):
        # The whole of an output may be of any class; a cache within one is the library's own matter.
        for name, item in vars(value).items():
            yield from ((where, leaf) for where, leaf in leaves(item, f"{path}.{name}") if isinstance(leaf, Tensor))


def _apart(path: str, before: Any, after: Any) -> str | None:
    if not isinstance(before, Tensor) or not isinstance(after, Tensor):
        alike = type(before) is type(after) and (before == after or before != before)
        return None if alike else f"{path} is {after!r}, before {before!r}"
    if same(before, after):
        return None
    if before.dtype != after.dtype or before.shape != after.shape:
        return f"{path} is {after.dtype} {list(after.shape)}, before {before.dtype} {list(before.shape)}"
    unequal = ~((before == after) | ((before != before) & (after != after)))
    wide = torch.complex128 if before.is_complex() else torch.float64
    most = (before.to(wide) - after.to(wide)).abs().nan_to_num(nan=torch.inf, posinf=torch.inf)
    most = torch.where(unequal, most, 0.0)
    index = [int(i) for i in torch.unravel_index(most.argmax(), most.shape)] if most.dim() else []
    where = f" at index {index}" if index else ""
    return (
        f"{int(unequal.sum())} of {unequal.numel()} numbers of {path} differ, by up to {float(most.max()):.3g}{where}"
    )


def _is_close(before: Any, after: Any) -> bool:
    if not isinstance(before, Tensor) or not isinstance(after, Tensor) or not before.is_floating_point():
        return _apart("", before, after) is None
    if before.dtype != after.dtype or before.shape != after.shape or not before.numel():
        return before.shape == after.shape
    size = before.abs().nan_to_num(nan=0.0, posinf=0.0, neginf=0.0).max().clamp(min=1e-30)
    allowed = _UNITS * torch.finfo(before.dtype).eps * float(size)
    return torch.allclose(before, after, rtol=0.0, atol=allowed, equal_nan=True)


@contextmanager
def seeded() -> Iterator[None]:
    """Every random generator of the CPU starts at one seed inside, and goes on afterwards as if nothing had been."""
    state, legacy = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(SEED)
        random.seed(SEED)
        np.random.seed(SEED)
        try:
            yield
        finally:
            random.setstate(state)
            np.random.set_state(legacy)


def _remember(holder: Any) -> Callable[[], None]:
    """A function that puts an object's attributes, parameters and buffers back, one level of containers deep."""
    kept = {name: _kept(value) for name, value in vars(holder).items()}
    registered = [*holder._parameters.values(), *holder._buffers.values()] if isinstance(holder, nn.Module) else []
    tensors = [(t, t.data, _kept(t)) for t in registered if t is not None and _is_plain(t)]
    kept |= {name: (again, None) for name, value in vars(holder).items() if (again := _ahead(value)) is not None}

    def put_back() -> None:
        vars(holder).clear()
        vars(holder).update({name: value for name, (value, _) in kept.items()})
        for tensor, data, _ in tensors:
            if tensor.data_ptr() != data.data_ptr():  # `parameter.data = ...`
                tensor.data = data
        for value, content in (*kept.values(), *(content for *_, content in tensors)):
            _refill(value, content)

    return put_back


def _is_plain(value: Any) -> bool:
    if not isinstance(value, Tensor) or isinstance(value, UninitializedTensorMixin):
        return False
    return not value.is_meta and value.layout == torch.strided


def _kept(value: Any) -> tuple[Any, Any]:
    if _is_plain(value):
        return value, value.detach().clone()
    if isinstance(value, dict | list | set | deque):
        return value, copy(value)
    if isinstance(value, torch.Generator):
        return value, value.get_state()
    if isinstance(value, np.random.Generator):
        return value, deepcopy(value.bit_generator.state)
    if isinstance(value, random.Random):
        return value, value.getstate()
    return value, None


def _ahead(value: Any) -> Any:
    """Another iterator over the same things, since one that a call draws from cannot be set back; None for all else."""
    if not isinstance(value, Iterator):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return _forked(value)
    except TypeError:  # a generator, a file
        return None


def is_one_way(value: Any) -> bool:
    """True for an iterator that nothing can set back or copy: a generator, a file."""
    return isinstance(value, Iterator) and _ahead(value) is None


def _forked(value: Any) -> Any:
    """A copy alone would share the iterators within, a deep one would copy what they give."""
    if isinstance(value, tuple):
        return tuple(map(_forked, value))
    if not isinstance(value, Iterator):
        return value
    parts: Any = value.__reduce_ex__(4)
    make, arguments, *state = parts
    made = make(*_forked(arguments))
    if state and state[0] is not None:
        made.__setstate__(_forked(state[0]))
    return made


def _refill(value: Any, content: Any) -> None:
    if content is None:
        return
    if isinstance(value, Tensor):
        if not same(value, content):
            value.detach().copy_(content)
    elif isinstance(value, torch.Generator):
        value.set_state(content)
    elif isinstance(value, np.random.Generator):
        value.bit_generator.state = content
    elif isinstance(value, random.Random):
        value.setstate(content)
    else:
        value.clear()
        value.update(content) if isinstance(value, dict | set) else value.extend(content)
