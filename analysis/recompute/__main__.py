"""`python -m analysis.recompute FOLDER`."""

import sys

from analysis import command, recompute

sys.exit(command.run(recompute.main))
