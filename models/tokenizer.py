"""The tokenizer that needs no download: UTF-8 bytes."""

from collections.abc import Sequence

from transformers import BatchEncoding, ByT5Tokenizer

BYTE_VOCABULARY = 259
PAD_TOKEN_ID, END_TOKEN_ID = 0, 1


def byte_tokenizer() -> ByT5Tokenizer:
    """Transformers' ByT5 tokenizer without its sentinels: 259 ids, padding on the left.

    Xue et al. 2022, *ByT5: Towards a token-free future* (arXiv:2105.13626). Ids 0, 1 and 2 are padding, end and
    unknown; byte b is b + 3.
    """
    return ByT5Tokenizer(extra_ids=0, padding_side="left")


def encode_prompts(tokenizer: ByT5Tokenizer, prompts: Sequence[str]) -> BatchEncoding:
    """Token ids and attention mask [B,T] of prompts to be continued: padded on the left, on the CPU.

    Without the end token that ByT5 puts after every text: nothing should follow that.
    """
    encoded: BatchEncoding = tokenizer(list(prompts), add_special_tokens=False, padding=True, return_tensors="pt")
    return encoded
