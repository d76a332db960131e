"""Any reasoner of any size, dtype and backbone comes back, and one that is damaged on its way does not."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import bfloat16, float16, float32, float64, nn

from samedevice.harness.device import Device
from samedevice.harness.formats import named
from samedevice.harness.roundtrip import take, travel
from samedevice.harness.target import Target
from samedevice.models.backbones import BACKBONES
from samedevice.models.configuration_reasoner import MathReasonerConfig
from samedevice.models.encodings import ENCODINGS
from samedevice.models.modeling_reasoner import MathReasonerForCausalLM
from samedevice.models.targets import reasoner_target

CPU = Device(kind="cpu")
reasoners = st.fixed_dictionaries(
    {
        "backbone": st.sampled_from(sorted(BACKBONES)),
        "encoding": st.sampled_from(sorted(ENCODINGS)),
        "layers": st.integers(1, 2),
        "width": st.sampled_from([8, 16]),
        "dtype": st.sampled_from([float32, float64, bfloat16, float16]),
    }
)


class Experts(nn.Module):
    """A mixture with any number of experts, the first few of them active."""

    def __init__(self, experts, active):
        super().__init__()
        self.gate = nn.Linear(4, experts)
        self.experts = nn.ModuleList(nn.Linear(4, 4) for _ in range(experts))
        self.active = min(active, experts)

    def forward(self, x):
        score, index = self.gate(x).topk(self.active)
        rows = [
            sum(w * self.experts[i](row) for w, i in zip(s, n, strict=True))
            for row, s, n in zip(x, score, index.tolist(), strict=True)
        ]
        return sum(rows)


def reasoner(backbone, encoding, layers, width, dtype):
    sizes = {"hidden_size": width, "num_attention_heads": 2, "num_hidden_layers": layers, "vocab_size": 260}
    if backbone == "gpt_neox":
        sizes["intermediate_size"] = 2 * width
    tokens = {"bos_token_id": None, "eos_token_id": 1, "pad_token_id": 0}
    config = MathReasonerConfig(backbone=backbone, position_encoding=encoding, text_config={**sizes, **tokens})
    return MathReasonerForCausalLM(config).to(dtype).eval()


@given(options=reasoners, fmt=st.sampled_from(["pretrained", "sharded", "state_dict", "safetensors"]))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_every_saved_bit_of_a_reasoner_comes_back(options, fmt):
    inputs = reasoner_target(options["encoding"], options["backbone"]).inputs
    hand = take(Target(name="any", build=lambda: reasoner(**options), inputs=inputs), CPU)
    with travel(hand, named(fmt), "cpu") as trip:
        assert trip.refusal is None
        assert trip.losses == ()
        # A whole cast rounds what is not saved, and a load makes it anew in full precision.
        assert options["dtype"] is not float32 or trip.gap is None
        assert options["dtype"] is not float32 or trip.turned


@given(
    experts=st.integers(1, 6),
    active=st.integers(1, 3),
    lost=st.integers(0, 5),
    fmt=st.sampled_from(["state_dict", "safetensors"]),
)
@settings(max_examples=12, deadline=None, derandomize=True)
def test_an_expert_that_is_read_into_nothing_is_named(experts, active, lost, fmt):
    name = f"experts.{lost % experts}"

    class Losing(Experts):
        def __init__(self):
            super().__init__(experts, active)
            self.get_submodule(name)._load_from_state_dict = lambda *_: None

    hand = take(Target(name="any", build=Losing, inputs=lambda: (torch.ones(2, 4),)), CPU)
    with travel(hand, named(fmt), "cpu") as trip:
        assert {loss.name for loss in trip.losses} == {f"{name}.weight", f"{name}.bias"}
