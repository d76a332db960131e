"""Mark the rules that a GPU has confirmed, in `harness/virtual/rules.json`.

    python tools/confirm_rules.py         # after a new recording, or a change of the rules; takes minutes

An operator's rule is confirmed where the virtual device agrees with the shipped recordings in at least 99.5 % of the
rows in which the operator was asked.
"""

import json
import warnings
from collections import Counter
from collections.abc import Iterator

from derive_rules import TABLE

from samedevice.harness.device import Device
from samedevice.harness.fidelity import references, subjects
from samedevice.harness.fidelity.judging import Judged, Verdict
from samedevice.harness.fidelity.placements import calls
from samedevice.harness.fidelity.recording import read
from samedevice.harness.fidelity.row import Row
from samedevice.harness.fidelity.running import outcome, standing

CARD = Device(kind="cuda", virtual=True)
DEMANDED = 0.995


def replayed(subject: str, rows: dict[str, Row]) -> Iterator[tuple[bool, set[str]]]:
    """For each recorded row of a subject: whether the virtual device agrees, and the operators that it asked."""
    family, cases = subjects.cases(subject)
    made = tuple(cases)
    with standing(CARD) as session:
        for case in made:
            for call in calls(subject, family, case):
                row = rows.get(call.key)
                if row is not None:
                    session.rules.clear()
                    found = Judged(row=row, replayed=outcome(case, call.placement, CARD))
                    operators = {rule.operator.removeprefix("aten::") for rule in session.rules.values()}
                    yield _is_placed_alike(found), operators


def _is_placed_alike(found: Judged) -> bool:
    """Whether both raised, or both have results on the same devices; dtypes are no matter of the device rule."""
    if found.verdict is not Verdict.OTHER_RESULT or found.replayed is None:
        return found.verdict is Verdict.AGREES
    places = [[r.partition("@")[2] for r in one.results] for one in (found.row.outcome, found.replayed)]
    return places[0] == places[1]


def main() -> None:
    """Replay every recorded row and write the list."""
    warnings.simplefilter("ignore")
    asked, agreed = Counter[str](), Counter[str]()
    for reference in references.references():
        rows: dict[str, dict[str, Row]] = {}
        for row in read(reference).rows:
            rows.setdefault(row.call.subject, {})[row.call.key] = row
        for subject in sorted(rows):
            for agrees, operators in replayed(subject, rows[subject]):
                asked.update(operators)
                agreed.update(operators if agrees else ())
    table = json.loads(TABLE.read_text())
    table["recorded"] = sorted(name for name, count in asked.items() if agreed[name] >= DEMANDED * count)
    TABLE.write_text(json.dumps(table, indent=1) + "\n")
    print(f"{len(table['recorded'])} of {len(asked)} operators confirmed")


if __name__ == "__main__":
    main()
