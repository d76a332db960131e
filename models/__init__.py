"""Models whose devices and files are under test; importing this registers them with transformers' Auto classes."""

from .configuration_gmmxlnet import GMMXLNetConfig
from .configuration_memxlnet import MemXLNetConfig
from .configuration_reasoner import MathReasonerConfig
from .diffusion import BijectiveDiffusionConfig, BijectiveDiffusionForDenoising
from .modeling_gmmxlnet import GMMXLNetForQA
from .modeling_memxlnet import MemXLNetForQA
from .modeling_reasoner import MathReasonerForCausalLM
from .transplant import from_backbone
from .transplant_memxlnet import from_xlnet

__all__ = [
    "BijectiveDiffusionConfig",
    "BijectiveDiffusionForDenoising",
    "GMMXLNetConfig",
    "GMMXLNetForQA",
    "MathReasonerConfig",
    "MathReasonerForCausalLM",
    "MemXLNetConfig",
    "MemXLNetForQA",
    "from_backbone",
    "from_xlnet",
]
