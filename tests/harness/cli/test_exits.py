import pytest

from samedevice.harness.blame import OURS
from samedevice.harness.cli.exits import exit_of
from samedevice.harness.device import Device
from samedevice.harness.environment import here
from samedevice.harness.finding import Finding, Severity
from samedevice.harness.report import Report
from samedevice.harness.result import Result, Status


def result(status, reason=None, *findings):
    return Result(target="t", device=Device(kind="cpu"), check="c", status=status, reason=reason, findings=findings)


NOTE = Finding(code="SD301", message="", severity=Severity.NOTE)
WARNING = Finding(code="SD301", message="", severity=Severity.WARNING)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ([result(Status.PASS, None, NOTE), result(Status.NOT_CHECKED)], 0),
        ([result(Status.PASS, None, WARNING)], 1),
        ([result(Status.ERROR, "ValueError: x"), result(Status.PASS)], 1),
        ([result(Status.ERROR, f"{OURS}ValueError: x"), result(Status.PASS)], 3),
        ([result(Status.ERROR, f"{OURS}ValueError: x"), result(Status.PASS, None, WARNING)], 1),
        ([result(Status.NOT_CHECKED)], 4),
        ([], 4),
    ],
)
def test_exit_codes(cells, code):
    assert exit_of(Report(environment=here(), cells=tuple(cells))) == code
