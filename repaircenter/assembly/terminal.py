"""What commands ask for: a password from the environment or the terminal, never from the command line (`ps` shows that)."""

import os
import sys
from getpass import getpass

from repaircenter.runtime.errors import KnownError

PASSWORD = "REPAIRCENTER_PASSWORD"


def ask_password(prompt: str = "Password: ") -> str:
    """Return the value of REPAIRCENTER_PASSWORD, or what is typed. Raises KnownError where nobody can type."""
    given = os.environ.get(PASSWORD)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise KnownError(f"There is no terminal to ask for the password: set {PASSWORD}.")
    return getpass(prompt)
