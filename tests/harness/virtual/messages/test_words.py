"""The whole text of each refusal: PyTorch's words, then who the stray is, where it was made and used, and the mend."""

import inspect

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from samedevice.harness.virtual import virtual

THERE = "make it on the device of what it meets (`device=x.device`, `x.new_zeros()`), or register it as a buffer"
BACK = "copy it to the host first: `.cpu()`"


def lines_of(function):
    """Where each marked line of a function is: `{mark: (file:line, text)}`."""
    source, first = inspect.getsourcelines(function)
    file = inspect.getsourcefile(function)
    marked = [(text.rpartition("# ")[2].strip(), number, text.strip()) for number, text in enumerate(source, first)]
    return {mark: f"{file}:{number}: {text}" for mark, number, text in marked if mark in ("made", "used")}


def message_of(kind, program, error=RuntimeError):
    with virtual(kind, count=1), pytest.raises(error) as caught:
        program(kind)
    return str(caught.value)


def addition(program, who, mend=THERE):
    spots = lines_of(program)
    made = f"  made at {spots['made']}\n" if "made" in spots else ""
    return f"\n\nsamedevice: {who}\n{made}  used at {spots['used']}\n  mend: {mend}"


def exact(kind):
    table = torch.ones(3, 4)  # made
    index = torch.tensor([0, 1], device=kind)
    return table.index_select(0, index)  # used


def embedding(kind):
    table = torch.ones(3, 4)  # made
    tokens = torch.tensor([0, 1], device=kind)
    return F.embedding(tokens, table)  # used


def structured(kind):
    x = torch.ones(1, 2, 3, device=kind)
    weight = torch.ones(1, 3, 2)  # made
    return x.bmm(weight)  # used


def iterator(kind):
    mask = torch.ones(3)  # made
    x = torch.ones(3, device=kind)
    return x * mask  # used


def anonymous(kind):
    x = torch.ones(3, device=kind)
    return x * [torch.ones(3)][0].neg()  # used


def index(kind):
    x = torch.ones(3)  # made
    chosen = torch.tensor([0], device=kind)
    return x[chosen]  # used


def convolution(kind):
    weight = torch.ones(1, 1, 2)  # made
    return F.conv1d(torch.ones(1, 1, 4, device=kind), weight)  # used


def convolution_bias(kind):
    bias = torch.ones(1)  # made
    return F.conv1d(torch.ones(1, 1, 4, device=kind), torch.ones(1, 1, 2, device=kind), bias)  # used


WRAPPED = (
    "Expected all tensors to be on the same device, but got {} is on {}, different from other tensors on {} (when "
)
WRAPPED += "checking argument in method wrapper_CUDA_{})"
ITERATED = "Expected all tensors to be on the same device, but found at least two devices, {}:0 and cpu!"
PLACEHOLDER = "Placeholder storage has not been allocated on MPS device!"
WORDS = {
    ("cuda", exact): (WRAPPED.format("index", "cuda:0", "cpu", "_index_select"), "`table`"),
    ("cuda", embedding): (WRAPPED.format("index", "cuda:0", "cpu", "_index_select"), "`table`"),
    ("cuda", structured): (WRAPPED.format("mat2", "cpu", "cuda:0", "bmm"), "`weight`"),
    ("cuda", iterator): (ITERATED.format("cuda"), "`mask`"),
    ("cuda", index): (
        "indices should be either on cpu or on the same device as the indexed tensor (cpu)",
        "`x`",
    ),
    ("cuda", convolution): (
        "Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) should be the same",
        "`weight`",
    ),
    ("cuda", convolution_bias): (
        "Input type (torch.cuda.FloatTensor) and bias type (torch.FloatTensor) should be the same",
        "`bias`",
    ),
    ("mps", exact): (PLACEHOLDER, "`table`"),
    ("mps", structured): (PLACEHOLDER, "`weight`"),
    ("mps", iterator): (ITERATED.format("mps"), "`mask`"),
    ("mps", convolution): (PLACEHOLDER, "`weight`"),
}


