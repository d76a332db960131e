"""Several workers that share the requests: nothing lost, nothing twice, nobody left behind."""

from threading import Barrier, Event

import pytest

from samedevice.harness.fidelity.asking import Request
from samedevice.harness.fidelity.crew import shared
from samedevice.harness.fidelity.process import Ended
from samedevice.harness.fidelity.row import Call, Ending, call_to_json, row_to_json


class Counting:
    """Answers two calls of each subject; all workers wait for each other once, so that each gets some."""

    def __init__(self, template, meeting, dies_at=None):
        self.template, self.meeting, self.dies_at = template, meeting, dies_at
        self.subjects = []
        self.closed = Event()

    def ask(self, request):
        if not self.subjects:
            self.meeting.wait(timeout=10)
        self.subjects.append(request["subject"])
        for placement in "ab":
            call = Call(subject=request["subject"], family="f", inputs="x", placement=placement)
            if call.key in request["done"]:
                continue
            yield {"begin": call_to_json(call)}
            if request["subject"] == self.dies_at:
                raise Ended("the process ended with signal 11")
            yield {"row": row_to_json(type(self.template)(call=call, outcome=self.template.outcome)), "spoiled": False}
        yield {"end": True}

    def close(self):
        self.closed.set()


@pytest.fixture
def crew(rows):
    """Makes workers that keep a list of themselves."""

    def make(size):
        meeting, made = Barrier(size), []

        def start():
            made.append(Counting(rows[0], meeting))
            return made[-1]

        return start, made

    return make


def requests(count):
    return [Request(subject=f"s{index}") for index in range(count)]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_every_row_comes_once(crew, size):
    start, made = crew(size)
    found = [(row.call.subject, row.call.placement) for row in shared(start, requests(20), size)]
    assert sorted(found) == sorted((f"s{index}", placement) for index in range(20) for placement in "ab")
    assert len(made) == size
    assert all(worker.subjects and worker.closed.is_set() for worker in made)


def test_rows_of_one_subject_keep_their_order(crew):
    start, _ = crew(3)
    found = [(row.call.subject, row.call.placement) for row in shared(start, requests(9), 3)]
    for index in range(9):
        assert [placement for subject, placement in found if subject == f"s{index}"] == ["a", "b"]


def test_whoever_stops_reading_ends_every_worker(crew):
    start, made = crew(3)
    rows = shared(start, requests(1000), 3)
    next(rows)
    rows.close()
    assert len(made) == 3
    assert all(worker.closed.is_set() for worker in made)


def test_a_worker_that_dies_costs_one_row(rows):
    def start():
        return Counting(rows[0], Barrier(1), dies_at="s3")

    found = list(shared(start, requests(6), 2))
    crashed = [row.call for row in found if row.outcome.ending is Ending.CRASHED]
    assert sorted({call.subject for call in crashed}) == ["s3"]
    assert len(found) == 12


def test_a_worker_that_cannot_be_started_is_an_error_here():
    def start():
        raise OSError("no more processes")

    with pytest.raises(OSError, match="no more processes"):
        list(shared(start, requests(3), 2))
