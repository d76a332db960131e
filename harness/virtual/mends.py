"""Mends: what to type against a refusal, by its finding code."""

MENDS = {
    "SD201": "make it on the device of what it meets (`device=x.device`, `x.new_zeros()`), or register it as a buffer",
    "SD202": "copy it to the host first: `.cpu()`",
    "SD203": "make the generator with `torch.Generator(device=...)`, or draw where it is and move the result",
    "SD204": "use a type that the device has: `.float()` before the move",
    "SD205": "use an operator that the device has, or set PYTORCH_ENABLE_MPS_FALLBACK=1 and pay for the copies",
    "SD206": "take the device from a parameter or an input, not from a constant: `x.device`",
    "SD407": "use a deterministic operator, or `torch.use_deterministic_algorithms(True, warn_only=True)`",
}


def mend(code: str, expected: str) -> str:
    """The mend of a refusal; what the host reads itself has to be copied there."""
    return MENDS["SD202" if code == "SD201" and expected == "cpu" else code]
