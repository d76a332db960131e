"""Where each token stands: positions of queries and of cached keys, whatever the padding."""

import torch
from torch import Tensor


def query_positions(hidden: Tensor, attention_mask: Tensor | None, past_length: int) -> Tensor:
    """Positions of the tokens being read, counted from the first real token of each row.

    hidden: [B,T,D], for length and device. attention_mask: [B, past + T], zero at padding on either side; without
    one, or with a prepared mask of four axes, no token is padding. Returns int64 [B or 1,T]. Padding gets the
    position of the real token before it, or 0; nothing attends to it.
    """
    length = hidden.shape[1]
    if attention_mask is None or attention_mask.dim() != 2:
        return torch.arange(past_length, past_length + length, device=hidden.device).unsqueeze(0)
    counted = attention_mask.to(device=hidden.device, dtype=torch.long).cumsum(-1) - 1
    return counted.clamp(min=0)[:, -length:]


def key_positions(queries: Tensor, visible: Tensor) -> Tensor:
    """Positions of all keys, cached ones too, from what the attention mask lets the last query see.

    queries: positions of the queries, [B or 1,Tq]. visible: bool [B,1,Tq,Tk], True where a query sees a key. Returns
    int64 [B or 1,Tk]; keys that no query sees get some position.

    Without a cache the keys are the queries. With one, the keys that the last query sees are the real tokens up to
    it, so the n-th of them stands n-1 after the first, and the last of them is the last query. Right for left and
    right padding, static caches and a constant offset of `position_ids`; positions that skip within a row need
    `use_cache=False`.
    """
    if queries.shape[-1] == visible.shape[-1]:
        return queries
    counted = visible[:, 0, -1].long().cumsum(-1)
    return (counted - counted[:, -1:] + queries.amax(-1, keepdim=True)).clamp(min=0)
