"""Customers who answer: reads the mails as a person would, opens the page and posts its form (issue 2 g)."""

import email
import email.policy
import heapq
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import requests

from repaircenter.demo.world import World

_WRITTEN = re.compile(r'<textarea name="(\w+)"')
_LINK = re.compile(r"https?://\S+/s/[\w-]+(?=\s)")
_FIELD = re.compile(r'type="(\w+)" name="(\w+)" value="([^"]*)"')
# More pages than any questionnaire has.
_MOST_PAGES = 20


def fill_in(
    session: requests.Session, link: str, values: Mapping[str, object], comment: str = ""
) -> requests.Response | None:
    """Answer a survey page by page as a browser without scripts does, with what is offered of `values`; several of a
    question are a list. Return what is said at the end; None where nothing is asked (any more)."""
    page, answer = session.get(link, timeout=20), None
    for _ in range(_MOST_PAGES):
        if page.status_code != requests.codes.ok or 'name="page"' not in page.text:
            break
        form: list[tuple[str, str]] = []
        for kind, name, value in _FIELD.findall(page.text):
            wished = values.get(name)
            wanted = wished if isinstance(wished, list) else [wished]
            if kind == "hidden" or value in map(str, wanted):
                form.append((name, value))
        form += [(name, str(values[name])) for name in _WRITTEN.findall(page.text) if name in values]
        page = answer = session.post(link, data=[*form, ("comment", comment)], timeout=20)
    return answer


@dataclass(slots=True)
class Customers:
    """`read_mail` takes new messages of a folder; `answer_due` posts what falls due."""

    world: World
    mail_folder: Path
    answered: int = 0
    _seen: set[str] = field(default_factory=set)
    _due: list[tuple[datetime, str, str]] = field(default_factory=list)
    _session: requests.Session = field(default_factory=requests.Session)

    def read_mail(self, now_utc: datetime) -> int:
        """Open new messages; those who will answer remember when. Return how many were new."""
        if not self.mail_folder.is_dir():
            return 0
        new = 0
        for path in sorted(self.mail_folder.glob("*.eml")):
            if path.name in self._seen:
                continue
            self._seen.add(path.name)
            new += 1
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = message.get_body()
            link = _LINK.search(body.get_content()) if body is not None else None
            address = str(message["To"]).strip()
            opinion = self.world.opinion(address)
            if link is not None and opinion is not None and opinion.after is not None:
                heapq.heappush(self._due, (now_utc + opinion.after, link[0], address))
        return new

    def answer_due(self, now_utc: datetime) -> int:
        """Answer every survey whose moment has come; return how many were accepted."""
        accepted = 0
        self._session.trust_env = False
        while self._due and self._due[0][0] <= now_utc:
            _, link, address = heapq.heappop(self._due)
            opinion = self.world.opinion(address)
            if opinion is None:
                continue
            reply = fill_in(self._session, link, opinion.values, opinion.comment)
            accepted += reply is not None and reply.status_code == requests.codes.ok
        self.answered += accepted
        return accepted

    def close(self) -> None:
        self._session.close()
