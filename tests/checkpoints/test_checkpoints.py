"""What an earlier release wrote is read by this one: every number, and the answers that follow from them."""

import importlib.util
from pathlib import Path

import pytest
import torch

from samedevice.harness.formats import Origin, named
from samedevice.harness.roundtrip.bits import same
from samedevice.harness.roundtrip.losses import losses
from samedevice.harness.roundtrip.quiet import poisoned, quiet
from samedevice.models.modeling_reasoner import MathReasonerForCausalLM

HERE = Path(__file__).parent
FOLDERS = sorted(folder for version in HERE.glob("[0-9]*") for folder in version.iterdir())


def writer():
    spec = importlib.util.spec_from_file_location("write_checkpoints", HERE / "write.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_it_loads_and_answers_as_it_did(folder):
    write = writer()
    expected = write.known()
    with quiet(), poisoned():
        origin = Origin(cls=MathReasonerForCausalLM, fresh=write.fresh)
        loaded = named(folder.name).load(folder, origin, "cpu").eval()
    assert losses(expected, loaded) == ()
    batch = {"input_ids": torch.tensor([[2, 3, 4, 5]]), "attention_mask": torch.ones(1, 4, dtype=torch.int64)}
    with torch.no_grad():
        assert same(loaded(**batch).logits, expected(**batch).logits)


def test_every_format_of_the_first_release_is_kept():
    assert {folder.name for folder in FOLDERS if folder.parent.name == "0.1.0"} == set(writer().FORMATS)
