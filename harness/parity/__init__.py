"""Parity and determinism: the same model asked twice, elsewhere, in another precision, and what differs by name."""
