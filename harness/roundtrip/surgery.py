"""Surgery: what a factory did to a finished model, as told from what the model did to itself."""

from __future__ import annotations

from torch import nn

from .hand import Hand


def is_surgery(name: str, hand: Hand) -> bool:
    """True where the tensor of that name is there, or gone, because the factory put in a module or a hook.

    The factory is how such a model is rebuilt. What a method of the model made, and a tensor that was replaced inside
    a module of the constructor, is state that has outgrown the constructor.
    """
    modules = dict(hand.model.named_modules(remove_duplicate=False))
    parts = name.split(".")[:-1]
    above = [modules[path] for end in range(1, len(parts) + 1) if (path := ".".join(parts[:end])) in modules]
    owner = modules.get(".".join(parts), hand.model)
    inside = list(owner.children()) if owner is not hand.model else []
    return any(_is_put_in(module, hand) for module in (*above, *inside)) or bool(owner._forward_pre_hooks)


def _is_put_in(module: nn.Module, hand: Hand) -> bool:
    construction = hand.recorded.of(module)
    return construction is not None and construction.outermost and not construction.grown
