"""Edit contact (UI.md): what estimates often lack is completed here, and stays as it was written."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.pieces import button, label
from repaircenter.runtime.contact import shown_phone
from repaircenter.runtime.text import LANGUAGES
from repaircenter.shop.model.job import Contact, Job

_TEXTS = ("first_name", "last_name", "company", "email", "phones")
_CHANNELS = ("", "email", "sms", "phone")


class ContactForm(QWidget):
    """The fields alone, for Edit contact and for a job by hand."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._labels = {name: label("") for name in (*_TEXTS, "preferred_channel", "language")}
        self._edits = {name: QLineEdit() for name in _TEXTS}
        self._channel, self._language = QComboBox(), QComboBox()
        self._unwanted = QCheckBox()
        for name in _TEXTS:
            self._labels[name].setBuddy(self._edits[name])
            form.addRow(self._labels[name], self._edits[name])
        for name, box in (("preferred_channel", self._channel), ("language", self._language)):
            self._labels[name].setBuddy(box)
            form.addRow(self._labels[name], box)
        form.addRow(self._unwanted)
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        for name, caption in self._labels.items():
            caption.setText(words(f"desk.contact.{name}"))
        for name, edit in self._edits.items():
            edit.setAccessibleName(words(f"desk.contact.{name}").replace("&", ""))
        self._channel.setAccessibleName(words("desk.contact.preferred_channel").replace("&", ""))
        self._language.setAccessibleName(words("desk.contact.language").replace("&", ""))
        self._edits["phones"].setPlaceholderText(words("desk.contact.phones_hint"))
        self._unwanted.setText(words("desk.contact.do_not_contact"))
        _refill(self._channel, [(name, words(f"desk.contact.channel.{name or 'any'}")) for name in _CHANNELS])
        _refill(self._language, [(name, words(f"desk.contact.in_{name or 'any'}")) for name in ("", *LANGUAGES)])

    def show_contact(self, contact: Contact) -> None:
        for name in _TEXTS[:-1]:
            self._edits[name].setText(getattr(contact, name) or "")
        self._edits["phones"].setText(", ".join(map(shown_phone, contact.phones)))
        self._channel.setCurrentIndex(max(self._channel.findData(contact.preferred_channel or ""), 0))
        self._language.setCurrentIndex(max(self._language.findData(contact.language or ""), 0))
        self._unwanted.setChecked(contact.do_not_contact)

    def contact(self) -> Contact:
        texts = {name: self._edits[name].text().strip() or None for name in _TEXTS[:-1]}
        phones = tuple(part for part in self._edits["phones"].text().replace(";", ",").split(",") if part.strip())
        return Contact(
            first_name=texts["first_name"],
            last_name=texts["last_name"],
            company=texts["company"],
            email=texts["email"],
            phones=phones,
            preferred_channel=self._channel.currentData() or None,
            language=self._language.currentData() or None,
            do_not_contact=self._unwanted.isChecked(),
        )

    def set_focus(self) -> None:
        self._edits["email"].setFocus()


class ContactEditor(QWidget):
    """The form with its buttons, in place of a job's details; `keep` is called with what was written."""

    def __init__(self, context: DeskContext, keep: Callable[[Contact], None], leave: Callable[[], None]) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        self._title, self._note = label("", "title", wrap=True), label("", "soft", wrap=True)
        self.form = ContactForm(context)
        self._problem = label("", "problem", wrap=True)
        self._keep = button("", lambda: keep(self.form.contact()), primary=True)
        self._leave = button("", leave)
        row = QHBoxLayout()
        for widget in (self._keep, self._leave):
            row.addWidget(widget)
        row.addStretch(1)
        for keys, press in (("Esc", self._leave.click), ("Ctrl+S", self._keep.click), ("Return", self._keep.click)):
            QShortcut(QKeySequence(keys), self, press, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        for part in (self._title, self._note, self.form, self._problem):
            column.addWidget(part)
        column.addLayout(row)
        column.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        self._title.setText(words("desk.contact.title"))
        self._note.setText(words("desk.contact.note"))
        self.form.retranslate()
        for widget, key in ((self._keep, "desk.contact.keep"), (self._leave, "desk.configuration.cancel")):
            widget.setText(words(key))
            widget.setAccessibleName(words(key).replace("&", ""))

    def show_job(self, job: Job) -> None:
        self.say("")
        self.form.show_contact(job.contact)
        self.form.set_focus()

    def say(self, sentence: str) -> None:
        """What is wrong with what was written."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))


def _refill(box: QComboBox, entries: list[tuple[str, str]]) -> None:
    chosen = box.currentData()
    box.clear()
    for key, text in entries:
        box.addItem(text, key)
    box.setCurrentIndex(max(box.findData(chosen), 0))
