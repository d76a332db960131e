import subprocess
import sys

from transformers import AutoTokenizer

from samedevice.suites.training.vocabulary import learned

TEXTS = ["The cat sat on the mat.", "The dog sat on the cat, naïvely.", "A hat on a mat?"] * 5
PROGRAM = (
    "from samedevice.suites.training.vocabulary import learned\n"
    f"print(learned({TEXTS!r}, 300).backend_tokenizer.to_str())"
)


def test_any_text_comes_back():
    tokenizer = learned(TEXTS, 300)
    for text in ("The cat", "naïve — 漢字 \N{SMILING FACE WITH OPEN MOUTH}", "a  b\n"):
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        assert tokenizer.decode(ids) == f" {text}"


def test_a_pair_is_framed_and_its_characters_are_known():
    coded = learned(TEXTS, 300)("The hat", "on the mat", return_offsets_mapping=True, return_token_type_ids=True)
    tokens = coded.tokens()
    assert (tokens[0], tokens[-1], tokens.count("[SEP]")) == ("[CLS]", "[SEP]", 2)
    assert coded["token_type_ids"] == [int(n > tokens.index("[SEP]")) for n in range(len(tokens))]
    offsets = [coded["offset_mapping"][n] for n in range(len(tokens)) if coded.sequence_ids(0)[n] == 1]
    assert "".join("on the mat"[begin:end] for begin, end in offsets) == "on the mat"


def test_it_is_saved_and_loaded(tmp_path):
    tokenizer = learned(TEXTS, 300)
    tokenizer.save_pretrained(tmp_path)
    again = AutoTokenizer.from_pretrained(tmp_path)
    assert again(TEXTS[1], TEXTS[0])["input_ids"] == tokenizer(TEXTS[1], TEXTS[0])["input_ids"]
    assert again.pad_token_id == 0


def test_two_processes_learn_the_same():
    told = {
        subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=120).stdout
        for _ in range(2)
    }
    assert len(told) == 1
