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

# Whether this config builds a model that these tensors fit, the audit infers from names: the trip tries it. Values that
# are not finite are the model's own.
_TRIED = ("SD744", "SD745", "SD751")
# A reader that refuses a pickle names what it would have to run.
_REFUSED = ("SD735", "SD736", "SD737", "SD738")
# Parts of keys that are a wrapper's where a library's class holds them; a class of one's own may use the same words.
_WRAPPED = ("module", "base_layer", "base_model")


def ask(trip: Trip) -> Iterator[Finding | Measure]:
    """The errors and warnings of the audit, each with its file; its notes and counts are for `samedevice audit`.

    Nothing where the save was refused. Where the load was, it says what lies on disk that may be the reason.
    """
    if trip.refusal is not None and trip.refusal.stage == "save":
        return
    try:
        found = [item for item in audit(filed(trip)) if isinstance(item, Finding)]
    except NotChecked:  # a library may write what the audit has no words for
        return
    for finding in found:
        if finding.severity is not Severity.NOTE and not _is_known_better(finding, trip):
            yield replace(finding, message=f"{finding.message} ({trip.fmt.title})", severity=_severity(finding, trip))


def _is_known_better(finding: Finding, trip: Trip) -> bool:
    """True for what the audit can only infer from the files, and the model in hand refutes."""
    if finding.code in _TRIED or finding.subject == BASE or (trip.refusal is not None and finding.code in _REFUSED):
        return True
    return finding.code == "SD750" and "`_" not in finding.message and not _is_wrapped(trip)


def _severity(finding: Finding, trip: Trip) -> Severity:
    """A wrapper whose state dict we have saved is no mistake of anybody's yet: what it would lead to is a note."""
    return Severity.NOTE if finding.code == "SD750" and trip.fmt.rebuilds else finding.severity


def _is_wrapped(trip: Trip) -> bool:
    return any(_is_foreign(one) and not one._modules.keys().isdisjoint(_WRAPPED) for one in trip.hand.model.modules())


def _is_foreign(module: nn.Module) -> bool:
    home = type(module).__module__
    return is_library(home) or home.partition(".")[0] == "peft"


FILES = Question(
    name="files", question="Is what was written a sound checkpoint, as the audit of a directory would find?", ask=ask
)
