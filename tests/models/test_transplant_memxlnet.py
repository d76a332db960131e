import pytest
import torch
from transformers import GPT2Config, GPT2Model, XLNetConfig, XLNetForQuestionAnsweringSimple, XLNetModel

from samedevice.models import GMMXLNetForQA, MemXLNetForQA, from_xlnet

SIZES = {"d_model": 16, "n_layer": 2, "n_head": 2, "d_inner": 32, "vocab_size": 40, "dropout": 0.0}
IDS = torch.arange(8).view(2, 4)


@pytest.mark.parametrize("head", [XLNetModel, XLNetForQuestionAnsweringSimple])
def test_the_backbone_is_taken_over_whole(head):
    source = head(XLNetConfig(**SIZES)).eval()
    model = from_xlnet(source, MemXLNetForQA, memory_slots=0)
    assert not model.training
    with torch.no_grad():
        assert torch.equal(
            model.transformer(input_ids=IDS).last_hidden_state, source.base_model(input_ids=IDS).last_hidden_state
        )


def test_from_a_directory_with_the_fields_of_a_mixture(tmp_path):
    XLNetModel(XLNetConfig(**SIZES)).save_pretrained(tmp_path)
    model = from_xlnet(tmp_path, GMMXLNetForQA, num_memory_experts=2, memory_slots=3, routing_mode="read-based")
    assert (model.config.model_type, model.config.architectures) == ("gmmxlnet", None)
    assert model(input_ids=IDS).memory_state[1].shape == (2, 3, 16)


def test_the_dtype_is_the_sources():
    model = from_xlnet(XLNetModel(XLNetConfig(**SIZES)).to(torch.bfloat16), MemXLNetForQA)
    assert {parameter.dtype for parameter in model.parameters()} == {torch.bfloat16}


def test_another_architecture_is_refused():
    source = GPT2Model(GPT2Config(n_layer=1, n_head=2, n_embd=16, vocab_size=40))
    with pytest.raises(ValueError, match="cannot take over the weights of a 'gpt2' model: give an XLNet"):
        from_xlnet(source, MemXLNetForQA)
