import torch
from torch import nn

from samedevice.harness import loading
from samedevice.harness.device import Device
from samedevice.harness.formats import named
from samedevice.harness.roundtrip import take
from samedevice.harness.roundtrip.address import class_address, origin
from samedevice.harness.roundtrip.outside import outside
from samedevice.models.targets import encoding_target

CPU = Device(kind="cpu")
STATE_DICT = named("state_dict")
NET = """
import torch
from torch import nn

LOG, TABLE = [], torch.zeros(2)

class Options:
    pass

class Net(nn.Module):
    gain = 2.0

    def __init__(self, width, options=None, **rest):
        super().__init__()
        self.linear, self.rest = nn.Linear(width, width), rest

    class Inner(nn.Linear):
        def __init__(self):
            super().__init__(2, 2)

def make():
    return Net(3, name="x")

def odd():
    return Net(3, options=Options())

def cast():
    return Net(3).double()

def local():
    class Local(Net):
        pass
    return Local(3)
"""


def hand_of(tmp_path, name):
    file = tmp_path / "net.py"
    file.write_text(NET)
    target = loading.target(f"{file}:{name}")
    return take(target, CPU), target  # the script ends with its target


def test_a_class_in_a_file_is_called_as_it_was(tmp_path):
    hand, _ = hand_of(tmp_path, "make")
    address = class_address(hand, STATE_DICT)
    assert address == {
        "file": str(tmp_path / "net.py"),
        "name": "Net",
        "call": ((3, None), {"name": "x"}),
    }
    made = origin(address).fresh()
    assert (type(made).__qualname__, made.rest, made.linear.in_features) == ("Net", {"name": "x"}, 3)


def test_a_class_within_a_class_is_found(tmp_path):
    hand, _ = hand_of(tmp_path, "Net.Inner")
    assert type(origin(class_address(hand, STATE_DICT)).fresh()).__qualname__ == "Net.Inner"


def test_a_class_of_a_package_is_imported():
    address = class_address(take(encoding_target("sinusoidal"), CPU), STATE_DICT)
    assert address["module"] == "samedevice.models.encodings.sinusoidal"
    assert type(origin(address).fresh()).__qualname__ == "Sinusoidal"


def test_what_cannot_be_called_elsewhere_has_no_address(tmp_path):
    for name in ("odd", "cast", "local"):
        hand, _ = hand_of(tmp_path, name)
        assert class_address(hand, STATE_DICT) is None, name
    # A format that builds the model itself needs the class alone.
    hand, _ = hand_of(tmp_path, "odd")
    assert class_address(hand, named("mixin"))["call"] == ((), {})


def test_what_is_outside_is_found_by_name_and_libraries_are_not_asked(tmp_path):
    hand, _ = hand_of(tmp_path, "make")
    before = outside(hand.model)
    assert {"LOG", "TABLE", "Net.gain"} <= before.keys()
    type(hand.model).gain = 3.0
    assert {name for name, text in outside(hand.model).items() if text != before[name]} == {"Net.gain"}
    assert outside(nn.Linear(1, 1)) == {}
    assert torch.is_tensor(hand.model.linear.weight)
