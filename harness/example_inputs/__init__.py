"""Example inputs: what to feed a model that came without any.

Made from the config and the signature of a transformers model, by modality; searched for a plain module.
"""

from .feeding import feeding

__all__ = ["feeding"]
