"""The directories that our models leave are checked and audited like anyone's: by name, and clean."""

import subprocess
import sys

import pytest

from samedevice.harness.cli import main
from samedevice.models import targets

FAMILIES = {
    "rope_gpt2": "MathReasonerForCausalLM",
    "alibi_gpt_neox": "MathReasonerForCausalLM",
    "memxlnet": "MemXLNetForQA",
    "gmmxlnet_read_2": "GMMXLNetForQA",
    "diffusion_tiny": "BijectiveDiffusionForDenoising",
}
LOAD = """
import sys
from samedevice.harness import loading
for folder in sys.argv[1:]:
    print(type(loading.target(folder).build()).__name__)
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where each model was saved."""
    root = tmp_path_factory.mktemp("kept")
    for name in FAMILIES:
        getattr(targets, name)().save_pretrained(root / name)
    return root


def test_a_process_that_never_heard_of_them_loads_them(kept):
    command = [sys.executable, "-c", LOAD, *(str(kept / name) for name in FAMILIES)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == list(FAMILIES.values())


@pytest.mark.parametrize("name", FAMILIES)
def test_check_and_audit_find_nothing(name, kept, capsys):
    words = [str(kept / name), "--devices", "cpu,cuda", "--checks", "placement,forward,backward"]
    words += ["-j", "0"]  # what is asked is asked of the checkpoint: a process for each would cost its imports
    assert main(["check", *words]) == 0
    told = capsys.readouterr().out
    assert "CLEAN: 6 cells (3 real, 3 virtual): 6 pass; no findings." in told
    assert main(["audit", str(kept / name)]) == 0
    assert "CLEAN: 1 cell (1 real): 1 pass; no findings." in capsys.readouterr().out
