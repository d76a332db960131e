"""A Hub on this machine: what `samedevice hub serve` runs. docs/hub.md says what it does and does not imitate."""
