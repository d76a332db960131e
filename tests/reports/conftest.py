"""Strategies for the nouns, so that `from_type(Report)` draws every report that a run could make."""

import pytest
from hypothesis import strategies as st

from samedevice.harness.device import Device
from samedevice.harness.environment import Environment
from samedevice.harness.finding import Finding, Location, Severity
from samedevice.harness.listing import Listing
from samedevice.harness.measure import Measure
from samedevice.harness.report import Report
from samedevice.harness.result import Result, Status

DEVICES = st.one_of(
    st.just(Device(kind="cpu")),
    st.builds(Device, kind=st.sampled_from(["cuda", "mps", "xpu"]), index=st.integers(0, 3), virtual=st.booleans()),
)
NAMES = st.one_of(
    st.sampled_from(["forward_success", "forward_seconds", "tokens_per_second", "device_errors"]), st.text(min_size=1)
)
st.register_type_strategy(Device, DEVICES)
st.register_type_strategy(Measure, st.builds(Measure, name=NAMES, of=st.none() | st.integers(0, 10**6)))
st.register_type_strategy(
    Finding,
    st.builds(
        Finding,
        code=st.from_regex(r"SD[1-8][0-9]{2}", fullmatch=True),
        severity=st.sampled_from(Severity),
        op=st.none() | st.text(),
        hint=st.none() | st.text(),
        use=st.none() | st.from_type(Location),
    ),
)
st.register_type_strategy(
    Listing,
    st.integers(1, 3).flatmap(
        lambda width: st.builds(
            Listing,
            headers=st.tuples(*[st.text()] * width),
            rows=st.lists(st.tuples(*[st.text()] * width), max_size=3).map(tuple),
        )
    ),
)


@pytest.fixture
def cell():
    """A maker of results: a healthy one, but for what the test says."""

    def make(**fields):
        told = {"target": "rope", "device": Device(kind="cpu"), "check": "forward", "status": Status.PASS}
        return Result(**{**told, **fields})

    return make


@pytest.fixture
def report():
    """A maker of reports from results, in an environment that never changes."""
    environment = Environment(
        samedevice="0.1.0", torch="2.13.0", transformers="5.23.0", python="3.11.7", platform="Linux", git=None
    )

    def make(*cells):
        return Report(environment=environment, cells=cells)

    return make
