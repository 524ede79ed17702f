"""Configuration > People and rights: who has an account, what each may where, and what was done about it."""
