"""The trainings as the command line finds them: words become options, an outcome measures, files and a plot."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from ...harness.errors import UsageError
from ...harness.measure import Measure
from ...harness.suggestion import listed
from ...harness.training import Training
from .extras import lacking

PLOT = "loss.png"


def _run(name: str, words: Mapping[str, Any]) -> tuple[Measure, ...]:
    # Now rather than after a long training.
    if reason := lacking("accelerate", "matplotlib"):
        raise UsageError(reason)
    from .plot import draw  # late: the extra `train`

    kind, train = _parts(name)
    options = kind(**_fitting(kind, words))
    outcome = train(options)
    if name != "diffusion":  # which draws its own, with the validation bounds
        draw(outcome.losses, f"{name}: {options.experiment_name}", outcome.folder / PLOT)
    measures: tuple[Measure, ...] = outcome.measures()
    return measures


def _parts(name: str) -> tuple[Any, Callable[[Any], Any]]:
    """A training's options and function."""
    if name == "qa":
        from .qa import QAOptions, train_qa

        return QAOptions, train_qa
    if name == "diffusion":
        from .diffusion_run import DiffusionRun, train_diffusion

        return DiffusionRun, train_diffusion
    from .math import train_math
    from .options import TrainingOptions

    return TrainingOptions, train_math


def _fitting(kind: Any, words: Mapping[str, Any]) -> dict[str, Any]:
    """Words as fields of the options, text turned into what the field holds. Raises `UsageError`."""
    known = [field.name for field in fields(kind)]
    held = get_type_hints(kind)
    said = {}
    for name, value in words.items():
        if name not in known:
            raise UsageError(f"this training has no option {name!r}{listed(name, known)}")
        said[name] = _read(name, value, held[name]) if isinstance(value, str) else value
    return said


def _read(name: str, text: str, held: Any) -> Any:
    """Text as a value of the type that a field holds, which may be None too."""
    kinds = {kind for kind in get_args(held) if kind is not NoneType} if get_origin(held) is UnionType else {held}
    if bool in kinds:
        if text.lower() not in ("true", "false"):
            raise UsageError(f"{name} is {text!r}: give true or false")
        return text.lower() == "true"
    if int in kinds:
        if not text.isdecimal():
            raise UsageError(f"{name} is {text!r}: give a whole number")
        return int(text)
    if float in kinds:
        try:
            return float(text)
        except ValueError as error:
            raise UsageError(f"{name} is {text!r}: give a number") from error
    return tuple(text.split(",")) if any(get_origin(kind) is tuple for kind in kinds) else text


QA = Training(name="qa", title="Questions about long documents, with memory", run=partial(_run, "qa"))
MATH = Training(name="math", title="Worked math problems", run=partial(_run, "math"))
DIFFUSION = Training(name="diffusion", title="Text diffusion by invertible blocks", run=partial(_run, "diffusion"))
