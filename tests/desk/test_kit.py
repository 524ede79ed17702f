"""What pages are made of: texts that follow the language, forms (HOUSE 1.2-2, 1.2-4)."""

import gc
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton

from repaircenter.desk.jobs.contact_form import ContactForm
from repaircenter.desk.jobs.new_job import NewJobForm
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHECK, CHOICE, DAY, Field, Form
from repaircenter.shop.model.job import Contact, Job, Shop


def test_texts_follow_the_language_and_screen_readers_hear_no_mark(context: DeskContext) -> None:
    button, edit = QPushButton(), QLineEdit()
    assert context.texts.bind(button, "desk.contact.keep", tip="desk.contact.title") is button
    context.texts.bind(edit, name="desk.contact.email", hint="desk.contact.phones_hint")
    assert (button.text(), button.accessibleName(), button.toolTip()) == (
        "Enregistre&r",
        "Enregistrer",
        "Modifier le contact",
    )
    context.set_language("en")
    assert (button.text(), button.accessibleName(), button.toolTip()) == ("&Save", "Save", "Edit contact")
    assert (edit.accessibleName(), edit.placeholderText(), edit.text()) == ("E-mail", "several with commas", "")


def test_a_widget_that_is_gone_is_forgotten(context: DeskContext) -> None:
    kept, gone, deleted = QLabel(), QLabel(), QLabel()
    for widget in (kept, gone, deleted):
        context.texts.bind(widget, "desk.contact.title")
    deleted.deleteLater()
    QTest.qWait(1)
    del gone, widget
    gc.collect()
    context.set_language("es")
    assert kept.text() == context.words("desk.contact.title") and len(context.texts._bound) == 1


FIELDS = (
    Field(name="email", refusal=lambda text: "" if "@" in text or not text else "email"),
    Field(
        name="preferred_channel", kind=CHOICE, choices={"": "desk.contact.in_any", "sms": "desk.contact.channel.sms"}
    ),
    Field(name="do_not_contact", kind=CHECK),
    Field(name="language", kind=DAY),
)


def test_a_form_gives_back_what_it_was_shown(context: DeskContext) -> None:
    form = Form(context, "desk.contact", FIELDS)
    nothing = {"email": None, "preferred_channel": None, "do_not_contact": False, "language": None}
    assert form.values() == nothing
    filled = {"email": "a@b.ca", "preferred_channel": "sms", "do_not_contact": True, "language": date(2026, 2, 3)}
    form.show_values(filled)
    assert form.values() == filled
    context.set_language("en")
    form.retranslate()
    assert form.values() == filled, "another language changes nothing that was chosen"
    form.show_values({})
    assert form.values() == nothing


def test_a_form_says_what_is_wrong_in_the_language_of_the_person(context: DeskContext) -> None:
    form = Form(context, "desk.contact", FIELDS)
    form.show_values({"email": "nobody"})
    assert form.refusal() == context.words("error.email") != ""
    form.show_values({"email": "a@b.ca"})
    assert form.refusal() == ""


def test_every_label_of_a_form_leads_to_its_field(context: DeskContext) -> None:
    form = ContactForm(context)
    buddies = {label.buddy() for label in form.findChildren(QLabel) if label.buddy() is not None}
    fields = {box for name, box in form._boxes.items() if not isinstance(box, QCheckBox)}
    assert buddies == fields and all(box.accessibleName() for box in form._boxes.values())


def test_a_contact_survives_the_form(context: DeskContext) -> None:
    form = ContactForm(context)
    contact = Contact(
        first_name="Zoé",
        last_name="Roy",
        company="Taxi Roy",
        email="z@example.com",
        phones=("+15145550101", "+14185550102"),
        preferred_channel="phone",
        language="es",
        do_not_contact=True,
    )
    form.show_contact(contact)
    shown = form.contact()
    assert len(shown.phones) == 2
    assert (shown.first_name, shown.last_name, shown.company, shown.email) == (
        "Zoé",
        "Roy",
        "Taxi Roy",
        "z@example.com",
    )
    assert (shown.preferred_channel, shown.language, shown.do_not_contact) == ("phone", "es", True)


@pytest.mark.parametrize(("year", "said"), [("20", "error.year"), ("²020", "error.year"), ("2020", ""), ("", "")])
def test_a_job_by_hand_is_made_once_its_year_can_be_one(context: DeskContext, year: str, said: str) -> None:
    made: list[tuple[int, Job]] = []
    form = NewJobForm(context, lambda shop, job: made.append((shop, job)), lambda: None)
    form.begin([Shop(7, "Nord", "America/Toronto"), Shop(8, "Sud", "America/Toronto")], 8)
    form._facts.show_values({"shop": 8, "year": year, "make": " Mazda ", "delivered": date(2026, 1, 2)})
    keep = next(one for one in form.findChildren(QPushButton) if one.accessibleName() == "Créer le travail")
    QTest.mouseClick(keep, Qt.MouseButton.LeftButton)
    problem = next(one for one in form.findChildren(QLabel) if one.property("role") == "problem")
    assert problem.text() == (context.words(said) if said else "")
    if said:
        assert made == []
        return
    ((shop_id, job),) = made
    assert shop_id == 8 and job.vehicle.make == "Mazda" and job.vehicle.year == (int(year) if year else None)
    assert job.dates.delivered_on == date(2026, 1, 2)


def test_a_job_by_hand_without_a_shop_is_refused(context: DeskContext) -> None:
    form = NewJobForm(context, lambda shop, job: pytest.fail("made"), lambda: None)
    form.begin([], None)
    form._kept()
    assert any(one.text() == context.words("error.no_shop") for one in form.findChildren(QLabel))
