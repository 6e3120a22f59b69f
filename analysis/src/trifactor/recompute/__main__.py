"""`python -m analysis.recompute FOLDER`."""

import sys

from trifactor import command, recompute

sys.exit(command.run(recompute.main))
