"""Layers and their functionals, forward and backward."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations
from torch.nn.utils.rnn import pack_padded_sequence, pack_sequence, pad_packed_sequence, pad_sequence


def lengths(d):
    return torch.tensor([3, 1])


LAYERS = {
    "linear": (lambda: nn.Linear(4, 3), (2, 4)),
    "conv1d": (lambda: nn.Conv1d(2, 3, 3, padding="same"), (1, 2, 5)),
    "conv2d circular": (lambda: nn.Conv2d(1, 2, 3, padding=1, padding_mode="circular"), (1, 1, 4, 4)),
    "conv transpose": (lambda: nn.ConvTranspose2d(1, 2, 3), (1, 1, 4, 4)),
    "batch norm": (lambda: nn.BatchNorm1d(4), (3, 4)),
    "group norm": (lambda: nn.GroupNorm(2, 4), (3, 4)),
    "instance norm": (lambda: nn.InstanceNorm1d(2, track_running_stats=True), (2, 2, 4)),
    "layer norm": (lambda: nn.LayerNorm(4), (3, 4)),
    "rms norm": (lambda: nn.RMSNorm(4), (3, 4)),
    "lstm": (lambda: nn.LSTM(4, 3, num_layers=2, bidirectional=True), (5, 1, 4)),
    "gru": (lambda: nn.GRU(4, 3, batch_first=True), (2, 5, 4)),
    "rnn": (lambda: nn.RNN(4, 3), (5, 2, 4)),
    "lstm cell": (lambda: nn.LSTMCell(4, 3), (2, 4)),
    "encoder layer": (lambda: nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), (2, 3, 4)),
    "encoder layer, fast path": (lambda: nn.TransformerEncoderLayer(4, 2, 8, batch_first=True).eval(), (2, 3, 4)),
    "prelu": (nn.PReLU, (2, 4)),
    "dropout": (lambda: nn.Dropout(0.5), (4, 4)),
    "rrelu": (nn.RReLU, (4, 4)),
    "adaptive pool": (lambda: nn.AdaptiveAvgPool1d(2), (1, 2, 5)),
    "max pool": (lambda: nn.MaxPool2d(2, return_indices=True), (1, 1, 4, 4)),
    "upsample": (lambda: nn.Upsample(scale_factor=2, mode="bilinear"), (1, 1, 2, 2)),
    "weight norm": (lambda: parametrizations.weight_norm(nn.Linear(4, 3)), (2, 4)),
    "old weight norm": (lambda: nn.utils.weight_norm(nn.Linear(4, 3)), (2, 4)),
    "spectral norm": (lambda: parametrizations.spectral_norm(nn.Linear(4, 3)), (2, 4)),
    "old spectral norm": (lambda: nn.utils.spectral_norm(nn.Linear(4, 3)), (2, 4)),
    "orthogonal": (lambda: parametrizations.orthogonal(nn.Linear(4, 4)), (2, 4)),
    "sequential": (lambda: nn.Sequential(nn.Linear(4, 4), nn.GELU(), nn.Flatten()), (2, 4)),
}


@pytest.mark.parametrize(("build", "shape"), LAYERS.values(), ids=LAYERS)
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_layers(same, build, shape):
    def program(d):
        torch.manual_seed(1)
        layer = build().to(d)
        x = torch.linspace(-1, 1, torch.Size(shape).numel()).view(shape).to(d).requires_grad_()
        out = layer(x)
        first = out
        while isinstance(first, tuple):
            first = first[0]
        first.sum().backward()
        return out, x.grad, [p.grad for p in layer.parameters()], dict(layer.named_buffers())

    same(program)


def test_multi_head_attention(same):
    def program(d):
        layer = nn.MultiheadAttention(4, 2, add_bias_kv=True, add_zero_attn=True).to(d)
        x = torch.linspace(-1, 1, 24, device=d).view(3, 2, 4)
        padding = torch.tensor([[False, False, True], [False, False, False]], device=d)
        causal = nn.Transformer.generate_square_subsequent_mask(3, device=d)
        return layer(x, x, x, key_padding_mask=padding), layer(x, x, x, attn_mask=causal, need_weights=False)[0]

    same(program)


def test_embeddings(same):
    def program(d):
        tokens = torch.tensor([[1, 2], [0, 3]], device=d)
        layer = nn.Embedding(5, 3, padding_idx=0, max_norm=1.0).to(d)
        bag = nn.EmbeddingBag(5, 3, mode="mean").to(d)
        out = layer(tokens).sum() + bag(tokens).sum()
        out.backward()
        return out, layer.weight.grad, bag.weight.grad, bag(tokens.view(-1), torch.tensor([0, 2], device=d))

    same(program)


def test_packed_sequences_keep_their_lengths_on_the_host(same):
    def program(d):
        x = torch.arange(6.0, device=d).view(2, 3, 1).requires_grad_()
        packed = pack_padded_sequence(x, torch.tensor([1, 3]), batch_first=True, enforce_sorted=False)
        out, hidden = nn.GRU(1, 2).to(d)(packed)
        padded, found = pad_packed_sequence(out, batch_first=True)
        padded.sum().backward()
        return padded, hidden, x.grad, found, packed.batch_sizes, packed.sorted_indices

    same(program, host=(3, 4))


def test_packed_sequences_move_whole(same):
    def program(d):
        packed = pack_sequence([torch.ones(3), torch.ones(2)]).to(d)
        return packed.data, packed.batch_sizes, packed.is_cuda == (d.startswith("cuda"))

    same(program, host=(1,))


def test_pad_sequence(same):
    same(lambda d: pad_sequence([torch.ones(3, device=d), torch.ones(1, device=d)], padding_value=-1))


FUNCTIONS = {
    "one_hot": lambda x: F.one_hot(x.long() % 3, 5),
    "one_hot inferred": lambda x: F.one_hot(x.long() % 3),
    "normalize": lambda x: F.normalize(x, dim=-1),
    "cosine_similarity": lambda x: F.cosine_similarity(x, x + 1),
    "pairwise_distance": lambda x: F.pairwise_distance(x, x + 1),
    "softmax": lambda x: F.softmax(x, -1),
    "gumbel_softmax": lambda x: F.gumbel_softmax(x, hard=True),
    "attention": lambda x: F.scaled_dot_product_attention(x[None], x[None], x[None], is_causal=True),
    "attention mask": lambda x: F.scaled_dot_product_attention(x[None], x[None], x[None], attn_mask=(x @ x.T) > 3),
    "pad": lambda x: F.pad(x, (1, 1), value=2.0),
    "unfold": lambda x: F.unfold(x[None, None], 2),
    "fold": lambda x: F.fold(F.unfold(x[None, None], 2), (3, 4), 2),
    "interpolate": lambda x: F.interpolate(x[None], 7),
    "grid_sample": lambda x: F.grid_sample(x[None, None], torch.zeros_like(x)[None, :, :2, None].expand(1, 3, 2, 2)),
    "affine_grid": lambda x: F.affine_grid(x[None, :2, :3], [1, 1, 2, 2], align_corners=False),
    "pixel_shuffle": lambda x: F.pixel_shuffle(x.view(1, 4, 3, 1), 2),
    "lp_pool": lambda x: F.lp_pool1d(x[None], 2, 2),
    "dropout2d": lambda x: F.dropout2d(x[None, None], 0.5),
    "multi_head buckets": lambda x: torch.bucketize(x, torch.tensor([1.0, 5.0], device=x.device)),
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.filterwarnings("ignore:Default grid_sample")
def test_functions(same, function):
    same(lambda d: function(torch.arange(12.0, device=d).view(3, 4)))
