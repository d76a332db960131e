import pytest

from samedevice.harness.check import Check
from samedevice.harness.device import Device
from samedevice.harness.errors import UsageError
from samedevice.harness.plan import grid, of_suites
from samedevice.harness.suite import Suite
from samedevice.harness.target import Target

CPU, CUDA = Device(kind="cpu"), Device(kind="cuda", virtual=True)


def target(name):
    return Target(name=name, build=lambda: None)


def check(name):
    return Check(name=name, title="", question="", run=lambda target, device: iter(()))


def suite(name, targets, checks):
    made = tuple(target(each) for each in targets)
    return Suite(name=name, title="", targets=lambda: made, checks=tuple(check(each) for each in checks))


def names(cells):
    return [(cell.suite, cell.target.name, cell.device.kind, cell.check.name) for cell in cells]


def test_the_grid_is_target_by_target():
    cells = grid([target("a"), target("b")], [CPU, CUDA], [check("x")])
    assert names(cells) == [
        (None, "a", "cpu", "x"),
        (None, "a", "cuda", "x"),
        (None, "b", "cpu", "x"),
        (None, "b", "cuda", "x"),
    ]


def test_suites_follow_each_other():
    suites = [suite("one", ["a"], ["x"]), suite("two", ["b"], ["y"])]
    assert names(of_suites(suites, [CPU])) == [("one", "a", "cpu", "x"), ("two", "b", "cpu", "y")]


def test_narrowing():
    suites = [suite("one", ["rope/gpt2", "alibi/gpt2"], ["x", "y"]), suite("two", ["rope"], ["x"])]
    cells = of_suites(suites, [CPU], targets=("rope*",), checks=("x",))
    assert names(cells) == [("one", "rope/gpt2", "cpu", "x"), ("two", "rope", "cpu", "x")]


@pytest.mark.parametrize(
    ("narrowed", "message"),
    [
        ({"targets": ("rope", "roep")}, "no target matches 'roep', did you mean 'rope'? known are: rope, alibi"),
        ({"targets": ("z*",)}, "no target matches 'z*'; known are: rope, alibi"),
        ({"checks": ("y",)}, "no check matches 'y'; known are: forward"),
    ],
)
def test_a_pattern_that_picks_nothing(narrowed, message):
    with pytest.raises(UsageError) as caught:
        of_suites([suite("one", ["rope", "alibi"], ["forward"])], [CPU], **narrowed)
    assert str(caught.value) == message
