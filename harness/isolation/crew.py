"""A crew: several workers that share the cells of a plan, each target with one of them."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import wait

from ..plan import Cell
from ..result import Result
from .blocks import Numbered, blocks
from .limits import Limits
from .post import Post

# Seconds between two looks for a worker that has fallen silent.
LOOK = 5.0


class Crew:
    """Runs cells in worker processes. The first is started at once, so that its imports run beside ours."""

    def __init__(self, limits: Limits, jobs: int, suites: Iterable[str] = ()) -> None:
        self._limits = limits
        self._jobs = jobs
        self._suites = tuple(suites)
        self._posts = [Post(limits, self._suites)]

    def run(self, cells: Sequence[Cell], begun: Callable[[Cell], None]) -> Iterator[tuple[int, Result | None]]:
        """Each cell's place and result, as they come; None where the question did not arise.

        `begun` hears of each cell when it is handed to a worker. What a cell printed goes to standard error when
        it is over, its end alone where that is much.
        """
        waiting = deque(blocks(cells, self._jobs))
        while len(self._posts) < min(self._jobs, len(waiting)):
            self._posts.append(Post(self._limits, self._suites))
        work: dict[Post, deque[Numbered]] = {post: deque() for post in self._posts}

        def next_cell(post: Post) -> bool:
            if not work[post] and waiting:
                work[post].extend(waiting.popleft())
            if work[post]:
                begun(work[post][0][1])
                post.ask(work[post][0][1])
            return bool(work[post])

        busy = {post for post in self._posts if next_cell(post)}
        while busy:
            ready = wait([post.line for post in busy], timeout=LOOK)
            for post in [post for post in busy if post.line in ready]:
                heard = post.hear()
                if heard is None:
                    continue
                place, _ = work[post].popleft()
                _print(heard[1])
                if not next_cell(post):
                    busy.discard(post)
                yield place, heard[0]
            for post in busy:
                post.hasten()

    def close(self) -> None:
        """End all workers."""
        for post in self._posts:
            post.line.close()
        while self._posts:
            self._posts.pop().close()


def _print(output: str) -> None:
    if output:
        with suppress(OSError, ValueError):  # nobody listens
            sys.stderr.write(output if output.endswith("\n") else output + "\n")
