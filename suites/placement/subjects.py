"""The subjects of the placement suite: every model of `samedevice.models`."""

from ...harness.target import Target


def subjects() -> tuple[Target, ...]:
    """Each encoding alone, each reasoner, each memory XLNet, and the diffusion models."""
    from ...models.targets import diffusion_targets, encoding_targets, memory_targets, reasoner_targets

    return (*encoding_targets(), *reasoner_targets(), *memory_targets(), *diffusion_targets())
