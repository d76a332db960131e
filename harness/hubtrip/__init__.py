"""The trip through a Hub: a model is pushed, and comes back from a cold cache in another process."""
