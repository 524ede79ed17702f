"""Who must look again: changes as they are committed, for desks that wait for them (MODULES 2)."""
