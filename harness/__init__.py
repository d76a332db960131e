"""The harness: what is checked, on which device, and what was found."""
