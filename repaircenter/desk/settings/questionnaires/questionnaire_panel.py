"""One questionnaire: its parts in the order in which customers come to them, and below them the one that is chosen."""

from collections.abc import Callable
from functools import partial

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QVBoxLayout

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.questionnaires import editing
from repaircenter.desk.settings.questionnaires.editing import COMMENT, ENDING, QUESTION, QUESTIONNAIRE, WHOLE, Part
from repaircenter.desk.settings.questionnaires.part_form import PartForm
from repaircenter.desk.settings.questionnaires.part_words import part_text
from repaircenter.desk.settings.record_panel import Panel
from repaircenter.runtime.text import Texts
from repaircenter.wire.surveys.questionnaires import KeptQuestionnaire, Questionnaire, QuestionnaireList, Translated

NOTHING = QuestionnaireList(questionnaires=[], may_change=False)
_INDENT = "\N{NO-BREAK SPACE}" * 6
_HIGH = 250
_DATA = Qt.ItemDataRole.UserRole


class QuestionnairePanel(Panel[KeptQuestionnaire]):
    """`keep` keeps what was written, `discard` gives it up, `preview` shows it as customers see it, `copy` begins a copy."""

    def __init__(
        self,
        context: DeskContext,
        keep: Callable[[], object],
        discard: Callable[[], object],
        preview: Callable[[], object],
        copy: Callable[[], object],
    ) -> None:
        super().__init__()
        self._context = context
        self._listed = NOTHING
        self.is_new = False
        self.content = editing.empty()
        # As it was before anything was written.
        self._before = self.content
        bind = context.texts.bind
        self._title, self._note = label("", "title"), label("", "soft", wrap=True)
        self.parts = bind(QListWidget(), name="desk.questionnaires.parts")
        self.parts.setFixedHeight(_HIGH)
        self._kinds = QMenu(self)
        self._add = bind(button("", lambda: None), "desk.questionnaires.add")
        self._add.setMenu(self._kinds)
        self._up = bind(button("", lambda: self._pressed_move(-1)), "desk.questionnaires.up")
        self._down = bind(button("", lambda: self._pressed_move(1)), "desk.questionnaires.down")
        self._remove = bind(button("", self._pressed_remove), "desk.questionnaires.remove")
        self._tools = row_of(self._add, self._up, self._down, self._remove)
        self._told = label("", "soft", wrap=True)
        self.form = PartForm(context)
        self._keep = bind(button("", keep, primary=True), "desk.questionnaires.keep")
        self._discard = bind(button("", discard), "desk.configuration.discard")
        self._copy = bind(button("", copy), "desk.questionnaires.copy")
        self._preview = bind(button("", preview), "desk.questionnaires.preview")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (
            self._title, self._note, self.parts, self._tools, self._told, self.form, self.problem,
            row_of(self._keep, self._discard, self._copy, self._preview),
        ):  # fmt: skip
            column.addWidget(part)
        self.parts.currentRowChanged.connect(self._chosen)
        self.form.changed.connect(self._written)
        for keys, pressed in (("Alt+Up", self._up.click), ("Alt+Down", self._down.click), ("Delete", self._remove.click)):
            QShortcut(QKeySequence(keys), self.parts, pressed, context=Qt.ShortcutContext.WidgetShortcut)
        self.show_record(None, NOTHING)

    def retranslate(self) -> None:
        self.form.retranslate()
        self._show_parts(self.chosen)
        self._show_words()

    def show_record(self, record: KeptQuestionnaire | None, listed: QuestionnaireList) -> None:
        """Show a questionnaire as it is now; None for none."""
        self.record, self._listed, self.is_new = record, listed, False
        self._show(editing.empty() if record is None else editing.with_pages(record.content))

    def begin_new(self, listed: QuestionnaireList) -> None:
        """One of one's own with the question for stars, as the shortest of ours has it."""
        self._listed = listed
        stars = next(
            (
                question
                for kept in listed.questionnaires
                for question in kept.content.questions
                if not kept.is_own and question.kind == editing.STARS
            ),
            None,
        )
        content = editing.empty()
        if stars is not None:
            first = msgspec.structs.replace(stars, page=content.pages[0].key, when=[])
            content = msgspec.structs.replace(content, questions=[first])
        self._begin(content)

    def begin_copy(self) -> None:
        """One of one's own that asks the same."""
        if self.record is not None:
            title = self.record.content.title
            copied = editing.translated(
                Translated(en="", fr="", es=""),
                lambda language: Texts(language)("desk.questionnaires.copy_of", name=title(language)),
            )
            self._begin(msgspec.structs.replace(editing.with_pages(self.record.content), name=copied))

    def _begin(self, content: Questionnaire) -> None:
        self.record, self.is_new = None, True
        self._show(content)
        self.form.focus_on_words()

    def _show(self, content: Questionnaire) -> None:
        self.say("")
        self._told.setText("")
        self.setVisible(self.record is not None or self.is_new)
        self.content = self._before = content
        self._show_parts(WHOLE)
        self._show_words()
        self._show_state()

    @property
    def may_write(self) -> bool:
        """Whether what is shown is one's own, and all shops are."""
        return self._listed.may_change and (self.is_new or (self.record is not None and self.record.is_own))

    @property
    def chosen(self) -> Part:
        item = self.parts.currentItem()
        part = None if item is None else item.data(_DATA)
        return part if isinstance(part, Part) else WHOLE

    def _show_parts(self, chosen: Part) -> None:
        """List the parts, and show the chosen one."""
        self.parts.blockSignals(True)
        self.parts.clear()
        for part in editing.parts_of(self.content):
            indent = _INDENT if part.kind == QUESTION else ""
            item = QListWidgetItem(indent + part_text(self.content, part, self._context.words), self.parts)
            item.setData(_DATA, part)
            if part == chosen:
                self.parts.setCurrentItem(item)
        if self.parts.currentRow() < 0:
            self.parts.setCurrentRow(0)
        self.parts.blockSignals(False)
        self._chosen(self.parts.currentRow())

    def _chosen(self, row: int) -> None:
        if row >= 0:
            self.form.show_part(self.content, self.chosen)
            self._show_state()

    def _written(self) -> None:
        """The chosen part was written anew: the list follows, the form stays."""
        if self.form.questionnaire is None:
            return
        self.content = self.form.questionnaire
        for row in range(self.parts.count()):
            item = self.parts.item(row)
            part = item.data(_DATA)
            indent = _INDENT if part.kind == QUESTION else ""
            item.setText(indent + part_text(self.content, part, self._context.words))
        self._told.setText("")
        self._show_state()

    def _show_words(self) -> None:
        words, record = self._context.words, self.record
        if record is None:
            self._title.setText(words("desk.questionnaires.new_title"))
            self._note.setText(words("desk.questionnaires.new_note"))
        else:
            self._title.setText(record.content.title(words.language))
            if not self._listed.may_change:
                note = words("desk.questionnaires.beyond")
            elif not record.is_own:
                note = words("desk.questionnaires.ours")
            else:
                when = self._context.instant(record.changed_at)
                note = words("desk.questionnaires.own", by=record.changed_by or "–", when=when, version=record.version)
            asked = ", ".join(record.programmes) or words("desk.questionnaires.by_nobody")
            self._note.setText(f"{note} {words('desk.questionnaires.asked_by', programmes=asked)}")
        self._kinds.clear()
        for kind in editing.kinds_to_add(self.content):
            self._kinds.addAction(words(f"desk.questionnaires.kind.{kind}"), partial(self._pressed_add, kind))
        self._kinds.addSeparator()
        self._kinds.addAction(words("desk.questionnaires.part.page"), self._pressed_add_page)
        for kind in (COMMENT, ENDING):
            self._kinds.addAction(words(f"desk.questionnaires.part.{kind}"), partial(self._pressed_add_variant, kind))

    def _show_state(self) -> None:
        is_changed, may, chosen = self.is_changed, self.may_write, self.chosen
        self.form.setEnabled(may)
        self._tools.setVisible(may)
        for tool in (self._up, self._down, self._remove):
            tool.setEnabled(chosen.kind != QUESTIONNAIRE)
        self._keep.setVisible(may)
        self._keep.setEnabled(is_changed)
        self._discard.setVisible(is_changed)
        self._copy.setVisible(self.record is not None and self._listed.may_change and not is_changed)

    def _change(self, content: Questionnaire, chosen: Part, told: str = "") -> None:
        """Another questionnaire than a moment ago, with a part that is chosen."""
        self.content = content
        self._told.setText(told)
        self._show_parts(chosen)
        self._show_words()
        self._show_state()

    def _pressed_add(self, kind: str) -> None:
        self._change(*editing.add_question(self.content, self.chosen, kind))
        self.form.focus_on_words()

    def _pressed_add_page(self) -> None:
        self._change(*editing.add_page(self.content, self.chosen))
        self.form.focus_on_words()

    def _pressed_add_variant(self, kind: str) -> None:
        self._change(*editing.add_variant(self.content, kind))
        self.form.focus_on_words()

    def _pressed_move(self, step: int) -> None:
        if self.may_write:
            self._change(*editing.move(self.content, self.chosen, step))

    def _pressed_remove(self) -> None:
        """Nothing is lost before it is kept: whoever did not mean it gives up what was written."""
        if not self.may_write:
            return
        row = self.parts.currentRow()
        content, freed = editing.remove(self.content, self.chosen)
        told = self._context.words("desk.questionnaires.freed", places=", ".join(freed)) if freed else ""
        parts = editing.parts_of(content)
        self._change(content, parts[min(row, len(parts) - 1)], told)

    @property
    def is_changed(self) -> bool:
        """Whether something was written and not kept; a new one is."""
        return self.is_new or self.content != self._before
