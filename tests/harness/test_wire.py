import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Location, Severity
from samedevice.harness.listing import Listing
from samedevice.harness.measure import Measure
from samedevice.harness.result import Result, Status
from samedevice.harness.wire import from_line, to_line

TEXT = st.text()
OPTIONAL = st.none() | TEXT
LOCATIONS = st.none() | st.builds(Location, file=TEXT, line=st.integers())
FINDINGS = st.builds(
    Finding,
    code=TEXT,
    message=TEXT,
    severity=st.sampled_from(Severity),
    subject=OPTIONAL,
    op=OPTIONAL,
    origin=LOCATIONS,
    use=LOCATIONS,
    hint=OPTIONAL,
)
RESULTS = st.builds(
    Result,
    target=TEXT,
    device=st.builds(Device, kind=TEXT, index=st.integers(), virtual=st.booleans()),
    check=TEXT,
    status=st.sampled_from(Status),
    seconds=st.floats(allow_nan=False),
    measures=st.lists(
        st.builds(Measure, name=TEXT, value=st.floats(allow_nan=False) | st.integers(), of=st.none() | st.integers())
    ).map(tuple),
    findings=st.lists(FINDINGS).map(tuple),
    reason=OPTIONAL,
    suite=OPTIONAL,
    listing=st.none() | st.just(Listing(title="t", headers=("a", "b"), rows=(("1", "2"),))),
)


@given(RESULTS)
def test_a_result_comes_back_as_it_was(result):
    line = to_line(result)
    assert line.isascii()
    assert "\n" not in line
    assert from_line(line) == result


def test_no_number_is_kept():
    result = Result(
        target="t",
        device=Device(kind="cpu"),
        check="c",
        status=Status.PASS,
        measures=(Measure(name="loss", value=math.nan),),
    )
    assert math.isnan(from_line(to_line(result)).measures[0].value)


@given(RESULTS, st.data())
def test_a_line_that_was_cut_short_is_refused(result, data):
    line = to_line(result)
    with pytest.raises(ValueError, match=r".+"):
        from_line(line[: data.draw(st.integers(0, len(line) - 1))])


@pytest.mark.parametrize("line", ["null", "[]", "{}", '{"target": 1}', '{"unheard": "of"}', "7"])
def test_other_json_is_refused(line):
    with pytest.raises(ValueError, match="not a result"):
        from_line(line)
