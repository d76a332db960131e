import pytest

from samedevice.models.encodings.token_classes import (
    DIGIT,
    FUNCTION,
    OPERATOR,
    OTHER,
    VARIABLE,
    byte_classes,
    classify,
)
from samedevice.models.tokenizer import byte_tokenizer


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("7", DIGIT),
        ("\u0120123", DIGIT),
        ("+", OPERATOR),
        ("==", OPERATOR),
        ("\u221a", OPERATOR),
        ("x", VARIABLE),
        ("\u2581y", VARIABLE),
        ("sin", FUNCTION),
        ("\u0120Log", FUNCTION),
        ("the", OTHER),
        ("\u00b2", OTHER),
        (" ", OTHER),
        ("", OTHER),
    ],
)
def test_classifies(token, expected):
    assert classify(token) == expected


def test_byte_classes_follow_the_tokenizer():
    classes, tokenizer = byte_classes(), byte_tokenizer()
    assert len(classes) == len(tokenizer)
    for character in "0+x \n":
        [token_id] = tokenizer.encode(character, add_special_tokens=False)
        assert classes[token_id] == classify(character)
