"""Asking: one call of a model in evaluation mode, with its gradients, and the random generators that it drew from."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ..roundtrip.running import SEED, Answer, answer, as_it_was, copied, leaves
from ..subject import call, tensors


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reply:
    """What a model answered; `gradients` by parameter, None where none could be taken; `drew` names generators."""

    answer: Answer
    gradients: Answer | None = None
    drew: tuple[str, ...] = ()


def ask(model: nn.Module, inputs: Any) -> Reply:
    """Call a model once and go back through it, under fixed seeds; everything is as it was afterwards.

    A model that cannot be called while gradients are recorded (it writes to its own parameters, say) is asked without.
    """
    parameters = {name: p for name, p in model.named_parameters() if p.requires_grad}
    with as_it_was(model):
        try:
            with torch.enable_grad():
                output = call(model, copied(inputs))
                drew = drawn()
                return Reply(
                    answer=Answer(leaves=tuple(leaves(output))), gradients=_back(output, parameters), drew=drew
                )
        # Asked again below without gradients, where the error is kept as the answer.
        except Exception:
            pass
    seen: list[str] = []
    told = answer(model, inputs, lambda: seen.extend(drawn()))
    return Reply(answer=told, drew=tuple(seen))


def both(model: nn.Module, one: Any, other: Any) -> tuple[Answer, Answer] | None:
    """The answers to two inputs; None where the model fails on one of them, or draws."""
    drew: list[str] = []
    first = answer(model, one, lambda: drew.extend(drawn()))
    if drew or first.error is not None:
        return None
    second = answer(model, other)
    return None if second.error is not None else (first, second)


def drawn() -> tuple[str, ...]:
    """The random generators of this process that have moved since all were set to the one seed."""
    moved = {
        "torch": not torch.equal(torch.default_generator.get_state(), torch.Generator().manual_seed(SEED).get_state()),
        "random": random.getstate() != random.Random(SEED).getstate(),
        "numpy.random": _numbers(np.random.get_state()) != _numbers(np.random.RandomState(SEED).get_state()),
    }
    return tuple(name for name, has_moved in moved.items() if has_moved)


def _numbers(state: Any) -> tuple[Any, ...]:
    return tuple(part.tobytes() if isinstance(part, np.ndarray) else part for part in state)


def _back(output: Any, parameters: dict[str, nn.Parameter]) -> Answer | None:
    """The gradient of every parameter, from a weighted sum of all outputs; None where there is no way back."""
    sources = [t for _, t in tensors(output) if t.requires_grad and (t.is_floating_point() or t.is_complex())]
    if not sources or not parameters:
        return None
    try:
        found = torch.autograd.grad(
            sources, list(parameters.values()), [_weights(t) for t in sources], allow_unused=True
        )
    # Reentrant checkpoints and cuDNN's recurrent layers in evaluation mode refuse; `backward` and `step` ask them.
    except (RuntimeError, NotImplementedError, ValueError):
        return None
    pairs = zip(parameters, found, strict=True)
    return Answer(leaves=tuple((f"{name}.grad", _dense(g)) for name, g in pairs if g is not None))


def _weights(source: Tensor) -> Tensor:
    """Weights that differ from place to place: the plain sum of a softmax or of a layer norm has no gradient."""
    steps = torch.arange(source.numel(), dtype=torch.float32).cos().view(source.shape)
    return steps.to(dtype=source.dtype, device=source.device)


def _dense(gradient: Tensor) -> Tensor:
    plain = gradient.detach()
    return (plain if plain.layout == torch.strided else plain.to_dense()).cpu().clone()
