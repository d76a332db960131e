"""Which lines of a source file belong together: statements, and the definitions around them."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """`statements` without the bodies of compound ones, in order; `definitions` by qualified name."""

    statements: tuple[range, ...] = ()
    definitions: dict[str, range] = field(default_factory=dict)

    def around(self, line: int) -> range:
        """The lines of the innermost statement that holds the line, or the line alone."""
        around = [span for span in self.statements if line in span]
        return min(around, key=len, default=range(line, line + 1))

    def below(self, line: int, text: Sequence[str]) -> range:
        """The same for a comment that has its line to itself: where no statement is around it, the one below is meant.

        Other comments may stand between, a blank line may not.
        """
        after = next((span for span in self.statements if span.start > line), None)
        inside = any(line in span for span in self.statements)
        if inside or after is None or not all(one.lstrip().startswith("#") for one in text[line : after.start - 1]):
            return self.around(line)
        return after


def spans_of(text: str) -> Spans:
    """The spans of a source text. Raises `SyntaxError` where it is not Python."""
    tree = ast.parse(text)
    statements = (_own(node) for node in ast.walk(tree) if isinstance(node, ast.stmt))
    return Spans(
        statements=tuple(sorted(statements, key=lambda span: (span.start, len(span)))),
        definitions=dict(_definitions(tree, "")),
    )


def _own(node: ast.stmt) -> range:
    """All lines of a simple statement; of a compound one its head, without what it holds."""
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
    inner = [
        one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt | ast.ExceptHandler | ast.match_case)
    ]
    if not inner:
        return range(first, (node.end_lineno or first) + 1)
    head = (part for child in ast.iter_child_nodes(node) if child not in inner for part in ast.walk(child))
    return range(first, max([node.lineno, *(getattr(part, "end_lineno", 0) for part in head)]) + 1)


def _definitions(node: ast.AST, prefix: str) -> Iterator[tuple[str, range]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{prefix}{child.name}"
            yield name, range(child.lineno, (child.end_lineno or child.lineno) + 1)
            inner = "." if isinstance(child, ast.ClassDef) else ".<locals>."
            yield from _definitions(child, f"{name}{inner}")
        else:
            yield from _definitions(child, prefix)
