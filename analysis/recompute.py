"""`python -m analysis.recompute FOLDER` computes an exported lifetime again, by `trifactor.recompute`."""

import sys

from trifactor import command
from trifactor.recompute import main

if __name__ == "__main__":
    sys.exit(command.run(main))
