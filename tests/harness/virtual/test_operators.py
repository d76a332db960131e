"""PyTorch's own operator database, every ninth entry: nothing is refused, misplaced or computed differently."""

import warnings

import pytest
import torch
from torch.utils._pytree import tree_leaves

from samedevice.harness.virtual import virtual

pytest.importorskip("expecttest", reason="PyTorch's operator database needs it")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torch.testing._internal.common_methods_invocations import op_db

# Put together in C++ in one way for plain tensors and in another under any dispatch mode, which rounds differently.
ROUNDED = {"linalg.cond", "linalg.eigvalsh", "linalg.svdvals", "linalg.lstsq", "norm", "prod", "masked.prod"}
UNFILLED = {"empty", "empty_like", "empty_permuted", "empty_strided", "new_empty", "new_empty_strided"}
# Makes a tensor out of numbers, or goes where its argument says.
ELSEWHERE = {"to", "linspace", "logspace"}
# Reads its indices on the host; compiles CUDA code; has no CUDA kernel.
UNFIT = {"tensor_split", "jiterator_unary", "histogramdd"}
SAMPLES = 3


def entries():
    for entry in op_db[::9]:
        types = entry.supported_dtypes("cpu")
        if types and entry.name not in UNFIT:
            dtype = torch.float32 if torch.float32 in types else sorted(types, key=str)[0]
            yield pytest.param(entry, dtype, id=f"{entry.name} {entry.variant_test_name}".strip())


def samples(entry, dtype):
    torch.manual_seed(0)
    for _, sample in zip(range(SAMPLES), entry.sample_inputs("cpu", dtype), strict=False):
        yield sample


def result(entry, sample):
    torch.manual_seed(0)
    out = entry(sample.input, *sample.args, **sample.kwargs)
    return [value for value in tree_leaves(out) if isinstance(value, torch.Tensor)]


def has_tensors(sample):
    return any(isinstance(v, torch.Tensor) for v in tree_leaves((sample.input, sample.args, sample.kwargs)))


def copied(sample, place):
    return sample.transform(lambda value: value.to(place, copy=True) if isinstance(value, torch.Tensor) else value)


@pytest.mark.parametrize(("entry", "dtype"), list(entries()))
@pytest.mark.filterwarnings("ignore")
def test_operator(entry, dtype):
    for sample in samples(entry, dtype):
        expected = result(entry, copied(sample, "cpu"))
        with virtual("cuda", count=2):
            found = result(entry, copied(sample, "cuda:1"))
            if has_tensors(sample) and entry.name not in ELSEWHERE and sample.kwargs.get("device") is None:
                assert {str(tensor.device) for tensor in found} <= {"cuda:1"}
            found = [tensor.cpu() for tensor in found]
        assert [(t.dtype, t.shape) for t in found] == [(t.dtype, t.shape) for t in expected]
        if entry.name not in ROUNDED | UNFILLED:
            assert all(_equal(one, other) for one, other in zip(found, expected, strict=True))


def _equal(one, other):
    if one.layout is not torch.strided:
        one, other = one.to_dense(), other.to_dense()
    return bool(((one == other) | ((one != one) & (other != other))).all())
