"""The models of this package as targets of the harness: recipes with fixed weights and fixed inputs.

On the command line: `samedevice.models.targets:rope_gpt2` and `samedevice.models.targets:rope_gpt_neox` are small
reasoners, `samedevice.models.targets:rope --inputs samedevice.models.targets:rope.inputs` is an encoding alone;
`samedevice.models.targets:memxlnet` and `samedevice.models.targets:gmmxlnet_read_4` read a document with a memory;
`diffusion_tiny`, `diffusion` (of its default size) and `diffusion_loss` (small, with its corruptor) are the bijective
diffusion model. Each name is a factory without arguments, and its `inputs` attribute the factory of its inputs.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from ..harness.target import Target
from . import tiny_memxlnet
from .backbones import BACKBONES
from .configuration_reasoner import MathReasonerConfig
from .diffusion import (
    BijectiveDiffusionConfig,
    BijectiveDiffusionForDenoising,
    NoiseScheduler,
    create_device_aware_corruptor,
)
from .diffusion.objective import DenoisingObjective
from .encodings import ENCODINGS
from .modeling_reasoner import MathReasonerForCausalLM
from .tokenizer import BYTE_VOCABULARY, END_TOKEN_ID, PAD_TOKEN_ID

HIDDEN_SIZE, NUM_HEADS, NUM_LAYERS = 64, 4, 2
BATCH, LENGTH, PADDING = 2, 12, 4
SEED = 0


def encoding_target(name: str) -> Target:
    """One encoding of `ENCODINGS` alone; its inputs are those of its place."""
    return Target(name=name, build=partial(_build_encoding, name), inputs=partial(_encoding_inputs, name))


def reasoner_target(name: str, backbone: str) -> Target:
    """A reasoner of 2 layers, width 64, 4 heads and byte vocabulary; one of its two inputs is padded on the left."""
    return Target(name=f"{name}_{backbone}", build=partial(_build_reasoner, name, backbone), inputs=_reasoner_inputs)


def encoding_targets() -> tuple[Target, ...]:
    """Every encoding alone, in the order of the table."""
    return tuple(encoding_target(name) for name in ENCODINGS)


def reasoner_targets() -> tuple[Target, ...]:
    """Every encoding on every backbone."""
    return tuple(reasoner_target(name, backbone) for name in ENCODINGS for backbone in BACKBONES)


def diffusion_targets() -> tuple[Target, ...]:
    """The diffusion model alone, of 2 blocks and width 64 and at its default size, and the small one with its loss."""
    return (
        Target(name="diffusion_tiny", build=_build_diffusion, inputs=_diffusion_inputs),
        Target(name="diffusion", build=partial(_build_diffusion, BijectiveDiffusionConfig()), inputs=_diffusion_inputs),
        Target(name="diffusion_loss", build=_build_diffusion_loss, inputs=_diffusion_loss_inputs),
    )


def tiny_diffusion_config(**options: Any) -> BijectiveDiffusionConfig:
    """The configuration of the small diffusion models; weights five times the usual size, as in `tiny_config`."""
    sizes = {"hidden_size": HIDDEN_SIZE, "num_attention_heads": NUM_HEADS, "num_hidden_layers": NUM_LAYERS}
    return BijectiveDiffusionConfig(**{**sizes, "num_timesteps": 8, "initializer_range": 0.1, **options})


def memory_target(name: str) -> Target:
    """A memory XLNet of 2 layers and width 32, by its name in `tiny_memxlnet.variants()`; it reads a second segment."""
    experts, routing_mode = tiny_memxlnet.variants()[name]
    return Target(
        name=name,
        build=partial(_seeded, partial(tiny_memxlnet.build, experts, routing_mode)),
        inputs=partial(tiny_memxlnet.second_segment, experts),
    )


def memory_targets() -> tuple[Target, ...]:
    """The memory XLNet, and the mixtures of 1, 2, 4 and 8 memories with either routing."""
    return tuple(memory_target(name) for name in tiny_memxlnet.variants())


def tiny_config(name: str, backbone: str) -> MathReasonerConfig:
    """The configuration of the small reasoners.

    Weights five times the usual size: at the usual one a random GPT-2 repeats its last token whatever the
    positions, and a comparison of generated tokens would be blind to them.
    """
    sizes = {"hidden_size": HIDDEN_SIZE, "num_attention_heads": NUM_HEADS, "num_hidden_layers": NUM_LAYERS}
    tokens = {"bos_token_id": None, "eos_token_id": END_TOKEN_ID, "pad_token_id": PAD_TOKEN_ID}
    if backbone == "gpt_neox":
        sizes["intermediate_size"] = 4 * HIDDEN_SIZE
    return MathReasonerConfig(
        backbone=backbone,
        position_encoding=name,
        text_config={**sizes, **tokens, "vocab_size": BYTE_VOCABULARY, "initializer_range": 0.1},
    )


def _build_encoding(name: str) -> nn.Module:
    method = ENCODINGS[name]
    return _seeded(partial(method.build, hidden_size=HIDDEN_SIZE, num_heads=NUM_HEADS))


def _build_reasoner(name: str, backbone: str) -> nn.Module:
    return _seeded(lambda: MathReasonerForCausalLM(tiny_config(name, backbone)))


def _build_diffusion(config: BijectiveDiffusionConfig | None = None) -> nn.Module:
    return _seeded(lambda: BijectiveDiffusionForDenoising(config or tiny_diffusion_config()))


def _build_diffusion_loss() -> nn.Module:
    config = tiny_diffusion_config(corruption="uniform", schedule="cosine")
    scheduler = NoiseScheduler(config.num_timesteps, config.schedule, device="cpu")
    corruptor = create_device_aware_corruptor(config, scheduler, "cpu")
    return _seeded(lambda: DenoisingObjective(BijectiveDiffusionForDenoising(config), corruptor))


def _seeded(build: Callable[[], nn.Module]) -> nn.Module:
    """Build with the CPU's random state fixed, then put back; no accelerator's state is touched."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(SEED)
        return build().eval()


