"""What pages are made of: texts that follow the language, forms, lists, the toast (HOUSE 1.2-2 to 1.2-4)."""

import gc
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QStackedWidget, QWidget

from repaircenter.desk.jobs.contact_form import ContactForm
from repaircenter.desk.jobs.new_job import NewJobForm
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHECK, CHOICE, DAY, Field, Form
from repaircenter.desk.kit.later import Later
from repaircenter.desk.kit.lists.chips import Chips
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.kit.lists.inbox import Inbox, Item
from repaircenter.desk.kit.lists.list_page import Listing, ListPage, Nothing, Wanted
from repaircenter.desk.kit.lists.rows import sort_rows
from repaircenter.desk.kit.notices.toast import SHOWN_MS, Toast
from repaircenter.desk.kit.thread import Entry, ThreadView
from repaircenter.runtime.errors import KnownError
from repaircenter.shop.model.job import Contact, Job, Shop
from tests.desk.conftest import NOW


def until(ready: Callable[[], object]) -> None:
    end = time.monotonic() + 5
    while not ready():
        assert time.monotonic() < end, "it did not happen"
        QApplication.processEvents()
        time.sleep(0.002)


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


def test_a_toast_says_what_went_well_and_takes_it_back_once(context: DeskContext) -> None:
    host = QWidget()
    host.resize(800, 600)
    host.show()
    undone: list[str] = []
    toast = Toast(host)
    toast.say("Saved.", [("Undo", lambda: undone.append("first"))])
    toast.say("Deleted.", [("Undo", lambda: undone.append("second"))])
    assert [one.text() for one in toast.findChildren(QLabel)] == ["Deleted."], "one at a time"
    assert toast.geometry().bottom() < 600 and host.rect().contains(toast.geometry())
    host.resize(500, 300)
    QTest.qWait(1)
    assert host.rect().contains(toast.geometry()), "it stays at the bottom of the window"
    (undo,) = [one for one in toast.findChildren(QPushButton) if one.isVisible()]
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert undone == ["second"] and not toast.isVisible()
    toast.say("Sent.")
    assert not undo.isVisible(), "nothing to take back here"


