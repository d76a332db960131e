"""The formats of a report, one per file, each with `render(report) -> str`."""
