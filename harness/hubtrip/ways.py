"""The ways to a Hub and back, by name: what pushes, and how a reader who knows the class gets the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from torch import nn

from ..formats import Format, Origin, natural
from ..formats.pretrained import PRETRAINED, SHARD_BYTES
from .bytes_of import stamped

TAG, SUBFOLDER = "samedevice-tag", "weights"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parcel:
    """What is pushed, and where to: `branch` is None for the main one, `folder` is empty and may be written to.

    `token` is None for the one of the process.
    """

    model: Any
    fmt: Format
    repo: str
    folder: Path
    branch: str | None = None
    private: bool = True
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Order:
    """What is pulled, and by what: `options` are what the push has told its readers."""

    fmt: Format
    origin: Origin
    repo: str
    revision: str | None = None
    token: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way. `push(parcel)` returns what a reader has to be told: `revision`, `subfolder`, or nothing.

    What a library raises comes out of both.
    """

    name: str
    title: str
    applies: Callable[[nn.Module], bool]
    push: Callable[[Parcel], Mapping[str, Any] | None]
    pull: Callable[[Order], nn.Module]


def has_library(model: nn.Module) -> bool:
    """True for a model whose class pushes itself and loads itself: transformers', the mixin's, anybody's own."""
    own = callable(getattr(model, "push_to_hub", None)) and callable(getattr(type(model), "from_pretrained", None))
    return own and natural(model).name != "adapter"


def format_of(model: nn.Module) -> Format:
    """The format in which the model lies on the Hub; where its class loads itself, nobody else builds it."""
    fmt = natural(model)
    return replace(fmt, rebuilds=False) if has_library(model) else fmt


def applicable(model: nn.Module) -> tuple[Way, ...]:
    """The ways that a model can go, its natural one first."""
    return tuple(way for way in WAYS if way.applies(model))


def named(name: str) -> Way:
    """The way of that name. Raises `KeyError`."""
    return {way.name: way for way in WAYS}[name]


def _publish(parcel: Parcel, **options: Any) -> None:
    """Push with the class's own method."""
    options |= _branch(parcel) | ({} if parcel.token is None else {"token": parcel.token})
    parcel.model.push_to_hub(parcel.repo, private=parcel.private, **options)


def _branch(parcel: Parcel) -> dict[str, Any]:
    """The option that names a branch, which is there then; transformers calls it `revision` and makes it itself."""
    from huggingface_hub import HfApi, ModelHubMixin

    if parcel.branch is None:
        return {}
    HfApi().create_repo(parcel.repo, private=parcel.private, exist_ok=True)
    HfApi().create_branch(parcel.repo, branch=parcel.branch, exist_ok=True)
    return {"branch" if isinstance(parcel.model, ModelHubMixin) else "revision": parcel.branch}


def _publish_saved(parcel: Parcel) -> None:
    options = {"repo_id": parcel.repo, "private": parcel.private, **_branch(parcel)}
    parcel.model.save_pretrained(parcel.folder, push_to_hub=True, **options)


