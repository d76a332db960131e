"""What transformers remarks while the zoo asks its architectures is not heard, and is heard again afterwards."""

import logging.handlers

from samedevice.harness.check import Check
from samedevice.harness.device import Device
from samedevice.suites.zoo import PLANTED, SUITE
from samedevice.suites.zoo.quietly import quietly

LOGGER = logging.getLogger("transformers.models.bert")


def talking(target, device):
    LOGGER.warning("falls back to something")
    yield "asked"
    LOGGER.error("broke")


def test_remarks_are_not_heard_and_errors_are():
    heard = logging.handlers.BufferingHandler(99)
    LOGGER.addHandler(heard)
    try:
        check = quietly(Check(name="talking", title="", question="", run=talking))
        assert list(check.run(None, Device(kind="cpu"))) == ["asked"]
        LOGGER.warning("afterwards")
    finally:
        LOGGER.removeHandler(heard)
    assert [record.getMessage() for record in heard.buffer] == ["broke", "afterwards"]


def test_all_checks_of_the_zoo_are_quiet():
    assert {check.run.__qualname__ for check in (*SUITE.checks, *PLANTED.checks)} == {"quietly.<locals>.run"}
