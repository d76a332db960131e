"""Answers: what tensors, devices and PyTorch's own functions say of themselves."""

import copy
from typing import Any

import torch
from torch import Tensor, nn

from .made import floats, integers, mask, scalar


def about_tensor(data: str) -> list[Any]:
    """The words that code asks a tensor for."""
    x = floats(data, 2)
    return [x.is_cuda, x.is_cpu, x.is_mps, x.is_xpu, x.is_meta, x.get_device(), x.device.type, x.device.index, x.type()]


def about_storage(data: str) -> list[Any]:
    """The same of its storage."""
    x = floats(data, 2)
    storage = x.untyped_storage()
    return [storage.device, storage.is_cuda, storage.nbytes(), x.data_ptr() == storage.data_ptr(), storage.is_pinned()]


def shared_memory(data: str) -> list[bool]:
    """`is_shared`, which is True of every CUDA tensor."""
    x = floats(data, 2)
    before = x.is_shared()  # type: ignore[no-untyped-call]
    return [before, x.share_memory_().is_shared(), x.is_pinned()]  # type: ignore[no-untyped-call]


def type_names(data: str) -> list[str]:
    """`x.type()` of several dtypes."""
    made = floats(data, 2)
    return [made.to(dtype).type() for dtype in (torch.float16, torch.bfloat16, torch.int64, torch.bool, torch.uint8)]


def type_given(data: str) -> Tensor:
    """`x.type(...)` by the name of its own type, in another dtype."""
    x = floats(data, 2)
    return x.type(x.type().replace("Float", "Double"))


def same_device(first: str, second: str) -> list[bool]:
    """Devices compared: `cuda` is not `cuda:0`."""
    one, two = floats(first, 1), floats(second, 1)
    bare = torch.device(one.device.type)
    return [
        one.device == two.device,
        one.device == bare,
        str(one.device) == first,
        hash(one.device) == hash(two.device),
    ]


def device_words(device: str) -> list[Any]:
    """What a device says of itself."""
    made = torch.device(device)
    return [repr(made), str(made), made.type, made.index, copy.deepcopy(made), torch.device(made.type).index]


def device_in_context(device: str) -> list[Any]:
    """`torch.get_default_device` inside and outside a device context."""
    with torch.device(device):
        inside = torch.get_default_device()
    return [inside, torch.get_default_device()]


def printed_forms(data: str) -> list[str]:
    """`repr` of what people print."""
    held = nn.Parameter(floats(data, 2))
    return [repr(held), str(integers(data, 1)), repr(mask(data, True)), repr(floats(data, 1).half()), f"{scalar(data)}"]


def compared_values(data: str, other: str) -> list[Any]:
    """`==`, `in` a list, `max` and `sum` of Python over tensors."""
    items = [scalar(data, 1.0), scalar(data, 2.0)]
    return [scalar(other) in items, max(items), sum(items), sorted(items)]


def parameters_of(module: str) -> list[Any]:
    """`next(module.parameters()).device`, the usual way to ask a module."""
    return [next(nn.Linear(1, 1).to(module).parameters()).device]


def current(device: str) -> list[Any]:
    """The current device inside a `device` context of the device's module."""
    made = torch.device(device)
    if made.type == "cpu":
        return []
    with torch.accelerator.device_index(made.index or 0):
        return [torch.accelerator.current_accelerator(), torch.accelerator.current_device_index()]


def module_functions(device: str) -> list[Any]:
    """`torch.cuda` or `torch.cpu` itself, found by the device."""
    module = torch.get_device_module(torch.device(device))
    return [module.__name__, module.is_available(), module.synchronize(), type(module.current_stream()).__name__]


def memory(device: str) -> list[Any]:
    """The types of what is asked about memory."""
    if torch.device(device).type != "cuda":
        return []
    held = torch.ones(1000, device=device)
    free, total = torch.cuda.mem_get_info(device)
    allocated = torch.cuda.memory_allocated(device)
    stats = torch.cuda.memory_stats(device)
    names = ("allocated_bytes.all.current", "allocated_bytes.all.peak", "reserved_bytes.all.current", "num_ooms")
    return [
        free < total,
        allocated >= held.nbytes,
        torch.cuda.memory_reserved(device) >= allocated,
        torch.cuda.max_memory_allocated(device) >= allocated,
        [name in stats for name in names],
        torch.cuda.reset_peak_memory_stats(device),  # type: ignore[func-returns-value]
        torch.cuda.empty_cache(),  # type: ignore[func-returns-value]
        type(torch.cuda.memory_summary(device)).__name__,
        [type(one).__name__ for one in torch.cuda.memory_snapshot()[:1]],  # type: ignore[no-untyped-call]
    ]


def properties(device: str) -> list[Any]:
    """The names that code reads off a card."""
    if torch.device(device).type != "cuda":
        return []
    held = torch.cuda.get_device_properties(device)
    names: tuple[str, ...] = (
        "name",
        "major",
        "minor",
        "total_memory",
        "multi_processor_count",
        "warp_size",
        "is_integrated",
        "uuid",
    )
    names += ("max_threads_per_multi_processor", "L2_cache_size", "shared_memory_per_block", "regs_per_multiprocessor")
    names += ("gcnArchName", "is_multi_gpu_board", "pci_bus_id", "shared_memory_per_multiprocessor")
    return [[hasattr(held, name) for name in names], torch.cuda.is_bf16_supported()]


def events(device: str) -> list[Any]:
    """Events and streams, timed around a kernel."""
    if torch.device(device).type != "cuda":
        return []
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))  # type: ignore[no-untyped-call]
    stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
    with torch.cuda.stream(stream):
        start.record()
        made = torch.ones(2, device=device) * 2
        end.record()
    torch.cuda.current_stream(device).wait_stream(stream)
    made.record_stream(torch.cuda.current_stream(device))
    end.synchronize()
    return [
        made,
        start.elapsed_time(end) >= 0,
        end.query(),  # type: ignore[no-untyped-call]
        stream.query(),
        stream == torch.cuda.current_stream(device),
    ]


def record_stream(data: str, device: str) -> Any:
    """`record_stream`, which a CPU tensor refuses."""
    if torch.device(device).type == "cpu":
        return None
    return floats(data, 2).record_stream(torch.get_device_module(device).current_stream())


PROGRAMS = (
    about_tensor,
    about_storage,
    shared_memory,
    type_names,
    type_given,
    same_device,
    device_words,
    device_in_context,
    printed_forms,
    compared_values,
    parameters_of,
    current,
    module_functions,
    memory,
    properties,
    events,
    record_stream,
)
