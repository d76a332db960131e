"""Reasoners with a disease in their position encoding."""

import pytest
import torch

from samedevice.models.targets import reasoner_target


@pytest.fixture
def healthy():
    return reasoner_target("sinusoidal", "gpt2")


@pytest.fixture
def infected(healthy):
    """`infected(encoding)` is a factory of the healthy reasoner with that position encoding instead."""

    def with_encoding(encoding):
        def build():
            model = healthy.build()
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(0)
                model.position_encoding = encoding()
            return model

        return build

    return with_encoding


@pytest.fixture
def measured():
    """The measures of a result as they stand in JSON, but for the count of the device's rules."""

    def told(result):
        measures = {measure.name: (measure.value, measure.of) for measure in result.measures}
        return {name: numbers for name, numbers in measures.items() if not name.endswith("operators")}

    return told
