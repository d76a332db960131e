"""Strategies for the nouns, so that `from_type(Report)` draws every report that a run could make."""

import pytest
from hypothesis import strategies as st

from samedevice.harness.device import Device
from samedevice.harness.environment import Environment
from samedevice.harness.finding import Finding, Location, Severity
from samedevice.harness.listing import Listing
from samedevice.harness.measure import Measure
from samedevice.harness.report import Report
from samedevice.harness.result import Result, Status

# What somebody may call a model, or what an error may say, to break the page that shows it.
HOSTILE = (
    "<script>alert(1)</script>",
    "</script><!--",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    "]]>",
    "&lt;&amp;&#0;",
    "\0\x1b[31m\x07",
    "\u202egnp.exe\u2066",
    "\u2028\u2029\u0085",
    "|a|b|",
    "`code` **bold** [link](javascript:x) ![x](y)",
    "::error file=x::%0A%",
    "a\r\n::stop-commands::x",
    "{0} {{1}} [a](1)",
    "\udcff",
    "../../etc/passwd",
    "C:\\models\\net.py",
    "file:///x y?#%",
    "\ufffe\uffff",
)
TEXT = st.one_of(st.text(max_size=40), st.sampled_from(HOSTILE))
DEVICES = st.one_of(
    st.just(Device(kind="cpu")),
    st.builds(Device, kind=st.sampled_from(["cuda", "mps", "xpu"]), index=st.integers(0, 3), virtual=st.booleans()),
)
NAMES = st.one_of(
    st.sampled_from(["forward_success", "forward_seconds", "tokens_per_second", "device_errors"]), st.text(min_size=1)
)
st.register_type_strategy(Device, DEVICES)
st.register_type_strategy(Measure, st.builds(Measure, name=NAMES, of=st.none() | st.integers(0, 10**6)))
st.register_type_strategy(Location, st.builds(Location, file=TEXT, line=st.integers(-1, 10**6)))
st.register_type_strategy(
    Finding,
    st.builds(
        Finding,
        code=st.from_regex(r"SD[1-8][0-9]{2}", fullmatch=True),
        message=TEXT,
        severity=st.sampled_from(Severity),
        subject=st.none() | TEXT,
        op=st.none() | TEXT,
        hint=st.none() | TEXT,
        origin=st.none() | st.from_type(Location),
        use=st.none() | st.from_type(Location),
    ),
)
st.register_type_strategy(
    Environment,
    st.builds(
        Environment,
        samedevice=st.none() | TEXT,
        torch=st.none() | TEXT,
        transformers=st.none() | TEXT,
        python=TEXT,
        platform=TEXT,
        git=st.none() | TEXT,
    ),
)
st.register_type_strategy(
    Result,
    st.builds(
        Result,
        target=TEXT,
        device=DEVICES,
        check=TEXT,
        suite=st.none() | TEXT,
        status=st.sampled_from(Status),
        reason=st.none() | TEXT,
        seconds=st.floats(),
        measures=st.lists(st.from_type(Measure), max_size=3).map(tuple),
        findings=st.lists(st.from_type(Finding), max_size=3).map(tuple),
        listing=st.none() | st.from_type(Listing),
    ),
)
st.register_type_strategy(
    Report,
    st.builds(
        Report, environment=st.from_type(Environment), cells=st.lists(st.from_type(Result), max_size=6).map(tuple)
    ),
)
st.register_type_strategy(
    Listing,
    st.integers(1, 3).flatmap(
        lambda width: st.builds(
            Listing,
            headers=st.tuples(*[st.text()] * width),
            rows=st.lists(st.tuples(*[st.text()] * width), max_size=3).map(tuple),
        )
    ),
)


@pytest.fixture
def cell():
    """A maker of results: a healthy one, but for what the test says."""

    def make(**fields):
        told = {"target": "rope", "device": Device(kind="cpu"), "check": "forward", "status": Status.PASS}
        return Result(**{**told, **fields})

    return make


@pytest.fixture
def report():
    """A maker of reports from results, in an environment that never changes."""
    environment = Environment(
        samedevice="0.1.0", torch="2.13.0", transformers="5.23.0", python="3.11.7", platform="Linux", git=None
    )

    def make(*cells):
        return Report(environment=environment, cells=cells)

    return make


@pytest.fixture
def hostile():
    """Words that would break a page which does not expect them."""
    return HOSTILE


NET = """import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.scale = torch.ones(4)  # a plain attribute: .to() does not see it

    def forward(self, x):
        return self.linear(x) * self.scale
"""


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """The working directory: a repository with `pkg/net.py`."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/net.py").write_text(NET)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def sample(repository, cell, report):
    """A report with something of everything: real and virtual, each status, each severity, rates, a listing."""
    cuda, mps = Device(kind="cuda", virtual=True), Device(kind="mps", virtual=True)
    net = str(repository / "pkg/net.py")
    mixed = Finding(
        code="SD201",
        message="`scale` is on cpu, expected cuda:0: Expected all tensors to be on the same device [aten::mul.Tensor]",
        subject="scale",
        op="aten::mul.Tensor",
        origin=Location(file=net, line=9),
        use=Location(file=net, line=12),
        hint='in `Net`: `self.register_buffer("scale", ..., persistent=False)`',
    )
    slow = Finding(
        code="SD301", severity=Severity.WARNING, message="100 % of a <mask> is copied, 3 times", use=mixed.use
    )
    note = Finding(code="SD738", severity=Severity.NOTE, message="weights.bin is a pickle", subject="weights.bin")
    counted = (Measure(name="forward_success", value=19, of=20), Measure(name="forward_seconds", value=0.0042))
    rules = (Measure(name="operators", value=8), Measure(name="derived_operators", value=2))
    listing = Listing(title="files of tensors", headers=("file", "bytes"), rows=(("model.safetensors", "33,792"),))
    net_cell = {"target": "pkg/net.py:Net", "suite": None}
    return report(
        cell(**net_cell, seconds=0.012, measures=(Measure(name="forward_seconds", value=0.001),)),
        cell(**net_cell, device=cuda, status=Status.FAIL, seconds=0.5, findings=(mixed, slow), measures=rules),
        cell(**net_cell, device=cuda, check="placement", status=Status.FAIL, seconds=0.25, findings=(mixed,)),
        cell(**net_cell, device=mps, status=Status.NOT_CHECKED, reason="no example inputs | say --inputs"),
        cell(target="rope", suite="math", check="simulation", seconds=1.5, measures=counted),
        cell(target="rope", suite="math", check="simulation", device=cuda, seconds=2.5, measures=counted),
        cell(target="alibi", suite="math", check="simulation", device=cuda, status=Status.ERROR, reason="OOM: 2\n<b>"),
        cell(target="run", check="audit", findings=(note,), listing=listing, seconds=0.125),
    )
