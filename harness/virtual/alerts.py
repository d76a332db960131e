"""Alerts: operators for which CUDA has no deterministic kernel, as `torch.use_deterministic_algorithms(True)` says.

The list is the one in that function's documentation, with the kernels' names of PyTorch's own tests of it
(`test_nondeterministic_alert_*` in `test/test_torch.py`).
"""

# Operator -> the name of its kernel in PyTorch's alert.
KERNELS = {
    "avg_pool3d_backward": "avg_pool3d_backward_cuda",
    "_adaptive_avg_pool2d_backward": "adaptive_avg_pool2d_backward_cuda",
    "_adaptive_avg_pool3d_backward": "adaptive_avg_pool3d_backward_cuda",
    "adaptive_max_pool2d_backward": "adaptive_max_pool2d_backward_cuda",
    "fractional_max_pool2d_backward": "fractional_max_pool2d_backward_cuda",
    "fractional_max_pool3d_backward": "fractional_max_pool3d_backward_cuda",
    "max_unpool2d": "max_unpooling2d_forward_out",
    "max_unpool3d": "max_unpooling3d_forward_out",
    "upsample_linear1d_backward": "upsample_linear1d_backward_out_cuda",
    "upsample_bilinear2d_backward": "upsample_bilinear2d_backward_out_cuda",
    "upsample_bicubic2d_backward": "upsample_bicubic2d_backward_out_cuda",
    "upsample_trilinear3d_backward": "upsample_trilinear3d_backward_out_cuda",
    "reflection_pad1d_backward": "reflection_pad1d_backward_out_cuda",
    "reflection_pad2d_backward": "reflection_pad2d_backward_cuda",
    "reflection_pad3d_backward": "reflection_pad3d_backward_out_cuda",
    "nll_loss2d_forward": "nll_loss2d_forward_out_cuda_template",
    "nll_loss2d_backward": "nll_loss2d_backward_out_cuda_template",
    "_ctc_loss_backward": "ctc_loss_backward_gpu",
    "_embedding_bag_backward": "embedding_bag_backward_cuda_max",
    "_embedding_bag_dense_backward": "embedding_bag_backward_cuda_max",
    "put_": "put_",
    "histc": "_histc_cuda",
    "bincount": "_bincount_cuda",
    "median.dim": "median CUDA with indices output",
    "grid_sampler_2d_backward": "grid_sampler_2d_backward_cuda",
    "grid_sampler_3d_backward": "grid_sampler_3d_backward_cuda",
    "cumsum": "cumsum_cuda_kernel",
    "scatter_reduce.two": "scatter_reduce_cuda_prod_",
}
# Operators written otherwise that end in one of these kernels.
SPELLINGS = {
    "cumsum_": "cumsum",
    "cumsum.out": "cumsum",
    "put": "put_",
    "scatter_reduce_.two": "scatter_reduce.two",
    "_ctc_loss_backward.Tensor": "_ctc_loss_backward",
}
# Whose backward it is, where that is not the name without its end.
_FORWARDS = {"_ctc_loss.Tensor": "_ctc_loss_backward"}


def alert_of(operator: str) -> str | None:
    """What an operator (`cumsum`, `reflection_pad2d`) stands for in `KERNELS`: itself, or its backward; else None."""
    name = SPELLINGS.get(operator, operator)
    if name in KERNELS:
        return name
    backward = _FORWARDS.get(name, f"{name}_backward")
    return backward if backward in KERNELS else None
