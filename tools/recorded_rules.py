"""What hardware did that no declaration tells: seen in the recordings of `harness/fidelity/references/`.

`derive_rules.py` puts it into the rule table. Every entry can be checked with `samedevice fidelity compare`.
"""

# Operators of TensorIterator in which only these arguments may be a CPU 0-dim tensor. By base name, for every overload.
SCALARS: dict[str, tuple[str, ...]] = {
    "addcdiv": (),
    "addcmul": ("tensor2",),
    "binary_cross_entropy": (),
    "binary_cross_entropy_with_logits": ("self", "weight", "pos_weight"),
    "index_fill": (),
    "lerp": ("weight",),
    "logical_and": ("other",),
    "logical_or": ("other",),
    "logical_xor": ("other",),
    "masked_fill": ("value",),
    "mse_loss": (),
    "smooth_l1_loss": (),
    "soft_margin_loss": ("target",),
}
# Kernels that read the value of a 0-dim tensor wherever it is.
FREE_ARGUMENTS: dict[str, tuple[str, ...]] = {"fill": ("value",), "index_fill": ("value",)}
# CUDA has these kernels for floating point alone: operator, and what CUDA calls the kernel when it refuses.
FLOATS_ONLY: dict[str, str] = {
    "_trilinear": "baddbmm_cuda",
    "_upsample_bilinear2d_aa": "upsample_bilinear2d_out_frame",
    "addbmm": "addmm_cuda",
    "addmm": "addmm_cuda",
    "addmv": "addmv_impl_cuda",
    "avg_pool2d": "avg_pool2d_out_cuda_frame",
    "avg_pool3d": "avg_pool3d_out_cuda",
    "baddbmm": "baddbmm_cuda",
    "bmm": "baddbmm_cuda",
    "convolution": "cudnn",
    "dot": "dot",
    "max_pool2d_with_indices": "max_pool2d_with_indices_out_cuda_frame",
    "max_pool3d_with_indices": "max_pool3d_with_indices_out_frame",
    "mm": "addmm_cuda",
    "mv": "addmv_impl_cuda",
    "native_dropout_backward": "masked_scale",
    "upsample_bicubic2d": "upsample_bicubic2d_out_frame",
    "upsample_bilinear2d": "upsample_bilinear2d_out_frame",
    "vdot": "dot",
}
# CUDA has these kernels for anything but half precision.
WITHOUT_HALF: dict[str, str] = {
    "angle": "angle_cuda",
    "histc": "histc",
    "igamma": "igamma_cuda",
    "igammac": "igammac_cuda",
}
# Nothing is compared where one of the tensors is empty: the kernel returns before it looks.
UNCHECKED_WHEN_EMPTY = ("_trilinear", "linalg_pinv")
# Declared for the CPU alone, but chosen by PyTorch itself for tensors that are on the CPU underneath.
CHOSEN_ON_THE_CPU = (
    "_empty_affine_quantized",
    "_empty_per_channel_affine_quantized",
    "_functional_assert_async",
    "_make_dep_token",
    "_scaled_dot_product_flash_attention_for_cpu",
    "_scaled_dot_product_flash_attention_for_cpu_backward",
    "from_file",
    "mkldnn_rnn_layer",
    "mkldnn_rnn_layer_backward",
    "narrow_copy",
    "slow_conv3d_forward",
)
# Of other libraries inside PyTorch: `namespace::operator` without a CUDA kernel.
WITHOUT_CUDA = ("quantized::linear_dynamic", "quantized::linear_dynamic_fp16", "quantized::linear_relu_dynamic")