def test_a_toast_goes_by_itself_but_waits_for_who_is_on_it(
    context: DeskContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = QWidget()
    host.show()
    toast = Toast(host)
    assert toast._timer.interval() == SHOWN_MS == 8000
    toast.say("Saved.", [("Undo", lambda: None)])
    monkeypatch.setattr(toast, "underMouse", lambda: True)
    toast._timer.timeout.emit()
    assert toast.isVisible() and toast._timer.isActive()
    monkeypatch.setattr(toast, "underMouse", lambda: False)
    toast._timer.timeout.emit()
    assert not toast.isVisible() and not toast._timer.isActive()


class Cars:
    """A list of three cars; what was asked is written down."""

    def __init__(self) -> None:
        self.rows = [(1, "Mazda"), (2, "Audi"), (3, "Kia")]
        self.wanted: list[Wanted] = []
        self.opened: list[int] = []
        self.refuses = False
        self.trouble: Exception | None = None

    def key(self, row: tuple[int, str]) -> int:
        return row[0]

    def read(self, wanted: Wanted) -> Callable[[], Listing[tuple[int, str]]]:
        self.wanted.append(wanted)

        def read() -> Listing[tuple[int, str]]:
            if self.trouble is not None:
                raise self.trouble
            rows = [row for row in self.rows if wanted.search.lower() in row[1].lower()]
            sort_rows(
                rows, wanted.order, {"ro": lambda row: row[0], "customer": lambda row: row[1]}, lambda row: row[0]
            )
            return Listing(rows)

        return read

    def take(self, listing: Listing[tuple[int, str]]) -> None: ...

    def choose(self, row: tuple[int, str] | None) -> bool:
        if not self.refuses:
            self.opened.append(0 if row is None else row[0])
        return not self.refuses

    def nothing(self, search: str) -> Nothing:
        return Nothing("Nothing", f"for {search}")


COLUMNS: tuple[Column[tuple[int, str]], ...] = (
    Column(name="ro", text=lambda row, _context: str(row[0]), order=lambda row: row[0], width=60, right=True),
    Column(name="customer", text=lambda row, _context: row[1], order=lambda row: row[1], width=90),
)


@pytest.fixture
def cars(context: DeskContext) -> tuple[Cars, ListPage[tuple[int, str]]]:
    source = Cars()
    page = ListPage(context, "cars", "desk.jobs", COLUMNS, source, order=("customer", False))
    page.resize(400, 300)
    page.show()
    page.load()
    until(lambda: page.model.rows)
    return source, page


def shown(page: ListPage[tuple[int, str]]) -> list[str]:
    return [row[1] for row in page.model.rows]


def test_a_list_reads_in_the_order_of_its_header(cars: tuple[Cars, ListPage[tuple[int, str]]]) -> None:
    source, page = cars
    assert shown(page) == ["Audi", "Kia", "Mazda"] and source.wanted[-1].order == ("customer", False)
    page.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    until(lambda: shown(page) == ["Kia", "Audi", "Mazda"])
    assert page.model.headerData(0, Qt.Orientation.Horizontal) == page.model.context.words("desk.jobs.column.ro")


def test_what_was_chosen_stays_chosen_by_its_key(cars: tuple[Cars, ListPage[tuple[int, str]]]) -> None:
    source, page = cars
    page.table.selectRow(1)
    assert source.opened == [3] and page.chosen == 3
    source.rows.insert(0, (4, "Acura"))
    page.load()
    until(lambda: len(shown(page)) == 4)
    assert page.table.selectionModel().selectedRows()[0].row() == 2 and source.opened == [3], "nothing is opened anew"
    source.refuses = True
    page.table.selectRow(0)
    assert page.chosen == 3 and page.table.selectionModel().selectedRows()[0].row() == 2, "the choice before it stays"
    source.rows = [row for row in source.rows if row[0] != 3]
    page.load()
    until(lambda: len(shown(page)) == 3)
    assert not page.table.selectionModel().hasSelection() and not page.table.currentIndex().isValid()
    assert page.chosen == 3, "what is being edited is not taken away"
    source.refuses = False
    page.load()
    until(lambda: page.chosen is None)
    assert source.opened == [3, 0], "the row is gone: nothing is chosen, and the source knows"
    page.choose(9)
    page.load()
    until(lambda: not page._reading.is_asking)
    assert page.chosen == 9, "it is on its way"
    source.rows.append((9, "Volvo"))
    page.load()
    until(lambda: page.table.selectionModel().hasSelection())
    assert source.opened == [3, 0]


def test_a_list_says_why_it_is_empty_and_offers_to_read_again(cars: tuple[Cars, ListPage[tuple[int, str]]]) -> None:
    source, page = cars
    page.search.setText("volvo")
    until(lambda: page.empty.isVisible())
    assert "for volvo" in [one.text() for one in page.empty.findChildren(QLabel)]
    source.trouble = KnownError("damaged")
    page.search.setText("kia")
    until(
        lambda: page.model.context.words("desk.list.error_title") in [w.text() for w in page.empty.findChildren(QLabel)]
    )
    source.trouble = None
    retry = next(one for one in page.empty.findChildren(QPushButton) if one.isVisible())
    QTest.mouseClick(retry, Qt.MouseButton.LeftButton)
    until(lambda: page.table.isVisible())
    assert shown(page) == ["Kia"] and source.wanted[-1].anew


def test_widths_and_hidden_columns_are_kept(context: DeskContext, cars: tuple[Cars, ListPage[tuple[int, str]]]) -> None:
    _, page = cars
    page.table._show_column(0, False)
    page.table.setColumnWidth(1, 222)
    again = ListPage(context, "cars", "desk.jobs", COLUMNS, Cars(), order=("customer", False))
    assert again.table.isColumnHidden(0) and again.table.columnWidth(1) == 222


def test_chips_narrow_and_keep_what_was_chosen(context: DeskContext) -> None:
    pressed: list[int] = []
    chips = Chips(
        context,
        "desk.jobs",
        ("problem", "unreachable"),
        {"insurer": "desk.jobs.column.insurer"},
        lambda: pressed.append(1),
    )
    chips.offer("insurer", [("", "All"), ("a", "Assureur A"), ("b", "Assureur B")])
    assert chips.chosen("insurer") is None and pressed == []
    chips._boxes["insurer"].setCurrentIndex(2)
    chips.offer("insurer", [("", "Tous"), ("a", "Assureur A")])
    assert chips.chosen("insurer") == "b" and len(pressed) == 1, "still narrowed, and said so by its name"
    assert chips._boxes["insurer"].currentText() == "Assureur B"
    chips._chips["problem"].click()
    assert chips.is_on("problem") and len(pressed) == 2
    chips.show_count("unreachable", 0)
    assert chips._chips["unreachable"].isHidden()
    chips.clear()
    assert chips.chosen("insurer") is None and not chips.is_on("problem") and len(pressed) == 3


def entry(minutes: int, text: str, **fields: bool) -> Entry:
    return Entry(NOW + timedelta(minutes=minutes), "Ana", text, **fields)


class Desk:
    """Where messages go; `trouble` is what stands in the way."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bool]] = []
        self.told = 0
        self.trouble: Exception | None = None

    def send(self, text: str, is_private: bool) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.sent.append((text, is_private))

    def went(self) -> None:
        self.told += 1


def test_a_conversation_is_shown_and_answered(context: DeskContext) -> None:
    desk = Desk()
    thread = ThreadView(context, desk.send, desk.went)
    thread.show()
    thread.activateWindow()
    thread._draft.setFocus()
    until(lambda: thread.isActiveWindow() and thread._draft.hasFocus())
    thread.show_thread("case:1", [entry(0, "Is it ready?"), entry(1, "Ask Zoe.", is_ours=True, is_private=True)])
    said = [one.text() for one in thread.findChildren(QLabel)]
    assert said.index("Is it ready?") < said.index("Ask Zoe.") and any(one.startswith("Note de Ana") for one in said)
    QTest.keyClicks(thread._draft, "Tomorrow.")
    QTest.keyClick(thread._draft, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: desk.told)
    assert desk.sent == [("Tomorrow.", False)] and thread._draft.toPlainText() == ""
    thread._private.setChecked(True)
    thread._draft.setPlainText("Call back.")
    QTest.mouseClick(thread._button, Qt.MouseButton.LeftButton)
    until(lambda: desk.told == 2)
    assert desk.sent[-1] == ("Call back.", True)


def test_what_was_written_is_never_lost_nor_sent_to_another(context: DeskContext) -> None:
    desk = Desk()
    thread = ThreadView(context, desk.send, desk.went)
    thread.show_thread("case:1", [])
    thread._draft.setPlainText("half a sent")
    thread._private.setChecked(True)
    thread.show_thread("case:2", [])
    assert thread._draft.toPlainText() == "" and not thread._private.isChecked()
    thread.show_thread("case:1", [entry(0, "new")])
    assert thread._draft.toPlainText() == "half a sent"
    desk.trouble = KnownError("unreachable")
    thread._press()
    until(lambda: thread._problem.text())
    assert thread._draft.toPlainText() == "half a sent" and desk.sent == []
    thread.forget()
    thread.show_thread("case:1", [])
    assert thread._draft.toPlainText() == ""


def test_an_inbox_counts_what_is_unread_and_opens_what_was_chosen(context: DeskContext) -> None:
    items = [Item(str(n), NOW + timedelta(minutes=n), f"alert {n}", "Ana", n == 1, f"jobs/{n}") for n in (1, 2, 3)]
    opened: list[str] = []
    counts: list[int] = []

    def mark(keys: Sequence[str]) -> None:
        items[:] = [replace(item, is_read=item.is_read or item.key in keys) for item in items]

    inbox = Inbox(context, "alerts", lambda: list(items), mark, opened.append)
    inbox.unread_changed.connect(counts.append)
    inbox.refresh()
    until(lambda: inbox.page.model.rows)
    assert [item.key for item in inbox.page.model.rows] == ["3", "2", "1"] and inbox.unread == 2
    inbox.page.table.selectRow(0)
    until(lambda: inbox.unread == 1)
    assert opened == ["jobs/3"] and counts[-1] == 1
    inbox._chips._chips["unread"].click()
    until(lambda: [item.key for item in inbox.page.model.rows] == ["2"])
    QTest.mouseClick(inbox._all, Qt.MouseButton.LeftButton)
    until(lambda: inbox.unread == 0)
    assert all(item.is_read for item in items) and not inbox._all.isEnabled()


def test_what_went_through_is_no_draft_when_one_comes_back(context: DeskContext) -> None:
    """Sent in one conversation while another was opened: it must not stand there to be sent again."""
    desk, gate = Desk(), threading.Event()

    def send(text: str, is_private: bool) -> None:
        gate.wait(5)
        desk.send(text, is_private)

    thread = ThreadView(context, send, desk.went)
    thread.show_thread("case:1", [])
    thread._draft.setPlainText("Tomorrow.")
    thread._press()
    thread.show_thread("case:2", [])
    thread._draft.setPlainText("of the second")
    gate.set()
    until(lambda: desk.told)
    assert thread._draft.toPlainText() == "of the second"
    thread.show_thread("case:1", [])
    assert thread._draft.toPlainText() == "" and desk.sent == [("Tomorrow.", False)]


def test_what_is_opened_while_another_is_marked_is_marked_too(context: DeskContext) -> None:
    items = [Item(str(n), NOW + timedelta(minutes=n), f"alert {n}") for n in (1, 2)]
    gate, marked = threading.Event(), list[str]()

    def mark(keys: Sequence[str]) -> None:
        gate.wait(5)
        marked.extend(keys)

    inbox = Inbox(context, "alerts", lambda: list(items), mark, lambda _place: None)
    inbox.refresh()
    until(lambda: inbox.page.model.rows)
    inbox.page.table.selectRow(0)
    inbox.page.table.selectRow(1)
    gate.set()
    until(lambda: len(marked) == 2)
    assert marked == ["2", "1"]


def test_a_page_is_made_once_and_only_when_it_is_needed() -> None:
    stack = QStackedWidget()
    made: list[QLabel] = []
    stack.addWidget(QWidget())

    def make() -> QLabel:
        made.append(QLabel("x"))
        return made[-1]

    page = Later(stack, make)
    assert made == []
    label = page()
    assert made == [label] and page.made is label and stack.currentWidget() is not label, "made, and not shown"
    assert page.show() is label and stack.currentWidget() is label and stack.count() == 2 and len(made) == 1
    stack.setCurrentIndex(0)
    assert [page.is_in_front, page.show() is label, page.is_in_front] == [False, True, True]
