"""Ages kept jobs until they may be asked (A-12) and runs what is due (DESIGN 3.8)."""
