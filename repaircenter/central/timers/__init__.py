"""Everything that is due at a time: one table, one tick, and the worker that does what is due (MODULES 2)."""
