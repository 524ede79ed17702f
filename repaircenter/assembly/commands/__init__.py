"""Commands that end by themselves: a report, an estimate read, the operator's."""
