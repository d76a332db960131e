"""The model card: what to put as README.md beside the weights."""

from .configuration_diffusion import BijectiveDiffusionConfig

_CARD = """\
---
library_name: transformers
pipeline_tag: text-generation
tags:
- discrete-diffusion
- d3pm
- reversible
---

# Bijective discrete diffusion

A denoiser of text with {parameters:,} parameters, trained on {dataset}. {layers} additive couplings of attention and
feed-forward, each invertible and volume preserving, predict the clean token at every position of a noisy text.

| | |
| --- | --- |
| corruption | {corruption}, {schedule} schedule of {steps} steps (Austin et al. 2021, arXiv:2107.03006) |
| vocabulary | {vocabulary} ids: bytes as in ByT5, and the mask token {mask} |
| width, heads, blocks | {width}, {heads}, {layers} |

## Use

```python
import torch
from samedevice.models.diffusion import (
    BijectiveDiffusionForDenoising,
    NoiseScheduler,
    create_device_aware_corruptor,
    generate,
)

model = BijectiveDiffusionForDenoising.from_pretrained("path/to/this/folder").eval()
scheduler = NoiseScheduler(model.config.num_timesteps, model.config.schedule)
corruptor = create_device_aware_corruptor(model.config, scheduler, model.device)
ids = generate(model, corruptor, (1, 128), torch.Generator().manual_seed(0)).ids
print(bytes(i - 3 for i in ids[0].tolist() if 3 <= i < 259).decode(errors="replace"))
```

## Limits

Small, and trained for long enough to show that training works, not to write well. Its likelihoods are bounds.
"""


def model_card(config: BijectiveDiffusionConfig, parameters: int, dataset: str) -> str:
    """The card of a model, as Markdown with the Hub's metadata; `dataset` says what it was trained on."""
    return _CARD.format(
        parameters=parameters,
        dataset=dataset,
        layers=config.num_hidden_layers,
        corruption=config.corruption,
        schedule=config.schedule,
        steps=config.num_timesteps,
        vocabulary=config.vocab_size,
        mask=config.mask_token_id,
        width=config.hidden_size,
        heads=config.num_attention_heads,
    )
