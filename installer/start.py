"""The frozen program's first line."""

import sys

from repaircenter.cli import main

sys.exit(main())
