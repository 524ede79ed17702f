"""Password hashes that cost next to nothing."""

from argon2 import PasswordHasher

from repaircenter.central.core.secrets import Passwords

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