def _publish_shards(parcel: Parcel) -> None:
    size = sum(tensor.numel() * tensor.element_size() for tensor in parcel.model.state_dict().values())
    _publish(parcel, max_shard_size=min(max(size // 3, SHARD_BYTES[0]), SHARD_BYTES[1]))


def _publish_branch(parcel: Parcel) -> Mapping[str, Any]:
    _publish(replace(parcel, branch=parcel.branch or "samedevice-branch"))
    return {"revision": parcel.branch or "samedevice-branch"}


def _publish_tag(parcel: Parcel) -> Mapping[str, Any]:
    """Push, tag it, and push something else on top."""
    from huggingface_hub import HfApi

    _publish(parcel)
    HfApi().create_tag(parcel.repo, tag=TAG)
    with stamped(parcel.model, 9):
        _publish(parcel)
    return {"revision": TAG}


def _publish_pull_request(parcel: Parcel) -> Mapping[str, Any]:
    from huggingface_hub import HfApi

    HfApi().create_repo(parcel.repo, private=parcel.private)
    _publish(parcel, create_pr=True)
    return {"revision": "refs/pr/1"}


def _publish_bare(parcel: Parcel) -> None:
    """Without the owner: the client, or the Hub, finds out whose token it is."""
    _publish(replace(parcel, repo=parcel.repo.partition("/")[2]))


def _upload(parcel: Parcel, path_in_repo: str | None = None) -> None:
    from huggingface_hub import HfApi

    parcel.fmt.save(parcel.model, parcel.folder)
    api = HfApi(token=parcel.token)
    api.create_repo(parcel.repo, private=parcel.private, exist_ok=True)
    if parcel.branch is not None:
        api.create_branch(parcel.repo, branch=parcel.branch, exist_ok=True)
    api.upload_folder(repo_id=parcel.repo, folder_path=parcel.folder, path_in_repo=path_in_repo, revision=parcel.branch)


def _upload_subfolder(parcel: Parcel) -> Mapping[str, Any]:
    _upload(parcel, SUBFOLDER)
    return {"subfolder": SUBFOLDER}


def _by_class(order: Order) -> nn.Module:
    """By `from_pretrained`; a module that has none is filled from what was downloaded."""
    cls: Any = order.origin.cls
    if order.fmt.rebuilds:
        return _by_snapshot(order)
    given = {"revision": order.revision, "token": order.token}
    options = {name: value for name, value in given.items() if value is not None}
    model: nn.Module = cls.from_pretrained(order.repo, **options, **order.options)
    return model


def _by_snapshot(order: Order) -> nn.Module:
    from huggingface_hub import snapshot_download

    folder = Path(snapshot_download(order.repo, revision=order.revision, token=order.token))
    return order.fmt.load(folder / order.options.get("subfolder", ""), order.origin, "cpu")


def _by_files(order: Order) -> nn.Module:
    """One file after the other, as a script does that knows their names."""
    from huggingface_hub import HfApi, hf_hub_download

    names = HfApi().list_repo_files(order.repo, revision=order.revision)
    paths = [Path(hf_hub_download(order.repo, name, revision=order.revision)) for name in names]
    return order.fmt.load(paths[0].parents[len(Path(names[0]).parts) - 1], order.origin, "cpu")


def _is_pretrained(model: nn.Module) -> bool:
    return has_library(model) and PRETRAINED.applies(model)


def _is_on_disk(model: nn.Module) -> bool:
    """True where the folder that is pushed can be loaded as a folder, by the format that we know."""
    from huggingface_hub import ModelHubMixin

    return not has_library(model) or isinstance(model, ModelHubMixin) or PRETRAINED.applies(model)


def _both(model: nn.Module) -> bool:
    return has_library(model) and _is_on_disk(model)


WAYS: tuple[Way, ...] = (
    Way(name="push_to_hub", title="push_to_hub", applies=has_library, push=_publish, pull=_by_class),
    Way(name="upload_folder", title="upload_folder", applies=_is_on_disk, push=_upload, pull=_by_class),
    Way(
        name="save_pretrained",
        title="save_pretrained(push_to_hub=True)",
        applies=_both,
        push=_publish_saved,
        pull=_by_class,
    ),
    Way(name="sharded", title="push_to_hub in shards", applies=_is_pretrained, push=_publish_shards, pull=_by_class),
    Way(name="snapshot", title="snapshot_download", applies=_is_on_disk, push=_upload, pull=_by_snapshot),
    Way(name="files", title="hf_hub_download, file by file", applies=_is_on_disk, push=_upload, pull=_by_files),
    Way(name="branch", title="a branch", applies=_both, push=_publish_branch, pull=_by_class),
    Way(name="tag", title="a tag", applies=_both, push=_publish_tag, pull=_by_class),
    Way(name="pull_request", title="a pull request", applies=_both, push=_publish_pull_request, pull=_by_class),
    Way(name="subfolder", title="a subfolder", applies=_is_pretrained, push=_upload_subfolder, pull=_by_class),
    Way(name="bare_id", title="an id without its owner", applies=_both, push=_publish_bare, pull=_by_class),
)
