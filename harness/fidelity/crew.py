"""A crew: several workers that share the requests, for most of a recording's time is Python's, not the device's."""

from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from threading import Event, Lock, Thread

from .asking import Answering, Omission, Request, answers
from .process import Ended
from .row import Row


def shared(start: Callable[[], Answering], requests: Iterable[Request], workers: int = 1) -> Iterator[Row | Omission]:
    """The rows of all requests, as they come; the order within one request alone is kept.

    Each request belongs to one worker. Closing this iterator ends every worker.
    """
    if workers == 1:
        yield from answers(start, requests)
        return
    crew = _Crew(start, requests)
    threads = [Thread(target=crew.work, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    try:
        busy = workers
        while busy:
            found = crew.found.get()
            if found is None:
                busy -= 1
            elif isinstance(found, BaseException):
                raise found
            else:
                yield found
    finally:
        crew.dismiss()


class _Crew:
    """What the threads share: the requests, the answers, and the workers to be ended."""

    def __init__(self, start: Callable[[], Answering], requests: Iterable[Request]) -> None:
        self._start = start
        self._requests = iter(requests)
        self._lock = Lock()
        self._is_over = Event()
        self._started: list[Answering] = []
        self.found: SimpleQueue[Row | Omission | BaseException | None] = SimpleQueue()

    def work(self) -> None:
        """Answer requests until there is none left."""
        try:
            for one in answers(self._begin, self._take()):
                self.found.put(one)
        except BaseException as error:  # the thread has nobody to tell but the one who reads the answers
            self.found.put(error)
        finally:
            self.found.put(None)

    def dismiss(self) -> None:
        """End every worker; a thread that waits for one finds it ended and stops."""
        self._is_over.set()
        with self._lock:
            for worker in self._started:
                worker.close()

    def _begin(self) -> Answering:
        with self._lock:
            if self._is_over.is_set():
                raise Ended("dismissed")
            self._started.append(self._start())
            return self._started[-1]

    def _take(self) -> Iterator[Request]:
        while not self._is_over.is_set():
            with self._lock:
                request = next(self._requests, None)
            if request is None:
                return
            yield request
