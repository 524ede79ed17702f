"""What an office decides once for all its PCs, before anybody sits at one of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    """First run begins with this; empty is undecided. A person can change all of it, and no secret is ever part of it."""

    service: str = ""
    folder: str = ""
    language: str = ""
    send_rule: str = ""
    autostart: str = ""
