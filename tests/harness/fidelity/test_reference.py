"""The recording of a real GPU that ships: every program, and some operators, on the virtual device."""

from collections import Counter

import pytest
import torch

from samedevice.harness.device import Device
from samedevice.harness.fidelity import references, subjects
from samedevice.harness.fidelity.judging import Judged, Verdict
from samedevice.harness.fidelity.placements import calls
from samedevice.harness.fidelity.recording import read
from samedevice.harness.fidelity.running import outcome, standing

pytestmark = pytest.mark.filterwarnings("ignore")
(REFERENCE,) = references.references()
# What the virtual device is known to get wrong: docs/fidelity.md says why.
KNOWN = {
    ("programs/layouts/nested_of_offsets", "cd"): Verdict.FALSE_NEGATIVE,
    ("programs/layouts/nested_of_offsets", "dc"): Verdict.FALSE_NEGATIVE,
    ("programs/gradients/tangent", "dc"): Verdict.OTHER_RESULT,
    ("programs/surroundings/autocast_functions", "d"): Verdict.OTHER_RESULT,
}
CARD = Device(kind="cuda", virtual=True)


@pytest.fixture(scope="module")
def recorded():
    """The rows of each subject, by key."""
    rows = {}
    for row in read(REFERENCE).rows:
        rows.setdefault(row.call.subject, {})[row.call.key] = row
    return rows


def judged(subject, rows):
    family, cases = subjects.cases(subject)
    with standing(CARD):
        for case in cases:
            for call in calls(subject, family, case):
                if call.key in rows:
                    yield Judged(row=rows[call.key], replayed=outcome(case, call.placement, CARD))


def test_it_says_what_it_is():
    header = read(REFERENCE).header
    assert not header.device.virtual
    assert header.versions["torch"].partition("+")[0] == "2.13.0"


@pytest.mark.skipif(not torch.__version__.startswith("2.13."), reason="recorded with torch 2.13")
@pytest.mark.parametrize("subject", subjects.names(("programs/*",)))
def test_every_program_does_what_it_did_on_hardware(recorded, subject):
    found = list(judged(subject, recorded[subject]))
    wrong = {(one.row.call.subject, one.row.call.placement): one.verdict for one in found}
    expected = {key: KNOWN.get(key, Verdict.AGREES) for key in wrong}
    assert wrong == expected
    assert len(found) == len(recorded[subject])


@pytest.mark.skipif(not torch.__version__.startswith("2.13."), reason="recorded with torch 2.13")
@pytest.mark.parametrize(
    "name",
    [
        *("add", "addcmul", "addcdiv", "logical_and", "masked_fill", "index_put", "where", "matmul", "index_fill"),
        *("histogram", "angle", "igamma", "linalg.matrix_rank", "nn.functional.linear"),
        *("nn.functional.embedding", "nn.functional.cross_entropy", "gather", "cat", "ldexp", "softmax"),
    ],
)
def test_operators_do_what_they_did_on_hardware(recorded, name):
    pytest.importorskip("expecttest", reason="PyTorch's operator database needs it")
    subject = f"ops/{name}"
    verdicts = Counter(one.verdict for one in judged(subject, recorded[subject]))
    assert set(verdicts) == {Verdict.AGREES}, verdicts
