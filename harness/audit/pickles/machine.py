"""Walks a pickle without unpickling it: a stack of inert nodes instead of objects, and no import, ever."""

# What the unpickler does to names of Python 2, which is how protocol 2 spells `builtins`.
from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING
from collections.abc import Callable
from typing import Any, BinaryIO

from .nodes import Call, Global, Mapping, Persistent, Walk
from .opcodes import Bounded, PickleError, opcodes

_MARK = object()


class _Machine:
    """The unpickler's stack and memo, holding nodes."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.globals: dict[str, Global] = {}
        self.computed = False
        self.protocol = 0

    def pop(self) -> Any:
        if not self.stack or self.stack[-1] is _MARK:
            raise PickleError("takes from an empty stack")
        return self.stack.pop()

    def top(self) -> Any:
        if not self.stack or self.stack[-1] is _MARK:
            raise PickleError("takes from an empty stack")
        return self.stack[-1]

    def since_mark(self) -> list[Any]:
        for at in range(len(self.stack) - 1, -1, -1):
            if self.stack[at] is _MARK:
                items = self.stack[at + 1 :]
                del self.stack[at:]
                return items
        raise PickleError("has no mark to go back to")

    def imported(self, module: Any, name: Any) -> Global:
        if not (isinstance(module, str) and isinstance(name, str)):
            self.computed = True
            module, name = _spelled(module), _spelled(name)
        if self.protocol < 3:
            module, name = NAME_MAPPING.get((module, name), (IMPORT_MAPPING.get(module, module), name))
        found = Global(module, name)
        return self.globals.setdefault(found.path, found)

    def called(self, function: Any, arguments: Any) -> Call:
        if isinstance(function, Global):
            function.called = True
        return Call(function, arguments)


def walk_pickle(stream: BinaryIO, end: int) -> Walk:
    """Walk the pickle that starts where the stream stands and must be over before `end`.

    What was walked before a problem counts: an unpickler would have run it as well.
    """
    machine, bounded, problem, root = _Machine(), Bounded(stream, end), None, None
    try:
        for name, argument in opcodes(bounded):
            if name == "STOP":
                root = machine.pop()
            else:
                _step(machine, name, argument)
    except PickleError as error:
        problem = str(error)
    return Walk(
        root=root,
        globals=tuple(machine.globals.values()),
        computed=machine.computed,
        protocol=machine.protocol,
        end=bounded.tell(),
        problem=problem,
    )


def _spelled(part: Any) -> str:
    return part if isinstance(part, str) else "<computed>"


def _step(machine: _Machine, name: str, argument: Any) -> None:
    action = _ACTIONS.get(name)
    if action is not None:
        action(machine, argument)
    elif name in _CONSTANTS:
        machine.stack.append(_CONSTANTS[name]())
    else:
        machine.stack.append(argument)  # numbers, bytes and texts: the argument is the value


def _fill_pairs(machine: _Machine, items: list[Any]) -> None:
    target = machine.top()
    if isinstance(target, Mapping | Call):
        target.pairs.extend(zip(items[::2], items[1::2], strict=False))


def _fill_elements(machine: _Machine, items: list[Any]) -> None:
    target = machine.top()
    if isinstance(target, list):
        target.extend(items)
    elif isinstance(target, Call):
        target.elements.extend(items)


def _two(machine: _Machine) -> list[Any]:
    last = machine.pop()
    return [machine.pop(), last]


def _reduce(machine: _Machine, _: Any) -> None:
    function, arguments = _two(machine)
    machine.stack.append(machine.called(function, arguments))


def _newobj_ex(machine: _Machine, _: Any) -> None:
    keywords = machine.pop()
    function, arguments = _two(machine)
    machine.stack.append(machine.called(function, (arguments, keywords)))


def _obj(machine: _Machine, _: Any) -> None:
    items = machine.since_mark()
    if not items:
        raise PickleError("makes an object of nothing")
    machine.stack.append(machine.called(items[0], tuple(items[1:])))


def _inst(machine: _Machine, argument: Any) -> None:
    arguments = tuple(machine.since_mark())
    module, _, name = argument.partition(" ")
    machine.stack.append(machine.called(machine.imported(module, name), arguments))


def _build(machine: _Machine, _: Any) -> None:
    state = machine.pop()
    target = machine.top()
    if isinstance(target, Call):
        target.state = state
    elif isinstance(target, Global):
        target.called = True  # changes the class or module itself


def _global(machine: _Machine, argument: Any) -> None:
    module, _, name = argument.partition(" ")
    machine.stack.append(machine.imported(module, name))


def _get(machine: _Machine, argument: Any) -> None:
    if argument not in machine.memo:
        raise PickleError(f"asks for memo {argument}, which holds nothing")
    machine.stack.append(machine.memo[argument])


def _put(machine: _Machine, argument: Any) -> None:
    machine.memo[len(machine.memo) if argument is None else argument] = machine.top()


def _pop(machine: _Machine, _: Any) -> None:
    if not machine.stack:
        raise PickleError("takes from an empty stack")
    machine.stack.pop()


def _pop_mark(machine: _Machine, _: Any) -> None:
    machine.since_mark()


def _extension(machine: _Machine, argument: Any) -> None:
    machine.computed = True
    machine.stack.append(machine.imported("copyreg", f"extension {argument}"))


def _protocol(machine: _Machine, argument: Any) -> None:
    machine.protocol = argument


def _tuple(count: int) -> Callable[[_Machine, Any], None]:
    def make(machine: _Machine, _: Any) -> None:
        machine.stack.append(tuple(reversed([machine.pop() for _ in range(count)])))

    return make


_CONSTANTS: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_TUPLE": tuple,
    "EMPTY_LIST": list,
    "EMPTY_SET": list,
    "EMPTY_DICT": Mapping,
    "MARK": lambda: _MARK,
    "NEXT_BUFFER": lambda: None,
}

_ACTIONS: dict[str, Callable[[_Machine, Any], None]] = {
    "TUPLE": lambda machine, _: machine.stack.append(tuple(machine.since_mark())),
    "LIST": lambda machine, _: machine.stack.append(machine.since_mark()),
    "FROZENSET": lambda machine, _: machine.stack.append(machine.since_mark()),
    "DICT": lambda machine, _: (
        machine.stack.append(Mapping()) if not (items := machine.since_mark()) else
        machine.stack.append(Mapping(list(zip(items[::2], items[1::2], strict=False))))
    ),
    "TUPLE1": _tuple(1),
    "TUPLE2": _tuple(2),
    "TUPLE3": _tuple(3),
    "SETITEM": lambda machine, _: _fill_pairs(machine, _two(machine)),
    "SETITEMS": lambda machine, _: _fill_pairs(machine, machine.since_mark()),
    "APPEND": lambda machine, _: _fill_elements(machine, [machine.pop()]),
    "APPENDS": lambda machine, _: _fill_elements(machine, machine.since_mark()),
    "ADDITEMS": lambda machine, _: _fill_elements(machine, machine.since_mark()),
    "DUP": lambda machine, _: machine.stack.append(machine.top()),
    "POP": _pop,
    "POP_MARK": _pop_mark,
    "GLOBAL": _global,
    "STACK_GLOBAL": lambda machine, _: machine.stack.append(machine.imported(*_two(machine))),
    "REDUCE": _reduce,
    "NEWOBJ": _reduce,
    "NEWOBJ_EX": _newobj_ex,
    "OBJ": _obj,
    "INST": _inst,
    "BUILD": _build,
    "BINPERSID": lambda machine, _: machine.stack.append(Persistent(machine.pop())),
    "PERSID": lambda machine, argument: machine.stack.append(Persistent(argument)),
    "EXT1": _extension, "EXT2": _extension, "EXT4": _extension,
    "GET": _get, "BINGET": _get, "LONG_BINGET": _get,
    "PUT": _put, "BINPUT": _put, "LONG_BINPUT": _put, "MEMOIZE": _put,
    "PROTO": _protocol,
    "FRAME": lambda machine, _: None,
    "READONLY_BUFFER": lambda machine, _: None,
}  # fmt: skip
