import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness import devices
from samedevice.harness.device import Device
from samedevice.harness.errors import UsageError


def on_a_machine_with(monkeypatch, **counts):
    monkeypatch.setattr(devices, "_count", lambda kind: {"cpu": 1, **counts}.get(kind, 0))


def test_plain_words_are_virtual_where_nothing_is_there(monkeypatch):
    on_a_machine_with(monkeypatch)
    assert devices.resolve("cpu") == Device(kind="cpu")
    assert devices.resolve("cuda") == Device(kind="cuda", virtual=True)
    assert devices.resolve("cuda:1") == Device(kind="cuda", index=1, virtual=True)
    assert devices.resolve("mps") == Device(kind="mps", virtual=True)
    assert devices.resolve("xpu") == Device(kind="xpu", virtual=True)


def test_a_second_card_is_virtual_where_there_is_one(monkeypatch):
    on_a_machine_with(monkeypatch, cuda=1)
    assert devices.resolve("cuda") == Device(kind="cuda")
    assert devices.resolve("cuda:1") == Device(kind="cuda", index=1, virtual=True)


def test_insisting(monkeypatch):
    on_a_machine_with(monkeypatch, cuda=1)
    assert devices.resolve("virtual:cuda") == Device(kind="cuda", virtual=True)
    assert devices.absence(devices.resolve("real:cuda")) is None
    assert devices.absence(devices.resolve("real:cuda:1")) == "no real cuda:1 on this machine"
    assert devices.absence(devices.resolve("real:mps")) == "no real mps:0 on this machine"
    assert devices.absence(devices.resolve("virtual:mps")) is None


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("gpu", "unknown device 'gpu': known are cpu, cuda, cuda:1, mps, xpu, each also as real:... or virtual:..."),
        ("cuda:x", "unknown device 'cuda:x': known are"),
        ("mps:1", "unknown device 'mps:1': there is only one mps"),
        ("virtual:cpu", "unknown device 'virtual:cpu': the CPU is always real"),
    ],
)
def test_unknown_words(word, message):
    with pytest.raises(UsageError) as caught:
        devices.resolve(word)
    assert str(caught.value).startswith(message)


@given(st.text(max_size=12))
def test_any_word_is_a_device_or_one_line(word):
    try:
        outcome = devices.resolve(word).kind
    except UsageError as error:
        outcome = str(error)
    assert outcome in devices.KINDS or (outcome.startswith("unknown device ") and len(outcome.splitlines()) == 1)


def test_each_device_once_in_their_order(monkeypatch):
    on_a_machine_with(monkeypatch)
    assert [d.name for d in devices.resolve_all(["mps", "cuda:0", "cpu", "cuda"])] == ["mps:0", "cuda:0", "cpu"]
    with pytest.raises(UsageError, match="no device is named"):
        devices.resolve_all([])


def test_split():
    assert devices.split(" cpu, cuda ,,mps") == ("cpu", "cuda", "mps")


@pytest.mark.parametrize(("word", "session"), [("cuda", ("cuda", 1)), ("cuda:2", ("cuda", 2)), ("mps", ("mps", 1))])
def test_virtual_sessions(word, session):
    assert devices.virtual_session(word) == session


@pytest.mark.parametrize("word", ["cpu", "mps:2", "cuda:0", "cuda:", "cuda:x", "", "tpu"])
def test_no_virtual_session(word):
    with pytest.raises(UsageError, match="unknown virtual device"):
        devices.virtual_session(word)


def test_requirements():
    virtual, real = Device(kind="cuda", virtual=True), Device(kind="cuda")
    assert devices.is_required_met("cuda", [virtual])
    assert devices.is_required_met("real:cuda", [virtual, real])
    assert not devices.is_required_met("real:cuda", [virtual])
    assert not devices.is_required_met("virtual:cuda", [real])
    assert not devices.is_required_met("cuda:1", [real])


@pytest.mark.parametrize("kind", ["cuda", "mps", "xpu"])
def test_a_standing_virtual_device_is_not_taken_for_real(kind):
    import samedevice

    before = devices.resolve(kind)
    with samedevice.virtual(kind), samedevice.virtual("cuda", count=2):
        assert devices.resolve(kind) == before
        assert devices.absence(Device(kind=kind)) == (f"no real {kind}:0 on this machine" if before.virtual else None)
    assert devices.resolve(kind) == before
