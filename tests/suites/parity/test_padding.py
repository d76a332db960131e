import pytest
import torch
import transformers as hf
from torch import nn

from samedevice.suites.parity.parity import PARITY


class Centred(nn.Module):
    """Takes away the mean over tokens, of all or of those that count."""

    def __init__(self, heeds):
        super().__init__()
        self.embedding, self.heeds = nn.Embedding(32, 4), heeds

    def forward(self, input_ids, attention_mask=None, position_ids=None):
        hidden = self.embedding(input_ids)
        mask = torch.ones_like(input_ids) if attention_mask is None or not self.heeds else attention_mask
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        return hidden - (hidden * weights).sum(1, keepdim=True) / weights.sum(1, keepdim=True)


def tokens():
    return {"input_ids": torch.arange(2, 18).view(2, 8)}


def test_padding_that_is_looked_at(findings):
    found = findings(PARITY, lambda: Centred(heeds=False), inputs=tokens)
    assert [(one.code, one.severity) for one in found] == [("SD404", "warning")] * 2
    assert ["on the left" in one.message for one in found] == [True, False]


def test_padding_that_is_not(cell):
    result = cell(PARITY, lambda: Centred(heeds=True), inputs=tokens)
    assert result.findings == ()
    assert {measure.name: measure.value for measure in result.measures} == {"rows_alone": 1, "padded_sides": 2}


class Placed(nn.Module):
    """Learned positions, counted from the first column unless they are given."""

    def __init__(self):
        super().__init__()
        self.embedding, self.places = nn.Embedding(32, 4), nn.Embedding(8, 4)

    def forward(self, input_ids, attention_mask=None, position_ids=None):
        if position_ids is None:
            position_ids = torch.arange(input_ids.shape[1])
        return self.embedding(input_ids) + self.places(position_ids)


class Counting(Placed):
    """No way to say which positions are meant: padding on the left rightly moves them."""

    def forward(self, input_ids, attention_mask=None):
        return super().forward(input_ids)


@pytest.mark.parametrize(("build", "sides"), [(Placed, 2), (Counting, 1)])
def test_the_left_is_asked_where_positions_can_be_given(cell, build, sides):
    result = cell(PARITY, build, inputs=tokens)
    assert result.findings == ()
    assert {measure.name: measure.value for measure in result.measures}["padded_sides"] == sides


SIZES = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32, "vocab_size": 32}


@pytest.mark.parametrize(
    "build",
    [
        lambda: hf.BertModel(hf.BertConfig(**SIZES)),
        lambda: hf.LlamaForCausalLM(hf.LlamaConfig(**SIZES, pad_token_id=0)),
        lambda: hf.BloomForCausalLM(hf.BloomConfig(hidden_size=16, n_layer=1, n_head=2, vocab_size=32)),
    ],
    ids=["bert", "llama", "bloom"],
)
def test_models_of_transformers_are_clean(findings, build):
    torch.manual_seed(0)
    assert findings(PARITY, lambda: build().eval(), inputs=tokens) == []


def test_what_a_library_does_is_a_note(findings):
    """ConvBERT's convolutions look past the mask: nothing that a user of it can mend."""
    torch.manual_seed(0)
    found = findings(
        PARITY, lambda: hf.ConvBertModel(hf.ConvBertConfig(**SIZES, embedding_size=16)).eval(), inputs=tokens
    )
    assert {(one.code, one.severity) for one in found} == {("SD404", "note")}


class Convolving(nn.Module):
    """The same in a class of one's own is a warning."""

    def __init__(self):
        super().__init__()
        self.embedding, self.convolution = nn.Embedding(32, 4), nn.Conv1d(4, 4, 3, padding=1)

    def forward(self, input_ids, attention_mask=None):
        return self.convolution(self.embedding(input_ids).transpose(1, 2)).transpose(1, 2)


def test_what_the_model_itself_does_is_a_warning(findings):
    (found,) = findings(PARITY, Convolving, inputs=tokens)
    assert (found.severity, found.subject) == ("warning", "convolution")
