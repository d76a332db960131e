"""In a GitHub workflow, annotations come with a summary of the step: GitHub names the file to add it to."""

import os
from argparse import Namespace
from pathlib import Path

from .. import catalog
from ..errors import UsageError
from ..report import Report

# Set by GitHub for each step.
VARIABLE = "GITHUB_STEP_SUMMARY"


def summarize(report: Report, options: Namespace) -> None:
    """Add the report to the step's summary where `--format github` prints annotations and there is a step."""
    file = os.environ.get(VARIABLE)
    if options.format != "github" or options.output or not file:
        return
    text = catalog.renderer("summary")(report)
    try:
        with Path(file).open("a", encoding="utf-8") as summary:
            summary.write(text)
    except OSError as error:
        raise UsageError(f"cannot write {file}, which {VARIABLE} names: {error.strerror}") from error
