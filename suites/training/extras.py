"""What a plain installation lacks for training: the packages of the extra `train`."""

import sys
from importlib.util import find_spec


def lacking(*packages: str) -> str | None:
    """What to say where one of the packages is not installed; None where all are."""
    absent = [name for name in packages if name not in sys.modules and find_spec(name) is None]
    absent += [name for name in packages if name in sys.modules and sys.modules[name] is None]
    if not absent:
        return None
    return f"training needs {' and '.join(absent)}: pip install 'samedevice[train]'"
