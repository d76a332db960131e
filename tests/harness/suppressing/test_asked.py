import re

import pytest

from samedevice.harness import catalog
from samedevice.harness.codes import CODES
from samedevice.harness.page import page
from samedevice.harness.suppressing.asked import CHECKS

REPORTED = [(code, name) for code in CODES for name in re.findall(r"--checks (\w+)\n", page(code))]


@pytest.mark.parametrize(("code", "check"), [(code, name) for code, name in REPORTED if code[:3] in CHECKS])
def test_the_check_of_a_page_is_among_those_that_a_stale_suppression_needs(code, check):
    assert check in CHECKS[code[:3]]


def test_the_checks_are_installed():
    installed = {check.name for check in catalog.checks()} | {"audit"}
    assert {name for names in CHECKS.values() for name in names} <= installed
