"""`python -m analysis.shards FOLDER...` checks every shard of result folders; the reader is `trifactor.shards`."""

import sys

from trifactor import command
from trifactor.shards import main

if __name__ == "__main__":
    sys.exit(command.run(main))
