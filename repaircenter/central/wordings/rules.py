"""Which messages may be written in one's own words, by their numbers, and what they may say (A-25). Pure."""

from typing import Final, NamedTuple

from repaircenter.central.surveys.invitation import WORDS as INVITATION
from repaircenter.central.surveys.reminder import WORDS as REMINDER
from repaircenter.central.templates.rendering import Template, wrong_words
from repaircenter.runtime.text import LANGUAGES
from repaircenter.wire.vocabulary import EMAIL, SMS

LONGEST_SUBJECT, LONGEST_BODY, LONGEST_TEXT = 150, 4000, 300


class Message(NamedTuple):
    """A message in a language, and by which channel it leaves."""

    template: Template
    channel: str
    language: str


_TEMPLATES = ((INVITATION.mail, EMAIL), (REMINDER.mail, EMAIL), (INVITATION.text, SMS), (REMINDER.text, SMS))
# By the number the desk knows them by.
MESSAGES: Final = {
    number: Message(template, channel, language)
    for number, (template, channel, language) in enumerate(
        ((template, channel, language) for template, channel in _TEMPLATES for language in LANGUAGES), start=1
    )
}


def refusal(message: Message, subject: str, body: str) -> tuple[str, str]:
    """Return why words cannot be used: (code, placeholder it is about); ("", "") when they can.

    A mail has a subject of one line; a text has none, and fits two parts with its link.
    """
    is_text = message.channel == SMS
    if not body.strip() or (not is_text and not subject.strip()):
        return "wording_empty", ""
    if "\n" in subject or len(subject) > LONGEST_SUBJECT or len(body) > (LONGEST_TEXT if is_text else LONGEST_BODY):
        return "wording_long", ""
    wrong, _, placeholder = wrong_words(message.template, subject, body).partition(" ")
    return (f"wording_{wrong}", placeholder) if wrong else ("", "")
