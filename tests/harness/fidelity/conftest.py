"""Calls, rows and recordings to try things on."""

import pytest

from samedevice.harness.cli import main
from samedevice.harness.device import Device
from samedevice.harness.fidelity.recording import Header, Recording
from samedevice.harness.fidelity.row import Call, Ending, Outcome, Row


@pytest.fixture
def run(capsys):
    """Runs one command: exit code, standard output and the lines on standard error."""

    def command(*words):
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err.splitlines()

    return command


@pytest.fixture
def header():
    return Header(
        device=Device(kind="cuda"),
        model="NVIDIA H200",
        versions={"torch": "2.13.0+cu130"},
        date="2026-01-01T00:00:00+00:00",
    )


@pytest.fixture
def rows():
    """One row for each way to end."""

    def row(placement, **outcome):
        call = Call(
            subject="programs/scalars/add", family="programs/scalars", inputs="data number", placement=placement
        )
        return Row(call=call, outcome=Outcome(**outcome))

    return (
        row("dd", ending=Ending.ALLOWED, results=("float32@cuda:0",)),
        row("cd", ending=Ending.RAISED, error="RuntimeError", message="two devices, cuda:0 and cpu! no"),
        row("dc", ending=Ending.CRASHED, message="the process ended with signal 11"),
    )


@pytest.fixture
def recording(header, rows):
    return Recording(header=header, rows=rows, omitted={"ops/add": "LookupError: there is no add here"})
