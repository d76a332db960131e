"""Is what the model's own format has written a sound checkpoint, as the audit of a stranger's directory would find?

The round trip asks whether this class takes its files back. The audit asks what anybody else meets in them: rival files
of which one is never read, no config, pickles that run code, keys with the prefix of a wrapper. Where the answer is no,
the files come back here and nowhere else.
"""

from collections.abc import Iterator
from dataclasses import replace

from torch import nn

from ...harness.audit import audit
from ...harness.errors import NotChecked
from ...harness.finding import Finding, Severity
from ...harness.formats.adapter import BASE
from ...harness.measure import Measure
from ...harness.reach.territory import is_library
from ...harness.roundtrip import Question, Trip, filed

# Whether this config builds a model that these tensors fit: the audit infers it from names, the trip has built it.
_SHOWN_BY_LOADING = ("SD744", "SD745")
# Parts of keys that are a wrapper's where a library's class holds them; a class of one's own may use the same words.
_WRAPPED = ("module", "base_layer", "base_model")


def ask(trip: Trip) -> Iterator[Finding | Measure]:
    """The errors and warnings of the audit, each with its file; its notes and counts are for `samedevice audit`.

    Nothing where a load was refused, which is reported with its reason. Values are not looked at: they are the model's
    own, and each was compared.
    """
    if trip.loaded is None:
        return
    try:
        found = [item for item in audit(filed(trip), values=False) if isinstance(item, Finding)]
    except NotChecked:  # a library may write what the audit has no words for
        return
    for finding in found:
        if finding.severity is not Severity.NOTE and not _is_known_better(finding, trip):
            yield replace(finding, message=f"{finding.message} ({trip.fmt.title})")


def _is_known_better(finding: Finding, trip: Trip) -> bool:
    """True for what the audit can only infer from the files, and the model in hand refutes."""
    if finding.code in _SHOWN_BY_LOADING or finding.subject == BASE:
        return True
    return finding.code == "SD750" and "`_" not in finding.message and not _is_wrapped(trip)


def _is_wrapped(trip: Trip) -> bool:
    return any(_is_foreign(one) and not one._modules.keys().isdisjoint(_WRAPPED) for one in trip.hand.model.modules())


def _is_foreign(module: nn.Module) -> bool:
    home = type(module).__module__
    return is_library(home) or home.partition(".")[0] == "peft"


FILES = Question(
    name="files", question="Is what was written a sound checkpoint, as the audit of a directory would find?", ask=ask
)
