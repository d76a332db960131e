"""Whom the Hub suite asks: one model of each family of `models/`, and a plain module with the Hub's mixin."""

from ...harness.target import Target
from ...models.targets import diffusion_targets, encoding_target, memory_target, reasoner_target
from . import mixed


def targets() -> tuple[Target, ...]:
    """An encoding without a library, the mixin, both backbones, both memories, and the diffusion model.

    The other encodings differ from these in what they compute, and not in how they are pushed: the suite
    `serialization` sends all of them to disk and back.
    """
    return (
        encoding_target("alibi"),
        Target(name="mixin", build=mixed.build, inputs=mixed.inputs),
        reasoner_target("rope", "gpt2"),
        reasoner_target("t5_relative", "gpt_neox"),
        memory_target("memxlnet"),
        memory_target("gmmxlnet_read_4"),
        next(target for target in diffusion_targets() if target.name == "diffusion_tiny"),
    )
