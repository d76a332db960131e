"""The peak memory of training steps on a virtual CUDA device, beside what an H200 measured.

python benchmarks/memory.py                                  # virtual, against benchmarks/memory_h200.json
python benchmarks/memory.py --record cuda-of-yours.json      # on a machine with a GPU
"""

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from tabulate import tabulate
from torch import nn
from transformers import (
    BertConfig,
    BertForMaskedLM,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
)
from transformers.utils import logging

import samedevice

RECORDED = Path(__file__).with_name("memory_h200.json")
BATCH, LENGTH = 2, 128
LLAMA = {"hidden_size": 512, "intermediate_size": 1376, "num_hidden_layers": 6, "num_attention_heads": 8}
MODELS: dict[str, Callable[[], nn.Module]] = {
    "gpt2-small": lambda: GPT2LMHeadModel(GPT2Config(use_cache=False, attn_implementation="eager")),
    "gpt2-small sdpa": lambda: GPT2LMHeadModel(GPT2Config(use_cache=False)),
    "llama 6 layers": lambda: LlamaForCausalLM(LlamaConfig(**LLAMA, vocab_size=32000, use_cache=False)),
    "bert-base": lambda: BertForMaskedLM(BertConfig()),
}


def steps(make: Callable[[], nn.Module], half: bool) -> Iterator[int]:
    """The peak bytes of two training steps in a row, above what was there before the model."""
    torch.manual_seed(0)
    torch.cuda.empty_cache()
    base = torch.cuda.memory_allocated()
    model = make().to("cuda").train()
    optimizer = torch.optim.AdamW(model.parameters(), foreach=False)
    ids = torch.randint(0, model.config.vocab_size, (BATCH, LENGTH), device="cuda")
    for _ in range(2):
        torch.cuda.reset_peak_memory_stats()
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=half):
            loss = model(input_ids=ids, labels=ids).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        del loss
        yield torch.cuda.max_memory_allocated() - base


def measured() -> dict[str, list[int]]:
    """The peaks of every model in both precisions."""
    return {
        f"{name}, {'bf16 autocast' if half else 'fp32'}": list(steps(make, half))
        for name, make in MODELS.items()
        for half in (False, True)
    }


def main() -> None:
    """Record, or compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", metavar="FILE")
    options = parser.parse_args()
    logging.set_verbosity_error()
    if options.record:
        held = {"device": torch.cuda.get_device_name(), "torch": torch.__version__, "peaks": measured()}
        Path(options.record).write_text(json.dumps(held, indent=1) + "\n")
        return
    real = json.loads(RECORDED.read_text())
    with samedevice.virtual("cuda"):
        virtual = measured()
    rows = [
        [name, step, there / 2**20, here / 2**20, here / there]
        for name in virtual
        for step, (there, here) in enumerate(zip(real["peaks"][name], virtual[name], strict=True), 1)
    ]
    print(f"peak MiB of a training step of {BATCH} x {LENGTH} tokens, {real['device']} against virtual")
    print(
        tabulate(
            rows, headers=["model", "step", "real", "virtual", "ratio"], floatfmt=(*["s"] * 2, ".1f", ".1f", ".3f")
        )
    )


if __name__ == "__main__":
    main()
