"""The right side of the Jobs page: one job with its actions, timeline, lines, versions and what was sent."""

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QTableWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.jobs.contact_form import ContactEditor
from repaircenter.desk.jobs.credits_form import CreditsEditor
from repaircenter.desk.jobs.job_actions import Deed, JobActions
from repaircenter.desk.jobs.job_facts import facts_of
from repaircenter.desk.jobs.job_status import JobStatus, status_of
from repaircenter.desk.jobs.timeline import steps
from repaircenter.desk.kit.desk_context import ALIGN_RIGHT, DeskContext
from repaircenter.desk.kit.detail import DetailHead
from repaircenter.desk.kit.later import Later
from repaircenter.desk.kit.notices.banner import Banner
from repaircenter.desk.kit.notices.empty_state import EmptyState
from repaircenter.desk.kit.notices.status_card import StatusCard
from repaircenter.desk.kit.tables import fill, put, read_only_table
from repaircenter.desk.kit.timeline import TimelineView
from repaircenter.desk.kit.widgets import button, label, scrolled
from repaircenter.desk.outbox.sent_view import SentView
from repaircenter.runtime.contact import shown_phone
from repaircenter.shop.jobs.actions import Actions
from repaircenter.shop.jobs.credits import read_credits
from repaircenter.shop.jobs.version_changes import changes
from repaircenter.shop.model.job import Contact, JobDetails, JobView, Shop, Version
from repaircenter.shop.outbox.messages import payload_of

# Pixels, for the tabs below the head of a job: some lines of the timeline.
_LEAST_TABS = 190
# Columns whose cells stand on the right; so do their titles.
_FIGURES = frozenset(("number", "price", "total"))


