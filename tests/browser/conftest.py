"""The browser of these tests is driven on Linux only."""

import sys

collect_ignore = [] if sys.platform == "linux" else ["test_pages.py"]
