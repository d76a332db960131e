"""What the gate found, one format per file, each with `render(comparison) -> str`."""
