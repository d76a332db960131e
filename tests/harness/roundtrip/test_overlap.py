import torch
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.roundtrip.overlap import meeting


def test_the_thirds_of_a_fused_weight_lie_side_by_side():
    for dim in (0, 1):
        query, key, value = torch.zeros(6, 6).chunk(3, dim=dim)
        assert meeting({"query": query, "key": key, "value": value}) == []


def test_a_view_meets_what_it_looks_at_and_by_way_of_it_the_rest():
    whole = torch.zeros(8)
    assert meeting({"left": whole[:4], "right": whole[4:]}) == []
    assert meeting({"left": whole[:5], "right": whole[4:]}) == [{"left", "right"}]
    assert meeting({"left": whole[:4], "right": whole[4:], "whole": whole}) == [{"left", "right", "whole"}]
    assert meeting({"bytes": whole.view(torch.uint8)[5:6], "second": whole[1:2], "last": whole[7:]}) == [
        {"bytes", "second"}
    ]


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 4), st.integers(1, 3)), min_size=2, max_size=5))
def test_two_meet_where_a_write_to_one_is_seen_in_the_other(cuts):
    whole = torch.zeros(32)
    views = {str(i): whole.as_strided((count,), (step,), start) for i, (start, count, step) in enumerate(cuts)}
    joined = {frozenset((a, b)) for names in meeting(views) for a in names for b in names if a != b}
    for one, view in views.items():
        whole.zero_()
        view.fill_(1)
        for other, seen in views.items():
            if other != one and bool(seen.any()):
                assert frozenset((one, other)) in joined
    alone = set(views) - set().union(*meeting(views))
    for one in alone:
        whole.zero_()
        views[one].fill_(1)
        assert not any(bool(views[other].any()) for other in views if other != one)
