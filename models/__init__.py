"""Models whose devices and files are under test; importing this registers them with transformers' Auto classes."""

from .configuration_reasoner import MathReasonerConfig
from .diffusion import BijectiveDiffusionConfig, BijectiveDiffusionForDenoising
from .modeling_reasoner import MathReasonerForCausalLM
from .transplant import from_backbone

__all__ = [
    "BijectiveDiffusionConfig",
    "BijectiveDiffusionForDenoising",
    "MathReasonerConfig",
    "MathReasonerForCausalLM",
    "from_backbone",
]
