"""Sinusoidal positions whose frequencies depend on what kind of token stands there."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from transformers import initialization

from .sinusoidal import angular_frequencies, interleave
from .token_classes import CLASSES, OTHER, byte_classes, classify_all

_BYTE_VOCABULARIES = (259, 384)


class MathAdaptive(nn.Module):
    """Sinusoidal positions at frequencies that digits, operators, variables, functions and the rest learn apart.

    Row c of the learned `frequency_adjustments` [5, ceil(D/2)] multiplies the frequencies of tokens of class c
    (see `token_classes.CLASSES`); all are 1 at first, so that it starts as `sinusoidal`. Without `token_ids`
    every token counts as `other`. No paper of its own: an extension of Vaswani et al. 2017 (arXiv:1706.03762).

    A token's class depends on its id alone and so does not change with a cache. The classes, `token_classes`
    [vocab_size], are saved with the model. For ByT5's vocabularies (259 or 384 ids) they are known from the start;
    for another call `read_vocabulary` once. Ids outside the table count as `other`.
    """

    token_classes: Tensor

    def __init__(self, hidden_size: int, *, vocab_size: int = 259, dropout: float = 0.0) -> None:
        """Hidden states of width `hidden_size`; classes for `vocab_size` token ids."""
        super().__init__()
        self.hidden_size = hidden_size
        self.frequency_adjustments = nn.Parameter(torch.empty(len(CLASSES), (hidden_size + 1) // 2))
        self.scale = nn.Parameter(torch.empty(1))
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("token_classes", torch.empty(vocab_size, dtype=torch.long))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Back to `sinusoidal`, with the classes of a byte vocabulary if it has the size of one."""
        nn.init.ones_(self.frequency_adjustments)
        nn.init.ones_(self.scale)
        size = self.token_classes.shape[0]
        known = byte_classes() if size in _BYTE_VOCABULARIES else []
        self._write_classes(known + [OTHER] * (size - len(known)))

    def read_vocabulary(self, tokens: Sequence[str]) -> None:
        """Take the classes from the texts of all tokens, by id. Raises `ValueError` if there are too many or few."""
        if len(tokens) != self.token_classes.shape[0]:
            raise ValueError(
                f"math_adaptive was built for {self.token_classes.shape[0]} token ids and got {len(tokens)} "
                f"tokens: build it with vocab_size={len(tokens)}"
            )
        self._write_classes(classify_all(tokens))

    def forward(self, hidden: Tensor, positions: Tensor, token_ids: Tensor | None = None) -> Tensor:
        """hidden [B,T,D], positions [B,T], token_ids [B,T] -> [B,T,D] of the same dtype."""
        frequencies = angular_frequencies(self.hidden_size, positions.device)
        frequencies = frequencies * self.frequency_adjustments.float()[self._classes(positions, token_ids)]
        features = interleave(positions.unsqueeze(-1).float() * frequencies, self.hidden_size).to(hidden.dtype)
        encoded: Tensor = self.dropout(hidden + self.scale.to(hidden.dtype) * features)
        return encoded

    def _classes(self, positions: Tensor, token_ids: Tensor | None) -> Tensor:
        if token_ids is None:
            return torch.full_like(positions, OTHER)
        size = self.token_classes.shape[0]
        return torch.where(token_ids < size, self.token_classes[token_ids.clamp(max=size - 1)], OTHER)

    def _write_classes(self, classes: list[int]) -> None:
        # Unlike a plain copy, this leaves alone what from_pretrained has read from a file already.
        initialization.copy_(self.token_classes, torch.tensor(classes))
