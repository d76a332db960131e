import re
import sys
from types import SimpleNamespace

import pytest
import torch

from samedevice.models.tokenizer import byte_tokenizer
from samedevice.suites.training.wikitext import EMBEDDED, SPLITS, corpus, read, windows


@pytest.mark.parametrize("split", SPLITS)
def test_the_embedded_text_has_the_format_of_wikitext(split):
    text = read(EMBEDDED, split)
    lines = text.split("\n")
    assert lines.pop() == ""
    assert all(line.startswith(" ") and line.endswith(" ") for line in lines)
    headings = [line for line in lines if line.startswith(" =")]
    assert all(re.fullmatch(r" (= = |= )[^=]+( = =| =) ", line) for line in headings)
    assert all(lines[i - 1 : i + 2 : 2] == [" ", " "] for i, line in enumerate(lines) if line in headings)
    assert not re.search(r"\w[,;]|\d[.,]\d|\w-\w", text)


def test_the_embedded_text_shows_every_mark_of_the_format():
    text = read(EMBEDDED, "train")
    assert all(mark in text for mark in ("<unk>", " @-@ ", " @,@ ", " @.@ ", " = = History = = "))
    assert not set(read(EMBEDDED, "validation").split("\n")) - {" ", "", " = = History = = "} & set(text.split("\n"))


def test_windows_hold_the_bytes():
    found = windows("abcdefgh", 4, 2)
    assert byte_tokenizer().batch_decode(found) == ["abcd", "cdef", "efgh"]
    assert (found.dtype, windows("abcdefgh", 4, 2, 2).shape) == (torch.int64, (2, 4))
    assert windows("é", 2, 1).tolist() == [[0xC3 + 3, 0xA9 + 3]]


def test_the_embedded_text_is_long_enough_for_the_seeds_batches():
    texts = corpus(EMBEDDED, 128, 36, 500)
    assert texts.train.shape == (500, 128)
    assert texts.validation.shape == (15, 128)


def test_a_directory_of_ones_own(tmp_path):
    for name, text in (("train", "x" * 10), ("valid", "y" * 8)):
        (tmp_path / f"wikitext.{name}.txt").write_text(text)
    texts = corpus(str(tmp_path), 4, 2)
    assert (len(texts.train), len(texts.validation)) == (4, 2)
    (tmp_path / "wikitext.valid.txt").unlink()
    with pytest.raises(ValueError, match=r"holds no wikitext\.valid\.txt: give a directory with"):
        corpus(str(tmp_path), 4, 2)


def test_a_short_text_is_refused():
    with pytest.raises(ValueError, match="the text has 3 bytes, a window 4: give a longer text or a shorter window"):
        windows("abc", 4, 1)


def test_a_hub_id_goes_to_datasets(monkeypatch):
    asked = []

    def load_dataset(name, config, split):
        asked.append((name, config, split))
        return {"text": [" = A = \n", " b \n"]}

    monkeypatch.setitem(sys.modules, "datasets", SimpleNamespace(load_dataset=load_dataset))
    assert read("Salesforce/wikitext:wikitext-2-raw-v1", "train") == " = A = \n b \n"
    read("someone/text", "validation")
    assert asked == [("Salesforce/wikitext", "wikitext-2-raw-v1", "train"), ("someone/text", None, "validation")]


def test_without_datasets_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(ValueError, match=r"no-such-folder is no directory, and a Hub id needs .* pip install datasets"):
        read("no-such-folder", "train")
