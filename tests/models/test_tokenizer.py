from transformers import AutoTokenizer

from samedevice.models.tokenizer import (
    BYTE_VOCABULARY,
    END_TOKEN_ID,
    PAD_TOKEN_ID,
    byte_tokenizer,
    encode_prompts,
)


def test_constants_are_those_of_the_tokenizer():
    tokenizer = byte_tokenizer()
    assert (len(tokenizer), tokenizer.pad_token_id, tokenizer.eos_token_id) == (
        BYTE_VOCABULARY,
        PAD_TOKEN_ID,
        END_TOKEN_ID,
    )


def test_prompts_are_padded_on_the_left_and_do_not_end():
    encoded = encode_prompts(byte_tokenizer(), ["2+2=", "\u221a9"])
    assert encoded["input_ids"].tolist() == [[b + 3 for b in b"2+2="], [b + 3 for b in "\u221a9".encode()]]
    padded = encode_prompts(byte_tokenizer(), ["abc", "a"])
    assert padded["attention_mask"].tolist() == [[1, 1, 1], [0, 0, 1]]
    assert padded["input_ids"][1].tolist() == [PAD_TOKEN_ID, PAD_TOKEN_ID, ord("a") + 3]


def test_round_trip_of_text_and_of_the_tokenizer_itself(tmp_path):
    byte_tokenizer().save_pretrained(tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    text = "Solve \u222b x\u00b2 dx."
    ids = encode_prompts(loaded, [text])["input_ids"][0]
    assert len(loaded) == BYTE_VOCABULARY
    assert loaded.decode(ids) == text
