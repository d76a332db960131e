"""Low-rank adapters by PEFT, where each kind of model can take them."""

from typing import Any

from ...harness.errors import UsageError

# Kind of backbone -> the layers that are adapted, whether their weights are transposed, what is trained whole.
_PLACES: dict[str, tuple[list[str], bool, list[str]]] = {
    "gpt2": (["c_attn"], True, []),
    "gpt_neox": (["query_key_value"], False, []),
    "memxlnet": (["layer_1", "layer_2"], False, ["memory", "qa_head"]),
    "gmmxlnet": (["layer_1", "layer_2"], False, ["routing_network", "expert_updater", "memory_reader", "qa_head"]),
}


def adapted(model: Any, kind: str, task: str | None) -> Any:
    """The model with adapters of rank 8, all else frozen but the parts that start fresh.

    Hu et al. 2021, *LoRA* (arXiv:2106.09685). `task` is PEFT's name of the task. Raises `UsageError` where PEFT is not
    installed.
    """
    try:
        from peft import LoraConfig, get_peft_model
    except ImportError as error:
        raise UsageError("low-rank adapters need `peft`: pip install 'samedevice[train]'") from error
    layers, is_transposed, whole = _PLACES[kind]
    config = LoraConfig(
        task_type=task,
        r=8,
        lora_alpha=16,
        target_modules=layers,
        fan_in_fan_out=is_transposed,
        modules_to_save=whole or None,
    )
    return get_peft_model(model, config)
