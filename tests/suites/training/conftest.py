import pytest

from samedevice.suites.training.diffusion_options import DiffusionOptions

TINY = {
    "hidden_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_timesteps": 4,
    "length": 16,
    "stride": 16,
    "batch_size": 2,
    "batches_per_epoch": 4,
    "epochs": 2,
    "learning_rate": 1e-2,
    "warmup_steps": 0,
    "validation_passes": 1,
    "plot": False,
}


@pytest.fixture
def tiny():
    """The options of a training of 8 steps."""
    return lambda folder, **changes: DiffusionOptions(output_dir=str(folder), **{**TINY, **changes})
