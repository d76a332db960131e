"""Recurrent layers and packed sequences."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from .made import floats


def lstm(module: str, x: str, state: str) -> tuple[Tensor, Tensor]:
    """`nn.LSTM` with a first state."""
    first = (floats(state, 1, 1, 3), floats(state, 1, 1, 3))
    out, (last, _) = nn.LSTM(2, 3).to(module)(floats(x, 2, 1, 2), first)
    return out, last


def lstm_without_state(module: str, x: str) -> Tensor:
    """`nn.LSTM` that makes its own state."""
    out: Tensor = nn.LSTM(2, 3).to(module)(floats(x, 2, 1, 2))[0]
    return out


def gru(module: str, x: str, state: str) -> Tensor:
    """`nn.GRU`."""
    out: Tensor = nn.GRU(2, 3).to(module)(floats(x, 2, 1, 2), floats(state, 1, 1, 3))[0]
    return out


def lstm_cell(module: str, x: str, hidden: str, cell: str) -> tuple[Tensor, ...]:
    """`nn.LSTMCell`."""
    return tuple(nn.LSTMCell(2, 3).to(module)(floats(x, 1, 2), (floats(hidden, 1, 3), floats(cell, 1, 3))))


def pack(data: str, lengths: str) -> Tensor:
    """`pack_padded_sequence`, whose lengths must be on the CPU."""
    return pack_padded_sequence(floats(data, 3, 2, 2), torch.tensor([3, 2]).to(lengths)).data


def pack_and_pad(data: str) -> tuple[Tensor, Tensor]:
    """There and back; the lengths come back on the CPU."""
    return pad_packed_sequence(pack_padded_sequence(floats(data, 3, 2, 2), torch.tensor([3, 2])))


def lstm_of_packed(module: str, data: str) -> Tensor:
    """`nn.LSTM` of a packed sequence."""
    packed = pack_padded_sequence(floats(data, 3, 2, 2), torch.tensor([3, 2]))
    out: Tensor = nn.LSTM(2, 3).to(module)(packed)[0].data
    return out


PROGRAMS = (lstm, lstm_without_state, gru, lstm_cell, pack, pack_and_pad, lstm_of_packed)
