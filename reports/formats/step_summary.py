"""The Markdown report for the summary of a workflow's step, which may be longer than a comment."""

from ...harness.report import Report
from .markdown import within

# GitHub takes 1 MiB of a step.
LIMIT = 1_000_000


def render(report: Report) -> str:
    """Markdown with a newline at the end, as `markdown` has it, but that more of a big report fits."""
    return within(report, LIMIT, lambda text: len(text.encode("utf-8", "backslashreplace")))
