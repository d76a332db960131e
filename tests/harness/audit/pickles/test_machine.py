"""Walking a pickle gives what unpickling would give, for everything that unpickling would not import."""

import io
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.audit.pickles import walk_pickle
from samedevice.harness.audit.pickles.nodes import Call, Global, Mapping, Opaque


def walked(data):
    return walk_pickle(io.BytesIO(data), len(data))


def plain(node):
    """Nodes of plain values as the values."""
    if isinstance(node, Mapping):
        return {plain(key): plain(value) for key, value in node.pairs}
    if isinstance(node, list | tuple):
        return type(node)(map(plain, node))
    return node


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=20,
)


@given(value=VALUES, protocol=st.integers(2, pickle.HIGHEST_PROTOCOL))
def test_plain_values_come_back(value, protocol):
    walk = walked(pickle.dumps(value, protocol))
    # Bytes are a call of _codecs.encode in protocol 2.
    if protocol > 2 or not walk.globals:
        assert plain(walk.root) == value
    assert (walk.problem, walk.computed) == (None, False)


@given(value=VALUES, protocol=st.integers(0, pickle.HIGHEST_PROTOCOL))
def test_a_pickle_ends_where_the_unpickler_stops(value, protocol):
    data = pickle.dumps(value, protocol)
    assert walked(data + b"more").end == len(data)


@given(value=VALUES, protocol=st.integers(0, pickle.HIGHEST_PROTOCOL), share=st.floats(0, 1, exclude_max=True))
def test_a_pickle_that_is_cut_off_is_told(value, protocol, share):
    data = pickle.dumps(value, protocol)
    assert walked(data[: int(len(data) * share)]).problem is not None


@given(data=st.binary(max_size=200))
def test_any_bytes_at_all_get_an_answer(data):
    walk = walked(data)
    assert 0 <= walk.end <= len(data)
    assert walk.problem is not None or data[walk.end - 1 : walk.end] == b"."


def test_long_values_are_passed_over():
    walk = walked(pickle.dumps({"data": bytes(5 << 20)}))
    assert isinstance(walk.root.get("data"), Opaque)
    assert walk.root.get("data").size == 5 << 20


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_names_are_those_of_python_3(protocol):
    walk = walked(pickle.dumps([set, range(3)], protocol))
    assert {one.path for one in walk.globals} == {"builtins.set", "builtins.range"}
    assert [one.called for one in walk.globals] == [False, True]
    assert isinstance(walk.root[0], Global)
    assert isinstance(walk.root[1], Call)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "ends early"),
        (b".", "takes from an empty stack"),
        (b"\xff.", "holds no opcode b'\\xff' (byte 0)"),
        (b"R.", "takes from an empty stack"),
        (b"t.", "has no mark to go back to"),
        (b"h\x05.", "asks for memo 5, which holds nothing"),
        (b"I" + b"9" * 5000 + b"\n.", "has a broken INT"),
        (b"B\xff\xff\xff\x7fab.", "ends early"),
        (b"T\xff\xff\xff\xffab.", "has a negative length in BINSTRING"),
        (b"(o.", "makes an object of nothing"),
    ],
)
def test_what_is_no_pickle(data, problem):
    assert walked(data).problem.startswith(problem)
