"""The subjects of the placement suite: every model of `samedevice.models`."""

from ...harness.target import Target


def subjects() -> tuple[Target, ...]:
    """Each encoding alone and each reasoner."""
    from ...models.targets import encoding_targets, reasoner_targets

    return (*encoding_targets(), *reasoner_targets())
