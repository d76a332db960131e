"""A plain `nn.Module` with `huggingface_hub.PyTorchModelHubMixin`: no config class, no library around it."""

import torch
from huggingface_hub import PyTorchModelHubMixin
from torch import Tensor, nn

SEED, WIDTH = 0, 8


class Mixed(nn.Module, PyTorchModelHubMixin, library_name="samedevice", repo_url="https://example.org/samedevice"):
    """Two layers, an embedding and a buffer that is saved."""

    def __init__(self, width: int = WIDTH, words: int = 16) -> None:
        super().__init__()
        self.table = nn.Embedding(words, width)
        self.mix = nn.Linear(width, width)
        self.register_buffer("scale", torch.linspace(0.5, 1.5, width))

    def forward(self, words: Tensor) -> Tensor:
        """Words of shape [batch, length] to numbers of shape [batch, length, width]."""
        mixed: Tensor = self.mix(self.table(words) * self.scale).tanh()
        return mixed


def build() -> nn.Module:
    """The same weights each time."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(SEED)
        return Mixed(width=WIDTH, words=24).eval()


def inputs() -> dict[str, Tensor]:
    """Two sequences of six words."""
    return {"words": torch.arange(12).view(2, 6) * 2}
