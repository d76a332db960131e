from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.fidelity.placements import MOST_MOVED, placements


def test_few_operands():
    assert placements(0) == ()
    assert placements(1) == ("d",)
    assert placements(2) == ("dd", "cd", "dc")
    assert placements(2, strays=False) == ("dd",)
    assert placements(3) == ("ddd", "cdd", "dcd", "ddc", "dcc", "cdc", "ccd")


@given(st.integers(2, 40))
def test_each_of_the_first_operands_strays_once_from_either_side(operands):
    found = placements(operands)
    assert len(set(found)) == len(found)
    assert {len(one) for one in found} == {operands}
    for home, stray in ("dc", "cd"):
        moved = {one.index(stray) for one in found if one.count(stray) == 1}
        assert moved == set(range(min(operands, MOST_MOVED)))
        assert all(one.count(home) == operands - 1 for one in found if one.count(stray) == 1)
