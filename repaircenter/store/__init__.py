"""The shop's encrypted store: SQLite through SQLCipher, on a local disk only. Never imported by the desk."""
