"""Execution: run the cells of a plan where the options say, keep a journal, and report what is there at the end."""

import signal
import threading
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from .. import journal
from ..environment import Environment, here
from ..isolation import Crew, Limits, cluster, memory_for, share, size
from ..plan import Cell
from ..progress import bar
from ..provenance import made_with
from ..report import Report
from ..result import Result, Status
from ..shard import Shard, parts
from ..suppressing import applied, configured
from .exits import INTERRUPTED, Exit
from .outcome import close, concluded


class Executor(Protocol):
    """Runs cells somewhere."""

    def run(self, cells: Sequence[Cell], begun: Callable[[Cell], None]) -> Iterator[tuple[int, Result | None]]:
        """Each cell's place and result, as they come; `begun` hears of each cell before."""

    def close(self) -> None:
        """Give up what was taken up for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run, for its journal: the command with what it is about, and the strings of the target and its inputs."""

    words: tuple[str, ...]
    target: str | None = None
    inputs: str | None = None


def refuse_bad_execution(options: Namespace) -> None:
    """Raise `UsageError` now for a size, shard or executor that there is not."""
    if options.memory is not None:
        size(options.memory)
    if options.shard is not None:
        parts(options.shard)
    if options.executor == "ray":
        cluster.refuse_absent()


@contextmanager
def executor(options: Namespace, suites: Iterable[str] = ()) -> Iterator[Executor]:
    """What the options want cells to be run by. Started at once: the imports of a worker run beside ours."""
    memory = size(options.memory) if options.memory is not None else memory_for(options.jobs)
    limits = Limits(timeout=options.timeout, memory=memory, threads=options.threads)
    found: Executor
    if options.executor == "ray":
        found = cluster.Cluster(limits, options.jobs)
    else:
        found = Crew(limits, options.jobs, suites) if options.jobs else _Here(options.threads)
    try:
        yield found
    finally:
        found.close()


def one_by_one(found: Executor) -> Callable[[Iterable[Cell]], Iterator[Result]]:
    """An executor as `engine.run`: lazily, cell after cell."""

    def run(cells: Iterable[Cell]) -> Iterator[Result]:
        for cell in cells:
            yield from (result for _, result in found.run([cell], lambda _: None) if result is not None)

    return run


def carried_out(cells: Sequence[Cell], options: Namespace, found: Executor, run: Run) -> Exit:
    """Run cells, report, and return the exit code; after Ctrl-C or SIGTERM the rest counts as not checked."""
    environment = here()
    shards: tuple[Shard, ...] = ()
    if options.shard is not None:
        index, count = parts(options.shard)
        shards = (Shard(index=index, count=count, cells=len(cells), plan=journal.digest(cells)),)
        cells = share(cells, index, count)
        if not cells:
            close(f"there is nothing to do: shard {shards[0].name} of this plan is empty")
        run = Run(words=(*run.words, f"{index}of{count}"), target=run.target, inputs=run.inputs)
    results = _results(cells, options, found, (run, environment))
    keys = [journal.key_of(cell) for cell in cells]
    there = [results[key] if key in results else _interrupted(cell) for key, cell in zip(keys, cells, strict=True)]
    kept = applied((result for result in there if result is not None), configured(), cells)
    return concluded(Report(environment=environment, cells=kept, shards=shards), options)


def _results(
    cells: Sequence[Cell], options: Namespace, found: Executor, about: tuple[Run, Environment]
) -> Mapping[journal.Key, Result | None]:
    """What the journal holds and what is run now; the journal stays where that is not all."""
    run, environment = about
    made = made_with(environment, run.target, run.inputs)
    file = journal.path(*run.words)
    held = journal.read(file, made, cells) if options.resume else journal.NOTHING
    if held.note:
        close(held.note)
    results = dict(held.results)
    todo = [cell for cell in cells if journal.key_of(cell) not in results]
    written = journal.Journal(file, made, held)
    is_finished = False
    try:
        with _terminable(), bar(len(cells), done=len(results)) as tell:
            for place, result in found.run(todo, tell):
                results[journal.key_of(todo[place])] = result
                written.append(todo[place], result)
                tell(None)
        is_finished = True
    except KeyboardInterrupt:
        close(f"interrupted; --resume goes on with what is in {file}")
    finally:
        written.close(is_finished=is_finished)
        if written.problem:
            close(written.problem)
    return results


class _Here:
    """Runs cells in this process, without isolation."""

    def __init__(self, threads: int) -> None:
        self._threads = threads

    def run(self, cells: Sequence[Cell], begun: Callable[[Cell], None]) -> Iterator[tuple[int, Result | None]]:
        import torch  # late, like the engine, which needs it

        from .. import engine

        torch.set_num_threads(self._threads)
        for place, cell in enumerate(cells):
            begun(cell)
            yield place, engine.result_of(cell)

    def close(self) -> None:
        """Nothing was taken up."""


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM, which CI sends to a job that it cancels, end a run as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupted(cell: Cell) -> Result:
    return Result(
        target=cell.target.name,
        device=cell.device,
        check=cell.check.name,
        suite=cell.suite,
        status=Status.NOT_CHECKED,
        reason=INTERRUPTED,
    )
