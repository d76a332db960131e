import pytest

from samedevice.harness.fidelity.judging import Judged, Verdict, judged
from samedevice.harness.fidelity.row import Ending, Outcome, Row, row_to_json


def allowed(*results):
    return Outcome(ending=Ending.ALLOWED, results=results)


def raised(message):
    return Outcome(ending=Ending.RAISED, error="RuntimeError", message=message)


CRASH = Outcome(ending=Ending.CRASHED, message="the process ended with signal 11")


@pytest.mark.parametrize(
    ("recorded", "replayed", "verdict", "has_other_words"),
    [
        (allowed("float32@cuda:0"), allowed("float32@cuda:0"), Verdict.AGREES, False),
        (allowed("float32@cuda:0"), allowed("float32@cpu"), Verdict.OTHER_RESULT, False),
        (allowed("float32@cuda:0"), allowed("float16@cuda:0"), Verdict.OTHER_RESULT, False),
        (allowed("float32@cuda:0"), raised("no"), Verdict.FALSE_POSITIVE, False),
        (raised("no"), allowed("float32@cuda:0"), Verdict.FALSE_NEGATIVE, False),
        (raised("no"), raised("no"), Verdict.AGREES, False),
        (raised("no"), raised("never"), Verdict.AGREES, True),
        (allowed(), CRASH, Verdict.CRASHED, False),
        (CRASH, allowed(), Verdict.NOT_CHECKED, False),
        (CRASH, CRASH, Verdict.NOT_CHECKED, False),
        (allowed(), None, Verdict.NOT_CHECKED, False),
    ],
)
def test_verdicts(rows, recorded, replayed, verdict, has_other_words):
    found = Judged(row=Row(call=rows[0].call, outcome=recorded), replayed=replayed)
    assert (found.verdict, found.has_other_words) == (verdict, has_other_words)


class Answering:
    """Gives the first row back, and no other."""

    def __init__(self, row):
        self.row = row

    def ask(self, request):
        assert request["wanted"] == sorted({":0:dd:data number", ":0:cd:data number", ":0:dc:data number"})
        yield {"row": row_to_json(self.row), "spoiled": False}
        yield {"end": True}

    def close(self):
        self.row = None


def test_rows_are_paired_and_the_others_have_a_reason(rows):
    found = judged(lambda: Answering(rows[0]), rows, lambda subjects: subjects)
    assert [one.row for one in found] == list(rows)
    assert [one.verdict for one in found] == [Verdict.AGREES, Verdict.NOT_CHECKED, Verdict.NOT_CHECKED]
    assert [one.reason for one in found[1:]] == [
        "this PyTorch makes other samples",
        "the recording has no outcome: the process ended with signal 11",
    ]
