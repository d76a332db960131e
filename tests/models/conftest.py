import pytest
import torch

from samedevice.models import MathReasonerForCausalLM
from samedevice.models.targets import reasoner_target


@pytest.fixture
def reasoner():
    """Builds small reasoners whose learned positions have left their starting point, and matter."""

    def build(name, backbone="gpt2"):
        model = reasoner_target(name, backbone).build()
        assert isinstance(model, MathReasonerForCausalLM)
        generator = torch.Generator().manual_seed(7)
        with torch.no_grad():
            for parameter in model.position_encoding.parameters():
                parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.3)
        return model

    return build


@pytest.fixture
def batch():
    """Ids [2,9] and mask; the first row has four tokens of padding on the left."""
    input_ids = torch.randint(3, 259, (2, 9), generator=torch.Generator().manual_seed(3))
    attention_mask = torch.ones_like(input_ids)
    attention_mask[0, :4] = 0
    return {"input_ids": input_ids, "attention_mask": attention_mask}
