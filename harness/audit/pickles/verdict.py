"""What a walked pickle would do to whoever loads it."""

from collections.abc import Iterator
from typing import Any

from ...finding import Finding
from .. import flaw
from ..folder import File
from .allowed import is_allowed, is_known
from .nodes import Call, Global, Mapping, Walk, pairs_of

AGAIN = "copy or download the file again, or save it again"
_SAFE = "do not load it; ask its author for safetensors, or for `torch.save(model.state_dict(), ...)`"


def verdict(file: File, walk: Walk, where: str = "") -> Iterator[Finding]:
    """The findings of one pickle; `where` names the entry of an archive."""
    who = flaw.quoted(file.name) + (f" ({flaw.quoted(where)})" if where else "")
    if walk.problem is not None:
        yield flaw.error("SD737", file.name, f"the pickle in {who} {walk.problem}", AGAIN)
    modules = _module_classes(walk.root)
    if modules:
        root = modules[0]
        what = f"{who} is a whole module, a pickled {flaw.quoted(root)}: unpickling imports and runs the code of"
        names = dict.fromkeys(modules)
        hint = "save `model.state_dict()` with safetensors, and load it into a model that you built"
        yield flaw.error("SD736", file.name, f"{what} {flaw.some(names)}", hint)
    foreign = [
        found for found in walk.globals if not is_allowed(found) and not (modules and _of_modules(found, modules))
    ]
    unknown = [found for found in foreign if not is_known(found)]
    if unknown:
        run = [found.spelled for found in unknown if found.called]
        rest = [found.spelled for found in unknown if not found.called]
        does = [f"runs {flaw.some(run)}"] * bool(run) + [f"imports {flaw.some(rest)}"] * bool(rest)
        what = f"loading {who} {' and '.join(does)}, which `torch.load(weights_only=True)` refuses"
        yield flaw.error("SD735", file.name, what, _SAFE)
    elif walk.computed:
        what = f"loading {who} imports names that the pickle only computes while it is loaded"
        yield flaw.error("SD735", file.name, what, _SAFE)
    elif foreign and not modules:
        what = f"{who} is a pickle that names {flaw.some(found.path for found in foreign)}"
        hint = "load it with `weights_only=True` and `torch.serialization.safe_globals([...])`, or not at all"
        yield flaw.note("SD738", file.name, what, hint)


def _of_modules(found: Global, modules: list[str]) -> bool:
    """True for what a pickled module brings along: the classes of its parts, and torch's own names."""
    return found.path in modules or found.module.startswith("torch.nn.") or found.path == "builtins.set"


def _module_classes(root: Any) -> list[str]:
    """The classes of the `nn.Module`s in a pickle, the outermost first: objects whose state has `_modules`."""
    classes: list[str] = []
    waiting, met = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in met:
            continue
        met.add(id(node))
        if isinstance(node, Call) and isinstance(node.state, Mapping) and node.state.get("_modules") is not None:
            classes.append(_class_of(node))
        waiting.extend(reversed(_parts(node)))
    return classes


def _class_of(node: Call) -> str:
    """The class of an object: what was called, or what `copyreg.__newobj__` and its like were given."""
    first = node.arguments[0] if isinstance(node.arguments, tuple) and node.arguments else None
    if node.path.startswith("copyreg.") and isinstance(first, Global):
        return first.path
    return node.path or "<computed>"


def _parts(node: Any) -> list[Any]:
    pairs = pairs_of(node)
    if pairs is not None:
        return [value for _, value in pairs]
    if isinstance(node, list | tuple):
        return list(node)
    if isinstance(node, Call):
        return [node.arguments, node.state, *(value for _, value in node.pairs), *node.elements]
    return []
