"""What every area of the service stands on: its parts, how requests say no, keyed digests and tokens."""
