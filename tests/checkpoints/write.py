"""Write the checkpoints of a release, one folder for each format: `python tests/checkpoints/write.py 0.1.0`.

Once, before the release; what an earlier one wrote is never written again. Every number follows from its place, so that
no random generator is needed to know it.
"""

import sys
from pathlib import Path

import torch

from samedevice.harness.formats import named
from samedevice.harness.roundtrip.quiet import quiet
from samedevice.models.configuration_reasoner import MathReasonerConfig
from samedevice.models.modeling_reasoner import MathReasonerForCausalLM

FORMATS = ("state_dict", "safetensors", "pretrained", "sharded", "distributed")
SIZES = {"hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 1, "vocab_size": 16}


def fresh():
    """A small reasoner with random weights."""
    text = {**SIZES, "n_positions": 16, "bos_token_id": None, "eos_token_id": 1, "pad_token_id": 0}
    config = MathReasonerConfig(backbone="gpt2", position_encoding="math_adaptive", text_config=text)
    return MathReasonerForCausalLM(config).eval()


def known():
    """The same with the numbers that were written."""
    model = fresh()
    with torch.no_grad():
        for number, parameter in enumerate(model.parameters()):
            places = torch.arange(parameter.numel(), dtype=torch.float64).reshape(parameter.shape)
            parameter.copy_(torch.frac(places * 0.618 + number * 0.377) - 0.5)
    return model


def main(version):
    """Write the folders of a version."""
    for name in FORMATS:
        folder = Path(__file__).parent / version / name
        folder.mkdir(parents=True)
        with quiet():
            named(name).save(known(), folder)


if __name__ == "__main__":
    main(sys.argv[1])
