from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import torch
from torch import nn

import samedevice
from samedevice.harness import engine
from samedevice.harness.check import Check
from samedevice.harness.device import Device
from samedevice.harness.finding import Severity
from samedevice.harness.hubtrip import served
from samedevice.harness.hubtrip import session as sessions
from samedevice.harness.hubtrip.journey import journey
from samedevice.harness.plan import Cell
from samedevice.harness.target import Target
from samedevice.suites.hub import SUITE, failures, hub, mixed, ways

CPU, CUDA = Device(kind="cpu"), Device(kind="cuda", virtual=True)
MIXIN = Target(name="mixin", build=mixed.build, inputs=mixed.inputs)
# One process pulls for all tests of this file: each that is started takes seconds.
KEY = "beside"


class Careless(mixed.Mixed):
    """Pushes file by file, and gives a model whatever happens."""

    def push_to_hub(self, repo_id, private=None, branch=None, token=None):
        from tempfile import TemporaryDirectory

        from huggingface_hub import HfApi

        api = HfApi(token=token)
        api.create_repo(repo_id, private=private, exist_ok=True)
        with TemporaryDirectory() as folder:
            self.save_pretrained(folder)
            for path in sorted(Path(folder).iterdir(), reverse=True):
                api.upload_file(path_or_fileobj=path, path_in_repo=path.name, repo_id=repo_id, revision=branch)

    @classmethod
    def from_pretrained(cls, repo_id, **options):
        try:
            return super().from_pretrained(repo_id, **options)
        except Exception:
            return cls()


def careless():
    return Careless().eval()


@pytest.fixture
def quick(monkeypatch):
    """Journeys with the shared reader."""
    monkeypatch.setattr(failures, "journey", lambda target, device: journey(target, device, key=KEY))
    monkeypatch.setattr(
        ways, "journey", lambda target, device, *, xet=True, key=KEY: journey(target, device, xet=xet, key=KEY)
    )


def asked(run, target=MIXIN, device=CPU):
    """The result of one cell."""
    check = Check(name="asked", title="", question="", run=run)
    return next(engine.run([Cell(target=target, device=device, check=check)]))


def measures(result):
    return {measure.name: (measure.value, measure.of) for measure in result.measures}


@pytest.mark.parametrize("device", [CPU, CUDA], ids=str)
def test_a_model_comes_back(device):
    result = asked(hub.beside, device=device)
    assert (result.status.value, result.reason) == ("pass", None)
    assert [finding.code for finding in result.findings] == (["SD612"] if device is CPU else [])
    assert measures(result)["bytes_from_the_hub"][0] > 1000


def test_a_plain_module_goes_as_a_folder():
    result = asked(hub.beside, Target(name="plain", build=plain, inputs=lambda: {"input": torch.ones(1, 4)}))
    assert (result.status.value, result.findings) == ("pass", ())


def test_a_model_of_another_hub_is_sent_as_it_is():
    target = Target(name="owner/name", build=lambda: plain(), inputs=fed, address=("owner/name", None))
    result = asked(hub.beside, target)
    assert (result.status.value, result.reason, result.findings) == ("pass", None, ())


def fed():
    return {"input": torch.ones(1, 4)}


def plain():
    return nn.Linear(4, 4)


def test_what_cannot_be_fed_is_not_passed():
    result = asked(hub.beside, Target(name="unfed", build=plain))
    assert (result.status.value, result.findings) == ("not-checked", ())
    assert "the state was compared, the answers were not: no inputs are known" in result.reason


def test_what_cannot_be_called_is_not_passed():
    result = asked(hub.beside, Target(name="wrong", build=plain, inputs=wrong))
    assert result.status.value == "not-checked"
    assert "the model cannot be called" in result.reason


def wrong():
    return {"input": torch.ones(1, 5)}


def test_without_the_extra_it_is_not_checked(monkeypatch):
    monkeypatch.setattr(sessions, "_OPEN", [])
    monkeypatch.setattr(served, "find_spec", lambda name: None)
    for check in SUITE.checks:
        result = asked(check.run)
        assert result.status.value == "not-checked"
        assert "pip install 'samedevice[hub]'" in result.reason


def test_what_the_local_hub_does_not_know_is_not_passed():
    def run(target, device):
        with journey(target, device, key=KEY) as trip, pytest.raises(HTTPError, match="501"):
            urlopen(f"{trip.session.endpoint}/api/no-such-thing", timeout=10)
        yield from ()

    result = asked(run)
    assert result.status.value == "not-checked"
    assert "does not know what the client asked: GET /api/no-such-thing" in result.reason


def test_every_way_there_is(quick):
    result = asked(ways.every)
    assert (result.status.value, result.findings) == ("pass", ())
    assert measures(result)["ways"] == (8, 8)


def test_by_lfs_the_content_store_is_not_asked(quick):
    mark = sessions.session().mark()
    result = asked(ways.by_lfs)
    assert (result.status.value, result.findings) == ("pass", ())
    answered = sessions.session().since(mark)
    assert {one["origin"] for one in answered} <= {"hub", "cdn"}


def test_refusals_raise_and_say_why(quick):
    result = asked(failures.refusals)
    assert (result.status.value, result.findings) == ("pass", ())
    assert measures(result)["refusals_that_say_why"] == (7, 7)


def test_a_class_that_gives_a_model_whatever_happens(quick):
    found = asked(failures.refusals, Target(name="careless", build=careless, inputs=mixed.inputs)).findings
    texts = [finding.message for finding in found if finding.code == "SD611"]
    for words in ("revision", "a token", "a repository", "another account", "is gone from the repository"):
        assert any(words in text for text in texts), words


@pytest.mark.parametrize("run", [failures.interrupted, failures.death])
def test_nothing_is_half_done(quick, run):
    result = asked(run)
    assert (result.status.value, result.reason, result.findings) == ("pass", None, ())


def test_a_push_in_pieces_is_told(quick):
    target = Target(name="careless", build=careless, inputs=mixed.inputs)
    found = asked(hub.beside, target).findings
    assert Severity.WARNING in {finding.severity for finding in found if finding.code == "SD609"}


@pytest.mark.parametrize("check", [check for check in SUITE.checks if check.name != "hub"], ids=lambda c: c.name)
def test_what_no_device_changes_is_asked_on_the_cpu(check):
    assert asked(check.run, device=CUDA).status.value == "not-checked"


NET = """
import torch
from torch import nn

def make():
    return nn.Linear({width}, 2).eval()

def inputs():
    return {{"input": torch.ones(1, {width})}}
"""


def test_a_file_is_found_from_where_the_check_stands_now(tmp_path, monkeypatch):
    for width in (3, 5):  # the client of the first may be there before, and goes on with the second
        folder = tmp_path / str(width)
        folder.mkdir()
        (folder / "net.py").write_text(NET.format(width=width))
        monkeypatch.chdir(folder)
        (cell,) = samedevice.check("net.py:make", devices=["cpu"], checks=["hub"]).cells
        assert (cell.status.value, cell.findings) == ("pass", ())
