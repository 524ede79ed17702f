"""How text messages leave: to a service that speaks Twilio's interface, or into files (demo, tests). Runs on the worker's
threads."""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import requests

from repaircenter.central.messages.transport import Later, Refused

TEXT_SECONDS = 30.0
# Twilio's codes: a number that has answered STOP, and numbers that there are not or that take no texts.
STOPPED = 21610
NO_SUCH_NUMBER = frozenset((21211, 21214, 21217, 21612, 21614, 21635, 30005, 30006))


class Stopped(Refused):
    """Whoever has this number does not want texts of ours."""


class NoSuchNumber(Refused):
    """This number takes no texts."""


@dataclass(frozen=True, slots=True)
class TextService:
    """Where texts are handed in, as which account, and the number (E.164) they come from."""

    address: str
    account: str
    number: str
    token: str = field(repr=False)


class FolderTexts:
    """One .txt a message for its owner only: the number, an empty line, the words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, number: str, words: str, name: str, told_at: str) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = self._folder / f"{name}.new"
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(f"{number}\n\n{words}\n")
            fresh.replace(self._folder / f"{name}.txt")
        except OSError as error:
            raise Later(type(error).__name__) from None

    def is_signed(self, address: str, form: Mapping[str, str], signature: str) -> bool:
        return False


class TwilioTexts:
    """A service that takes our texts; what becomes of each it says at an address of ours, signed."""

    def __init__(self, service: TextService) -> None:
        self._to = service

    def send(self, number: str, words: str, name: str, told_at: str) -> None:
        to = self._to
        form = {"To": number, "From": to.number, "Body": words, "StatusCallback": told_at}
        try:
            answer = requests.post(
                f"{to.address}/2010-04-01/Accounts/{to.account}/Messages.json",
                data=form,
                auth=(to.account, to.token),
                timeout=TEXT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Later(type(error).__name__) from None
        if answer.status_code in (200, 201):
            return
        code = _code(answer)
        if code == STOPPED:
            raise Stopped(str(code))
        # Everything else (a sender's number that is not ours, a full quota, an error of theirs) is no customer's fault.
        raise (NoSuchNumber if code in NO_SUCH_NUMBER else Later)(str(code or answer.status_code))

    def is_signed(self, address: str, form: Mapping[str, str], signature: str) -> bool:
        """Whether the service itself sent this form to an address of ours."""
        signed = address + "".join(f"{key}{form[key]}" for key in sorted(form))
        mac = hmac.new(self._to.token.encode(), signed.encode(), hashlib.sha1).digest()
        return hmac.compare_digest(base64.b64encode(mac), signature.encode())


def _code(answer: requests.Response) -> int:
    """What the service says is wrong; 0 where it does not."""
    try:
        said = answer.json()
        return int(said["code"])
    except (ValueError, KeyError, TypeError):
        return 0
