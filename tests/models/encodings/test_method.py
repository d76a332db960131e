from pathlib import Path

import pytest

import samedevice.models.encodings
from samedevice.models.encodings import ENCODINGS

PLACES = {
    "embedding": {"sinusoidal", "math_adaptive", "diet", "none", "learned"},
    "rotation": {"rope", "mathematical_rope", "long_sequence_rope"},
    "bias": {"t5_relative", "alibi", "diet_abs", "diet_rel"},
}
NOT_METHODS = {"__init__", "method", "rotation", "token_classes"}


def test_the_table_holds_every_method_file():
    files = {file.stem for file in Path(samedevice.models.encodings.__file__).parent.glob("*.py")}
    assert set(ENCODINGS) == files - NOT_METHODS


@pytest.mark.parametrize("place", PLACES)
def test_every_method_acts_in_its_place(place):
    assert {name for name, method in ENCODINGS.items() if method.place == place} == PLACES[place]


def test_each_class_lives_in_the_file_of_its_name():
    for name, method in ENCODINGS.items():
        assert method.encoding.__module__.rsplit(".", 1)[1] == name


def test_build_refuses_an_unknown_option():
    with pytest.raises(TypeError, match="thata"):
        ENCODINGS["rope"].build(hidden_size=64, num_heads=4, options={"thata": 1.0})
