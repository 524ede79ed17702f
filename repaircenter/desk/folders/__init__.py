"""The folders estimates are exported into: their list, their editor, what is wrong with one."""
