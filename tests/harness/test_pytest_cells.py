import json

import pytest

from samedevice.harness import catalog

pytest_plugins = ["pytester"]

NET = """
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(4, 4)
            self.scale = torch.ones(4)

        def forward(self, x):
            return self.linear(x) * self.scale.to(x.device)

    class Stray(Net):
        def forward(self, x):
            return self.linear(x) * self.scale

    class Crash(Net):
        def forward(self, x):
            raise ValueError("no")

    class Talk(Net):
        def forward(self, words: str):
            return torch.ones(len(words.upper()))

    def inputs():
        return {"x": torch.ones(2, 4)}
"""


@pytest.fixture(scope="module")
def imported():
    """Torch and all are imported before pytester looks, which forgets what a run inside it has imported."""
    catalog.checks()


@pytest.fixture
def run(imported, pytester):
    pytester.makepyfile(net=NET)
    pytester.syspathinsert()

    def of(suite, *words):
        imports = "from net import Crash, Net, Stray, Talk, inputs\nfrom samedevice.suites import ModelSuite"
        pytester.makepyfile(test_net=f"{imports}\n\nsuite = ModelSuite({suite})\n")
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-rs", "-v", *words)

    return of


TWO = "inputs=inputs, checks=['placement', 'forward'], devices=['cpu', 'cuda']"


def test_each_cell_is_a_test(run):
    done = run(f"Net, {TWO}")
    done.assert_outcomes(passed=4)
    done.stdout.fnmatch_lines(["test_net.py::suite::forward[[]cuda:0[]] PASSED*", "CLEAN: 4 cells*"])


def test_a_finding_fails_its_test_with_its_words(run):
    done = run(f"Stray, {TWO}")
    done.assert_outcomes(passed=2, failed=2)
    done.stdout.fnmatch_lines(
        [
            "*suite::forward[[]cuda:0[]]*",
            "Stray: forward on cuda:0 (virtual)",
            "SD201 error: `scale` is on cpu, expected cuda:0*",
            "    *net.py:8",
            "    *net.py:15",
            '    in `Stray`: `self.register_buffer("scale"*',
            "FAILED: 4 cells*",
        ]
    )


def test_a_crash_fails_its_test_with_its_reason(run):
    done = run("Crash, inputs=inputs, checks=['forward'], devices=['cpu']")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["Crash: forward on cpu (real)", "ValueError: no*"])


def test_what_does_not_apply_or_was_not_checked_is_skipped_with_the_reason(run):
    done = run("Talk, checks=['forward'], devices=['cpu', 'real:cuda:7']")
    done.assert_outcomes(skipped=2)
    done.stdout.fnmatch_lines(["*cannot be fed: *", "*no real cuda:7 on this machine*"])
    every = run("Net, inputs=inputs, devices=['cpu']")
    every.stdout.fnmatch_lines(["*generate does not apply to Net*"])


def test_devices_of_the_command_line_narrow_it(run):
    run(f"Net, {TWO}", "--devices", "cuda,mps").assert_outcomes(passed=2)
    run(f"Net, {TWO}", "--devices", "mps").assert_outcomes()


def test_keywords_and_xdist_work_as_for_any_test(run, pytester):
    run(f"Net, {TWO}", "-k", "placement").assert_outcomes(passed=2, deselected=2)
    done = run(f"Stray, {TWO}", "-n", "2", "--samedevice-json", "out.json")
    done.assert_outcomes(passed=2, failed=2)
    report = json.loads((pytester.path / "out.json").read_text())
    assert report["summary"] == {"pass": 2, "fail": 2, "error": 0, "not-checked": 0}


@pytest.mark.parametrize(
    ("suite", "message"),
    [
        ("Net, checks=['forwards']", "suite: unknown check 'forwards'*"),
        ("Net, devices=['gpu']", "suite: unknown device 'gpu'*"),
    ],
)
def test_wrong_words_are_collection_errors_of_one_line(run, suite, message):
    done = run(suite)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines([message])
    assert "Traceback" not in done.stdout.str()
