"""Twelve position encodings, one per file, each acting in exactly one of three places.

| place | signature of `forward` |
| --- | --- |
| embedding | `hidden[B,T,D], positions[B,T] (, token_ids[B,T]) -> hidden[B,T,D]` |
| rotation | `query[B,H,Tq,Dh], key[B,H,Tk,Dh], query_positions[B,Tq], key_positions[B,Tk] -> query, key` |
| bias | `query_positions[B,Tq], key_positions[B,Tk] -> bias[B,H,Tq,Tk]`, float32, added to attention scores |

Positions are integers; a batch axis of 1 stands for all rows. No encoding has a longest length, keeps a table
that is not in its state dict, or makes a tensor on any device but that of its inputs.
"""

from .alibi import Alibi
from .diet import Diet
from .diet_abs import DietAbs
from .diet_rel import DietRel
from .learned import Learned
from .long_sequence_rope import LongSequenceRope
from .math_adaptive import MathAdaptive
from .mathematical_rope import MathematicalRope
from .method import Method
from .none import NoPosition
from .rope import Rope
from .sinusoidal import Sinusoidal
from .t5_relative import T5Relative

ENCODINGS: dict[str, Method] = {
    "rope": Method(encoding=Rope, place="rotation"),
    "mathematical_rope": Method(encoding=MathematicalRope, place="rotation"),
    "long_sequence_rope": Method(encoding=LongSequenceRope, place="rotation"),
    "sinusoidal": Method(encoding=Sinusoidal, place="embedding"),
    "t5_relative": Method(encoding=T5Relative, place="bias"),
    "diet": Method(encoding=Diet, place="embedding"),
    "alibi": Method(encoding=Alibi, place="bias"),
    "math_adaptive": Method(encoding=MathAdaptive, place="embedding"),
    "none": Method(encoding=NoPosition, place="embedding"),
    "learned": Method(encoding=Learned, place="embedding"),
    "diet_abs": Method(encoding=DietAbs, place="bias"),
    "diet_rel": Method(encoding=DietRel, place="bias"),
}

__all__ = ["ENCODINGS", "Method"]