def _encoding_inputs(name: str) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(SEED)
    positions = (_reasoner_inputs()["attention_mask"].cumsum(-1) - 1).clamp(min=0)
    if ENCODINGS[name].place == "bias":
        return {"query_positions": positions, "key_positions": positions}
    if ENCODINGS[name].place == "rotation":
        shape = (BATCH, NUM_HEADS, LENGTH, HIDDEN_SIZE // NUM_HEADS)
        query, key = (torch.randn(shape, generator=generator) for _ in range(2))
        return {"query": query, "key": key, "query_positions": positions, "key_positions": positions}
    hidden = torch.randn((BATCH, LENGTH, HIDDEN_SIZE), generator=generator)
    return {"hidden": hidden, "positions": positions, "token_ids": _reasoner_inputs()["input_ids"]}


def _reasoner_inputs() -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(SEED)
    first_byte = 3
    input_ids = torch.randint(first_byte, BYTE_VOCABULARY, (BATCH, LENGTH), generator=generator)
    attention_mask = torch.ones_like(input_ids)
    input_ids[0, :PADDING] = PAD_TOKEN_ID
    attention_mask[0, :PADDING] = 0
    return {"input_ids": input_ids, "attention_mask": attention_mask}


def _diffusion_inputs() -> dict[str, Tensor]:
    timesteps = torch.arange(1, BATCH + 1)
    return {**_reasoner_inputs(), "timesteps": timesteps}


def _diffusion_loss_inputs() -> dict[str, Tensor]:
    """Clean text, and the same with every third token replaced."""
    fed = _diffusion_inputs()
    clean = fed.pop("input_ids")
    replaced = (torch.arange(LENGTH) % 3 == 2) & (fed["attention_mask"] == 1)
    return {"clean_ids": clean, "noisy_ids": torch.where(replaced, BYTE_VOCABULARY - 1, clean), **fed}


def __getattr__(name: str) -> Any:
    for target in (*encoding_targets(), *reasoner_targets(), *memory_targets(), *diffusion_targets()):
        if target.name == name:
            factory = partial(target.build)
            vars(factory)["inputs"] = target.inputs
            return factory
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
