"""XLNet with a mixture of memories: the names of its parts, the formula of its routing, and that it learns."""

import pytest
import torch
from transformers import AutoConfig

from samedevice.models import GMMXLNetConfig, GMMXLNetForQA, MemXLNetConfig, tiny_memxlnet
from samedevice.models.configuration_gmmxlnet import ROUTING_MODES

every = pytest.mark.parametrize(("experts", "mode"), [(k, m) for k in (1, 2, 4, 8) for m in ROUTING_MODES])


def built(experts, mode, **fields):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return tiny_memxlnet.mixture(experts, mode, **fields).eval()


@every
def test_the_names_of_the_parts_are_those_of_the_seeds(experts, mode):
    own = {key for key in built(experts, mode).state_dict() if not key.startswith("transformer.")}
    layers = ["routing_network.W_gate", "qa_head"]
    layers += [f"expert_updater.{part}.{i}" for part in ("gate_networks", "update_networks") for i in range(experts)]
    layers += ["memory_reader.read_gating_network"] * (mode == "read-based")
    expected = {f"{layer}.{name}" for layer in layers for name in ("weight", "bias")}
    assert own == expected | {f"expert_mixture.expert_{i}" for i in range(experts)}


@every
def test_one_segment_is_the_formula_in_float64(experts, mode):
    model = built(experts, mode, routing_temperature=0.5).double()
    fed = tiny_memxlnet.second_segment(experts)
    bank = {i: tensor.double() for i, tensor in fed.pop("memory_state").items()}

    def linear(layer, x):
        return torch.einsum("...d,od->...o", x, layer.weight) + layer.bias

    def softmax(scores):
        powers = (scores / 0.5).exp()
        return powers / powers.sum(-1, keepdim=True)

    with torch.no_grad():
        output = model(**fed, memory_state=bank)
        tokens = model.transformer.word_embedding(fed["input_ids"])
        if mode == "read-based":
            mean = torch.stack(
                [row[mask.bool()].mean(0) for row, mask in zip(tokens, fed["attention_mask"], strict=True)]
            )
            reading = softmax(linear(model.memory_reader.read_gating_network, mean))[:, None].expand(-1, 4, -1)
        else:
            reading = softmax(linear(model.routing_network.W_gate, sum(bank.values()) / experts))
        read = sum(reading[..., i : i + 1] * bank[i] for i in range(experts))
        hidden = model.transformer(
            inputs_embeds=torch.cat([read, tokens], 1),
            attention_mask=torch.nn.functional.pad(fed["attention_mask"], (4, 0), value=1),
            token_type_ids=torch.nn.functional.pad(fed["token_type_ids"], (4, 0), value=0),
        ).last_hidden_state
        written = hidden[:, :4]
        writing = softmax(linear(model.routing_network.W_gate, written))
    # The softmax is taken in float32, whatever the model's dtype.
    near = {"rtol": 1e-5, "atol": 1e-6}
    torch.testing.assert_close(output.read_weights, reading, **near)
    torch.testing.assert_close(output.routing_weights, writing, **near)
    torch.testing.assert_close(output.start_logits, linear(model.qa_head, hidden[:, 4:])[..., 0], **near)
    for i in range(experts):
        both = torch.cat([bank[i], written], -1)
        gate = linear(model.expert_updater.gate_networks[i], both).sigmoid()
        candidate = linear(model.expert_updater.update_networks[i], both).tanh()
        share = writing[..., i : i + 1] * gate
        torch.testing.assert_close(output.memory_state[i], bank[i] + share * (candidate - bank[i]), **near)


@every
def test_routing_sums_to_one(experts, mode):
    output = built(experts, mode)(**tiny_memxlnet.second_segment(experts))
    for weights in (output.routing_weights, output.read_weights):
        assert weights.shape == (2, 4, experts)
        assert weights.min() >= 0
        torch.testing.assert_close(weights.sum(-1), torch.ones(2, 4))


