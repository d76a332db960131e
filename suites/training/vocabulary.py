"""A small tokenizer that needs no download: byte pairs learned from the training's own text."""

from collections.abc import Iterable

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

SPECIAL = ("[PAD]", "[CLS]", "[SEP]")
PAD_ID, CLS_ID, SEP_ID = range(3)


def learned(texts: Iterable[str], size: int = 512) -> PreTrainedTokenizerFast:
    """A byte-level BPE of at most `size` tokens, the same for the same texts in any order of machines and runs.

    Sennrich et al. 2016 (arXiv:1508.07909), on bytes as in GPT-2, so that no text is unknown. Pairs are encoded as
    `[CLS] question [SEP] document [SEP]` with type 0 up to the first `[SEP]` and type 1 after it.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(SPECIAL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", CLS_ID), ("[SEP]", SEP_ID)],
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", padding_side="right"
    )
