"""`python -m mvsep`: the same as the command `mvsep`."""

import sys

from mvsep.cli import main

if __name__ == "__main__":
    sys.exit(main())