@pytest.mark.parametrize(("kind", "program"), WORDS, ids=[f"{kind}-{program.__name__}" for kind, program in WORDS])
def test_mixes(kind, program):
    words, who = WORDS[kind, program]
    assert message_of(kind, program) == words + addition(program, f"{who} is on cpu, expected {kind}:0")


def test_a_tensor_without_a_name():
    expected = f"{ITERATED.format('cuda')}\n\nsamedevice: the tensor is on cpu, expected cuda:0\n"
    message = message_of("cuda", anonymous)
    assert message.startswith(expected)
    assert message.endswith(f"  used at {lines_of(anonymous)['used']}\n  mend: {THERE}")


def to_numpy(kind):
    x = torch.ones(3, device=kind)
    return x.numpy()  # used


def as_array(kind):
    x = torch.ones(3, device=kind)
    return np.asarray(x)  # used


@pytest.mark.parametrize("kind", ["cuda", "mps"])
@pytest.mark.parametrize("program", [to_numpy, as_array])
def test_numpy(kind, program):
    words = (
        f"can't convert {kind}:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first."
    )
    assert message_of(kind, program, TypeError) == words + addition(program, f"`x` is on {kind}:0, expected cpu", BACK)


def packed_lengths(kind):
    lengths = torch.tensor([2, 1], device=kind)
    return torch.nn.utils.rnn.pack_padded_sequence(torch.ones(2, 2, 1, device=kind), lengths)  # used


def test_packed_lengths():
    words = "'lengths' argument should be a 1D CPU int64 tensor, but got 1D cuda:0 Long tensor"
    expected = words + addition(packed_lengths, "`lengths` is on cuda:0, expected cpu", BACK)
    assert message_of("cuda", packed_lengths) == expected


def generator(kind):
    source = torch.Generator()  # made
    return torch.rand(2, device=kind, generator=source)  # used


def generator_below(kind):
    source = torch.Generator()  # made
    return torch.ones(2, device=kind).normal_(generator=source)  # used


@pytest.mark.parametrize("kind", ["cuda", "mps"])
@pytest.mark.parametrize("program", [generator, generator_below])
def test_generators(kind, program):
    message = message_of(kind, program)
    mend = "make the generator with `torch.Generator(device=...)`, or draw where it is and move the result"
    assert message.startswith(f"Expected a '{kind}' device type for generator but found 'cpu'\n\nsamedevice: ")
    assert message.endswith(f"  used at {lines_of(program)['used']}\n  mend: {mend}")
    if program is generator:
        words = f"Expected a '{kind}' device type for generator but found 'cpu'"
        assert message == words + addition(program, f"`source` is on cpu, expected {kind}:0", mend)


def doubles(kind):
    x = torch.ones(3, dtype=torch.float64)  # made
    return x.to(kind)  # used


def test_mps_has_no_doubles():
    words = "Cannot convert a MPS Tensor to float64 dtype as the MPS framework doesn't support float64. "
    words += "Please use float32 instead."
    mend = "use a type that the device has: `.float()` before the move"
    expected = words + addition(doubles, "`x` is on cpu, expected mps:0", mend)
    assert message_of("mps", doubles, TypeError) == expected


def split(kind):
    where = torch.tensor([1], device=kind)
    return torch.ones(3, device=kind).tensor_split(where)  # used


def grid(kind):
    rows = torch.ones(2)  # made
    return torch.meshgrid(rows, torch.ones(2, device=kind), indexing="ij")  # used


def test_composites():
    words = "tensor_split expected tensor_indices_or_sections to be on cpu, but it's on cuda:0"
    assert message_of("cuda", split) == words + addition(split, "`where` is on cuda:0, expected cpu", BACK)
    words = "meshgrid expects all tensors to have the same device"
    assert message_of("cuda", grid) == words + addition(grid, "`rows` is on cpu, expected cuda:0")


def test_two_devices_of_a_kind():
    with virtual("cuda", count=2):
        x, y = torch.ones(2, device="cuda:1"), torch.ones(2, device="cuda:0")
        with pytest.raises(RuntimeError, match="two devices, cuda:1 and cuda:0!\n\nsamedevice: `y` is on cuda:0"):
            x.add(y)
