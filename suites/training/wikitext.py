"""Text in the format of WikiText, byte by byte, in windows of one length."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from ...models.tokenizer import byte_tokenizer

EMBEDDED = "embedded"
SPLITS = ("train", "validation")
_FILES = {"train": "wikitext.train.txt", "validation": "wikitext.valid.txt"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Corpus:
    """Windows of token ids, int64 [N,L] on the CPU: byte b is b + 3, and no padding."""

    train: Tensor
    validation: Tensor


def read(source: str, split: str) -> str:
    """The text of one split, in the format of WikiText: ` = Heading = ` lines, `<unk>`, ` @-@ `, ` @,@ ` and ` @.@ `.

    Merity et al. 2016, *Pointer Sentinel Mixture Models* (arXiv:1609.07843). `source` is `embedded`, articles of this
    project's own about an island that does not exist; a directory with the files `wikitext.train.txt` and
    `wikitext.valid.txt`; or `id` or `id:config` of the library `datasets`, such as
    `Salesforce/wikitext:wikitext-2-raw-v1`, with the splits `train` and `validation` and the column `text`.
    Raises `ValueError` for a directory without those files, and where `datasets` is not installed.
    """
    if source == EMBEDDED:
        return (Path(__file__).parent / _FILES[split]).read_text("utf-8")
    folder = Path(source)
    if folder.is_dir():
        file = folder / _FILES[split]
        if not file.is_file():
            raise ValueError(f"{source} holds no {file.name}: give a directory with {' and '.join(_FILES.values())}")
        return file.read_text("utf-8")
    return _from_datasets(source, split)


def windows(text: str, length: int, stride: int, most: int | None = None) -> Tensor:
    """Windows of `length` bytes, one every `stride` bytes, the first `most` of them: int64 [N,length].

    Raises `ValueError` for a text shorter than one window.
    """
    ids = torch.tensor(byte_tokenizer()(text, add_special_tokens=False)["input_ids"], device="cpu")
    if len(ids) < length:
        raise ValueError(f"the text has {len(ids)} bytes, a window {length}: give a longer text or a shorter window")
    return ids.unfold(0, length, stride)[:most].clone()


def corpus(source: str, length: int, stride: int, most: int | None = None) -> Corpus:
    """Overlapping windows to train on, `most` of them, and windows side by side to validate on."""
    train = windows(read(source, "train"), length, stride, most)
    return Corpus(train=train, validation=windows(read(source, "validation"), length, length, most))


def _from_datasets(source: str, split: str) -> str:
    try:
        from datasets import load_dataset  # type: ignore[import-not-found,unused-ignore]
    except ModuleNotFoundError as missing:
        raise ValueError(
            f"{source} is no directory, and a Hub id needs a library that is not here: pip install datasets"
        ) from missing
    name, _, config = source.partition(":")
    return "".join(load_dataset(name, config or None, split=split)["text"])
