"""How long leases and refresh tokens last. Pure."""

from datetime import timedelta

# A collecting PC says every ten minutes that it is there; two times missed, and another may take its place.
LEASE_LIFE = timedelta(minutes=25)
# How long "stay signed in" lasts without being used (DESIGN 3.10).
REFRESH_IDLE_LIFE = timedelta(days=90)
