"""A Python file that is executed afresh for every model, as if its process had just begun."""

import re
import sys
import weakref
from collections import deque
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from itertools import count
from pathlib import Path
from types import ModuleType

from .errors import UsageError

_NUMBER = count(1)

# What registries say (transformers' auto classes, torch.library, pytree) to a name they already hold.
_TAKEN = re.compile(r"already|multiple times")


class Script:
    """One Python file as a source of targets.

    Each `fresh()` executes it, and the modules that it imports from its own folder, anew: cells share
    no module-level state, and tensors that the module makes are made on the device that stands. The
    last two executions stay in `sys.modules` under unique names, so that their classes pickle and
    `inspect` finds their source; the folder stays importable, as it is for a running script. Both
    end with the `Script`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.is_new = False  # whether the last `fresh()` really executed the file
        self._before = frozenset(sys.modules)
        self._alive: deque[str] = deque()
        self._last: ModuleType | None = None

    def fresh(self) -> ModuleType:
        """A new execution of the file. What the file raises is raised.

        A file that registers itself under a name which the process then refuses to take twice is
        executed once, and that execution returned again.
        """
        if not self._alive:
            folder = str(self.path.parent)
            sys.path.insert(0, folder)
            weakref.finalize(self, _leave, folder, self._alive)
        siblings = {name: sys.modules.pop(name) for name in self._siblings()}
        try:
            self._last, self.is_new = self._execute(), True
        except (ValueError, RuntimeError) as error:
            if self._last is None or not _TAKEN.search(str(error)):
                raise
            sys.modules.update(siblings)
            self.is_new = False
        return self._last

    def current(self) -> ModuleType:
        """The execution that the last model came from."""
        return self.fresh() if self._last is None else self._last

    def _execute(self) -> ModuleType:
        name = f"_{re.sub(r'[^0-9a-zA-Z_]', '_', self.path.stem)}_{next(_NUMBER)}"
        module = module_from_spec(self._spec(name))
        sys.modules[name] = module
        self._alive.append(name)
        # Not the spec's loader: it would write bytecode beside a file that is not ours.
        exec(compile(self.path.read_bytes(), str(self.path), "exec"), module.__dict__)
        while len(self._alive) > 2:
            sys.modules.pop(self._alive.popleft(), None)
        return module

    def _spec(self, name: str) -> ModuleSpec:
        spec = spec_from_file_location(name, self.path)
        if spec is None:
            raise UsageError(f"{self.path} is not a Python file: its name must end in .py")
        return spec

    def _siblings(self) -> list[str]:
        """Modules imported since, whose top-level package was found in the script's own folder."""
        tops: dict[str, bool] = {}
        for name in sys.modules.keys() - self._before:
            top = name.partition(".")[0]
            if top not in tops:
                tops[top] = top not in self._before and self._is_beside(sys.modules.get(top))
        return [name for name in sys.modules.keys() - self._before if tops[name.partition(".")[0]]]

    def _is_beside(self, module: ModuleType | None) -> bool:
        if module is None or module.__name__ in self._alive:
            return False
        file = getattr(module, "__file__", None)
        homes = [Path(file)] if file else [Path(home) for home in getattr(module, "__path__", ())]
        folder = self.path.parent
        return any(home.parent == folder or home == folder / module.__name__ / "__init__.py" for home in homes)


def _leave(folder: str, names: deque[str]) -> None:
    for name in names:
        sys.modules.pop(name, None)
    if folder in sys.path:
        sys.path.remove(folder)
