"""Subjects: the operators and programs there are, which of them are wanted, and the cases of each."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from inspect import signature
from typing import Any

from .case import Case
from .programs import PROGRAMS

OPERATORS, PROGRAMS_PREFIX = "ops/", "programs/"


def names(patterns: Sequence[str] = ()) -> tuple[str, ...]:
    """Every subject whose name one of the patterns matches, in fixed order: operators, then programs.

    The operators are not looked up, which takes seconds, where no pattern can match one.
    """
    found: list[str] = []
    if not patterns or not all(pattern.startswith(PROGRAMS_PREFIX) for pattern in patterns):
        from .samples import operators

        found += [OPERATORS + name for name in operators()]
    found += [PROGRAMS_PREFIX + name for name in PROGRAMS]
    return tuple(name for name in found if is_picked(name, patterns))


def is_picked(subject: str, patterns: Sequence[str]) -> bool:
    """True where a pattern matches the name, with or without what it begins with; and where there is no pattern."""
    words = (subject, subject.partition("/")[2])
    return not patterns or any(fnmatchcase(word, pattern) for word in words for pattern in patterns)


def spread(found: Sequence[str], limit: int | None) -> tuple[str, ...]:
    """At most `limit` of the subjects, evenly spread over all of them."""
    if limit is None or limit >= len(found):
        return tuple(found)
    return tuple(found[index * len(found) // limit] for index in range(limit))


def cases(subject: str) -> tuple[str, Iterator[Case]]:
    """The family of a subject and its cases. Raises `LookupError` for one that this PyTorch, or this version, lacks."""
    if subject.startswith(PROGRAMS_PREFIX):
        name = subject.removeprefix(PROGRAMS_PREFIX)
        return f"programs/{name.partition('/')[0]}", iter((_of_program(name),))
    from . import samples

    op = _known(samples.operators(), subject.removeprefix(OPERATORS))
    return f"ops/{samples.family(op)}", samples.cases(op)


def _of_program(name: str) -> Case:
    program = _known(PROGRAMS, name)
    return Case(operands=tuple(signature(program).parameters), call=lambda devices: program(*devices))


def _known(table: Mapping[str, Any], name: str) -> Any:
    if name not in table:
        raise LookupError(f"there is no {name} here")
    return table[name]
