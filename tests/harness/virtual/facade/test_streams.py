"""Streams: the current one is the one that the program stands in, per device, and nothing is left behind."""

import torch

import samedevice


def test_a_program_stands_in_its_stream():
    with samedevice.virtual("cuda", count=2):
        default = torch.cuda.current_stream()
        mine, other = torch.cuda.Stream(), torch.cuda.Stream("cuda:1")
        assert default == torch.cuda.default_stream()
        assert len({default, mine, other}) == 3
        with torch.cuda.stream(mine):
            assert torch.cuda.current_stream() == mine
            with other:
                assert torch.cuda.current_stream("cuda:1") == other
                assert torch.cuda.current_stream() == mine
            with torch.cuda.stream(None):
                assert torch.cuda.current_stream() == mine
        assert torch.cuda.current_stream() == default
        torch.cuda.set_stream(mine)
        assert torch.cuda.current_stream() == mine
    with samedevice.virtual("cuda"):
        assert torch.cuda.current_stream() == torch.cuda.default_stream()


def test_the_accelerator_has_the_same_streams():
    with samedevice.virtual("cuda"):
        mine = torch.Stream("cuda")
        with mine:
            assert torch.accelerator.current_stream() == mine == torch.cuda.current_stream()
