import json
import subprocess
import sys

import pytest
import torch

from samedevice.harness import catalog
from samedevice.harness.check import Check

pytest_plugins = ["pytester"]

MIXES = """
    import pytest
    import torch

    pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
    assert torch.cuda.device_count() in (0, 2)

    def test_one_device():
        x = torch.ones(2, device="cuda:1")
        assert (x + x).device == torch.device("cuda:1")

    def test_two_devices():
        torch.nn.Linear(2, 2).cuda()(torch.ones(1, 2))
"""

DEVICES = """
    import pytest
    import torch

    def test_lives(device):
        assert str(torch.nn.Linear(2, 2).to(device).weight.device) == device

    @pytest.mark.devices("cuda", "mps")
    def test_marked(device):
        with pytest.raises(RuntimeError, match="same device|on CPU|on MPS"):
            torch.nn.Linear(2, 2).to(device)(torch.ones(1, 2))
"""

CHECKS = """
    from torch import nn

    def test_first(samedevice):
        assert samedevice.check(nn.Identity, devices=["cpu"]).ok

    def test_second(samedevice):
        report = samedevice.check(nn.Identity, devices=["cpu"], inputs={"input": 1})
        assert [cell.check for cell in report.cells] == ["forward"]
"""


def passes(target, device):
    target.build()
    yield from ()


def as_table(report):
    return f"table of {len(report.cells)} cells"


def as_json(report):
    return json.dumps([cell.target for cell in report.cells])


PASSES = Check(name="forward", title="", question="", run=passes)


@pytest.fixture
def fakes(monkeypatch):
    """Our own doors without our own checks and renderers."""
    monkeypatch.setattr(catalog, "checks", lambda names=(): (PASSES,))
    monkeypatch.setattr(catalog, "renderer", {"table": as_table, "json": as_json}.__getitem__)


def outcome_of(pytester, text, *words):
    pytester.makepyfile(text)
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", *words)


@pytest.mark.skipif(torch.cuda.is_available(), reason="shows what a machine without CUDA does")
def test_without_virtual_the_gate_is_shut(pytester):
    outcome_of(pytester, MIXES).assert_outcomes(skipped=2)


def test_virtual_opens_the_gates_and_refuses_mixes(pytester):
    before = torch.cuda.is_available(), torch.cuda.device_count()
    result = outcome_of(pytester, MIXES, "--virtual", "cuda:2")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*RuntimeError: Expected all tensors to be on the same device*"])
    assert (torch.cuda.is_available(), torch.cuda.device_count()) == before


def test_conftests_see_the_virtual_device_too(pytester):
    pytester.makeconftest("import torch\nTHERE = torch.backends.mps.is_available()\nassert THERE")
    outcome_of(pytester, "def test_it():\n    pass", "--virtual", "mps").assert_outcomes(passed=1)


def test_virtual_under_xdist(pytester):
    pytester.makepyfile(MIXES)
    pytester.runpytest_subprocess("-n", "2", "--virtual", "cuda:2").assert_outcomes(passed=1, failed=1)


def test_the_fixture_device_is_the_cpu_by_default_and_the_marker_replaces_it(pytester):
    result = outcome_of(pytester, DEVICES, "-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*test_lives[[]cpu[]] PASSED*", "*test_marked[[]cuda[]] PASSED*"])


def test_the_fixture_device_goes_through_devices(pytester):
    result = outcome_of(pytester, DEVICES, "-v", "--devices", "cpu,cuda:1,mps")
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["*test_lives[[]cuda:1[]] PASSED*", "*test_marked[[]mps[]] PASSED*"])


def test_an_absent_real_device_is_skipped_with_the_reason(pytester):
    result = outcome_of(pytester, "def test_it(device):\n    pass", "--devices", "real:xpu:9", "-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*no real xpu:9 on this machine"])


def test_a_projects_own_device_is_left_alone(pytester):
    pytester.makeconftest("import pytest\n\n@pytest.fixture\ndef device():\n    return 'mine'")
    text = """
        import pytest

        def test_own(device):
            assert device == "mine"

        @pytest.mark.parametrize("device", ["a", "b"])
        def test_own_parameters(device):
            assert device in "ab"
    """
    outcome_of(pytester, text, "--devices", "cpu,cuda").assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--virtual", "gpu"], "*argument --virtual: unknown virtual device 'gpu': give cuda, cuda:N*"),
        (["--devices", "cpu,gpu"], "*argument --devices: unknown device 'gpu': known are *"),
        (["--samedevice-json", "/no/such/folder/f"], "*argument --samedevice-json: cannot write /no/such/folder/f: *"),
    ],
)
def test_wrong_words_are_usage_errors(pytester, words, message):
    result = outcome_of(pytester, "def test_it():\n    pass", *words)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])


def test_a_wrong_marker_is_an_error(pytester):
    text = "import pytest\n\n@pytest.mark.devices('gpu')\ndef test_it(device):\n    pass"
    result = outcome_of(pytester, text)
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*marker devices: unknown device 'gpu'*"])


def test_reports_are_printed_and_written_at_the_end(pytester, fakes):
    result = outcome_of(pytester, CHECKS, "--samedevice-json", "out.json")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*= samedevice =*", "table of 2 cells", "*2 passed*"])
    assert json.loads((pytester.path / "out.json").read_text()) == ["Identity", "Identity"]


def test_reports_of_xdist_workers_are_merged(pytester):
    pytester.makeconftest("""
        import json
        from samedevice.harness import catalog
        from samedevice.harness.check import Check

        def passes(target, device):
            yield from ()

        catalog.checks = lambda names=(): (Check(name="forward", title="", question="", run=passes),)
        render = {"table": lambda report: f"table of {len(report.cells)} cells",
                  "json": lambda report: json.dumps([cell.target for cell in report.cells])}
        catalog.renderer = render.__getitem__
    """)
    pytester.makepyfile(CHECKS)
    result = pytester.runpytest_subprocess("-n", "2", "--dist", "each", "--samedevice-json", "out.json")
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["table of 4 cells"])
    assert json.loads((pytester.path / "out.json").read_text()) == ["Identity"] * 4


def test_a_run_without_reports_prints_no_table(pytester):
    result = outcome_of(pytester, "def test_it(device):\n    pass")
    result.stdout.no_fnmatch_line("*= samedevice =*")


def test_the_plugin_imports_neither_torch_nor_transformers(pytester):
    pytester.makepyfile("""
        import sys

        def test_it(pytestconfig):
            assert pytestconfig.pluginmanager.has_plugin("samedevice_devices")
            assert not {"torch", "transformers"} & set(sys.modules)
    """)
    pytester.runpytest_subprocess("-p", "no:hypothesispytest").assert_outcomes(passed=1)


def test_importing_it_costs_neither_as_well():
    text = "import sys, samedevice.harness.pytest_plugin; print({'torch', 'transformers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "set()\n"
