"""New job by hand (UI.md, DESIGN 4.4): for a customer whose estimate is not exported, or not yet."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.jobs.contact_editor import ContactForm
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.pieces import button, label
from repaircenter.shop.model.job import Contact, Insurer, Job, JobDates, Shop, Vehicle

_FIELDS = ("ro_number", "year", "make", "model", "vin", "plate", "insurer_name", "claim_number", "estimator")


class NewJobForm(QWidget):
    """`keep` is called with the shop and the job."""

    def __init__(self, context: DeskContext, keep: Callable[[int, Job], None], leave: Callable[[], None]) -> None:
        super().__init__()
        self._context = context
        self._pressed = keep
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        outer.addWidget(area)
        page = QWidget()
        area.setWidget(page)
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        self._title = label("", "title")
        self._note = label("", "soft", wrap=True)
        self._contact = ContactForm(context)
        self._labels = {name: label("") for name in (*_FIELDS, "shop")}
        self._edits = {name: QLineEdit() for name in _FIELDS}
        self._shop = QComboBox()
        self._delivered, self._day = QCheckBox(), QDateEdit(QDate.currentDate())
        self._day.setCalendarPopup(True)
        self._day.setDisplayFormat("yyyy-MM-dd")
        self._day.setEnabled(False)
        self._delivered.toggled.connect(self._day.setEnabled)
        facts = QFormLayout()
        facts.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._labels["shop"].setBuddy(self._shop)
        facts.addRow(self._labels["shop"], self._shop)
        for name in _FIELDS:
            self._labels[name].setBuddy(self._edits[name])
            facts.addRow(self._labels[name], self._edits[name])
        facts.addRow(self._delivered, self._day)
        self._problem = label("", "problem", wrap=True)
        self._keep, self._leave = button("", self._kept, primary=True), button("", leave)
        row = QHBoxLayout()
        for widget in (self._keep, self._leave):
            row.addWidget(widget)
        row.addStretch(1)
        for keys, press in (("Esc", self._leave.click), ("Ctrl+S", self._keep.click)):
            QShortcut(QKeySequence(keys), self, press, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        for part in (self._title, self._note, self._contact):
            column.addWidget(part)
        column.addLayout(facts)
        column.addWidget(self._problem)
        column.addLayout(row)
        column.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        self._title.setText(words("desk.new_job.title"))
        self._note.setText(words("desk.new_job.note"))
        self._contact.retranslate()
        for name, caption in self._labels.items():
            caption.setText(words(f"desk.new_job.{name}"))
        for name, edit in self._edits.items():
            edit.setAccessibleName(words(f"desk.new_job.{name}").replace("&", ""))
        self._shop.setAccessibleName(words("desk.new_job.shop").replace("&", ""))
        self._delivered.setText(words("desk.new_job.delivered"))
        self._day.setAccessibleName(words("desk.new_job.delivered").replace("&", ""))
        for widget, key in ((self._keep, "desk.new_job.keep"), (self._leave, "desk.configuration.cancel")):
            widget.setText(words(key))
            widget.setAccessibleName(words(key).replace("&", ""))

    def begin(self, shops: list[Shop], shop_id: int | None) -> None:
        """An empty form; the shop is the one people work for."""
        self._shop.clear()
        for shop in shops:
            self._shop.addItem(shop.name, shop.id)
        self._shop.setCurrentIndex(max(self._shop.findData(shop_id), 0))
        self._contact.show_contact(Contact())
        for edit in self._edits.values():
            edit.clear()
        self._delivered.setChecked(False)
        self._day.setDate(QDate.currentDate())
        self.say("")
        self._contact.set_focus()

    def say(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def _kept(self) -> None:
        texts = {name: edit.text().strip() or None for name, edit in self._edits.items()}
        year = texts["year"] or ""
        if year and not (year.isdigit() and len(year) == 4):
            self.say("The year has four digits.")
            return
        if self._shop.currentData() is None:
            self.say("No shop is known yet; connect to the service first.")
            return
        day = self._day.date()
        delivered_on = date(day.year(), day.month(), day.day())
        job = Job(
            job_key="",
            ro_number=texts["ro_number"],
            contact=self._contact.contact(),
            vehicle=Vehicle(
                year=int(year) if year else None,
                make=texts["make"],
                model=texts["model"],
                vin=texts["vin"],
                plate=texts["plate"],
            ),
            insurer=Insurer(name=texts["insurer_name"], claim_number=texts["claim_number"]),
            estimator=texts["estimator"],
            dates=JobDates(delivered_on=delivered_on if self._delivered.isChecked() else None),
        )
        self._pressed(int(self._shop.currentData()), job)
