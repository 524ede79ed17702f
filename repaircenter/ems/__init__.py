"""CIECA EMS: the bytes of a file set become an Estimate with problem notes. Pure, no file access, any thread."""
