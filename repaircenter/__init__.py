"""RepairCenter: the shop's customer-satisfaction desk and its central service."""

__version__ = "0.1.0"
