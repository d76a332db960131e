"""Do the trainings learn? The math training asked the twenty problems, and readers with memory asked held-out riddles.

    python benchmarks/trainings.py [NAME ...]

NAME is a position encoding or `qa`; without one, `rope`, `alibi` and `qa`. Each takes minutes on one CPU thread. The
same numbers come out on the same machine each time.
"""

import sys
from tempfile import TemporaryDirectory

import torch

from samedevice.reports.formats.figures import rate
from samedevice.suites.training.math import train_math
from samedevice.suites.training.options import TrainingOptions
from samedevice.suites.training.outcome import Outcome, Rate
from samedevice.suites.training.qa import QAOptions, train_qa


def trained(name: str) -> Outcome:
    """The outcome of a training at its usual size."""
    with TemporaryDirectory() as folder:
        if name == "qa":
            return train_qa(QAOptions(output_dir=folder))
        return train_math(TrainingOptions(position_encoding=name, output_dir=folder))


if __name__ == "__main__":
    torch.set_num_threads(1)
    for name in sys.argv[1:] or ("rope", "alibi", "qa"):
        outcome = trained(name)
        print(f"{name}: loss {outcome.losses[0]:.3g} -> {outcome.losses[-1]:.3g}")
        for when, score in (("before", outcome.before), ("after", outcome.after)):
            for what, value in score.items():
                if isinstance(value, Rate):
                    print(f"  {when:<7}{what.replace('_', ' '):<30}{rate(value.value, value.of)}")
