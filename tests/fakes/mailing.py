"""A mail server and a clock that several processes share: what it was asked and took stands in journals in a folder."""

import email
import email.policy
import json
import os
import signal
import struct
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from random import Random

from repaircenter.central.messages.transport import Later
from repaircenter.runtime.clock import Clock

_INSTANT = struct.Struct("<d")


class SharedClock:
    """The clock of another process: `tell` says there how late it is, by seconds since 1970."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def tell(self, now_utc: datetime) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_bytes(_INSTANT.pack(now_utc.timestamp()))
        fresh.replace(self._file)

    def now_utc(self) -> datetime:
        return datetime.fromtimestamp(self.monotonic_seconds(), UTC)

    def monotonic_seconds(self) -> float:
        seconds: float = _INSTANT.unpack(self._file.read_bytes())[0]
        return seconds


@dataclass
class Post:
    """What mailers wrote into the journals of a folder, by the number of a message."""

    folder: Path
    asked: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    taken: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    letters: dict[str, EmailMessage] = field(default_factory=dict)
    _read: dict[Path, int] = field(default_factory=dict)

    def read(self) -> None:
        """Read on where it ended."""
        for path in sorted(self.folder.glob("*.jsonl")):
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                # What another process is about to write comes the next time.
                lines = [line for line in file.readlines() if line.endswith(b"\n")]
                self._read[path] = self._read.get(path, 0) + sum(map(len, lines))
            for line in lines:
                told = json.loads(line)
                number, at = told["number"], datetime.fromisoformat(told["at"])
                self.asked[number].append(at)
                if told["letter"] is not None:
                    self.taken[number].append(at)
                    letter = email.message_from_string(told["letter"], policy=email.policy.default)
                    assert isinstance(letter, EmailMessage)
                    self.letters[number] = letter
        for instants in (*self.asked.values(), *self.taken.values()):
            instants.sort()


@dataclass
class Mailer:
    """Takes nothing between two instants. Of some messages, always the same, whoever sends them first dies when they were
    taken: the task with an error or, with `kills`, the process."""

    clock: Clock
    away: tuple[datetime, datetime]
    journal: Path
    kills: bool = False
    _post: Post = field(init=False)

    def __post_init__(self) -> None:
        self._post = Post(self.journal.parent)

    def send(self, letter: EmailMessage, _name: str, _returns_to: str | None = None) -> None:
        now = self.clock.now_utc()
        is_away = self.away[0] <= now < self.away[1]
        line = {
            "number": letter["Message-ID"],
            "at": now.isoformat(),
            "letter": None if is_away else letter.as_string(),
        }
        with self.journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        if is_away:
            raise Later("421")
        if Random(f"{letter['To']} {letter['Subject']}").random() < 0.1 and self._is_first(letter):
            if self.kills:
                os.kill(os.getpid(), signal.SIGKILL)
            raise RuntimeError("the worker died before it could say that the message left")

    def _is_first(self, letter: EmailMessage) -> bool:
        self._post.read()
        return len(self._post.taken[letter["Message-ID"]]) == 1
