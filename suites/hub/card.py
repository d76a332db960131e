"""Does the model card with the compatibility table go with the model, and does the Hub take its metadata?

The model is checked on three devices, now; the card is the template that `samedevice report --format card` fills with
that report. It is pushed beside the model, read again by huggingface_hub's own `ModelCard`, and validated there. Where
the answer is no, a card that was made with care cannot be uploaded, or arrives as another.
"""

from collections.abc import Iterator

from ...harness import catalog, engine
from ...harness.check import Check
from ...harness.device import Device
from ...harness.devices import RUN_DEVICES, resolve_all
from ...harness.environment import here
from ...harness.finding import Finding
from ...harness.hubtrip.journey import journey
from ...harness.measure import Measure
from ...harness.plan import grid
from ...harness.report import Report
from ...harness.target import Target
from . import pushed
from .ways import refuse_elsewhere
from .words import mend

# The quick ones of those that anybody's model is asked.
ASKED = ("placement", "forward")


def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    """Make the card, push model and card, read and validate the card."""
    refuse_elsewhere(device)
    cells = grid((target,), resolve_all(RUN_DEVICES), catalog.checks(ASKED))
    report = Report(environment=here(), cells=tuple(engine.run(cells)))
    text = catalog.renderer("card")(report)
    with journey(target, device) as trip, trip.session.repository(pusher=trip.pusher) as repo:
        first = trip.push(repo)
        if "refused" in first:
            yield from pushed.refused(first, "push_to_hub")
            return
        sent = trip.pusher.ask("card", repo=repo, text=text)
        if "error" in sent:
            yield Finding(
                code="SD604",
                subject="README.md",
                message=f"the model card could not be pushed: {sent['error']['text']}",
                hint=mend(sent["error"]) or "correct the YAML block at the head of the model card",
            )
        elif sent["text"] != text:
            message = "the model card came back from the Hub as another text than it was pushed"
            yield Finding(code="SD603", subject="README.md", message=message)
    yield Measure(name="cells_in_the_card", value=len(report.cells))


CARD = Check(name="card", title="Model card", question="Does the Hub take the card with the model, as it is?", run=run)
