from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.check import Check
from samedevice.harness.device import Device
from samedevice.harness.isolation import blocks, share
from samedevice.harness.isolation.blocks import home
from samedevice.harness.plan import Cell, grid, of_suites
from samedevice.harness.suite import Suite
from samedevice.harness.target import Target

CHECKS = [Check(name=name, title="", question="", run=lambda target, device: iter(())) for name in "xyz"]
DEVICES = [Device(kind="cpu"), Device(kind="cuda", virtual=True), Device(kind="mps", virtual=True)]
CELLS = st.builds(
    Cell,
    target=st.sampled_from("abcde").map(lambda name: Target(name=name, build=object)),
    device=st.sampled_from(DEVICES),
    check=st.sampled_from(CHECKS),
    suite=st.sampled_from([None, "s", "t"]),
)
A, B = (Target(name=name, build=object) for name in "ab")
PLANS = st.lists(CELLS, max_size=30)


@given(PLANS, st.integers(1, 9))
def test_every_cell_is_in_exactly_one_shard_in_the_order_of_the_plan(plan, count):
    shards = [share(plan, index, count) for index in range(1, count + 1)]
    places = [[next(i for i, cell in enumerate(plan) if cell is one) for one in shard] for shard in shards]
    assert sorted(place for shard in places for place in shard) == list(range(len(plan)))
    assert all(shard == sorted(shard) for shard in places)


@given(PLANS, st.integers(1, 9))
def test_a_target_is_in_one_block_unless_there_are_too_few(plan, wanted):
    found = blocks(plan, wanted)
    owners = [{(cell.suite, cell.target.name) for _, cell in block} for block in found]
    assert all(len(owner) == 1 for owner in owners)
    targets = {(cell.suite, cell.target.name) for cell in plan}
    assert len(found) == len(targets) or len(targets) < wanted


def test_one_target_is_shared_by_device():
    plan = grid([Target(name="a", build=object)], DEVICES, CHECKS)
    assert len(blocks(plan)) == 1
    assert [len(share(plan, index, 2)) for index in (1, 2)] == [6, 3]


def test_the_targets_of_a_shared_suite_are_one_block_on_all_devices():
    suite = Suite(name="s", title="", targets=lambda: (A, B), checks=tuple(CHECKS), is_shared=True)
    plan = of_suites([suite], DEVICES)
    assert [len(block) for block in blocks(plan, 9)] == [len(plan)]
    assert {home(cell) for cell in plan} == {("s", None)}
    assert [len(share(plan, index, 2)) for index in (1, 2)] == [len(plan), 0]


def test_two_suites_may_use_one_name():
    plan = [
        cell for suite in "st" for cell in grid([Target(name="a", build=object)], DEVICES[:1], CHECKS[:1], suite=suite)
    ]
    assert len(blocks(plan)) == 2
