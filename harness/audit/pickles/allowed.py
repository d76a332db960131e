"""The names that a checkpoint's pickle may import: those of `torch.load(weights_only=True)`, and some known ones.

A test compares `ALLOWED` with torch's own list.
"""

from .nodes import Global

_STORAGES = [
    "BFloat16",
    "Bool",
    "Byte",
    "Char",
    "ComplexDouble",
    "ComplexFloat",
    "Double",
    "Float",
    "Half",
    "Int",
    "Long",
    "Short",
]
_CUDA_TENSORS = ["BFloat16", "Bool", "Byte", "Char", "Double", "Float", "Half", "Int", "Long", "Short"]
_SPARSE_TENSORS = ["BFloat16", "Byte", "Char", "Double", "Float", "Half", "Int", "Long", "Short"]
_QUANTIZED = ["QInt32", "QInt8", "QUInt2x4", "QUInt4x2", "QUInt8"]
_DTYPES = [
    "bfloat16",
    "bits16",
    "bits1x8",
    "bits2x4",
    "bits4x2",
    "bits8",
    "bool",
    "complex128",
    "complex32",
    "complex64",
    "float16",
    "float32",
    "float4_e2m1fn_x2",
    "float64",
    "float8_e4m3fn",
    "float8_e4m3fnuz",
    "float8_e5m2",
    "float8_e5m2fnuz",
    "float8_e8m0fnu",
    "int1",
    "int16",
    "int2",
    "int3",
    "int32",
    "int4",
    "int5",
    "int6",
    "int64",
    "int7",
    "int8",
    "qint32",
    "qint8",
    "quint2x4",
    "quint4x2",
    "quint8",
    "uint1",
    "uint16",
    "uint2",
    "uint3",
    "uint32",
    "uint4",
    "uint5",
    "uint6",
    "uint64",
    "uint7",
    "uint8",
    "per_channel_affine",
    "per_channel_affine_float_qparams",
    "per_channel_symmetric",
    "per_tensor_affine",
    "per_tensor_symmetric",
]
_REBUILD = [
    "_rebuild_device_tensor_from_cpu_tensor",
    "_rebuild_device_tensor_from_numpy",
    "_rebuild_meta_tensor_no_storage",
    "_rebuild_nested_tensor",
    "_rebuild_parameter",
    "_rebuild_parameter_with_state",
    "_rebuild_qtensor",
    "_rebuild_sparse_tensor",
    "_rebuild_tensor",
    "_rebuild_tensor_v2",
    "_rebuild_tensor_v3",
    "_rebuild_wrapper_subclass",
]
_OTHERS = [
    "_codecs.encode",
    "builtins.bytearray",
    "builtins.complex",
    "builtins.set",
    "collections.Counter",
    "collections.OrderedDict",
    "torch.Size",
    "torch.Tensor",
    "torch.device",
    "torch._tensor._rebuild_from_type_v2",
    "torch.nn.parameter.Parameter",
    "torch.serialization._get_layout",
    "torch.storage.TypedStorage",
    "torch.storage.UntypedStorage",
]

ALLOWED: frozenset[str] = frozenset(
    _OTHERS
    + [f"torch.{name}" for name in _DTYPES]
    + [f"torch._utils.{name}" for name in _REBUILD]
    + [f"torch.{name}Storage" for name in _STORAGES + _QUANTIZED]
    + [f"torch.cuda.{name}Storage" for name in _STORAGES]
    + [f"torch.{name}Tensor" for name in _CUDA_TENSORS]
    + [f"torch.cuda.{name}Tensor" for name in _CUDA_TENSORS]
    + [f"torch.{place}.{name}Tensor" for place in ("sparse", "cuda.sparse") for name in _SPARSE_TENSORS]
)

# What unpickling numpy arrays needs; torch refuses it by default, and it runs nothing.
_NUMPY = frozenset(
    f"{module}.{name}"
    for module, names in {
        "numpy": ("dtype", "ndarray", "float64", "float32", "int64", "int32", "bool_"),
        "numpy.core.multiarray": ("_reconstruct", "scalar"),
        "numpy._core.multiarray": ("_reconstruct", "scalar"),
        "numpy._core.numeric": ("_frombuffer",),
        "numpy.core.numeric": ("_frombuffer",),
        "collections": ("defaultdict", "deque"),
        "builtins": ("frozenset", "slice", "dict", "list", "int", "float", "str", "bool", "tuple", "bytes"),
        "datetime": ("datetime", "timedelta", "date"),
        "pathlib": ("PosixPath", "WindowsPath", "Path", "PurePosixPath"),
        "argparse": ("Namespace",),
        "types": ("SimpleNamespace",),
    }.items()
    for name in names
)

# Modules whose classes the libraries' own checkpoints hold: a Trainer's arguments, the metadata of torch.distributed.
_OWN_MODULES = frozenset(
    [
        "transformers.training_args",
        "transformers.training_args_seq2seq",
        "transformers.trainer_utils",
        "transformers.trainer_pt_utils",
        "transformers.debug_utils",
        "transformers.generation.configuration_utils",
        "accelerate.state",
        "accelerate.utils.dataclasses",
        "trl.trainer.sft_config",
        "trl.trainer.dpo_config",
        "trl.trainer.grpo_config",
        "torch.distributed.checkpoint.metadata",
        "torch.distributed.checkpoint.filesystem",
        "torch.distributed.checkpoint._fsspec_filesystem",
        "torch.distributed._shard.sharded_tensor.metadata",
        "torch.distributed.tensor",
        "torch.distributed.tensor.placement_types",
        "torch.distributed.tensor._dtensor_spec",
        "torch.distributed.device_mesh",
    ]
)
_OWN_NAMES = frozenset({"torch.distributed.checkpoint.metadata._MEM_FORMAT_ENCODING"})


def is_allowed(found: Global) -> bool:
    """True where `torch.load` takes the name by default."""
    return found.path in ALLOWED


def is_known(found: Global) -> bool:
    """True for what torch refuses by default and which runs no code of the checkpoint's author."""
    if found.path in _NUMPY or found.path in _OWN_NAMES:
        return True
    # A class by its spelling: a function of these modules is nobody's field.
    return found.module in _OWN_MODULES and found.name.lstrip("_")[:1].isupper() and "." not in found.name
