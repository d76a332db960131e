"""The questions of the audit, in the order in which they are asked of every folder."""

from collections.abc import Callable, Iterator

from ...finding import Finding
from ..snapshot import Snapshot
from . import (
    adapter,
    architecture,
    code,
    config,
    data,
    distributed,
    dtype,
    files,
    headers,
    json_files,
    names,
    pipeline,
    rivals,
    shards,
)

Question = Callable[[Snapshot], Iterator[Finding]]

# The ones that make sense for a single file, too.
OF_A_FILE: tuple[Question, ...] = (files.run, headers.run, names.run, data.run)
QUESTIONS: tuple[Question, ...] = (
    *OF_A_FILE,
    shards.run,
    rivals.run,
    config.run,
    json_files.run,
    architecture.run,
    dtype.run,
    adapter.run,
    pipeline.run,
    code.run,
    distributed.run,
)
