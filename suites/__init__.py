"""The suites: what `samedevice run` asks of which targets."""