class JobDetailsView(QWidget):
    """Shows one job; `do` does something in the background, with what to call when it was refused."""

    survey_wanted = Signal(object)  # Job
    # The form of the contact is closed: kept or given up.
    editing_ended = Signal()

    def __init__(self, context: DeskContext, do: Callable[[Deed, Callable[[str], None] | None], None]) -> None:
        super().__init__()
        self._context = context
        self._do = do
        self._view: JobView | None = None
        self._stack = QStackedWidget()
        self._empty = EmptyState()
        self._page = QWidget()
        # In a low window it scrolls: nothing is squeezed.
        self._area = scrolled(self._page)
        for page in (self._empty, self._area):
            self._stack.addWidget(page)
        self._editor = Later(self._stack, lambda: ContactEditor(context, self._keep_contact, self._leave_editor))
        self._credits = Later(self._stack, lambda: CreditsEditor(context, self._keep_credits, self._leave_editor))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self._build()
        bind = self._context.texts.bind
        bind(self._shop_label, "desk.survey.no_shop")
        bind(self._shop, name="desk.jobs.which_shop_name")
        bind(self._shop_button, "desk.jobs.confirm")
        self.retranslate()

    def _build(self) -> None:
        layout = QVBoxLayout(self._page)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(4)
        self._head = DetailHead(lines=5)
        layout.addWidget(self._head)
        self._copy = self._context.texts.bind(button("", self._copy_customer), "desk.job.copy")
        layout.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)
        self._status = StatusCard(self._context)
        layout.addWidget(self._status)
        self._question = Banner(narrow=True)
        layout.addWidget(self._question)
        self._actions = JobActions(self._context, lambda deed: self._do(deed, self._refused), self._edit, self._edit_credits)
        self._actions.survey_wanted.connect(self.survey_wanted)
        layout.addWidget(self._actions)
        self._notes = label("", "soft", wrap=True)
        layout.addWidget(self._notes)
        self._problem = label("", "problem", wrap=True)
        layout.addWidget(self._problem)
        row = QHBoxLayout()
        self._shop_label, self._shop = label(""), QComboBox()
        self._shop_button = button("", self._pressed_place)
        for part in (self._shop_label, self._shop, self._shop_button):
            row.addWidget(part)
        row.addStretch(1)
        layout.addLayout(row)
        self._tabs = self._context.texts.bind(QTabWidget(), name="desk.job.tabs")
        self._tabs.setMinimumHeight(_LEAST_TABS)
        self._timeline = TimelineView(self._context)
        self._estimate = read_only_table(5, stretch=1)
        self._sent = SentView(self._context)
        for tab in (self._timeline, self._estimate, self._build_versions(), self._sent):
            self._tabs.addTab(tab, "")
        layout.addWidget(self._tabs, 1)

    def _build_versions(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        self._versions = read_only_table(4, stretch=3)
        self._versions.setMaximumHeight(160)
        self._versions.itemSelectionChanged.connect(self._show_changes)
        self._changes_title = label("", "soft", wrap=True)
        self._changes = read_only_table(3, stretch=2)
        for widget in (self._versions, self._changes_title, self._changes):
            column.addWidget(widget)
        return page

    def retranslate(self) -> None:
        words = self._context.words
        self._empty.say(words("desk.job.none_title"), words("desk.job.none_text"))
        self._actions.retranslate()
        for editor in (self._editor, self._credits):
            if editor.made is not None:
                editor.made.retranslate()
        self._sent.retranslate()
        for index, key in enumerate(("timeline", "lines", "versions", "sent")):
            self._tabs.setTabText(index, words(f"desk.job.tab.{key}"))
        for table, key in ((self._estimate, "lines"), (self._versions, "versions"), (self._changes, "changes")):
            table.setAccessibleName(words(f"desk.job.tab.{key}"))
        self._timeline.retranslate()
        self._headers(self._estimate, ("number", "description", "part", "labor", "price"))
        self._headers(self._versions, ("version", "imported", "total", "file"))
        self._headers(self._changes, ("field", "before", "after"))
        if self._view is not None:
            self.show_view(self._view)

    def _headers(self, table: QTableWidget, keys: tuple[str, ...]) -> None:
        table.setHorizontalHeaderLabels([self._context.words(f"desk.job.column.{key}") for key in keys])
        for at, key in enumerate(keys):
            title = table.horizontalHeaderItem(at)
            if title is not None and key in _FIGURES:
                title.setTextAlignment(ALIGN_RIGHT)

    @property
    def job_id(self) -> int:
        return 0 if self._view is None else self._view.details.job.id

    def show_nothing(self) -> None:
        self._view = None
        self._stack.setCurrentWidget(self._empty)

    def offer_shops(self, shops: list[Shop]) -> None:
        """The account's shops, for a job whose sets name no repair facility."""
        known = [self._shop.itemData(index) for index in range(self._shop.count())]
        if known != [shop.id for shop in shops]:
            self._shop.clear()
            for shop in shops:
                self._shop.addItem(shop.name, shop.id)

    def show_view(self, view: JobView) -> None:
        """Another job, or the same one as it is now; a form being filled in stays."""
        is_other = view.details.job.id != self.job_id
        self._view = view
        details, words = view.details, self._context.words
        job = details.job
        title = job.contact.name or words("desk.job.erased" if job.erased_at_utc else "desk.job.no_name")
        self._head.show_facts(title, facts_of(job, self._context))
        self._copy.setVisible(bool(job.contact.phones or job.contact.email))
        status = status_of(view, self._context)
        self._actions.show_view(view, status.deed)
        self._show_status(status)
        if is_other:
            self._refused("")
        without_shop = job.shop_id is None and job.facility is None and self._shop.count() > 0
        for part in (self._shop_label, self._shop, self._shop_button):
            part.setVisible(without_shop)
        self._show_notes(details)
        self._ask(view)
        self._timeline.show_steps(steps(view.details, self._context))
        self._show_estimate(details)
        self._show_versions(details)
        self._show_sent(details)
        if is_other or self._stack.currentWidget() is self._empty:
            self._stack.setCurrentWidget(self._area)

    def _show_status(self, status: JobStatus) -> None:
        title = self._context.words(f"desk.job.deed.{status.deed}") if status.deed else ""
        self._status.say(status.mark, status.tone, status.sentence, title, lambda: self._actions.do_deed(status.deed))

    def _ask(self, view: JobView) -> None:
        """*Is this the same job?* with both answers."""
        if not view.others:
            self._question.clear()
            return
        words, job = self._context.words, view.details.job
        other, reason = view.others[0]
        called = " · ".join(
            part for part in (other.ro_number, other.contact.name, other.vehicle.name, other.version) if part
        )
        waits = job if job.unsure else other
        keep, gone = (other, job) if job.unsure else (job, other)
        self._question.say(
            words(f"desk.job.ask.{reason}", other=called),
            [
                (words("desk.job.ask.join"), lambda: self._do(Deed(lambda act: act.join(keep.id, gone.id)), None)),
                (words("desk.job.ask.apart"), lambda: self._do(Deed(lambda act: act.keep_apart(waits.id)), None)),
            ],
        )

    def _refused(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def _copy_customer(self) -> None:
        """Name, phones and e-mail into the clipboard, a line each."""
        if self._view is not None:
            contact = self._view.details.job.contact
            lines = (contact.name, *map(shown_phone, contact.phones), contact.email)
            QGuiApplication.clipboard().setText("\n".join(filter(None, lines)))
            self._context.tell(self._context.words("desk.job.copied"))

    def _show_notes(self, details: JobDetails) -> None:
        """What the reader noted about the newest set: a value left out is seen here, not missed in silence."""
        words, content = self._context.words, _content(details)
        told: dict[str, None] = {}
        for problem in content.get("problems", []):
            key = f"desk.note.{problem['code']}"
            told[words(key if words.has(key) else "desk.note.unknown", table=problem["table"])] = None
        self._notes.setText(words("desk.note.title", notes="; ".join(told)) if told else "")
        self._notes.setVisible(bool(told))

    def _show_estimate(self, details: JobDetails) -> None:
        content = _content(details)
        lines: list[dict[str, Any]] = content.get("lines", [])
        self._estimate.setRowCount(len(lines))
        for row, line in enumerate(lines):
            labor = ", ".join(map(self._labor, line["labor"]))
            price = "" if line["price"] is None else self._figure(line["price"])
            for column, text in enumerate((line["number"], line["description"], line["part_number"], labor, price)):
                item = put(self._estimate, row, column, "" if text is None else str(text))
                if column in (0, 4):
                    item.setTextAlignment(ALIGN_RIGHT)

    def _labor(self, part: dict[str, Any]) -> str:
        """A kind of labour in words (CIECA: LAB is body work, LAR refinishing, …) with its hours."""
        words, kind = self._context.words, str(part["type"] or "")
        key = f"desk.labor.{kind.lower()}"
        named = words(key) if words.has(key) else kind
        return f"{named} {self._figure(part['hours'])}" if part["hours"] else named

    def _figure(self, text: str) -> str:
        """A decimal figure of the estimate as it is written in this language; anything else as it stands."""
        try:
            places = len(text.partition(".")[2])
            return self._context.locale.toString(float(text), "f", places)
        except ValueError:
            return text

    def _show_versions(self, details: JobDetails) -> None:
        chosen = self._versions.currentRow()
        self._versions.setRowCount(len(details.versions))
        for row, version in enumerate(reversed(details.versions)):
            texts = (
                version.label,
                self._context.instant(version.imported_at_utc),
                self._context.money(version.total_cents),
                version.base,
            )
            for column, text in enumerate(texts):
                item = put(self._versions, row, column, text)
                if column == 2:
                    item.setTextAlignment(ALIGN_RIGHT)
        if details.versions:
            self._versions.selectRow(min(max(chosen, 0), len(details.versions) - 1))
        self._show_changes()

    def _show_changes(self) -> None:
        """What the chosen version changed against the one before it."""
        words = self._context.words
        versions: list[Version] = [] if self._view is None else list(reversed(self._view.details.versions))
        row = self._versions.currentRow()
        if not 0 <= row < len(versions) - 1:
            self._changes_title.setText(words("desk.job.first_version") if versions else "")
            self._changes.setRowCount(0)
            return
        changed = changes(versions[row + 1], versions[row])
        key = "desk.job.changed" if changed else "desk.job.nothing_changed"
        self._changes_title.setText(words(key, before=versions[row + 1].label, after=versions[row].label))
        fill(self._changes, [(words(f"desk.change.{change.what}"), change.before, change.after) for change in changed])

    def _show_sent(self, details: JobDetails) -> None:
        """The exact payload that left this PC last, else what would leave (A-N8)."""
        words = self._context.words
        sent = [row for row in details.outbox if row.started]
        if sent:
            when = self._context.instant(sent[-1].sent_at_utc or sent[-1].created_at_utc)
            self._sent.show_payload(words("desk.job.sent_title", when=when), sent[-1].payload)
        else:
            newest = details.versions[-1] if details.versions else None
            self._sent.show_payload(words("desk.job.would_send"), payload_of(details.job, newest))

    def _edit(self) -> None:
        if self._view is not None:
            editor = self._editor.show()
            editor.show_job(self._view.details.job)
            editor.form.focus_on("email")

    def _keep_contact(self, contact: Contact) -> None:
        if self._view is None:
            return
        job_id, before = self.job_id, self._view.details.job

        def keep(act: Actions) -> None:
            act.edit_contact(job_id, contact)
            self._context.background.report(lambda _none: self._leave_editor(), None)

        said = self._context.words("desk.job.did.contact")
        self._do(Deed(keep, said, lambda act: act.restore_contact(job_id, before)), self._editor().say)
        self._editor().say("")

    def _edit_credits(self) -> None:
        if self._view is not None:
            editor = self._credits.show()
            editor.show_job(self._view.details.job)
            editor.form.focus_on("technician")

    def _keep_credits(self, technicians: str, service_writers: str) -> None:
        if self._view is None:
            return
        job_id, before = self.job_id, self._view.details.job.credits

        def keep(act: Actions) -> None:
            act.set_credits(job_id, read_credits(technicians, service_writers))
            self._context.background.report(lambda _none: self._leave_editor(), None)

        said = self._context.words("desk.job.did.credits")
        self._do(Deed(keep, said, lambda act: act.set_credits(job_id, before)), self._credits().say)
        self._credits().say("")

    def action_done(self) -> None:
        """An action on this job went through."""
        self._refused("")

    def show_menu(self, at: QPoint, copy_rows: Callable[[], None]) -> None:
        """What can be done with the job on screen, where somebody asked for it."""
        menu = QMenu(self)
        words = self._context.words
        menu.addAction(words("desk.job.edit_contact"), self._edit)
        self._actions.fill(menu)
        menu.addSeparator()
        menu.addAction(words("desk.job.copy"), self._copy_customer)
        menu.addAction(words("desk.job.copy_rows"), copy_rows)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    @property
    def is_editing(self) -> bool:
        return self._editor.is_in_front or self._credits.is_in_front

    def ask_to_finish(self) -> None:
        """Another job was chosen while something of this one is being edited."""
        for editor in (self._editor, self._credits):
            if editor.is_in_front:
                editor().say(self._context.words("error.finish_first"))

    def _leave_editor(self) -> None:
        if self.is_editing:
            self._stack.setCurrentWidget(self._area)
            self.editing_ended.emit()

    def _pressed_place(self) -> None:
        if self._view is not None:
            job_id, shop_id = self.job_id, int(self._shop.currentData())
            self._do(Deed(lambda act: act.place_job(job_id, shop_id)), None)


def _content(details: JobDetails) -> dict[str, Any]:
    """The normalised estimate of the newest version; empty for a job made by hand or blanked."""
    content: dict[str, Any] = json.loads(details.versions[-1].content) if details.versions else {}
    return content
