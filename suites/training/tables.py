"""Data sets by their id, through `datasets`."""

from collections.abc import Iterable, Mapping
from typing import Any

from ...harness.errors import UsageError


def rows(name: str, part: str) -> Iterable[Mapping[str, Any]]:
    """The rows of one split (`train`, `validation`, `test`) of a data set.

    `name` is an id of the Hub, or a directory with a file for each split; `id:config` names one of its configurations.
    Raises `UsageError` where `datasets` is not installed or does not find it.
    """
    try:
        from datasets import load_dataset
    except ImportError as error:
        raise UsageError("data sets by id need `datasets`: pip install 'samedevice[train]'") from error
    path, _, config = name.partition(":")
    try:
        found: Iterable[Mapping[str, Any]] = load_dataset(path, config or None, split=part)
    except (OSError, ValueError) as error:
        raise UsageError(f"data set {name!r}, split {part!r}: {str(error).splitlines()[0]}") from error
    return found
