import sys

import pytest

from samedevice.harness.fidelity.placements import placements
from samedevice.harness.fidelity.programs import FILES, PROGRAMS
from samedevice.harness.fidelity.subjects import cases, is_picked, names, spread


def test_programs_are_named_without_the_operators():
    before = "torch.testing._internal.common_methods_invocations" in sys.modules
    found = names(("programs/*",))
    assert found == tuple(f"programs/{name}" for name in PROGRAMS)
    assert ("torch.testing._internal.common_methods_invocations" in sys.modules) is before


@pytest.mark.parametrize(
    ("pattern", "is_match"),
    [("ops/linalg.*", True), ("linalg.*", True), ("ops/*", True), ("linalg", False), ("programs/*", False)],
)
def test_patterns(pattern, is_match):
    assert is_picked("ops/linalg.norm", (pattern,)) is is_match
    assert is_picked("ops/linalg.norm", ("nothing", pattern)) is is_match
    assert is_picked("ops/linalg.norm", ())


def test_a_limit_spreads_evenly():
    assert spread("abcdefghij", 5) == tuple("acegi")
    assert spread("abc", 3) == spread("abc", None) == spread("abc", 9) == tuple("abc")


def test_a_program_is_one_case():
    family, found = cases("programs/scalars/where")
    (case,) = found
    assert (family, case.operands) == ("programs/scalars", ("condition", "yes", "no"))
    assert case.call(["cpu"] * 3).tolist() == [0.0, 1.0]


@pytest.mark.parametrize("subject", ["programs/scalars/nothing", "programs/nothing"])
def test_an_unknown_program_is_a_lookup_error(subject):
    with pytest.raises(LookupError, match="there is no"):
        cases(subject)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.__name__.rpartition(".")[2])
def test_every_program_is_listed_once(file):
    written = [
        value
        for name, value in vars(file).items()
        if getattr(value, "__module__", None) == file.__name__ and callable(value) and not name.startswith("_")
    ]
    assert list(file.PROGRAMS) == written
    assert len(PROGRAMS) == sum(len(file.PROGRAMS) for file in FILES)


# What they ask is whether an accelerator is there.
NEED_A_DEVICE = {
    "optimizers/adam_capturable",
    "surroundings/pinned",
    "surroundings/pinned_and_moved",
    "surroundings/pinned_at_birth",
}


@pytest.mark.parametrize("name", sorted(PROGRAMS.keys() - NEED_A_DEVICE))
@pytest.mark.filterwarnings("ignore")  # beta states, deprecations, pinning without a device: PyTorch's own
def test_every_program_is_legal_on_the_cpu(name):
    _, (case,) = cases(f"programs/{name}")
    case.call(["cpu"] * len(case.operands))
    assert placements(len(case.operands))
