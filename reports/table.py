"""Tables, drawn by tabulate. Every cell is text already: tabulate is told to change nothing."""

from collections.abc import Sequence

from tabulate import tabulate

LEFT, RIGHT = "left", "right"


def terminal(headers: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[str] | None = None) -> str:
    """A table for a terminal: one line of headers, a rule, one line for each row."""
    return _draw(headers, rows, align, "simple")


def pipes(headers: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[str] | None = None) -> str:
    """A table in GitHub's Markdown. The cells must be escaped already."""
    return _draw(headers, rows, align, "pipe")


def pipe_head(headers: Sequence[str], align: Sequence[str] | None = None) -> str:
    """The first two lines of such a table, without padding."""
    rule = ["--:" if side == RIGHT else ":--" for side in (align or [LEFT] * len(headers))]
    return f"{pipe_row(headers)}\n{pipe_row(rule)}"


def pipe_row(row: Sequence[str]) -> str:
    """One line of such a table, without padding."""
    return f"| {' | '.join(row)} |"


def alignment(rows: Sequence[Sequence[str]], columns: int) -> tuple[str, ...]:
    """Right for the columns that hold numbers alone, left for the others. A row may be short: a report is anyone's."""
    columns_of = ([cell for row in rows for cell in row[at : at + 1]] for at in range(columns))
    return tuple(RIGHT if cells and all(map(_is_number, cells)) else LEFT for cells in columns_of)


def _is_number(cell: str) -> bool:
    return cell.replace(",", "").isdecimal()


def _draw(headers: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[str] | None, style: str) -> str:
    columns = tuple(align) if align is not None else (LEFT,) * len(headers)
    drawn = tabulate(rows, headers, tablefmt=style, disable_numparse=True, colalign=columns if rows else None)
    return "\n".join(line.rstrip() for line in drawn.splitlines())
