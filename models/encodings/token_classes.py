"""What role a token plays in a formula: digit, operator, variable, function, or other."""

from collections.abc import Iterable
from typing import Final

CLASSES: Final = ("digit", "operator", "variable", "function", "other")
DIGIT, OPERATOR, VARIABLE, FUNCTION, OTHER = range(len(CLASSES))

_OPERATORS: Final = frozenset("+-*/^=<>%!|~&()[]{}\u00d7\u00f7\u00b1\u00b7\u221a\u2211\u220f\u222b\u2264\u2265\u2260")
_FUNCTIONS: Final = frozenset(
    {
        *("sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "arcsin", "arccos", "arctan"),
        *("sinh", "cosh", "tanh", "exp", "ln", "log", "sqrt", "abs", "gcd", "lcm", "mod"),
        *("min", "max", "sum", "prod", "lim", "det", "floor", "ceil", "round"),
    }
)
_SPACE_MARKS: Final = " \t\n\r\u0120\u2581"


def classify(token: str) -> int:
    """The class of a token's text, one of `CLASSES` by index.

    The marks by which subword vocabularies write a leading space do not count.
    """
    text = token.strip(_SPACE_MARKS)
    if text.isascii() and text.isdigit():
        return DIGIT
    if text and set(text) <= _OPERATORS:
        return OPERATOR
    if text.lower() in _FUNCTIONS:
        return FUNCTION
    if len(text) == 1 and text.isalpha():
        return VARIABLE
    return OTHER


def classify_all(tokens: Iterable[str]) -> list[int]:
    """The class of each token, in order."""
    return [classify(token) for token in tokens]


def byte_classes() -> list[int]:
    """Classes of ByT5's 259 ids: three special tokens, then the 256 bytes."""
    return [OTHER] * 3 + [classify(chr(byte)) if byte < 128 else OTHER for byte in range(256)]
