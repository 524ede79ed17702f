"""The wire version (DESIGN 3.18): sent in a header with every request and answer; 426 names the least one."""

from typing import Final

HEADER: Final = "RepairCenter-Wire"
VERSION: Final = 1
LEAST: Final = 1
