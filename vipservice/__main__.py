"""python -m vipservice, and the command of the same name."""

import sys

from vipservice.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
