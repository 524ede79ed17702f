"""Edit contact (UI.md): what estimates often lack is completed here, and stays as it was written."""

from collections.abc import Callable
from dataclasses import asdict

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHECK, CHOICE, Field, Form, FormPage
from repaircenter.runtime.contact import shown_phone
from repaircenter.runtime.text import LANGUAGES
from repaircenter.shop.model.job import Contact, Job
from repaircenter.wire.vocabulary import CHANNELS

_FIELDS = (
    Field(name="first_name"),
    Field(name="last_name"),
    Field(name="company"),
    Field(name="email"),
    Field(name="phones", hint="desk.contact.phones_hint"),
    Field(
        name="preferred_channel",
        kind=CHOICE,
        choices={channel: f"desk.contact.channel.{channel or 'any'}" for channel in ("", *CHANNELS)},
    ),
    Field(
        name="language",
        kind=CHOICE,
        choices={language: f"desk.contact.in_{language or 'any'}" for language in ("", *LANGUAGES)},
    ),
    Field(name="do_not_contact", kind=CHECK),
)


class ContactForm(Form):
    """The fields alone, for Edit contact and for a job by hand."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__(context, "desk.contact", _FIELDS)

    def show_contact(self, contact: Contact) -> None:
        self.show_values({**asdict(contact), "phones": ", ".join(map(shown_phone, contact.phones))})

    def contact(self) -> Contact:
        values = self.values()
        phones = (values.pop("phones") or "").replace(";", ",").split(",")
        return Contact(**values, phones=tuple(phone for phone in phones if phone.strip()))


class ContactEditor(FormPage):
    """In place of a job's details; `keep` is called with what was written."""

    def __init__(self, context: DeskContext, keep: Callable[[Contact], None], leave: Callable[[], None]) -> None:
        self.form = ContactForm(context)
        super().__init__(context, "desk.contact", (self.form,), lambda: keep(self.form.contact()), leave)

    def show_job(self, job: Job) -> None:
        self.say("")
        self.form.show_contact(job.contact)
        self.form.focus_on("email")
