"""`python -m samedevice` is the command line."""

import sys

from .harness.cli import main

sys.exit(main())
