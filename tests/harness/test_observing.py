import pytest
import torch

from samedevice.harness.device import Device
from samedevice.harness.errors import NotChecked
from samedevice.harness.observing import observe, observe_or_skip, session, steps
from samedevice.harness.stage import standing
from samedevice.harness.virtual import virtual

CUDA = Device(kind="cuda", virtual=True)
MODEL = torch.nn.Module()


def mixes():
    stray = torch.ones(2)
    return torch.ones(2, device="cuda") + stray


def crashes():
    raise ValueError("bad shape")


def test_mismatches_become_findings_and_the_value_comes_back():
    with standing(CUDA):
        observed = observe(MODEL, mixes)
        assert observed.value.tolist() == [2, 2]
        (finding,) = observed.findings
        assert (finding.code, finding.subject) == ("SD201", "stray")
        assert finding.origin.line == mixes.__code__.co_firstlineno + 1
        assert finding.use.line == mixes.__code__.co_firstlineno + 2


def test_nothing_wrong_is_nothing_found():
    with standing(CUDA):
        observed = observe(MODEL, lambda: torch.ones(2, device="cuda") * 2)
        assert observed.value.is_cuda
        assert observed.findings == ()


def test_an_error_of_the_target_passes():
    with standing(CUDA), pytest.raises(ValueError, match="bad shape"):
        observe(MODEL, crashes)


def test_an_error_behind_a_mismatch_would_not_have_been_reached():
    with standing(CUDA):
        observed = observe(MODEL, lambda: (mixes(), crashes()))
        assert observed.value is None
        assert [finding.code for finding in observed.findings] == ["SD201"]


def test_a_device_that_raises_is_a_finding_with_the_programs_line():
    with virtual("cuda"):
        (finding,) = observe(MODEL, mixes).findings
    assert finding.code == "SD201"
    assert finding.use.line == mixes.__code__.co_firstlineno + 2
    assert finding.message.startswith(
        'RuntimeError at `return torch.ones(2, device="cuda") + stray`: Expected all tensors'
    )


def test_an_index_that_does_not_exist():
    with standing(CUDA):
        (finding,) = observe(MODEL, lambda: torch.ones(2).to("cuda:3")).findings
    assert finding.code == "SD206"


def test_what_fails_on_the_cpu_too_is_not_checked():
    with standing(CUDA):
        with pytest.raises(NotChecked, match="fails on the CPU too: ValueError: bad shape"):
            observe_or_skip(MODEL, crashes, crashes)
        with pytest.raises(ValueError, match="bad shape"):
            observe_or_skip(MODEL, crashes, lambda: None)


def test_the_session_and_its_phases():
    assert session() is None
    steps(None)
    with virtual("cuda"):
        assert session() is None
    with standing(CUDA) as stage:
        assert session() is stage
        before = stage.epoch
        steps(stage)
        assert stage.epoch == before + 1


def test_a_stray_that_took_another_ones_place_in_memory_is_found_too():
    class Fresh(torch.nn.Module):
        def forward(self, x):
            return x + torch.ones(3)

    with standing(CUDA):
        found = [observe(Fresh(), lambda: Fresh()(torch.ones(3, device="cuda"))).findings for _ in range(6)]
    assert [len(each) for each in found] == [1] * 6