@every
def test_every_part_learns_from_two_segments(experts, mode):
    model = built(experts, mode).train()
    fed = tiny_memxlnet.second_segment(experts)
    del fed["memory_state"]
    model(**fed, memory_state=model(**fed).memory_state).loss.backward()
    still = {key for key, parameter in model.named_parameters() if parameter.grad is None or not parameter.grad.any()}
    routing = {"routing_network.W_gate", "memory_reader.read_gating_network"} if experts == 1 else set()
    # With one expert every weight is 1, whatever the network says; mask_emb stands for a masked word in pretraining;
    # the same bias on every token cancels in the softmax.
    assert {key.rpartition(".")[0] for key in still - {"transformer.mask_emb", "qa_head.bias"}} <= routing


def test_experts_start_apart_and_the_initial_memory_is_the_parameter():
    model = built(4, "write-based")
    bank = model.get_initial_memory(3)
    assert sorted(bank) == [0, 1, 2, 3]
    for i, tensor in bank.items():
        assert tensor.shape == (3, 4, 32)
        assert torch.equal(tensor[2], model.expert_mixture.get_expert_state(i))
        assert tensor.data_ptr() == model.expert_mixture.get_expert_state(i).data_ptr()
    assert not torch.equal(bank[0], bank[1])


@pytest.mark.parametrize("temperature", [0.1, 1, 10.0])
def test_temperature_sharpens(temperature):
    weights = built(4, "write-based", routing_temperature=temperature)(
        **tiny_memxlnet.second_segment(4)
    ).routing_weights
    plain = built(4, "write-based")(**tiny_memxlnet.second_segment(4)).routing_weights
    sharper = weights.max(-1).values > plain.max(-1).values
    assert sharper.all() if temperature < 1 else not sharper.any()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"routing_mode": "both"}, "routing_mode is 'both': choose one of write-based, read-based"),
        ({"num_memory_experts": 0}, "num_memory_experts is 0: a mixture has at least 1"),
        ({"routing_temperature": 0.0}, "routing_temperature is 0.0: it must be above 0"),
        ({"routing_temperature": float("nan")}, "routing_temperature is nan"),
        ({"memory_slots": 0}, "memory_slots is 0: experts need at least 1 slot"),
        ({"memory_type": "standard"}, "memory_type is 'standard': use MemXLNetConfig and MemXLNetForQA"),
        ({"hidden_dim": 32, "d_model": 64}, "hidden_dim is 32 and d_model is 64"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_fields_out_of_range_are_told(fields, message):
    with pytest.raises(ValueError, match=message):
        GMMXLNetConfig(**{"hidden_dim": 48, **fields})


def test_a_field_that_was_set_afterwards_is_looked_at_again():
    config = GMMXLNetConfig(hidden_dim=48, n_layer=1)
    config.routing_mode = "both"
    with pytest.raises(ValueError, match="routing_mode is 'both'"):
        GMMXLNetForQA(config)


def test_the_standard_configuration_refuses_the_mixtures_kind():
    with pytest.raises(ValueError, match="memory_type is 'gmm': use GMMXLNetConfig and GMMXLNetForQA"):
        MemXLNetConfig(memory_type="gmm")
    with pytest.raises(ValueError, match="memory_type is 'lstm': known are"):
        MemXLNetConfig(memory_type="lstm")
    with pytest.raises(ValueError, match="memory_slots is -1"):
        MemXLNetConfig(memory_slots=-1)


@pytest.mark.parametrize("kind", [MemXLNetConfig, GMMXLNetConfig])
def test_the_two_names_of_the_width(kind):
    assert kind(hidden_dim=48).d_model == kind(d_model=48).hidden_dim == kind(hidden_dim=48).hidden_size == 48
    assert kind().hidden_dim == 768
    assert kind(hidden_dim=48).d_head == 4


def test_the_keys_of_the_seeds_are_in_the_file(tmp_path):
    keys = {"memory_type", "num_memory_experts", "routing_temperature", "routing_mode", "memory_slots", "hidden_dim"}
    config = GMMXLNetConfig(hidden_dim=48)
    config.save_pretrained(tmp_path)
    again = AutoConfig.from_pretrained(tmp_path)
    assert type(again) is GMMXLNetConfig
    assert {**again.to_dict(), "_name_or_path": ""} == config.to_dict()
    assert keys | {"version"} <= set(config.to_diff_dict())
