"""`python -m repaircenter` is the command `repaircenter`."""

import sys

from repaircenter.cli import main

if __name__ == "__main__":
    sys.exit(main())
