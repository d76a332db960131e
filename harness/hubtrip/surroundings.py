"""Surroundings: the environment in which the Hub's client asks the Hub that is meant, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

LOOPBACK = "127.0.0.1,localhost"

# Each of these would lead the client elsewhere: to another Hub, another cache, another account, or nowhere at all.
MISLEADING = (
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
    "HUGGINGFACE_CO_STAGING",
    "HUGGING_FACE_HUB_TOKEN",
    "HF_OIDC_RESOURCE",
    "HF_TOKEN_PATH",
    "HF_HUB_CACHE",
    "HUGGINGFACE_HUB_CACHE",
    "HF_XET_CACHE",
    "HF_ASSETS_CACHE",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN",
    "HF_HUB_DISABLE_XET",
)


def settings(endpoint: str, token: str | None, home: Path, *, xet: bool = True) -> dict[str, str]:
    """What to set. `home` is `HF_HOME`: a cold cache, as long as nobody has used it.

    Identical files of two repositories are fetched twice, so that a trip cannot come back from another one's cache.
    """
    given = {
        "HF_ENDPOINT": endpoint,
        "HF_HOME": str(home),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_SHARED_BLOBS": "1",
        # transformers would send the token to a service that converts pickles, whatever the endpoint is.
        "DISABLE_SAFETENSORS_CONVERSION": "1",
    }
    if endpoint.startswith("http://"):  # a proxy would swallow the loopback
        given |= {"NO_PROXY": LOOPBACK, "no_proxy": LOOPBACK}
    if token is not None:
        given["HF_TOKEN"] = token
    if not xet:
        given["HF_HUB_DISABLE_XET"] = "1"
    return given


def surrounded(before: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """An environment with what is given, without what misleads, and without a token that is not given."""
    return {name: value for name, value in before.items() if name not in (*MISLEADING, "HF_TOKEN")} | dict(given)
