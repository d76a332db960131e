"""Workers that follow a script, so that every way to die can be tried."""

import pytest

from samedevice.harness.fidelity.asking import Omission, Request, answers
from samedevice.harness.fidelity.process import Ended
from samedevice.harness.fidelity.row import Call, Ending, call_to_json, row_to_json


class Scripted:
    """Runs the calls a, b, c of any subject; dies, spoils itself or omits where the script says."""

    started: list["Scripted"]

    def __init__(self, script, rows):
        self.script = script
        self.template = rows[0]
        self.asked = []
        self.is_closed = False

    def ask(self, request):
        self.asked.append(request)
        fate = self.script.pop(("start", request["subject"]), None)
        if fate == "dies":
            raise Ended("the process ended with exit status 1")
        if fate:
            yield {"end": True, "omitted": fate}
            return
        for placement in "abc":
            call = Call(subject=request["subject"], family="f", inputs="x", placement=placement)
            if call.key in request["done"]:
                continue
            yield {"begin": call_to_json(call)}
            fate = self.script.pop((placement, request["subject"]), None)
            if fate == "dies":
                raise Ended("the process ended with signal 11")
            row = type(self.template)(call=call, outcome=self.template.outcome)
            yield {"row": row_to_json(row), "spoiled": fate == "spoils"}
            if fate == "spoils":
                raise AssertionError("nobody listens to a spoiled worker")
        yield {"end": True}

    def close(self):
        self.is_closed = True


@pytest.fixture
def asked(rows):
    """Asks about subjects under a script: what came, in words, and the workers it took."""

    def ask(script, *requests):
        workers = []

        def start():
            workers.append(Scripted(script, rows))
            return workers[-1]

        found = []
        for one in answers(start, requests):
            if isinstance(one, Omission):
                found.append(f"{one.subject} omitted: {one.reason}")
            else:
                crash = f" {one.outcome.message}" if one.outcome.ending is Ending.CRASHED else ""
                found.append(f"{one.call.subject} {one.call.placement}{crash}")
        assert all(worker.is_closed for worker in workers)
        assert script == {}
        return found, workers

    return ask


S, T = Request(subject="s"), Request(subject="t")


def test_one_worker_answers_all(asked):
    found, workers = asked({}, S, T)
    assert found == ["s a", "s b", "s c", "t a", "t b", "t c"]
    assert len(workers) == 1


def test_a_crash_costs_one_row(asked):
    found, workers = asked({("b", "s"): "dies"}, S, T)
    assert found == ["s a", "s b the process ended with signal 11", "s c", "t a", "t b", "t c"]
    assert len(workers) == 2
    assert len(workers[1].asked[0]["done"]) == 2


def test_a_spoiled_device_costs_none(asked):
    found, workers = asked({("a", "s"): "spoils", ("c", "s"): "spoils"}, S, T)
    assert found == ["s a", "s b", "s c", "t a", "t b", "t c"]
    assert len(workers) == 3


def test_a_worker_that_dies_before_a_row_costs_the_subject(asked):
    found, workers = asked({("start", "s"): "dies"}, S, T)
    assert found == ["s omitted: the process ended with exit status 1", "t a", "t b", "t c"]
    assert len(workers) == 2


def test_what_cannot_be_made_is_omitted(asked):
    found, workers = asked({("start", "s"): "LookupError: there is no s here"}, S, T)
    assert found == ["s omitted: LookupError: there is no s here", "t a", "t b", "t c"]
    assert len(workers) == 1


def test_what_is_wanted_and_done_is_passed_on(asked):
    _, (worker,) = asked({}, Request(subject="s", wanted=frozenset({"b", "a"}), done=frozenset({"z"})))
    assert worker.asked == [{"subject": "s", "wanted": ["a", "b"], "done": ["z"]}]
