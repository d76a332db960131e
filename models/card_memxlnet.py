"""The model card of a memory XLNet."""

from pathlib import Path
from typing import Any

from huggingface_hub import ModelCard, ModelCardData

_CARD = """---
{data}
---

# {name}

XLNet (Yang et al. 2019) with {memory}, for extractive questions about documents longer than one segment.

| field | value |
| --- | --- |
{fields}

A document is read segment by segment. Each forward takes the memory that the one before returned:

```python
from samedevice.models import {name}

model = {name}.from_pretrained("...")
memory = model.get_initial_memory(batch_size=1)
for segment in segments:  # each with input_ids [1, T] and attention_mask [1, T]
    output = model(**segment, memory_state=memory)
    memory = output.memory_state
```

The memory is on the model's device. Kept elsewhere between segments, it is moved back by
`samedevice.models.memory_bank.bank_to(memory, model.device)`; a forward never moves it.
"""
_FIELDS = (
    "memory_type",
    "num_memory_experts",
    "routing_mode",
    "routing_temperature",
    "memory_slots",
    "hidden_dim",
    "version",
)


def card(config: Any) -> ModelCard:
    """The card of a model with this configuration: what it is, its fields, and how it is called."""
    is_mixture = config.memory_type == "gmm"
    experts = getattr(config, "num_memory_experts", 1)
    memory = f"{experts} gated memories of" if is_mixture else "one recurrent memory of"
    known = [(name, getattr(config, name)) for name in _FIELDS if hasattr(config, name)]
    data = ModelCardData(library_name="transformers", pipeline_tag="question-answering", tags=[config.model_type])
    text = _CARD.format(
        data=data.to_yaml(),
        name="GMMXLNetForQA" if is_mixture else "MemXLNetForQA",
        memory=f"{memory} {config.memory_slots} slots",
        fields="\n".join(f"| `{name}` | {value} |" for name, value in known),
    )
    return ModelCard(text)


def write_card(config: Any, directory: str | Path) -> None:
    """Write README.md into a directory that has none."""
    file = Path(directory) / "README.md"
    if not file.exists():
        card(config).save(file)
