"""Rules that every encoding obeys, whatever its method."""

import copy
import pickle

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from samedevice.models.encodings import ENCODINGS

HIDDEN, HEADS = 32, 2
TOLERANCE = {torch.float32: 1e-5, torch.float16: 2e-2, torch.bfloat16: 1e-1}

every_encoding = pytest.mark.parametrize("name", ENCODINGS)


def make(name):
    """An encoding whose learned numbers have left their starting point."""
    encoding = ENCODINGS[name].build(hidden_size=HIDDEN, num_heads=HEADS)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in encoding.parameters():
            parameter.add_(torch.rand(parameter.shape, generator=generator) * 0.5)
    return encoding.eval()


def arguments(name, positions, dtype=torch.float32):
    """Inputs of the encoding's place; row r, position p always hold the same numbers."""
    batch, length = positions.shape
    generator = torch.Generator().manual_seed(1)
    table = torch.randn(4096, HIDDEN, generator=generator)
    hidden = table[:length].expand(batch, -1, -1).to(dtype)
    if ENCODINGS[name].place == "embedding":
        token_ids = torch.arange(length).remainder(256).add(3).expand(batch, -1)
        return {"hidden": hidden, "positions": positions, "token_ids": token_ids}
    if ENCODINGS[name].place == "bias":
        return {"query_positions": positions[:, -2:], "key_positions": positions}
    heads = hidden.unflatten(-1, (HEADS, -1)).transpose(1, 2)
    return {"query": heads, "key": heads.flip(-1), "query_positions": positions, "key_positions": positions}


def tensors(output):
    return output if isinstance(output, tuple) else (output,)


@every_encoding
@pytest.mark.parametrize("length", [1, 2, 64, 129, 256, 1025, 4096])
def test_any_length(name, length):
    inputs = arguments(name, torch.arange(length).unsqueeze(0))
    outputs = tensors(make(name)(**inputs))
    assert all(output.isfinite().all() for output in outputs)
    assert outputs[0].shape[-2] == (min(length, 2) if ENCODINGS[name].place == "bias" else length)


@every_encoding
def test_lengths_that_hypothesis_draws_agree_with_a_longer_input(name):
    encoding = make(name)
    with torch.no_grad():
        longest = tensors(encoding(**arguments(name, torch.arange(4096).unsqueeze(0))))

    @settings(max_examples=10)
    @given(length=st.integers(1, 4096))
    def check(length):
        with torch.no_grad():
            inputs = arguments(name, torch.arange(length).unsqueeze(0))
            if ENCODINGS[name].place == "bias":
                inputs["query_positions"] = torch.tensor([[4094, 4095]])
                torch.testing.assert_close(tensors(encoding(**inputs))[0], longest[0][..., :length])
            else:
                for short, long in zip(tensors(encoding(**inputs)), longest, strict=True):
                    torch.testing.assert_close(short, long[..., :length, :], rtol=0, atol=1e-5)

    check()


@every_encoding
def test_rows_of_a_batch_do_not_meet(name):
    encoding = make(name)
    positions = torch.stack((torch.arange(10), torch.arange(10) + 90, (torch.arange(10) - 4).clamp(min=0)))
    together = tensors(encoding(**arguments(name, positions)))
    for row in range(3):
        alone = tensors(encoding(**arguments(name, positions[[row]])))
        for whole, single in zip(together, alone, strict=True):
            torch.testing.assert_close(whole[[row]], single, rtol=0, atol=1e-6)


@every_encoding
@pytest.mark.parametrize("dtype", TOLERANCE, ids=str)
def test_dtypes(name, dtype):
    encoding, positions = make(name), torch.arange(12).unsqueeze(0)
    exact = tensors(encoding(**arguments(name, positions)))
    rounded = tensors(encoding.to(dtype)(**arguments(name, positions, dtype)))
    for low, full in zip(rounded, exact, strict=True):
        assert low.dtype == (torch.float32 if ENCODINGS[name].place == "bias" else dtype)
        torch.testing.assert_close(low.float(), full, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


@every_encoding
def test_every_parameter_receives_a_gradient(name):
    encoding = make(name).train()
    outputs = tensors(encoding(**arguments(name, torch.arange(64).unsqueeze(0))))
    if not dict(encoding.named_parameters()):
        assert name in {"rope", "long_sequence_rope", "none"}
        return
    sum((output * torch.linspace(1, 2, output.shape[-1])).square().sum() for output in outputs).backward()
    for key, parameter in encoding.named_parameters():
        assert parameter.grad is not None, key
        assert parameter.grad.abs().max() > 0, key


@every_encoding
def test_state_dict_deepcopy_and_pickle_carry_everything(name):
    encoding = make(name)
    fresh = ENCODINGS[name].build(hidden_size=HIDDEN, num_heads=HEADS).eval()
    fresh.load_state_dict(encoding.state_dict())
    inputs = arguments(name, torch.arange(20).unsqueeze(0))
    for other in (fresh, copy.deepcopy(encoding), pickle.loads(pickle.dumps(encoding))):
        for expected, actual in zip(tensors(encoding(**inputs)), tensors(other(**inputs)), strict=True):
            assert torch.equal(actual, expected)


@every_encoding
def test_no_state_hides_from_the_state_dict(name):
    encoding, saved = make(name), set(make(name).state_dict())
    assert {key for key, _ in encoding.named_buffers()} <= saved
    for module in encoding.modules():
        assert not [key for key, value in vars(module).items() if isinstance(value, torch.Tensor)]


@every_encoding
def test_has_no_layers_inside(name):
    # transformers takes a module without parameters of its own for initialised: parameters below it that a
    # checkpoint lacks would be left as raw memory.
    assert all("." not in key for key in make(name).state_dict())


@every_encoding
def test_makes_every_tensor_on_the_device_of_its_inputs(name):
    # The meta device refuses partners from the CPU as an accelerator would.
    inputs = {key: value.to("meta") for key, value in arguments(name, torch.arange(12).unsqueeze(0)).items()}
    assert all(output.is_meta for output in tensors(make(name).to("meta")(**inputs)))
