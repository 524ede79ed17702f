"""What commands ask for: a password from the environment or the terminal, never from the command line (`ps` shows that)."""

import os
import sys
from getpass import getpass

from repaircenter.runtime.errors import KnownError

# A new password has a name of its own: the old one may still stand in the environment.
PASSWORD, NEW_PASSWORD = "REPAIRCENTER_PASSWORD", "REPAIRCENTER_NEW_PASSWORD"
RECOVERY_CODE = "REPAIRCENTER_RECOVERY_CODE"


def ask_password(prompt: str = "Password: ", variable: str = PASSWORD) -> str:
    """Return the value of the variable, or what is typed. Raises KnownError where nobody can type."""
    given = os.environ.get(variable)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        asked = "recovery_code" if variable == RECOVERY_CODE else "password"
        raise KnownError(f"cli.no_terminal.{asked}", variable=variable)
    return getpass(prompt)


def ask_new_password(least: int) -> str:
    """Return a new password: of its variable, or typed twice. Raises KnownError when it is short or the two differ."""
    password = ask_password(f"New password ({least} characters or more): ", NEW_PASSWORD)
    if len(password) < least:
        raise KnownError("cli.short_password", least=least)
    if NEW_PASSWORD not in os.environ and getpass("The same again: ") != password:
        raise KnownError("cli.passwords_differ")
    return password


def counted(number: int, noun: str) -> str:
    """`1 shop`, `2 shops`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
