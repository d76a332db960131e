import torch

from samedevice.harness.parity.precision import whole_float32


def settings():
    places = (torch.backends.cudnn.conv, torch.backends.cudnn.rnn, torch.backends.cuda.matmul)
    return [place.fp32_precision for place in places]


def test_no_tf32_inside_and_as_it_was_afterwards():
    before, legacy = settings(), (torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32)
    with whole_float32():
        assert settings() == ["ieee"] * 3
    assert settings() == before
    assert (torch.backends.cudnn.allow_tf32, torch.backends.cuda.matmul.allow_tf32) == legacy
