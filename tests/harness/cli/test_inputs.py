import pytest
import torch

from samedevice.harness.cli import main
from samedevice.harness.cli.inputs import described, lines
from samedevice.harness.errors import NotChecked
from samedevice.harness.target import Target


def target(give):
    return Target(name="net", build=lambda: None, inputs=give)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (torch.arange(6).view(2, 3), "int64 [2, 3], from 0 to 5"),
        (torch.tensor([0.25, 1.0]), "float32 [2], from 0.25 to 1"),
        (torch.zeros(0, 3), "float32 [0, 3]"),
        (torch.zeros(2, dtype=torch.complex64), "complex64 [2]"),
        (torch.zeros(2, device="meta"), "float32 [2]"),
        (3, "int 3"),
        ("x" * 200, "str '" + "x" * 79),
    ],
)
def test_a_value_in_words(value, text):
    assert described(value) == text


def test_every_argument_has_its_line():
    assert list(lines(target(lambda: {"x": 1, "y": None}))) == [
        "net is fed 2 arguments",
        "  x: int 1",
        "  y: NoneType None",
    ]
    assert list(lines(target(lambda: (1.5,)))) == ["net is fed 1 argument", "  argument 1: float 1.5"]
    assert list(lines(target(lambda: True)))[1] == "  the argument: bool True"
    assert list(lines(target(dict))) == ["net is fed 0 arguments"]


def test_what_cannot_be_fed_says_why():
    def refuse():
        raise NotChecked("cannot be fed: no")

    assert list(lines(target(refuse))) == ["cannot be fed: no"]


def test_the_option_prints_what_was_searched(capsys):
    words = ["check", "torch.nn:Identity", "--example-inputs", "--devices", "cpu", "--checks", "forward"]
    assert main([*words, "--format", "json"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "samedevice: torch.nn:Identity is fed 1 argument"
    assert told[1].startswith("samedevice:   input: float32 [2, 8], from ")
