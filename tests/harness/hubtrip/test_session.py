import pytest

from samedevice.harness.device import Device
from samedevice.harness.errors import NotChecked
from samedevice.harness.hubtrip import place, served
from samedevice.harness.hubtrip import session as sessions
from samedevice.harness.hubtrip.journey import journey
from samedevice.harness.target import Target
from samedevice.suites.hub import mixed

TARGET = Target(name="mixin", build=mixed.build, inputs=mixed.inputs)


@pytest.fixture(scope="module")
def elsewhere():
    """A Hub that the session did not start: it stands for the real one."""
    one = served.serve()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def real(elsewhere):
    """A session of `--hub real`, with the account of bob."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(place.VARIABLE, "real")
        patch.setenv("HF_TOKEN", elsewhere.users["bob"]["write"])
        patch.setenv("HF_ENDPOINT", elsewhere.endpoint)
        patch.setattr(sessions, "_OPEN", [])
        yield sessions.session()
        sessions.close()


def test_the_same_trip_goes_to_a_hub_that_is_not_ours(real, elsewhere):
    with journey(TARGET, Device(kind="cpu")) as trip, real.repository(pusher=trip.pusher) as repo:
        assert repo.startswith("bob/samedevice-")
        assert real.since(real.mark()) is None
        first = trip.push(repo)
        pulled = trip.pull(repo, first)
        assert pulled["said"]["state"] == first["said"]["state"]
        assert "model.safetensors" in pulled["cached"]
        assert trip.pusher.ask("look", repo=repo, token=None)["private"]
    assert "error" in trip.pusher.ask("look", repo=repo, token=None)


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_the_repository_goes_after_an_exception_too(real, error):
    with pytest.raises(error), journey(TARGET, Device(kind="cpu")) as trip, real.repository(pusher=trip.pusher) as repo:
        raise error(trip.push(repo)["head"])
    assert "error" in trip.pusher.ask("look", repo=repo, token=None)
    assert trip.pusher.owed == []


def test_a_client_whose_asker_is_gone_removes_what_it_made(real, elsewhere):
    with journey(TARGET, Device(kind="cpu")) as trip:
        real.user = "bob"
        trip.pusher.owed.append("bob/left-behind")
        trip.push("bob/left-behind")
        trip.pusher.close()
        other = real.client(real.writes)
        assert "RepositoryNotFoundError" in other.ask("look", repo="bob/left-behind", token=None)["error"]["kinds"]
        other.close()
        trip.pusher.broken = "it was closed"


def test_a_repository_of_a_client_that_broke_is_removed_by_another(real):
    with journey(TARGET, Device(kind="cpu")) as trip, real.repository(pusher=trip.pusher) as repo:
        trip.push(repo)
        trip.pusher.process.kill()
        with pytest.raises(NotChecked, match="a client of the Hub ended in its push with -9"):
            trip.push(repo)
    with journey(TARGET, Device(kind="cpu")) as again:
        assert again.pusher is not trip.pusher
        assert "error" in again.pusher.ask("look", repo=repo, token=None)


def test_a_token_that_is_wrong_is_a_reason(real, monkeypatch):
    monkeypatch.setattr(real, "user", "")
    wrong = real.client("hf_wrong")
    with pytest.raises(NotChecked, match=r"does not take the token: .*Invalid user token"):
        real.repository(pusher=wrong).__enter__()
    wrong.close()


def test_a_target_that_does_not_build_there_is_a_reason(real):
    def fails():
        raise ValueError("no such weights")

    target = Target(name="fails", build=fails)
    with pytest.raises(ValueError, match="no such weights"), journey(target, Device(kind="cpu")):
        pass
    away = Target(name="away", build=lambda: None, address=("samedevice.suites.hub.mixed:nothing", None))
    with (
        pytest.raises(NotChecked, match=r"could not be built in another process: .*nothing"),
        journey(away, Device(kind="cpu")),
    ):
        pass
