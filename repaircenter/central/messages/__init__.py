"""Everything that goes out: queued once, judged and rendered when it leaves, tried until it has ended (DESIGN 3.16)."""
