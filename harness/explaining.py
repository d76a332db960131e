"""Explaining: from a recorded mismatch to a finding that names the tensor, the line that made it, and the mend."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Generator, Tensor, nn

from .finding import Finding, Location, Severity
from .naming import bound_name, source_line
from .reach import Reached, reach
from .virtual import generators, labels, origins, views
from .virtual.labels import Label
from .virtual.ledger import Mismatch
from .virtual.mends import mend


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Culprit:
    """A tensor that is to blame: its name (an attribute path if the model reaches it) and where it was made."""

    name: str | None
    origin: Location | None
    reached: Reached | None


def explain(mismatch: Mismatch, model: nn.Module) -> Finding:
    """The finding of one mismatch."""
    kept = mismatch.label is not None and 0 < mismatch.label.epoch < mismatch.epoch
    culprit = find(mismatch.label, model, culprit=mismatch.culprit, fallback=mismatch.name, kept=kept)
    at_the_call = mismatch.code == "SD202"
    origin = mismatch.use if at_the_call or culprit.origin is None else culprit.origin
    reached = culprit.reached if mismatch.code == "SD201" else None
    hint = mend(mismatch.code, mismatch.expected) if reached is None else reached.hint
    name = culprit.name or mismatch.argument
    return Finding(
        code=mismatch.code,
        severity=Severity.ERROR,
        message=_message(mismatch, name, origin),
        subject=name,
        op=mismatch.op,
        origin=origin,
        use=mismatch.use,
        hint=hint,
    )


def find(
    label: Label | None,
    model: nn.Module,
    *,
    culprit: Tensor | Generator | None = None,
    fallback: str | None = None,
    kept: bool = False,
) -> Culprit:
    """Who a label belongs to.

    A tensor that the model reaches is named by its path. Otherwise the blame goes back to what it was
    computed from: to a tensor that the model reaches, else to the one that was made first; but not of what was `kept`
    from an earlier phase, in which those may have been where they should.
    """
    roots = () if label is None or kept else label.roots
    family = [] if label is None or label.shared else [label, *roots]
    held = {s._cdata for s in labels.storages(culprit)} if isinstance(culprit, Tensor) else set()
    walk = reach(model)
    found = [(labels.get(reached.tensor), reached) for reached in walk]
    for one in family:
        for theirs, reached in found:
            if theirs is one:
                taken = views.taken(reached.tensor)
                return Culprit(name=reached.path, origin=origins.origin(taken or one), reached=reached)
    for _, reached in found:
        if held & {s._cdata for s in labels.storages(reached.tensor)}:
            return Culprit(name=reached.path, origin=origins.origin(label), reached=reached)
    made = next((one for one in family[1:] if one.code is not None), label)
    origin = origins.origin(made)
    generator = next((path for path, g in walk.generators.items() if generators.same(g, culprit)), None)
    bound = bound_name(origin.file, origin.line) if origin is not None else None
    known = fallback if made is label else None
    name = generator or ((known or bound) if kept else (bound or known))
    return Culprit(name=name, origin=origin, reached=None)


def _message(mismatch: Mismatch, name: str | None, origin: Location | None) -> str:
    who = f"`{name}`" if name else "a tensor"
    text = f"{who} is on {mismatch.device}, expected {mismatch.expected}: {mismatch.error} [{mismatch.op}]"
    if mismatch.code == "SD205":  # nobody is in the wrong place
        text = f"{mismatch.expected} cannot run {mismatch.op}: {mismatch.error}"
    if origin is not None and (line := source_line(origin.file, origin.line)):
        text += f"; {'called' if mismatch.code == 'SD205' else 'made'} by `{line}`"
    return text
