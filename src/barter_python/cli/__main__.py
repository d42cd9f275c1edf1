"""`python -m barter_python.cli`: the command `barter-python`."""

import sys

from . import main

if __name__ == "__main__":
    sys.exit(main())
