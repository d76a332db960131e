"""Checkpoints that the libraries write, and the findings of an audit of them."""

import pytest
import torch
from safetensors.torch import save_file

from samedevice.harness.audit import audit
from samedevice.harness.finding import Finding, Severity


@pytest.fixture
def found():
    """All findings of a path."""
    return lambda path, **options: [item for item in audit(path, **options) if isinstance(item, Finding)]


@pytest.fixture
def problems(found):
    """The errors and warnings of a path, as code and message."""

    def collect(path, **options):
        grave = (Severity.ERROR, Severity.WARNING)
        return [(one.code, one.message) for one in found(path, **options) if one.severity in grave]

    return collect


@pytest.fixture
def reported(problems):
    """Asserts that a code is among the problems, and that its message names each of the words."""

    def check(path, code, *words, **options):
        messages = [message for told, message in problems(path, **options) if told == code]
        assert messages, problems(path, **options)
        assert any(all(word in message for word in words) for message in messages), messages

    return check


def state():
    """Three tensors of two dtypes, the same in every test."""
    generator = torch.Generator().manual_seed(0)
    return {
        "first.weight": torch.randn(4, 3, generator=generator),
        "first.bias": torch.randn(4, generator=generator),
        "second.weight": torch.randn(2, 4, generator=generator).bfloat16(),
    }


@pytest.fixture
def tensors():
    return state()


@pytest.fixture
def safe(tmp_path):
    """A file of safetensors."""
    path = tmp_path / "weights.safetensors"
    save_file(state(), path)
    return path


@pytest.fixture
def zipped(tmp_path):
    """A file of torch.save."""
    path = tmp_path / "weights.pt"
    torch.save(state(), path)
    return path


@pytest.fixture
def tiny():
    """A GPT-2 of two layers."""
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    sizes = {"n_layer": 2, "n_embd": 16, "n_head": 2, "vocab_size": 60, "n_positions": 16}
    return GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=0, eos_token_id=0, pad_token_id=0))


@pytest.fixture
def sharded(tiny, tmp_path):
    """A sharded directory of save_pretrained, three files."""
    folder = tmp_path / "sharded"
    tiny.save_pretrained(folder, max_shard_size="12KB")
    return folder
